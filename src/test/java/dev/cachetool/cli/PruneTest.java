package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.command.OutputSchema;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.registry.DockerRegistry;
import dev.cachetool.registry.Fault;
import dev.cachetool.registry.FaultRule;
import dev.cachetool.registry.FaultyRegistry;
import dev.cachetool.registry.RequestKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Makes caches smaller in all kinds of places: the results of three builds of one step, a day apart. */
@Timeout(300)
final class PruneTest {
    private static final Instant DAY_3 = Instant.parse("2026-11-03T00:00:00Z");
    private static final int BUILDS = 3;

    @TempDir
    private static Path folder;

    private static SmallProject project;

    @TempDir
    private Path temp;

    private WholeTool tool;

    /** Exports each build, and unites them in one cache with three results. */
    @BeforeAll
    static void exportThreeBuilds() throws IOException {
        project = SmallProject.in(folder);
        List<String> merge = new ArrayList<>(List.of("merge"));
        for (int build = 1; build <= BUILDS; build++) {
            long day = DAY_3.getEpochSecond() - (BUILDS - build) * 86_400L;
            project.tool.with("SOURCE_DATE_EPOCH", Long.toString(day));
            source(build);
            project.build(build, 5_000 * build);
            project.export("oci:" + cache(build)).requires(ExitCode.DONE);
            merge.add("oci:" + cache(build));
        }
        project.removeOutputs();
        merge.addAll(List.of("--to", "oci:" + folder.resolve("all")));
        project.tool.run(merge.toArray(String[]::new)).requires(ExitCode.DONE);
    }

    private static Path cache(int build) {
        return folder.resolve("build " + build);
    }

    private static void source(int build) throws IOException {
        Files.writeString(project.workspace.resolve("src/in.txt"), "of build " + build + "\n");
    }

    @BeforeEach
    void stopTheClock() throws IOException {
        tool = new WholeTool(Files.createDirectories(temp.resolve("tmp")))
                .at(DAY_3)
                .with("HOME", temp.toString());
    }

    private WholeTool.Run run(String... args) {
        return tool.run(args).requires(ExitCode.DONE);
    }

    private WholeTool.Run prune(String... args) {
        return run(Stream.concat(Stream.of("prune"), Stream.of(args)).toArray(String[]::new));
    }

    /** A layout with the cache of all builds. */
    private Path layout() {
        Path layout = temp.resolve("layout");
        run("copy", "oci:" + folder.resolve("all"), "oci:" + layout);
        return layout;
    }

    /** That the cache gives back just these builds, and is sound. */
    private void assertHolds(String spec, Integer... builds) throws IOException {
        for (int build = 1; build <= BUILDS; build++) {
            source(build);
            ExitCode expected = List.of(builds).contains(build) ? ExitCode.DONE : ExitCode.ANSWER_NO;
            tool.run("import", project.graph.toString(), "--from", spec, "--fail-on-miss")
                    .requires(expected);
            if (expected == ExitCode.DONE) {
                assertEquals(
                        "made by build " + build + "\n", Files.readString(project.workspace.resolve("out/sub/text")));
            }
            project.removeOutputs();
            Files.deleteIfExists(project.workspace.resolve(".cachetool/state"));
        }
        run("verify", spec, "--deep");
    }

    private static Map<String, Long> files(Path layout) throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(layout)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                files.put(layout.relativize(file).toString(), Files.size(file));
            }
        }
        return files;
    }

    private static long blobBytes(Path layout) throws IOException {
        return files(layout).entrySet().stream()
                .filter(file -> file.getKey().startsWith("blobs/"))
                .mapToLong(file -> file.getValue())
                .sum();
    }

    private static JsonValue summary(WholeTool.Run run) throws IOException {
        new OutputSchema().hold(run.out());
        return JsonDocument.strict(run.bytes(), "the answer").require("summary");
    }

    private static long figure(WholeTool.Run run, String name) throws IOException {
        return summary(run).require(name).asLong();
    }

    @Test
    void prune_withoutApply_tellsWhatWouldGoAndChangesNothing() throws IOException {
        Path layout = layout();
        Map<String, Long> before = files(layout);

        WholeTool.Run run = prune("oci:" + layout, "--max-results", "1");

        assertEquals(before, files(layout));
        List<String> lines = run.out().lines().toList();
        assertEquals(4, lines.size(), run.out());
        assertTrue(lines.get(0).matches("prunable   [0-9a-f]{12}   .* KB   2 days old   too many   make"), run.out());
        assertTrue(lines.get(1).contains("1 day old"), run.out());
        assertTrue(lines.get(2).startsWith("2 results and 6 records would go, 1 result with 15."), run.out());
        assertTrue(lines.get(3).endsWith(" KB would be freed"), run.out());
        assertTrue(run.err().contains("nothing was changed: --apply does it"), run.err());
    }

    @Test
    void prune_ofADirectory_freesWhatItSays() throws IOException {
        Path layout = layout();
        long before = blobBytes(layout);
        WholeTool.Run foreseen = prune("oci:" + layout, "--keep-last", "36h", "--format", "json");

        WholeTool.Run run = prune("oci:" + layout, "--keep-last", "36h", "--apply", "--format", "json");

        long freed = before - blobBytes(layout);
        assertEquals(freed, figure(run, "freed"));
        assertEquals(freed, figure(foreseen, "freed"));
        assertEquals(1, figure(run, "droppedResults"));
        assertEquals(0, figure(run, "needed"));
        assertHolds("oci:" + layout, 2, 3);
        assertEquals(
                "age",
                JsonDocument.strict(run.bytes(), "the answer")
                        .require("pruned")
                        .asArray()
                        .get(0)
                        .require("reason")
                        .asString());
    }

    @Test
    void prune_twice_changesNothingTheSecondTime() throws IOException {
        Path layout = layout();
        prune("oci:" + layout, "--max-size", "16KB", "--apply");
        Map<String, Long> once = files(layout);

        WholeTool.Run run = prune("oci:" + layout, "--max-size", "16KB", "--apply");

        assertEquals(once, files(layout));
        assertTrue(run.out().contains("nothing to prune: 1 result"), run.out());
        assertHolds("oci:" + layout, 3);
    }

    @Test
    void prune_whereOtherTagsAndUntaggedEntriesNeedLayers_keepsThem() throws IOException {
        Path layout = layout();
        run("copy", "oci:" + cache(1), "oci:" + layout + ":first");
        run("copy", "oci:" + cache(2), "oci:" + layout + ":second");
        String index = Files.readString(layout.resolve("index.json"));
        String untagged = index.replace(",\"annotations\":{\"org.opencontainers.image.ref.name\":\"second\"}", "");
        assertFalse(untagged.equals(index));
        Files.writeString(layout.resolve("index.json"), untagged);
        long before = blobBytes(layout);
        WholeTool.Run foreseen = prune("oci:" + layout, "--max-results", "1", "--format", "json");

        WholeTool.Run run = prune("oci:" + layout, "--max-results", "1", "--apply", "--format", "json");

        assertTrue(figure(run, "needed") > 15_000, run.out());
        assertEquals(figure(foreseen, "needed"), figure(run, "needed"));
        assertEquals(figure(foreseen, "unreferenced"), figure(run, "unreferenced"));
        assertEquals(before - blobBytes(layout), figure(run, "freed"));
        assertHolds("oci:" + layout, 3);
        assertHolds("oci:" + layout + ":first", 1);
        String second = run("inspect", "oci:" + cache(2), "--format", "json").out();
        String digest = second.replaceAll("(?s).*?\"digest\": \"(sha256:[0-9a-f]{64})\".*", "$1");
        assertHolds("oci:" + layout + "@" + digest, 2);
    }

    @Test
    void prune_whereAnotherTagCannotBeUnderstood_removesNothingAndSaysSo() throws IOException {
        Path layout = layout();
        run("copy", "oci:" + cache(1), "oci:" + layout + ":other");
        try (LayoutDirectory directory = LayoutDirectory.open(layout)) {
            String manifest = directory.resolve("other").orElseThrow().digest().encoded();
            Files.writeString(layout.resolve("blobs/sha256").resolve(manifest), "{}");
        }
        TreeSet<String> before = new TreeSet<>(files(layout).keySet());

        WholeTool.Run run = prune("oci:" + layout, "--max-results", "1", "--apply");

        assertTrue(files(layout).keySet().containsAll(before));
        assertTrue(run.err().contains("what other needs is not known"), run.err());
        assertTrue(run.err().contains("blobs were not removed"), run.err());
        assertHolds("oci:" + layout, 3);
    }

    @Test
    void prune_ofATar_writesItAnew() throws IOException {
        Path tar = temp.resolve("cache.tar");
        run("copy", "oci:" + folder.resolve("all"), "oci-archive:" + tar);
        run("copy", "oci:" + cache(1), "oci-archive:" + tar + ":first");
        long before = Files.size(tar);

        WholeTool.Run run = prune("oci-archive:" + tar, "--max-results", "1", "--apply", "--format", "json");

        assertEquals(before - Files.size(tar), figure(run, "freed"));
        assertTrue(figure(run, "freed") > 9_000, run.out());
        assertHolds("oci-archive:" + tar, 3);
        assertHolds("oci-archive:" + tar + ":first", 1);
    }

    @Test
    void prune_toAnotherPlace_leavesTheSourceAsItIs() throws IOException {
        Path layout = layout();
        Map<String, Long> before = files(layout);
        String target = "oci:" + temp.resolve("smaller");

        prune("oci:" + layout, "--max-results", "2", "--to", target);
        assertFalse(Files.exists(temp.resolve("smaller")), "a dry run writes nothing");
        WholeTool.Run run = prune("oci:" + layout, "--max-results", "2", "--to", target, "--apply");

        assertEquals(before, files(layout));
        assertTrue(run.out().contains("written   " + target + ":latest@sha256:"), run.out());
        assertHolds(target, 2, 3);
    }

    @Test
    void prune_withRules_keepsWhatTheyName() throws IOException {
        List<String> digests = new ArrayList<>();
        WholeTool.Run all = prune("oci:" + layout(), "--max-results", "0", "--format", "json");
        for (JsonValue row :
                JsonDocument.strict(all.bytes(), "the answer").require("pruned").asArray()) {
            digests.add(row.require("identity").asString());
        }
        assertEquals(BUILDS, digests.size());
        String first = digests.get(0).substring(7, 19);

        WholeTool.Run kept = prune("oci:" + layout(), "--max-results", "1", "--keep", first, "--format", "json");
        assertFalse(kept.out().contains(digests.get(0)), kept.out());
        assertTrue(kept.out().contains(digests.get(1)) && kept.out().contains(digests.get(2)), kept.out());

        for (String rule : List.of("make", "m*e")) {
            WholeTool.Run named = prune("oci:" + layout(), "--max-results", "1", "--keep", rule);
            assertTrue(named.out().startsWith("nothing to prune: 3 results"), named.out());
            assertTrue(named.err().contains("what --keep names in "), named.err());
        }
        WholeTool.Run nothing = prune("oci:" + layout(), "--max-results", "1", "--keep", "mak");
        assertTrue(nothing.err().contains("--keep mak names no result of "), nothing.err());
        WholeTool.Run tooMuch = tool.run("prune", "oci:" + layout(), "--fit", "100B", "--keep", "make")
                .requires(ExitCode.ANSWER_NO);
        assertTrue(tooMuch.err().contains("what --keep names takes more"), tooMuch.err());
    }

    @Test
    void prune_ofEverything_leavesTheCacheAsItIs() throws IOException {
        Path layout = layout();
        Map<String, Long> before = files(layout);

        WholeTool.Run run = prune("oci:" + layout, "--max-results", "0", "--apply");

        assertEquals(before, files(layout));
        assertTrue(run.out().contains("all 3 results would go: the cache stays as it is"), run.out());
        assertTrue(run.err().contains("no result would be left"), run.err());
    }

    @Test
    void prune_toFit_makesConfigAndManifestSmallEnough() throws IOException {
        Path layout = layout();
        WholeTool.Run before = run("inspect", "oci:" + layout, "--format", "json");
        long size = Math.max(figure(before, "configBytes"), figure(before, "manifestBytes"));

        WholeTool.Run run = prune("oci:" + layout, "--fit", size - 1 + "B", "--apply");

        assertTrue(run.out().contains("does not fit"), run.out());
        WholeTool.Run after = run("inspect", "oci:" + layout, "--format", "json");
        assertTrue(figure(after, "configBytes") < size && figure(after, "manifestBytes") < size);
        assertHolds("oci:" + layout, 2, 3);
    }

    @Test
    void prune_toElsewhereThatFails_saysThatNothingWent() throws IOException {
        Path layout = layout();
        try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                if (Files.size(blob) > 5_000) {
                    Files.delete(blob);
                }
            }
        }
        Path other = temp.resolve("other");

        WholeTool.Run run = tool.run("prune", "oci:" + layout, "--max-results", "2", "--to", "oci:" + other, "--apply")
                .requires(ExitCode.INTEGRITY);

        assertTrue(run.out().startsWith("prunable "), run.out());
        assertTrue(run.out().contains(" would go, "), run.out());
        assertFalse(run.out().contains("removed"), run.out());
        assertFalse(Files.exists(other.resolve("index.json")));
    }

    @Test
    void prune_ofWhatCannotBeRewritten_saysWhatCan() throws IOException {
        Path layout = layout();
        String digest;
        try (LayoutDirectory directory = LayoutDirectory.open(layout)) {
            digest = directory.resolve("latest").orElseThrow().digest().toString();
        }
        WholeTool.Run pinned = tool.run("prune", "oci:" + layout + "@" + digest, "--max-results", "1", "--apply")
                .requires(ExitCode.USAGE);
        assertTrue(pinned.err().contains("cannot be written again: it is no tag"), pinned.err());
        prune("oci:" + layout + "@" + digest, "--max-results", "1");
        WholeTool.Run stream =
                tool.run("prune", "-", "--max-results", "1", "--apply").requires(ExitCode.USAGE);
        assertTrue(stream.err().contains("--to SPEC"), stream.err());
        WholeTool.Run nothing = tool.run("prune", "oci:" + layout).requires(ExitCode.USAGE);
        assertTrue(nothing.err().contains("prune is not told what may go"), nothing.err());
        WholeTool.Run vertex =
                tool.run("prune", "oci:" + layout, "make", "--max-results", "1").requires(ExitCode.USAGE);
        assertTrue(vertex.err().contains("--reachable-from graph.json"), vertex.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"merge", "export", "run"})
    void fit_ofWhatIsPublished_leavesOutTheOldestAndNamesThem(String verb) throws IOException {
        Path layout = temp.resolve("fitted");
        List<String> args = new ArrayList<>(List.of(verb));
        if (verb.equals("merge")) {
            args.add("oci:" + folder.resolve("all"));
        } else {
            Steps steps = Steps.in(temp.resolve("steps"))
                    .file("src/a", "1")
                    .source("src", "src")
                    .step("one", "cat src/a src/a > one", "one", "src")
                    .step("two", "cat src/a one > two", "two", "src", "one")
                    .targets("two");
            tool.with("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
            String store = temp.resolve("store").toString();
            String graph = steps.workspace.resolve("graph.json").toString();
            run("run", graph, "--store", store);
            args.addAll(List.of(graph, "--mode=max", "--store", store));
        }
        args.addAll(List.of("--to", "oci:" + layout));
        run(args.toArray(String[]::new));
        WholeTool.Run all = run("inspect", "oci:" + layout, "--format", "json");
        long size = Math.max(figure(all, "configBytes"), figure(all, "manifestBytes"));

        args.addAll(List.of("--fit", size - 1 + "B", "--format", "json"));
        WholeTool.Run run = run(args.toArray(String[]::new));

        WholeTool.Run after = run("inspect", "oci:" + layout, "--format", "json");
        assertTrue(figure(after, "configBytes") < size && figure(after, "manifestBytes") < size);
        assertEquals(figure(all, "results") - 1, figure(after, "results"));
        assertTrue(
                run.err()
                        .matches("(?s).*\\b1 result( and \\d records?)? left out of \\Q" + layout
                                + "\\E, so that config and manifest fit: .*"),
                run.err());
        if (!verb.equals("run")) {
            assertEquals(figure(all, "results") - 1, figure(run, "results"));
            assertEquals(
                    1,
                    JsonDocument.strict(run.bytes(), "the answer")
                            .require("pruned")
                            .asArray()
                            .size());
        }
        run("verify", "oci:" + layout, "--deep");
    }

    @Test
    void fit_ofAUnionWithWhatStandsThere_countsBoth() throws IOException {
        Path layout = temp.resolve("union");
        run("copy", "oci:" + cache(3), "oci:" + layout);
        run("merge", "oci:" + cache(2), "oci:" + cache(3), "--to", "oci:" + temp.resolve("two"));
        WholeTool.Run two = run("inspect", "oci:" + temp.resolve("two"), "--format", "json");
        long size = Math.max(figure(two, "configBytes"), figure(two, "manifestBytes"));

        WholeTool.Run run = run(
                "merge",
                "oci:" + cache(1),
                "oci:" + cache(2),
                "--to",
                "oci:" + layout,
                "--on-conflict=merge",
                "--fit",
                size + "B");

        assertTrue(run.err().contains("1 result and 3 records left out of "), run.err());
        assertHolds("oci:" + layout, 2, 3);
    }

    // Reachability

    @Test
    void prune_byAGraph_keepsWhatItHitsToday() throws IOException {
        Path layout = layout();
        source(2);

        prune("oci:" + layout, "make", "--reachable-from", project.graph.toString(), "--apply");

        assertHolds("oci:" + layout, 2);
    }

    @Test
    void prune_byAGraph_keepsWhatCouldBeHitOnceMissesWereExecuted() throws IOException {
        Steps steps = Steps.in(temp.resolve("steps"))
                .file("src/a", "1")
                .source("src", "src")
                .step("count", "wc -c < src/a > n", "n", "src")
                .step("use", "cp n m; echo of $(cat n) >> m", "m", "count")
                .step("other", "cp src/a o", "o", "src")
                .targets("use", "other");
        String cache = "oci:" + temp.resolve("steps cache");
        steps.run("--to", cache, "--mode=max").requires(ExitCode.DONE);
        // The content of count stays what it is: use is a hit once count was executed, other is not.
        steps.file("src/a", "2");
        String graph = steps.workspace.resolve("graph.json").toString();
        tool.with("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));

        WholeTool.Run all = prune(cache, "--reachable-from", graph);
        assertEquals(
                2,
                all.out().lines().filter(line -> line.contains("not reached")).count(),
                all.out());
        assertFalse(all.out().contains("use"), all.out());
        assertTrue(all.out().contains("other") && all.out().contains("count"), all.out());
        WholeTool.Run named = prune(cache, "other", "--reachable-from", graph);
        assertTrue(named.out().contains("use"), named.out());
        WholeTool.Run unknown =
                tool.run("prune", cache, "otter", "--reachable-from", graph).requires(ExitCode.USAGE);
        assertTrue(unknown.err().contains("did you mean \"other\"?"), unknown.err());

        prune(cache, "--reachable-from", graph, "--apply");
        assertEquals(
                "hit",
                Steps.statusesOf(steps.tool.run(
                                "run",
                                graph,
                                "--store",
                                temp.resolve("empty").toString(),
                                "--from",
                                cache,
                                "--format",
                                "json"))
                        .get("use"));
    }

    // Registries

    private String pushed(String host) {
        run("copy", "oci:" + folder.resolve("all"), host + "/team/app:cache");
        run("copy", "oci:" + cache(1), host + "/team/app:first");
        return host + "/team/app:cache";
    }

    @Test
    void prune_inARegistryThatDeletes_removesManifestAndBlobsThatNoTagNeeds() throws Exception {
        try (DockerRegistry registry = DockerRegistry.open(temp.resolve("registry"))) {
            String ref = pushed(registry.host());
            String old = run("inspect", ref, "--format", "json")
                    .out()
                    .replaceAll("(?s).*?\"digest\": \"(sha256:[0-9a-f]{64})\".*", "$1");

            WholeTool.Run run = prune(ref, "--max-results", "1", "--apply", "--format", "json");

            assertTrue(figure(run, "needed") > 4_000, run.out());
            assertTrue(figure(run, "removed") > 9_000, run.out());
            assertEquals(figure(run, "unreferenced"), figure(run, "removed"));
            assertTrue(summary(run).get("freed").isEmpty(), run.out());
            assertHolds(ref, 3);
            assertHolds(registry.host() + "/team/app:first", 1);
            tool.run("inspect", registry.host() + "/team/app@" + old).requires(ExitCode.NOT_FOUND);
            WholeTool.Run text = prune(ref, "--fit", "1MiB", "--apply");
            assertTrue(text.out().startsWith("unchanged"), text.out());
        }
    }

    @Test
    void prune_inARegistryThatDeletesNothing_saysWhatItsGarbageCollectionWillDo() throws Exception {
        try (DockerRegistry registry = DockerRegistry.withoutDeletion(temp.resolve("registry"))) {
            String ref = pushed(registry.host());

            WholeTool.Run run = prune(ref, "--max-results", "1", "--apply");

            assertTrue(run.err().contains("405"), run.err());
            assertTrue(run.out().contains("garbage"), run.out());
            assertHolds(ref, 3);
            assertHolds(registry.host() + "/team/app:first", 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 405, 501})
    void prune_whereDeletionIsRefused_isDoneAllTheSame(int status) throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            String ref = pushed(registry.host());
            int blobs = registry.blobs("team/app").size();
            FaultRule refused = registry.on("DELETE", ".*").then(Fault.error(status, "DENIED", "not for you"));

            WholeTool.Run run = prune(ref, "--max-results", "1", "--apply", "--format", "json");

            assertEquals(1, refused.applied(), "it ends with the first refusal");
            assertEquals(0, figure(run, "removed"));
            assertTrue(figure(run, "unreferenced") > 9_000, run.out());
            assertTrue(run.err().contains("blobs were not removed from " + ref), run.err());
            assertTrue(registry.blobs("team/app").size() > blobs);
            registry.behave();
            assertHolds(ref, 3);
        }
    }

    @Test
    void prune_whenABlobIsGoneAlready_removesTheOthers() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            String ref = pushed(registry.host());
            FaultRule gone = registry.on("DELETE", RequestKind.BLOB).first(1).then((request, right) -> {
                right.answer(request);
                return right.answer(request);
            });

            WholeTool.Run run = prune(ref, "--max-results", "1", "--apply", "--format", "json");

            assertEquals(1, gone.applied());
            assertEquals(figure(run, "unreferenced"), figure(run, "removed"));
            assertFalse(run.err().contains("were not removed"), run.err());
            assertEquals(List.of(), registry.missing("team/app"));
            assertTrue(registry.log().count("DELETE", RequestKind.BLOB) > 2, "it goes on");
            assertHolds(ref, 3);
        }
    }

    @Test
    void prune_whenTheRegistryBreaksWhileBlobsAreRemoved_isPartlyDoneAndTheCacheWhole() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            String ref = pushed(registry.host());
            registry.on("DELETE", RequestKind.BLOB).after(1).then(Fault.error(500, "UNKNOWN", "disk on fire"));

            WholeTool.Run run = tool.run("prune", ref, "--max-results", "1", "--apply", "--timeout", "2s");

            run.requires(ExitCode.PARTLY);
            assertTrue(run.err().contains("blobs were not removed"), run.err());
            registry.behave();
            assertHolds(ref, 3);
            assertHolds(registry.host() + "/team/app:first", 1);
        }
    }

    @Test
    void prune_whereATagCannotBeRead_removesNothing() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            String ref = pushed(registry.host());
            registry.addManifest(
                    "team/app",
                    "old",
                    "application/vnd.docker.distribution.manifest.v1+json",
                    "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
            FaultRule deleted = registry.on("DELETE", ".*").then((request, right) -> right.answer(request));

            WholeTool.Run run = prune(ref, "--max-results", "1", "--apply");

            assertEquals(0, deleted.applied());
            assertTrue(run.err().contains("what old needs is not known"), run.err());
            assertHolds(ref, 3);
        }
    }

    @Test
    void prune_whenAnotherClientWritesTheTagMeanwhile_looksAtThatAndLosesNothing() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            String ref = pushed(registry.host());
            run("copy", ref, registry.host() + "/team/app:before");
            // Once the cache was read, and before the smaller one is there, somebody else writes the first build alone.
            registry.on("GET", "/manifests/cache")
                    .first(1)
                    .then(Fault.afterwards(() -> run("copy", "oci:" + cache(1), ref)));

            WholeTool.Run run = prune(ref, "--max-results", "1", "--apply");

            assertTrue(run.err().contains("another client wrote " + ref + " meanwhile"), run.err());
            assertHolds(ref, 1);
            assertHolds(registry.host() + "/team/app:before", 1, 2, 3);

            run("copy", registry.host() + "/team/app:before", ref);
            registry.on("GET", "/manifests/cache")
                    .first(1)
                    .then(Fault.afterwards(() -> run("copy", "oci:" + cache(2), ref)));
            tool.run("prune", ref, "--max-results", "1", "--apply", "--on-conflict=fail")
                    .requires(ExitCode.PARTLY);
            assertHolds(ref, 2);
        }
    }
}
