package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.digest.Digest;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.registry.DockerRegistry;
import dev.cachetool.registry.RequestKind;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.NormalizedChains;
import dev.cachetool.solver.CacheExportResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies between all kinds of places, one of them Docker's registry: caches that BuildKit wrote, and our own. */
final class CopyTest {
    private static final String GZIP = "0.32.2-p2-local-image-manifest-oci-gzip-max";

    @TempDir
    private static Path folder;

    private static final List<RemoteSite> OPEN = new ArrayList<>();
    private static RemoteSite site;

    @TempDir
    private Path temp;

    private WholeTool tool;

    @BeforeAll
    static void startTheRegistry() throws IOException {
        site = new RemoteSite(folder, DockerRegistry.open(folder.resolve("storage")));
        OPEN.add(site);
    }

    @AfterAll
    static void stop() throws IOException {
        for (RemoteSite each : OPEN) {
            each.close();
        }
    }

    @BeforeEach
    void forgetWhatWasAsked() throws IOException {
        tool = site.tool();
        site.proxy.clear();
    }

    private enum Kind {
        REGISTRY,
        DIRECTORY,
        TAR,
        STREAM
    }

    private static Stream<String> fixtures() {
        return Stream.of(
                GZIP,
                "0.19.0-p2-local-image-manifest-oci-uncompressed-forced-max",
                "0.11.6-p5-local-index-oci-zstd-forced-max",
                "0.19.0-p5-local-index-docker-gzip-max",
                "0.32.2-p1-inline-oci-gzip-min");
    }

    private static String fixture(String name) {
        return "oci:" + GoldenCases.get("caches", name).folder();
    }

    private WholeTool.Run copy(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "copy";
        System.arraycopy(args, 0, all, 1, args.length);
        return tool.run(all).requires(ExitCode.DONE);
    }

    private static String digest(String pinned) {
        return pinned.strip().substring(pinned.indexOf('@') + 1);
    }

    /** The names of the blobs in a layout; each has the content that its name says. */
    private static List<String> blobs(Path layout) throws IOException {
        try (Stream<Path> files = Files.list(layout.resolve("blobs/sha256"))) {
            return files.map(file -> {
                        String name = file.getFileName().toString();
                        try {
                            assertEquals(
                                    name,
                                    Digest.sha256(Files.readAllBytes(file)).encoded());
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        return name;
                    })
                    .sorted()
                    .toList();
        }
    }

    /** One place of the kind, under a name of its own. */
    private String place(Kind kind, String name) {
        return switch (kind) {
            case REGISTRY -> site.at("copies/" + name + ":cache");
            case DIRECTORY -> "oci:" + temp.resolve(name);
            case TAR -> "oci-archive:" + temp.resolve(name + ".tar");
            case STREAM -> "-";
        };
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void copy_betweenAnyTwoPlaces_keepsEveryByte(String name) throws Exception {
        String unique = name.replaceAll("[^a-z0-9]", "");
        String first = copy(fixture(name), "oci:" + temp.resolve("first")).out();
        List<String> expected = blobs(temp.resolve("first"));
        byte[] tar = copy(fixture(name), "-").bytes();
        for (Kind from : Kind.values()) {
            String source = from == Kind.STREAM ? "-" : place(from, unique + "from");
            if (from != Kind.STREAM) {
                copy(fixture(name), source);
            }
            for (Kind to : Kind.values()) {
                String what = from + " to " + to;
                String target = place(to, unique + "from" + word(from) + "to" + word(to));
                WholeTool.Run run =
                        tool.withInput(tar).run("copy", source, target).requires(ExitCode.DONE);
                String pinned = to == Kind.STREAM ? run.err().lines().reduce("", (a, b) -> b) : run.out();
                assertEquals(digest(first), digest(pinned), what);
                Path back = temp.resolve("back-" + from + "-" + to);
                tool.withInput(run.bytes()).run("copy", target, "oci:" + back).requires(ExitCode.DONE);
                assertEquals(expected, blobs(back), what);
            }
        }
    }

    /** What must not change with form and compression: records, times, and the diffIDs of every result. */
    private static Map<String, String> substance(Path layout) throws IOException {
        try (LayoutDirectory directory = LayoutDirectory.open(layout)) {
            CacheArtifact artifact =
                    CacheArtifact.read(directory, directory.resolve("latest").orElseThrow(), text -> {
                        throw new AssertionError(text);
                    });
            NormalizedChains chains = artifact.chains("test").normalize();
            Map<String, String> found = new TreeMap<>();
            for (ChainRecord record : chains.records()) {
                List<String> results = new ArrayList<>();
                for (CacheExportResult result : record.results()) {
                    results.add(result.createdAt() + " "
                            + result.remote().descriptors().stream()
                                    .map(Descriptor::diffId)
                                    .toList());
                }
                found.put(record.identity().toString(), results.toString());
            }
            assertTrue(found.values().stream().anyMatch(text -> text.contains("sha256:")), found.toString());
            return found;
        }
    }

    private String secondLine(Path layout) {
        return tool.run("inspect", "oci:" + layout)
                .requires(ExitCode.DONE)
                .out()
                .lines()
                .skip(1)
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "image-manifest, image-manifest form, OCI types",
        "index, index form, OCI types",
        "docker, index form, Docker types"
    })
    void copy_inAnotherForm_keepsConfigAndLayers(String form, String shown, String types) throws Exception {
        for (String name : fixtures().toList()) {
            Path before = temp.resolve("before " + name);
            copy(fixture(name), "oci:" + before);
            String remote = site.at("forms/" + form + ":" + name);
            copy(fixture(name), remote, "--form", form);
            Path after = temp.resolve("after " + name);
            copy(remote, "oci:" + after);
            assertEquals(substance(before), substance(after), name);
            assertTrue(secondLine(after).contains(shown) && secondLine(after).contains(types), secondLine(after));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd", "uncompressed"})
    void copy_withOtherCompression_keepsRecordsTimesAndDiffIds(String compression) throws Exception {
        for (String name : fixtures().toList()) {
            Path before = temp.resolve("before " + name);
            copy(fixture(name), "oci:" + before);
            String remote = site.at("compressions/" + compression + ":" + name);
            copy(fixture(name), "type=registry,ref=" + remote + ",compression=" + compression);
            Path after = temp.resolve("after " + name);
            copy(remote, "oci:" + after);
            assertEquals(substance(before), substance(after), name);
            assertTrue(secondLine(after).contains(compression), secondLine(after));
        }
    }

    @Test
    void copy_withOtherFormAndCompression_keepsTheNotesAndWhatImportBringsBack() throws Exception {
        Hello hello = Hello.copyTo(Files.createDirectory(temp.resolve("hello"))).build();
        Map<String, String> built = hello.outputs();
        Path cache = temp.resolve("cache");
        tool.run("export", hello.graph(), "--from-workspace", "--mode=max", "--to", "oci:" + cache)
                .requires(ExitCode.DONE);
        String remote = site.at("notes/hello:cache");
        copy("oci:" + cache, "type=registry,image-manifest=false,compression=gzip,ref=" + remote);
        // With notes a forecast knows what contents lead to: a changed script misses, and what stands on it is a maybe.
        hello.change("data/orders.csv", "Orders of", "The orders of");
        List<String> forecasts = new ArrayList<>();
        for (String from : List.of("oci:" + cache, remote)) {
            site.proxy.clear();
            forecasts.add(tool.run("plan", hello.graph(), "--materialize=all", "--format=json", "--from", from)
                    .requires(ExitCode.DONE)
                    .out()
                    .lines()
                    .filter(line -> line.contains("\"name\"") || line.contains("\"status\""))
                    .filter(line -> !line.contains("read"))
                    .toList()
                    .toString());
        }
        assertEquals(forecasts.get(0), forecasts.get(1));
        assertEquals("2 GET blob, 1 GET manifest", site.proxy.log().summary());
        hello.change("data/orders.csv", "The orders of", "Orders of");
        hello.clean();
        tool.run("import", hello.graph(), "--fail-on-miss", "--from", remote).requires(ExitCode.DONE);
        assertEquals(built, hello.outputs());
    }

    @Test
    void copy_toSeveralTargets_readsEachLayerOnce() throws Exception {
        String source = site.at("several/source:cache");
        copy(fixture(GZIP), source);
        int layers = site.proxy.log().count("PUT", RequestKind.UPLOAD) - 1;
        site.proxy.clear();
        String elsewhere = site.uncounted("several/elsewhere:cache");
        WholeTool.Run run = copy(
                source,
                elsewhere,
                "oci:" + temp.resolve("directory"),
                "oci-archive:" + temp.resolve("cache.tar"),
                "type=local,compression=zstd,dest=" + temp.resolve("zstd"),
                "type=local,compression=zstd,image-manifest=false,dest=" + temp.resolve("index"));

        assertEquals(5, run.out().lines().count());
        assertEquals(Map.of(), site.proxy.log().repeated());
        assertEquals(layers + 1 + " GET blob, 1 GET manifest", site.proxy.log().summary());
        assertEquals(substance(temp.resolve("directory")), substance(temp.resolve("zstd")));
        assertEquals(substance(temp.resolve("directory")), substance(temp.resolve("index")));
    }

    @Test
    void copy_withinARegistry_mountsEveryBlobAndMovesNone() throws Exception {
        String source = site.at("mount/source:cache");
        String pinned = copy(fixture(GZIP), source).out();
        int blobs = site.proxy.log().count("PUT", RequestKind.UPLOAD);
        site.proxy.clear();
        String target = site.at("mount/target:cache");

        WholeTool.Run run = copy(source, target, "--progress=plain");

        assertEquals(digest(pinned), digest(run.out()));
        assertTrue(run.err().contains("mounted"), run.err());
        // What is read is the manifest and, to know what it lists, the config.
        assertEquals(
                blobs + " HEAD blob, 1 GET blob, " + blobs
                        + " POST mount, 2 HEAD manifest, 1 GET manifest, 1 PUT manifest",
                site.proxy.log().summary());
        copy(target, "oci:" + temp.resolve("back"));

        site.proxy.clear();
        WholeTool.Run again = copy(source, target);
        assertTrue(again.err().contains("unchanged: " + target + " is this cache already"), again.err());
        assertEquals(
                blobs + " HEAD blob, 1 GET blob, 1 HEAD manifest, 1 GET manifest",
                site.proxy.log().summary());
    }

    @Test
    void copy_toSeveralTargetsWithinARegistry_mountsAndMovesNone() throws Exception {
        String source = site.at("mounts/source:cache");
        copy(fixture(GZIP), source);
        int blobs = site.proxy.log().count("PUT", RequestKind.UPLOAD);
        site.proxy.clear();

        copy(source, site.at("mounts/one:cache"), site.at("mounts/two:cache"));

        assertEquals(2 * blobs, site.proxy.log().count("POST", RequestKind.MOUNT));
        assertEquals(1, site.proxy.log().count("GET", RequestKind.BLOB));
        assertEquals(0, site.proxy.log().count("PUT", RequestKind.UPLOAD));
    }

    @Test
    void copy_toADirectory_readsEverythingOnce() throws Exception {
        String source = site.at("once/source:cache");
        copy(fixture(GZIP), source);
        site.proxy.clear();

        copy(source, "oci:" + temp.resolve("directory"));

        assertEquals(Map.of(), site.proxy.log().repeated());
    }

    @Test
    void copy_whenItIsADryRun_tellsAndMovesNothing() throws Exception {
        String source = site.at("dry/source:cache");
        String pinned = copy(fixture(GZIP), source).out();
        site.proxy.clear();
        String target = site.at("dry/target:cache");
        Path directory = temp.resolve("directory");

        WholeTool.Run run = copy(source, target, "oci:" + directory, "--dry-run", "--progress=plain");

        assertTrue(run.err().contains("nothing was moved: --dry-run"), run.err());
        assertTrue(run.err().contains("to mount ") && run.err().contains("to write "), run.err());
        assertFalse(run.err().contains("pushed") || run.err().contains("written"), run.err());
        assertEquals(digest(pinned), digest(run.out().lines().findFirst().orElse("")));
        assertFalse(Files.exists(directory.resolve("index.json")));
        for (String method : List.of("POST", "PUT", "PATCH")) {
            assertEquals(
                    0,
                    site.proxy.log().requests().stream()
                            .filter(request -> request.method().equals(method))
                            .count(),
                    method);
        }
        assertEquals(1, site.proxy.log().count("GET", RequestKind.BLOB));
        tool.run("inspect", target).requires(ExitCode.NOT_FOUND);
    }

    @Test
    void copy_whenADryRunWouldMount_saysSoAndCountsNoBytes() throws Exception {
        String source = site.at("drymount/source:cache");
        copy(fixture(GZIP), source);
        site.proxy.clear();

        WholeTool.Run run = copy(source, site.at("drymount/target:cache"), "--dry-run", "--format=json");

        JsonValue answer = JsonDocument.strict(run.bytes(), "the answer");
        Set<String> statuses = new HashSet<>();
        for (JsonValue layer : answer.require("layers").asArray()) {
            statuses.add(layer.require("status").asString());
        }
        assertEquals(Set.of("mounted"), statuses);
        assertEquals(0, answer.require("summary").require("bytesMoved").asLong());
        assertEquals(0, site.proxy.log().count("POST", RequestKind.MOUNT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy", "merge --to"})
    void copy_ofALayerThatIsDamaged_doesNotPromiseToGoOn(String words) throws Exception {
        Path damaged = temp.resolve("damaged");
        Digest manifest =
                Digest.parse(digest(copy(fixture(GZIP), "oci:" + damaged).out()));
        Path blobs = damaged.resolve("blobs/sha256");
        Path layer = blobs.resolve(Digest.parse(
                        JsonDocument.strict(Files.readAllBytes(blobs.resolve(manifest.encoded())), "manifest")
                                .require("layers")
                                .asArray()
                                .get(0)
                                .require("digest")
                                .asString())
                .encoded());
        byte[] bytes = Files.readAllBytes(layer);
        bytes[bytes.length / 2] ^= 1;
        Files.write(layer, bytes);
        List<String> args = new ArrayList<>(List.of(words.split(" ")));
        args.add(1, "oci:" + damaged);
        args.add("oci:" + temp.resolve("copied"));
        if (words.startsWith("merge")) {
            args.add(1, fixture("0.32.2-p1-inline-oci-gzip-min"));
        }

        WholeTool.Run run = tool.run(args.toArray(String[]::new)).requires(ExitCode.INTEGRITY);

        assertTrue(run.err().contains(layer.getFileName().toString()), run.err());
        assertTrue(run.err().contains("could not read " + damaged + ": "), run.err());
        assertTrue(
                run.err()
                        .contains("  to see what else is damaged there: cachetool verify oci:" + damaged + " --deep\n"),
                run.err());
        assertFalse(run.err().contains("goes on from there"), run.err());
        assertFalse(Files.exists(temp.resolve("copied/index.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"layer", "layer that is cut", "config", "manifest"})
    void copy_thatRepairsARegistry_saysThatItReplacesNothing(String what) throws Exception {
        String target = site.at("damaged/target:cache");
        Path source = GoldenCases.get("caches", GZIP).folder();
        Digest manifest = Digest.parse(digest(copy(fixture(GZIP), target).out()));
        JsonValue listed = JsonDocument.strict(
                Files.readAllBytes(source.resolve("blobs/sha256").resolve(manifest.encoded())), "manifest");
        Digest damaged = what.equals("manifest")
                ? manifest
                : Digest.parse((what.equals("config")
                                ? listed.require("config")
                                : listed.require("layers").asArray().get(0))
                        .require("digest")
                        .asString());
        Path stored = folder.resolve("storage/registry/docker/registry/v2/blobs/sha256")
                .resolve(damaged.encoded().substring(0, 2))
                .resolve(damaged.encoded())
                .resolve("data");
        byte[] bytes = Files.readAllBytes(stored);
        try {
            byte[] others = what.endsWith("cut") ? Arrays.copyOf(bytes, 40) : bytes.clone();
            others[20] ^= 1;
            Files.write(stored, others);

            WholeTool.Run run =
                    tool.run("copy", fixture(GZIP), target, "--repair").requires(ExitCode.INTEGRITY);

            assertTrue(
                    run.err().contains("has other bytes than " + damaged + " says, and replaces nothing"), run.err());
            assertTrue(run.err().contains("remove the blob from its storage"), run.err());
        } finally {
            Files.write(stored, bytes);
        }
        copy(fixture(GZIP), target, "--repair");
    }

    /** The index of an image with an inline cache, and an attestation beside it: manifests below the one with the tag. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"REGISTRY", "DIRECTORY", "TAR"})
    void copy_whenAManifestBelowIsNotThere_bringsIt(Kind kind) throws Exception {
        Path source = GoldenCases.get("caches", "0.32.2-p2-inline-attested-oci-gzip-min")
                .folder();
        String place = place(kind, "below");
        Digest index = Digest.parse(digest(copy("oci:" + source, place).out()));
        List<JsonValue> children = JsonDocument.strict(
                        Files.readAllBytes(source.resolve("blobs/sha256").resolve(index.encoded())), "index")
                .require("manifests")
                .asArray();
        assertTrue(children.size() > 1, "manifests below");
        for (JsonValue child : children) {
            Digest digest = Digest.parse(child.require("digest").asString());
            lose(kind, place, digest);
            tool.run("verify", place).requires(ExitCode.ANSWER_NO);
            if (kind == Kind.DIRECTORY && child.equals(children.get(0))) {
                WholeTool.Run from =
                        tool.run("copy", place, "oci:" + temp.resolve("other")).requires(ExitCode.INTEGRITY);
                assertTrue(from.err().contains(digest.toString()), from.err());
                assertFalse(from.err().contains("no build cache"), from.err());
            }

            WholeTool.Run run = copy("oci:" + source, place);

            assertFalse(run.err().contains("unchanged"), run.err());
            tool.run("verify", place, "--deep").requires(ExitCode.DONE);
        }
        assertTrue(copy("oci:" + source, place).err().contains("unchanged"));
    }

    private static void run(Path folder, String... command) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder(command).directory(folder.toFile()).start().waitFor());
    }

    private void lose(Kind kind, String place, Digest manifest) throws Exception {
        switch (kind) {
            case REGISTRY -> {
                String repository = place.substring(place.indexOf('/') + 1, place.lastIndexOf(':'));
                HttpResponse<String> answer = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://" + site.uncounted("v2/") + repository
                                                + "/manifests/" + manifest))
                                        .DELETE()
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertEquals(202, answer.statusCode(), answer.body());
            }
            case DIRECTORY ->
                Files.delete(Path.of(place.substring("oci:".length()), "blobs/sha256", manifest.encoded()));
            default -> {
                // GNU tar's own --delete loses others, too.
                Path tar = Path.of(place.substring("oci-archive:".length()));
                Path folder = Files.createDirectories(temp.resolve("unpacked"));
                run(folder, "tar", "-xf", tar.toString());
                Files.delete(folder.resolve("blobs/sha256").resolve(manifest.encoded()));
                run(folder, "tar", "-cf", tar.toString(), "blobs", "index.json", "oci-layout");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci:%s", "oci-archive:%s.tar"})
    void copy_whenNothingInALayoutHasATag_namesTheDigestToUse(String form) throws Exception {
        Path layout = temp.resolve("untagged");
        String place = form.formatted(layout);
        String digest = digest(copy(fixture(GZIP), "oci:" + layout).out());
        Path index = layout.resolve("index.json");
        Files.writeString(index, Files.readString(index).replace("\"org.opencontainers.image.ref.name\"", "\"other\""));
        if (place.endsWith(".tar")) {
            Process tar = new ProcessBuilder("tar", "-cf", layout + ".tar", "-C", layout.toString(), ".").start();
            assertEquals(0, tar.waitFor());
        }

        WholeTool.Run run = tool.run("inspect", place).requires(ExitCode.NOT_FOUND);

        assertTrue(run.err().contains("nothing in it has a tag; name a digest: " + digest), run.err());
        tool.run("inspect", place + "@" + digest).requires(ExitCode.DONE);
    }

    @Test
    void copy_whenOneTargetIsDead_writesTheOthersAndNamesIt() throws Exception {
        String dead = RemoteSite.deadHost() + "/app:cache";
        String target = "oci:" + temp.resolve("directory");

        WholeTool.Run run =
                tool.run("copy", fixture(GZIP), dead, target, "--timeout=2s").requires(ExitCode.PARTLY);
        assertTrue(run.err().contains(dead), run.err());
        assertTrue(run.out().startsWith(target), run.out());

        WholeTool.Run ignored = tool.run(
                        "copy", fixture(GZIP), "type=registry,ignore-error=true,ref=" + dead, target, "--timeout=2s")
                .requires(ExitCode.DONE);
        assertTrue(ignored.err().contains("warning: ") && ignored.err().contains(dead), ignored.err());
    }

    @Test
    void copy_whenTheSourceIsNotThere_sayWhatIsMissing() throws Exception {
        tool.run("copy", site.at("nowhere/app:cache"), "oci:" + temp.resolve("a"))
                .requires(ExitCode.NOT_FOUND);
        tool.run("copy", RemoteSite.deadHost() + "/app:cache", "oci:" + temp.resolve("b"), "--timeout=2s")
                .requires(ExitCode.UNREACHABLE);
        assertFalse(Files.exists(temp.resolve("a")));
        assertFalse(Files.exists(temp.resolve("b")));
    }

    @Test
    void copy_ofTheSameCacheInAnotherForm_hasAnotherDigest() {
        String as = copy(fixture(GZIP), "oci:" + temp.resolve("as")).out();
        String index = copy(fixture(GZIP), "oci:" + temp.resolve("index"), "--form=index")
                .out();
        assertNotEquals(digest(as), digest(index));
        String back = copy("oci:" + temp.resolve("index"), "oci:" + temp.resolve("back"), "--form=image-manifest")
                .out();
        assertEquals(digest(as), digest(back));
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
