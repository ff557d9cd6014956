package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.command.OutputSchema;
import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job, by the whole tool in this process: examples/hello becomes a cache, and comes back. */
final class MainFlowTest {
    @TempDir
    Path temp;

    private WholeTool tool = new WholeTool(Path.of(""));
    private Hello hello = Hello.in(Path.of(""));

    @BeforeEach
    void buildTheExample() throws Exception {
        tool = new WholeTool(Files.createDirectory(temp.resolve("tmp")));
        hello = Hello.copyTo(Files.createDirectory(temp.resolve("hello"))).build();
    }

    private String place(String name) {
        return temp.resolve(name).toString();
    }

    /** Exports what the build has just made. */
    private WholeTool.Run export(String... to) {
        String[] args = new String[to.length * 2 + 4];
        args[0] = "export";
        args[1] = hello.graph();
        args[2] = "--from-workspace";
        args[3] = "--mode=max";
        for (int i = 0; i < to.length; i++) {
            args[2 * i + 4] = "--to";
            args[2 * i + 5] = to[i];
        }
        return tool.run(args);
    }

    /** The names that plan prints for the status. */
    private List<String> planned(String status, String... from) {
        String[] args = new String[from.length * 2 + 5];
        args[0] = "plan";
        args[1] = hello.graph();
        args[2] = "--materialize=all";
        args[3] = "--print";
        args[4] = status;
        for (int i = 0; i < from.length; i++) {
            args[2 * i + 5] = "--from";
            args[2 * i + 6] = from[i];
        }
        return tool.run(args).requires(ExitCode.DONE).out().lines().toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type=local,dest=%s",
                "type=local,dest=%s,compression=gzip,tag=main",
                "type=local,dest=%s,image-manifest=false,compression=uncompressed",
                "type=tar,dest=%s",
                "type=tar,dest=%s,oci-mediatypes=false",
                "type=tar,dest=%s,compression=zstd,compression-level=9,image-manifest=false"
            })
    void import_whenNothingChanged_bringsEveryOutputBackByteForByte(String target) throws Exception {
        Map<String, String> built = hello.outputs();
        String pinned = export(target.formatted(place("cache")))
                .requires(ExitCode.DONE)
                .out()
                .strip();
        hello.clean();
        WholeTool.Run imported = tool.run("import", hello.graph(), "--from", pinned, "--fail-on-miss")
                .requires(ExitCode.DONE);
        assertEquals("", imported.err());
        assertEquals(built, hello.outputs());
        String last = imported.out().lines().reduce((before, line) -> line).orElse("");
        assertTrue(
                last.startsWith(
                        "10 of 10 vertices needed: 3 source, 7 hit, 0 miss (100 %); restored 10 files, pulled "),
                last);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pages/news.txt     | good | fine | pages         | site                     | pages/news.txt changed",
                "data/orders.csv    | Orders of | The orders of | orders | totals table chart site | data/orders.csv changed",
                "data/prices.csv    | cider,280 | cider,290 | prices  | totals table chart site | data/prices.csv changed",
                "scripts/clean.sh   | set -e | set -eu | orders prices | totals table chart site | scripts/clean.sh changed",
                "scripts/chart.awk  | BEGIN | BEGIN  | chart         | site                     | scripts/chart.awk changed",
                "build.sh           | rm -rf | rm -fr |               |                          |"
            })
    void plan_whenOneFileChanged_missesExactlyWhatDependsOnIt(
            String file, String from, String to, String misses, String maybes, String reason) throws Exception {
        String cache = "oci:" + place("cache");
        export(cache).requires(ExitCode.DONE);
        if (file.equals("scripts/chart.awk")) {
            Files.writeString(hello.path(file), Files.readString(hello.path(file)) + "# the end\n");
        } else {
            hello.change(file, from, to);
        }
        assertEquals(words(misses), planned("miss", cache));
        assertEquals(words(maybes), planned("maybe", cache));
        String text = tool.run("plan", hello.graph(), "--from", cache).out();
        assertTrue(text.contains(String.valueOf(reason == null ? "" : reason)), text);
    }

    private static List<String> words(String text) {
        return text == null || text.isBlank() ? List.of() : List.of(text.strip().split(" ", -1));
    }

    @Test
    void plan_whenARebuiltStepMadeTheSameBytes_hitsAboveIt() throws Exception {
        String before = "oci:" + place("before");
        export(before).requires(ExitCode.DONE);
        hello.change("data/orders.csv", "Orders of", "The orders of");
        assertEquals(List.of("orders"), planned("miss", before));
        hello.build();
        // A cache of the rebuilt step alone: what stands on it hits by its content, in the cache from before.
        Path part = hello.path("part.json");
        Files.writeString(
                part,
                Files.readString(Path.of(hello.graph()))
                        .replace("{ \"vertex\": \"site\" } ]\n", "{ \"vertex\": \"orders\" } ]\n"));
        Files.setLastModifiedTime(part, FileTime.from(Instant.EPOCH));
        String rebuilt = "oci:" + place("rebuilt");
        tool.run("export", part.toString(), "--from-workspace", "--to", rebuilt).requires(ExitCode.DONE);
        assertEquals(List.of(), planned("miss", before, rebuilt));
        assertEquals(List.of(), planned("maybe", before, rebuilt));
        Map<String, String> built = hello.outputs();
        hello.clean();
        tool.run("import", hello.graph(), "--from", before, "--from", rebuilt, "--fail-on-miss")
                .requires(ExitCode.DONE);
        assertEquals(built, hello.outputs());
    }

    @Test
    void export_whenTheGraphIsYaml_givesTheSameCache() throws Exception {
        String json = export("oci:" + place("json")).requires(ExitCode.DONE).out();
        Path yaml = hello.path("graph.yaml");
        Files.writeString(yaml, "# JSON is YAML\n" + Files.readString(Path.of(hello.graph())));
        Files.delete(Path.of(hello.graph()));
        Files.setLastModifiedTime(yaml, FileTime.from(Instant.EPOCH));
        String other = tool.run(
                        "export", yaml.toString(), "--from-workspace", "--mode=max", "--to", "oci:" + place("yaml"))
                .requires(ExitCode.DONE)
                .out();
        assertEquals(digest(json), digest(other));
    }

    private static String digest(String pinned) {
        return pinned.strip().substring(pinned.indexOf('@') + 1);
    }

    @Test
    void export_whenNothingChanged_writesNothingAndSaysSo() throws Exception {
        String cache = place("cache.tar");
        String pinned = export("oci-archive:" + cache).requires(ExitCode.DONE).out();
        FileTime written = Files.getLastModifiedTime(Path.of(cache));
        WholeTool.Run again = export("oci-archive:" + cache).requires(ExitCode.DONE);
        assertEquals(pinned, again.out());
        assertTrue(
                again.err().endsWith("unchanged: " + cache + " is this cache already (7 layers checked)\n"),
                again.err());
        assertEquals(written, Files.getLastModifiedTime(Path.of(cache)));
    }

    @Test
    void export_whenSourceDateEpochIsSet_hangsOnNoTime() throws Exception {
        tool.with("SOURCE_DATE_EPOCH", "1767225600");
        String first = export("oci:" + place("first")).requires(ExitCode.DONE).out();
        hello.build();
        String second = export("oci:" + place("second")).requires(ExitCode.DONE).out();
        assertEquals(digest(first), digest(second));
        String json =
                tool.run("inspect", "oci:" + place("first"), "--format=json").out();
        assertTrue(json.contains("\"createdAt\": \"2026-01-01T00:00:00Z\""), json);
    }

    @Test
    void export_afterImport_takesWhatIsProvenAndSaysWhatIsNot() throws Exception {
        String cache = "oci:" + place("cache");
        String pinned = export(cache).requires(ExitCode.DONE).out();
        WholeTool.Run unproven = tool.run("export", hello.graph(), "--mode=max", "--to", "oci:" + place("none"));
        assertEquals(
                "warning: nothing was published to " + place("none") + ": no vertex has a result to publish\n"
                        + "  if a script has just made the outputs, add --from-workspace\n",
                unproven.requires(ExitCode.DONE).err());
        tool.run("import", hello.graph(), "--from", cache).requires(ExitCode.DONE);
        String again = tool.run("export", hello.graph(), "--mode=max", "--to", "oci:" + place("again"))
                .requires(ExitCode.DONE)
                .out();
        assertEquals(digest(pinned), digest(again));
        Files.writeString(hello.path("out/site/index.html"), "damaged");
        WholeTool.Run damaged = tool.run("export", hello.graph(), "--mode=max", "--to", "oci:" + place("damaged"));
        assertTrue(
                damaged.requires(ExitCode.DONE)
                        .err()
                        .startsWith("warning: \"site\" is left out: its outputs are not those that were restored\n"),
                damaged.err());
        assertTrue(damaged.err().contains("\n25 records, 6 results, 6 layers"), damaged.err());
    }

    @Test
    void export_whenOneTargetFails_writesTheOthers() throws Exception {
        Path taken = Files.createDirectories(temp.resolve("taken"));
        Files.writeString(taken.resolve("file"), "mine");
        WholeTool.Run run = export("oci:" + place("cache"), "oci:" + taken);
        assertTrue(
                run.requires(ExitCode.PARTLY).out().startsWith("oci:" + place("cache") + ":latest@sha256:"), run.out());
        assertTrue(
                run.err()
                        .contains("cachetool: " + taken + " is no OCI layout: it has no index.json but holds file\n"
                                + "  name another directory, or an empty one\n"),
                run.err());
        assertEquals("mine", Files.readString(taken.resolve("file")));
        WholeTool.Run ignored = export("oci:" + place("cache"), "type=local,dest=" + taken + ",ignore-error=true")
                .requires(ExitCode.DONE);
        assertTrue(ignored.err().contains("warning: " + taken + " is no OCI layout"), ignored.err());
        export("oci:" + taken).requires(ExitCode.INTEGRITY);
    }

    @Test
    void places_whenOfTheOtherKind_sayWhatToWrite() throws Exception {
        String tar = place("deep/in/folders/cache.tar");
        export("oci-archive:" + tar).requires(ExitCode.DONE);
        assertEquals(
                "cachetool: " + tar + " is no OCI layout: it is no directory\n  for a tar write oci-archive:" + tar
                        + "\n",
                tool.run("inspect", "oci:" + tar).requires(ExitCode.INTEGRITY).err());
        String folder = temp.toString();
        String says =
                folder + " is no OCI layout: it is a directory, no tar\n  for a directory write oci:" + folder + "\n";
        assertEquals(
                "cachetool: " + says,
                tool.run("inspect", "oci-archive:" + folder)
                        .requires(ExitCode.INTEGRITY)
                        .err());
        assertTrue(export("oci-archive:" + folder)
                .requires(ExitCode.INTEGRITY)
                .err()
                .endsWith(says));
        assertTrue(tool.run("plan", hello.graph(), "--workspace", place("nowhere"))
                .requires(ExitCode.NOT_FOUND)
                .err()
                .startsWith("cachetool: could not find the workspace " + place("nowhere")
                        + ": there is no such directory"));
    }

    @Test
    void import_whenASourceIsMissing_isAWarningAndAMissUnlessStrict() throws Exception {
        export("oci:" + place("cache")).requires(ExitCode.DONE);
        String missing = "oci:" + place("missing");
        WholeTool.Run run = tool.run("import", hello.graph(), "--from", missing).requires(ExitCode.DONE);
        assertEquals(
                "warning: could not find a cache in " + place("missing")
                        + ": there is no such directory; going on without this cache\n",
                run.err());
        assertTrue(run.out().contains("miss     site     no cache was read\n"), run.out());
        tool.run("import", hello.graph(), "--from", missing, "--strict").requires(ExitCode.NOT_FOUND);
        tool.run("import", hello.graph(), "--from", missing, "--fail-on-miss").requires(ExitCode.ANSWER_NO);
        tool.run("plan", hello.graph(), "--from", missing, "--min-hit-rate=1").requires(ExitCode.ANSWER_NO);
        tool.run("plan", hello.graph(), "--from", missing, "--from", "oci:" + place("cache"), "--min-hit-rate=100")
                .requires(ExitCode.DONE);
        tool.run("plan", hello.graph(), "--from", "oci:" + place("cache:other"), "--strict")
                .requires(ExitCode.NOT_FOUND);
    }

    @Test
    void import_whenALayerIsDamagedOrMissing_isAWarningAndAMissUnlessStrict() throws Exception {
        String cache = place("cache");
        export("oci:" + cache).requires(ExitCode.DONE);
        Path largest = largestBlobOf(cache, "site");
        Files.write(largest, new byte[] {1, 2, 3});
        hello.clean();
        WholeTool.Run damaged =
                tool.run("import", hello.graph(), "--from", "oci:" + cache).requires(ExitCode.DONE);
        assertTrue(
                damaged.err()
                        .startsWith("warning: could not restore \"site\" from " + cache
                                + ", it counts as a miss: blob sha256:"),
                damaged.err());
        assertTrue(damaged.out().contains("miss     site     a layer is damaged\n"), damaged.out());
        assertTrue(damaged.out().contains("6 hit, 1 miss (85 %)"), damaged.out());
        assertFalse(Files.exists(hello.path("out/site")));
        tool.run("import", hello.graph(), "--from", "oci:" + cache, "--strict").requires(ExitCode.INTEGRITY);
        Files.delete(largest);
        WholeTool.Run gone = tool.run("import", hello.graph(), "--from", "oci:" + cache, "--fail-on-miss")
                .requires(ExitCode.ANSWER_NO);
        assertTrue(gone.out().contains("miss     site     a layer is missing\n"), gone.out());
        assertTrue(tool.run("import", hello.graph(), "--from", "oci:" + cache, "--strict")
                .requires(ExitCode.INTEGRITY)
                .err()
                .endsWith("\n  make that cache again, or leave it out\n"));
    }

    private Path largestBlobOf(String cache, String vertex) throws IOException {
        String text = tool.run("ls", "oci:" + cache).out();
        assertTrue(text.startsWith(vertex + " "), text);
        String pinned = tool.run("inspect", "oci:" + cache, "--format=json").out();
        try (Stream<Path> blobs = Files.list(Path.of(cache, "blobs", "sha256"))) {
            return blobs.filter(blob ->
                            pinned.contains("\"digest\": \"sha256:" + blob.getFileName() + "\",\n      \"diffID\""))
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
    }

    @Test
    void streams_whenTheCacheIsTheirs_holdItAndNothingElse() throws Exception {
        WholeTool.Run exported = export("-").requires(ExitCode.DONE);
        assertTrue(exported.err().contains("\n-@sha256:"), exported.err());
        tool.withInput(exported.bytes());
        hello.clean();
        tool.run("import", hello.graph(), "--from", "-", "--fail-on-miss").requires(ExitCode.DONE);
        assertEquals(10, hello.outputs().size());
    }

    @Test
    void config_whenItIsBare_isGoodForAPlanAndNoImport() throws Exception {
        Path config = temp.resolve("config.json");
        Files.write(
                config,
                tool.run("export", hello.graph(), "--from-workspace", "--mode=max", "--config-only")
                        .requires(ExitCode.DONE)
                        .bytes());
        assertEquals(7, planned("hit", "config:" + config).size());
        assertEquals(
                "cachetool: config:" + config + " is a bare cache config: it has no layers to import\n"
                        + "  plan and inspect can read it; import wants the cache itself\n",
                tool.run("import", hello.graph(), "--from", "config:" + config)
                        .requires(ExitCode.USAGE)
                        .err());
    }

    @Test
    void json_whenOfEveryVerb_holdsToTheSchema() throws Exception {
        OutputSchema schema = new OutputSchema();
        String cache = "oci:" + place("cache");
        String graph = hello.graph();
        String missing = "oci:" + place("missing");
        Path metadata = temp.resolve("metadata.json");
        String exported = tool.run(
                        "export",
                        graph,
                        "--from-workspace",
                        "--to",
                        cache,
                        "--format=json",
                        "--metadata-file=" + metadata)
                .requires(ExitCode.DONE)
                .out();
        schema.hold(exported);
        assertEquals(exported, Files.readString(metadata));
        schema.hold(tool.run("export", graph, "--to", missing, "--format=json").out());
        schema.hold(tool.run("plan", graph, "--from", cache, "--from", missing, "--format=json")
                .out());
        schema.hold(tool.run("import", graph, "--from", cache, "--from", missing, "--format=json")
                .out());
        schema.hold(tool.run("cachemap", graph, "--format=json").out());
        schema.hold(tool.run("inspect", cache, "--format=json").out());
        schema.hold(tool.run("version", "--format=json").out());
    }
}
