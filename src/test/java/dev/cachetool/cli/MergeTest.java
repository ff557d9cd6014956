package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.registry.DockerRegistry;
import dev.cachetool.registry.RequestKind;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.ChainRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Merges caches in all kinds of places: those of two branches of examples/hello, and what BuildKit wrote. */
final class MergeTest {
    @TempDir
    private static Path folder;

    private static RemoteSite site;
    private static Hello hello;
    private static Path main;
    private static Path branch;

    @TempDir
    private Path temp;

    private WholeTool tool;

    /** Two branches that differ in one text, so that the steps of tables are the same, and those of pages are not. */
    @BeforeAll
    static void exportTwoBranches() throws Exception {
        site = new RemoteSite(folder, DockerRegistry.open(folder.resolve("storage")));
        hello = Hello.copyTo(Files.createDirectory(folder.resolve("hello"))).build();
        main = export("main");
        hello.change("pages/news.txt", "e", "E");
        hello.build();
        branch = export("branch");
        hello.change("pages/news.txt", "E", "e");
    }

    private static Path export(String name) throws IOException {
        Path cache = folder.resolve(name);
        site.tool()
                .run("export", hello.graph(), "--from-workspace", "--mode=max", "--to", "oci:" + cache)
                .requires(ExitCode.DONE);
        return cache;
    }

    @AfterAll
    static void stop() throws IOException {
        site.close();
    }

    @BeforeEach
    void forgetWhatWasAsked() throws IOException {
        tool = site.tool();
        site.proxy.clear();
    }

    private WholeTool.Run merge(String... args) {
        List<String> all = new ArrayList<>(List.of("merge"));
        all.addAll(List.of(args));
        return tool.run(all.toArray(String[]::new)).requires(ExitCode.DONE);
    }

    private static String digest(String pinned) {
        return pinned.strip().substring(pinned.indexOf('@') + 1);
    }

    /** How much was written, as it is told: {@code (12.2 KB written)}. */
    private static String written(String err, String word) {
        Matcher figure = Pattern.compile("\\(([^(]*) " + word + "\\) in ").matcher(err);
        assertTrue(figure.find(), err);
        return figure.group(1);
    }

    private static Map<String, ChainRecord> records(Path layout) throws IOException {
        try (LayoutDirectory directory = LayoutDirectory.open(layout)) {
            CacheArtifact artifact =
                    CacheArtifact.read(directory, directory.resolve("latest").orElseThrow(), text -> {
                        throw new AssertionError(text);
                    });
            return artifact.chains("test").normalize().records().stream()
                    .collect(Collectors.toMap(record -> record.identity().toString(), record -> record));
        }
    }

    /** That a workspace of the branch gets everything back from the cache alone, and is told names. */
    private void assertImportsAll(String text, String from) throws Exception {
        Hello copy = Hello.copyTo(Files.createTempDirectory(temp, "workspace"));
        if (text.equals("branch")) {
            copy.change("pages/news.txt", "e", "E");
        }
        WholeTool.Run run = tool.run("import", copy.graph(), "--fail-on-miss", "--from", from)
                .requires(ExitCode.DONE);
        assertTrue(run.out().contains("7 hit, 0 miss (100 %)"), run.out());
    }

    @Test
    void merge_ofTwoBranches_givesBothEveryHit() throws Exception {
        String target = "oci:" + temp.resolve("merged");

        WholeTool.Run run = merge("oci:" + main, "oci:" + branch, "--to", target);

        assertImportsAll("main", target);
        assertImportsAll("branch", target);
        assertTrue(run.out().startsWith(target + ":latest@sha256:"), run.out());
        Map<String, ChainRecord> all = new HashMap<>(records(main));
        all.putAll(records(branch));
        assertEquals(all.keySet(), records(temp.resolve("merged")).keySet());
        assertTrue(run.err().contains(all.size() + " records, 9 results, 9 layers"), run.err());
        // A cache without notes would know the results by digests only.
        String largest = tool.run("inspect", target).requires(ExitCode.DONE).out();
        assertTrue(largest.contains("site"), largest);
    }

    @Test
    void merge_inAnyOrderAndAgain_givesTheSameDigest() {
        String first = digest(merge("oci:" + main, "oci:" + branch, "--to", "oci:" + temp.resolve("a"))
                .out());
        String other = digest(merge("oci:" + branch, "oci:" + main, "oci:" + main, "--to", "oci:" + temp.resolve("b"))
                .out());
        assertEquals(first, other);

        WholeTool.Run again = merge("oci:" + temp.resolve("a"), "oci:" + main, "--to", "oci:" + temp.resolve("a"));
        assertEquals(first, digest(again.out()));
        assertTrue(again.err().contains("is this cache already"), again.err());
    }

    @Test
    void merge_ofOneCacheOfOurOwn_keepsItsDigest() {
        String before = tool.run("copy", "oci:" + main, "oci:" + temp.resolve("copy"))
                .requires(ExitCode.DONE)
                .out();
        assertEquals(
                digest(before),
                digest(merge("oci:" + main, "--to", "oci:" + temp.resolve("merged"))
                        .out()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry", "directory", "tar"})
    void merge_intoOneOfItsSources_adds(String kind) throws Exception {
        String place = switch (kind) {
            case "registry" -> site.at("into/hello:main");
            case "directory" -> "oci:" + temp.resolve("into");
            default -> "oci-archive:" + temp.resolve("into.tar");
        };
        tool.run("copy", "oci:" + main, place).requires(ExitCode.DONE);

        merge(place, "oci:" + branch, "--to", place);

        assertImportsAll("main", place);
        assertImportsAll("branch", place);
    }

    @Test
    void merge_intoASourceThatIsAnImage_isRefused() {
        String image = "oci:" + temp.resolve("image");
        tool.run(
                        "copy",
                        "oci:"
                                + GoldenCases.get("caches", "0.32.2-p1-inline-oci-gzip-min")
                                        .folder(),
                        image)
                .requires(ExitCode.DONE);
        WholeTool.Run run =
                tool.run("merge", image, "oci:" + main, "--to", image).requires(ExitCode.USAGE);
        assertTrue(run.err().contains("an image with a cache inside, which would be gone"), run.err());
        merge(image, "oci:" + main, "--to", image + ":cache");
    }

    @Test
    void merge_withinARegistry_mountsWhatItCanAndReadsNoLayer() throws Exception {
        tool.run("copy", "oci:" + main, site.at("pulls/seven:cache")).requires(ExitCode.DONE);
        tool.run("copy", "oci:" + branch, site.at("pulls/eight:cache")).requires(ExitCode.DONE);
        site.proxy.clear();

        merge(
                "oci:" + main,
                site.at("pulls/seven:cache"),
                site.at("pulls/eight:cache"),
                "--to",
                site.at("app/hello:main"));

        // Nine layers of both; what is sent are the config and the notes.
        assertEquals(9, site.proxy.log().count("POST", RequestKind.MOUNT));
        assertEquals(2, site.proxy.log().count("PUT", RequestKind.UPLOAD));
        assertEquals(4, site.proxy.log().count("GET", RequestKind.BLOB));
        assertImportsAll("branch", site.uncounted("app/hello:main"));

        site.proxy.clear();
        WholeTool.Run again =
                merge(site.at("app/hello:main"), site.at("pulls/eight:cache"), "--to", site.at("app/hello:main"));
        assertTrue(again.err().contains("(9 layers checked)"), again.err());
        assertEquals(0, site.proxy.log().count("POST", RequestKind.MOUNT));
        assertEquals(0, site.proxy.log().count("PUT", RequestKind.MANIFEST));
    }

    @Test
    void merge_toSeveralTargets_readsEachLayerOnce() throws Exception {
        tool.run("copy", "oci:" + main, site.at("once/hello:main")).requires(ExitCode.DONE);
        tool.run("copy", "oci:" + branch, site.at("once/hello:branch")).requires(ExitCode.DONE);
        site.proxy.clear();

        merge(
                site.at("once/hello:main"),
                site.at("once/hello:branch"),
                "--to",
                "oci:" + temp.resolve("directory"),
                "--to",
                "oci-archive:" + temp.resolve("cache.tar"),
                "--to",
                "type=local,compression=gzip,image-manifest=false,dest=" + temp.resolve("gzip"));

        // Both configs and notes, and nine layers.
        assertEquals(13, site.proxy.log().count("GET", RequestKind.BLOB));
        assertEquals(Map.of(), site.proxy.log().repeated());
        assertEquals(
                records(temp.resolve("directory")).keySet(),
                records(temp.resolve("gzip")).keySet());
        String gzip = tool.run("inspect", "oci:" + temp.resolve("gzip"))
                .requires(ExitCode.DONE)
                .out();
        assertTrue(gzip.contains("index form · OCI types · gzip"), gzip);
        assertImportsAll("branch", "oci:" + temp.resolve("gzip"));
    }

    @Test
    void merge_whenItIsADryRun_movesNothing() throws Exception {
        WholeTool.Run real = merge("oci:" + main, "oci:" + branch, "--to", "oci:" + temp.resolve("real"));
        String pinned = real.out();

        WholeTool.Run run = merge("oci:" + main, "oci:" + branch, "--to", "oci:" + temp.resolve("dry"), "--dry-run");

        assertEquals(digest(pinned), digest(run.out()));
        assertTrue(run.err().contains("nothing was moved: --dry-run"), run.err());
        assertFalse(run.err().contains("written"), run.err());
        assertTrue(run.err().contains("to write "), run.err());
        assertEquals(written(real.err(), "written"), written(run.err(), "to write"));
        assertFalse(Files.exists(temp.resolve("dry")));
    }

    @Test
    void merge_whenASourceIsNotThere_isAnErrorUnlessItMayBe() throws Exception {
        String missing = site.at("nowhere/hello:main");
        String target = "oci:" + temp.resolve("merged");

        WholeTool.Run run =
                tool.run("merge", missing, "oci:" + main, "--to", target).requires(ExitCode.NOT_FOUND);
        assertTrue(run.err().contains(missing), run.err());
        assertFalse(Files.exists(temp.resolve("merged")));

        WholeTool.Run allowed = merge(missing, "oci:" + main, "--to", target, "--allow-missing", "--format=json");
        assertTrue(allowed.err().contains("warning: "), allowed.err());
        JsonValue answer = JsonDocument.strict(allowed.bytes(), "the answer");
        assertEquals(
                List.of("missing", "read"),
                answer.require("sources").asArray().stream()
                        .map(MergeTest::status)
                        .toList());
        assertImportsAll("main", target);

        WholeTool.Run none = tool.run(
                        "merge", missing, "oci:" + temp.resolve("none"), "--to", target, "--allow-missing")
                .requires(ExitCode.NOT_FOUND);
        assertTrue(none.err().contains("none of the sources is there"), none.err());
        // What cannot be asked may be there, and with more in it than anything else.
        tool.run(
                        "merge",
                        RemoteSite.deadHost() + "/a:b",
                        "oci:" + main,
                        "--to",
                        target,
                        "--allow-missing",
                        "--timeout=2s")
                .requires(ExitCode.UNREACHABLE);
    }

    private static String status(JsonValue source) {
        try {
            return source.require("status").asString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void merge_whenTheCommandLineIsWrong_saysHowItIsRight() {
        assertUsage("merge has nowhere to write to", "oci:" + main);
        assertUsage("is a bare config", "config:graph.json", "--to", "oci:x");
        assertUsage("has a mode", "oci:" + main, "--to", "type=local,mode=max,dest=x");
        assertUsage("standard input can be read only once", "-", "-", "--to", "oci:x");
        assertUsage("the tar and --format json cannot both go", "oci:" + main, "--to", "-", "--format=json");
    }

    private void assertUsage(String said, String... args) {
        List<String> all = new ArrayList<>(List.of("merge"));
        all.addAll(List.of(args));
        WholeTool.Run run = tool.run(all.toArray(String[]::new)).requires(ExitCode.USAGE);
        assertTrue(run.err().contains(said), run.err());
    }

    /** Everything that BuildKit wrote, in one: of three versions, all forms, types and compressions. */
    @Test
    void merge_ofEveryCacheThatBuildKitWrote_hasAllTheirRecordsAndComesTheSameInAnyForm() throws Exception {
        List<String> sources =
                InspectGoldenTest.caches().map(InspectGoldenTest.Tagged::spec).toList();
        List<String> args = new ArrayList<>(sources);
        args.add("--to");
        args.add("oci:" + temp.resolve("all"));
        args.add("--to");
        args.add("type=local,image-manifest=false,oci-mediatypes=false,dest=" + temp.resolve("docker"));
        merge(args.toArray(String[]::new));

        Map<String, ChainRecord> all = records(temp.resolve("all"));
        TreeSet<String> digests = new TreeSet<>();
        TreeSet<String> united = new TreeSet<>();
        int sum = 0;
        for (String source : sources) {
            merge(source, "--to", "oci:" + temp.resolve("one"));
            Map<String, ChainRecord> own = records(temp.resolve("one"));
            own.values().forEach(record -> digests.add(record.digest()));
            sum += own.size();
            // What is added once more adds nothing.
            WholeTool.Run again = merge("oci:" + temp.resolve("all"), source, "--to", "oci:" + temp.resolve("all"));
            assertTrue(again.err().contains("is this cache already"), source + again.err());
        }
        all.values().forEach(record -> united.add(record.digest()));
        assertEquals(digests, united);
        assertTrue(all.size() < sum, all.size() + " of " + sum);
        assertEquals(all.keySet(), records(temp.resolve("docker")).keySet());
    }

    @Test
    void merge_ofTheTwoTagsOfOneBuild_isTheirUnion() throws Exception {
        String layout = GoldenCases.get("caches", "0.32.2-two-tags").folder().toString();
        merge("oci:" + layout + ":a", "oci:" + layout + ":b", "--to", "oci:" + temp.resolve("merged"));
        Map<String, ChainRecord> both = new HashMap<>();
        for (String tag : List.of("a", "b")) {
            merge("oci:" + layout + ":" + tag, "--to", "oci:" + temp.resolve(tag));
            both.putAll(records(temp.resolve(tag)));
        }
        assertEquals(both.keySet(), records(temp.resolve("merged")).keySet());
    }

    @Test
    void merge_throughStandardInputAndOutput_works() throws Exception {
        byte[] tar =
                tool.run("copy", "oci:" + branch, "-").requires(ExitCode.DONE).bytes();
        byte[] merged = tool.withInput(tar)
                .run("merge", "oci:" + main, "-", "--to", "-")
                .requires(ExitCode.DONE)
                .bytes();
        Path file = Files.write(temp.resolve("merged.tar"), merged);
        assertImportsAll("branch", "oci-archive:" + file);
    }
}
