package dev.cachetool.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.output.CacheMapRow;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.content.Compression;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.LayerView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import dev.cachetool.inspect.SharedLayers;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import dev.cachetool.solver.ExportMode;
import dev.cachetool.store.PrunePolicy;
import dev.cachetool.store.StoreCheck;
import dev.cachetool.store.StoreRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each verb with a stub behind it: what the stub is asked, what is printed, and the exit code. */
final class CommandsTest {
    private static final Digest MANIFEST = Digest.sha256("manifest");

    private final ProgramRun run = new ProgramRun();

    @Test
    void plan_whenAsked_prints_aLineForEachVertexAndASummary() {
        run.services.answering(Rows.forecast());
        assertEquals(
                ExitCode.DONE,
                run.run("plan", "dir/graph.json", "--from", "oci-archive:hello-cache.tar", "--store", "/store"));
        assertEquals("""
                source     src
                hit        fetch     12.4 MB   2 days old   hello-cache.tar
                miss       compile   src/main.c changed
                maybe      link      a hit if compile makes what it made before
                unneeded   docs
                4 of 5 vertices needed: 1 source, 1 hit, 1 miss, 1 maybe (33 %); 12.4 MB to pull
                """, run.out());
        assertEquals("", run.err());
        assertEquals(
                List.of(new PlanOptions(
                        Path.of("dir/graph.json"),
                        Path.of("dir").toAbsolutePath(),
                        List.of(),
                        Path.of("/store"),
                        List.of(Rows.CACHE),
                        Materialize.TARGETS,
                        RunOptions.Reuse.ALL,
                        ExecOp.Isolation.AUTO,
                        false,
                        Access.USUAL)),
                run.services.asked);
    }

    @Test
    void plan_whenOnlyOneStatusIsWanted_printsNamesAlone() {
        run.services.answering(Rows.forecast());
        run.run("plan", "g", "--print", "miss");
        assertEquals("compile\n", run.out());
        run.run("plan", "g", "--print=unneeded");
        assertEquals("docs\n", run.out());
    }

    @Test
    void plan_whenNothingWasAsked_hasNoRate() {
        run.services.answering(
                new SolveAnswer(List.of(VertexRow.of("src", "local", Status.SOURCE)), List.of(), List.of(), 0, 1));
        assertEquals(ExitCode.DONE, run.run("plan", "g", "--fail-on-miss", "--min-hit-rate", "100"));
        assertEquals("source   src\n1 of 1 vertex needed: 1 source, 0 hit, 0 miss; 0 B to pull\n", run.out());
    }

    @ParameterizedTest
    @CsvSource({
        "--fail-on-miss, ANSWER_NO",
        "--min-hit-rate=34, ANSWER_NO",
        "--min-hit-rate=33%, DONE",
        "--min-hit-rate=0, DONE",
        "--strict, DONE",
    })
    void plan_whenItHasToBeGoodEnough_isJudged(String flag, ExitCode expected) {
        run.services.answering(Rows.forecast());
        assertEquals(expected, run.run("plan", "g", flag));
        assertEquals(6, run.out().lines().count());
    }

    @Test
    void plan_whenNotGoodEnough_saysWhy() {
        run.services.answering(Rows.forecast());
        run.run("plan", "g", "--fail-on-miss");
        assertEquals("cachetool: 2 of 3 vertices did not hit, and --fail-on-miss is given\n", run.err());
        run.run("plan", "g", "--min-hit-rate=50");
        assertEquals("cachetool: the hit rate is 33 %, less than the 50 % of --min-hit-rate\n", run.err());
    }

    @Test
    void plan_whenStrict_asksForItAndFailsAsTheServiceDoes() {
        run.services.answeringBy((options, reporter) -> {
            throw new CommandFailedException(
                    ExitCode.NOT_FOUND, "could not read oci:x: it is not there\nexport it first");
        });
        assertEquals(ExitCode.NOT_FOUND, run.run("plan", "g", "--from", "oci:x", "--strict"));
        assertEquals("cachetool: could not read oci:x: it is not there\n  export it first\n", run.err());
        assertEquals("", run.out());
        assertTrue(((PlanOptions) run.services.asked.get(0)).strict());
    }

    @Test
    void plan_whenASourceIsMissing_isAWarningAndTold() throws IOException {
        run.services.answeringBy((options, reporter) -> {
            reporter.warn("could not read oci:x: it is not there; going on without this cache");
            return new SolveAnswer(
                    List.of(VertexRow.of("a", "exec", Status.MISS).withReason("no cache could be read")),
                    List.of(Rows.missing("oci:x")),
                    List.of(),
                    0,
                    1);
        });
        assertEquals(ExitCode.DONE, run.run("plan", "g", "--from", "oci:x", "--format", "json"));
        assertEquals("warning: could not read oci:x: it is not there; going on without this cache\n", run.err());
        new OutputSchema().hold(run.out());
        assertTrue(run.out().contains("\"status\": \"missing\",\n      \"error\": \"could not read oci:x"), run.out());
        assertTrue(run.out().contains("\"warnings\": [\n    \"could not read oci:x: it is not there; going on"));
    }

    @Test
    void plan_whenNamesComeFromOutside_areMadeSafe() {
        run.services.answering(new SolveAnswer(
                List.of(VertexRow.of("a\u001b[2J", "exec", Status.MISS).withReason("x\ny")),
                List.of(),
                List.of(),
                0,
                1));
        run.run("plan", "g");
        assertTrue(run.out().startsWith("miss   a\\x1b[2J   x\\ny\n"), run.out());
        run.run("plan", "g", "--print", "miss");
        assertEquals("a\\x1b[2J\n", run.out());
    }

    @Test
    void plan_whenOnATerminal_coloursTheWords() {
        run.terminal = true;
        run.services.answering(Rows.forecast());
        run.run("plan", "g");
        assertTrue(run.out().contains("\u001b[32mhit\u001b[0m        fetch"), run.out());
    }

    @Test
    void import_whenDone_saysWhatCameBack() {
        run.services.answering(new SolveAnswer(
                List.of(
                        Rows.restored("fetch", 12_400_000, 3, 400),
                        Rows.restored("empty", 0, 0, 0).withResult(Optional.of(Rows.CACHE), 0, 0, Optional.empty()),
                        VertexRow.of("compile", "exec", Status.MISS).withReason("src/main.c changed")),
                List.of(Rows.read()),
                List.of(Rows.layer("fetch", 12_400_000, LayerRow.Status.PULLED)),
                12_400_000,
                900));
        assertEquals(
                ExitCode.DONE,
                run.run(
                        "import",
                        "graph.json",
                        "--from",
                        "oci-archive:hello-cache.tar",
                        "--preserve-special",
                        "--store=/store"));
        assertEquals("""
                hit    fetch     12.4 MB   2 days old   restored 3 files in 0.4 s   hello-cache.tar
                hit    empty       empty                restored 0 files in 0.0 s   hello-cache.tar
                miss   compile   src/main.c changed
                3 of 3 vertices needed: 2 hit, 1 miss (66 %); restored 3 files, pulled 12.4 MB in 0.9 s
                """, run.out());
        assertEquals(
                List.of(new ImportOptions(
                        Path.of("graph.json"),
                        Path.of("").toAbsolutePath(),
                        Path.of("/store"),
                        List.of(Rows.CACHE),
                        Materialize.ALL,
                        false,
                        true,
                        Access.USUAL)),
                run.services.asked);
    }

    @Test
    void import_whenThereIsNoGraph_saysWhatTheStoreHasNow() {
        run.services.answeringBy((options, reporter) -> new BringAnswer(
                List.of(), 5, 3, 2, 1, List.of(Rows.layer("a", 12_400_000, LayerRow.Status.PULLED)), 900));
        assertEquals(ExitCode.DONE, run.run("import", "--from", "oci-archive:hello-cache.tar", "--store=/store"));
        assertEquals("5 records, 3 results: 2 new, 1 lost, 1 layer, pulled 12.4 MB in 0.9 s\n", run.out());
        assertEquals(
                List.of(new BringOptions(Path.of("/store"), List.of(Rows.CACHE), false, Access.USUAL)),
                run.services.asked);
    }

    @Test
    void export_whenDone_printsOnePinnedLineForEachTarget() {
        run.services.answeringBy((options, reporter) -> {
            reporter.phase("packing", "vertex", 1, 0);
            reporter.finished("packed", "compile", 1_200_000, "zstd 0.4 MB");
            return Rows.exported(
                    Rows.target("oci:out", TargetRow.Status.WRITTEN),
                    Rows.target("oci-archive:c.tar:v1", TargetRow.Status.WRITTEN));
        });
        assertEquals(
                ExitCode.DONE,
                run.run(
                        "export",
                        "graph.json",
                        "--to",
                        "oci:out",
                        "--cache-to",
                        "type=tar,dest=c.tar,tag=v1,compression=gzip,mode=max",
                        "--content",
                        "oci:blobs",
                        "--workspace",
                        "work",
                        "--from-workspace",
                        "--export-roots",
                        "--ignore-backlinks"));
        assertEquals("oci:out:latest@" + MANIFEST + "\noci-archive:c.tar:v1@" + MANIFEST + "\n", run.out());
        assertEquals("""
                packed   compile           1.2 MB   zstd 0.4 MB
                4 records, 2 results, 2 layers, 12.8 MB (0.4 MB written) in 1.1 s
                """, run.err());
        ExportOptions options = (ExportOptions) run.services.asked.get(0);
        assertEquals(Path.of("work"), options.workspace());
        assertEquals(List.of(PlaceParser.source("oci:blobs")), options.content());
        assertTrue(options.fromWorkspace()
                && options.publishing().exportRoots()
                && options.publishing().ignoreBacklinks());
        assertEquals(ExportMode.MIN, options.publishing().targets().get(0).mode());
        assertEquals(ExportMode.MAX, options.publishing().targets().get(1).mode());
        assertEquals(
                Compression.GZIP,
                options.publishing().targets().get(1).target().compression().kind());
    }

    @Test
    void export_whenNothingChanged_saysSoAndPrintsThePinnedLineAllTheSame() {
        run.services.answering(Rows.exported(Rows.target("oci:out", TargetRow.Status.UNCHANGED)));
        assertEquals(ExitCode.DONE, run.run("export", "g", "--to", "oci:out", "--mode=max"));
        assertEquals("unchanged: out is this cache already (2 layers checked)\n", run.err());
        assertEquals("oci:out:latest@" + MANIFEST + "\n", run.out());
        assertEquals(
                ExportMode.MAX,
                ((ExportOptions) run.services.asked.get(0))
                        .publishing()
                        .targets()
                        .get(0)
                        .mode());
    }

    @Test
    void export_whenThereIsNothingToPublish_warns() {
        run.services.answering(Rows.exported(Rows.target("oci:out", TargetRow.Status.NOTHING)));
        assertEquals(ExitCode.DONE, run.run("export", "g", "--to", "oci:out", "-q"));
        assertEquals("""
                warning: nothing was published to out: no vertex has a result to publish
                  if a script has just made the outputs, add --from-workspace
                """, run.err());
        assertEquals("", run.out());
        assertEquals(ExitCode.DONE, run.run("export", "g", "--to", "oci:out", "--from-workspace"));
        assertEquals("warning: nothing was published to out: no vertex has a result to publish\n", run.err());
    }

    @Test
    void export_whenTheTarIsOnStandardOutput_printsThePinnedLineOnStandardError() {
        run.services.answering(Rows.exported(
                Rows.target("-", TargetRow.Status.WRITTEN), Rows.target("oci:out", TargetRow.Status.WRITTEN)));
        assertEquals(ExitCode.DONE, run.run("export", "g", "--to", "-", "--to", "oci:out"));
        assertEquals("", run.out());
        assertEquals(
                "4 records, 2 results, 2 layers, 12.8 MB (0.4 MB written) in 1.1 s\n-@" + MANIFEST + "\noci:out:latest@"
                        + MANIFEST + "\n",
                run.err());
    }

    @Test
    void export_whenTargetsFail_hasTheCodeOfWhatHappened() {
        TargetRow written = Rows.target("oci:out", TargetRow.Status.WRITTEN);
        TargetRow failed = Rows.failed("oci:full", ExitCode.LOCAL_IO, false);
        TargetRow ignored = Rows.failed("oci:full", ExitCode.LOCAL_IO, true);

        run.services.answering(Rows.exported(failed));
        assertEquals(ExitCode.LOCAL_IO, run.run("export", "g", "--to", "oci:full"));
        assertEquals("cachetool: could not write oci:full: no space\n  make room\n", run.err());
        assertEquals("", run.out());

        run.services.answering(Rows.exported(written, failed));
        assertEquals(ExitCode.PARTLY, run.run("export", "g", "--to", "oci:out", "--to", "oci:full"));
        assertEquals("oci:out:latest@" + MANIFEST + "\n", run.out());

        run.services.answering(Rows.exported(ignored));
        assertEquals(ExitCode.DONE, run.run("export", "g", "--to", "type=local,dest=full,ignore-error=true"));
        assertEquals("warning: could not write oci:full: no space\n  make room\n", run.err());

        run.services.answering(Rows.exported(ignored, failed));
        assertEquals(ExitCode.LOCAL_IO, run.run("export", "g", "--to", "oci:x"));
    }

    @Test
    void export_whenOnlyTheConfigIsWanted_printsItsBytesAlone() {
        byte[] config = "{\"layers\":[]}".getBytes(StandardCharsets.UTF_8);
        run.services.answering(config);
        assertEquals(ExitCode.DONE, run.run("export", "g", "--config-only", "--mode", "remote-only"));
        assertArrayEquals(config, run.out().getBytes(StandardCharsets.UTF_8));
        assertEquals("", run.err());
        assertEquals(ExportMode.REMOTE_ONLY, ((ExportOptions) run.services.asked.get(0)).mode());
    }

    private static CacheMapAnswer cacheMaps() {
        return new CacheMapAnswer(
                List.of(
                        VertexRow.of("src", "local", Status.SOURCE)
                                .withKeys(
                                        List.of(
                                                new CacheMapRow(Digest.sha256("src 1"), List.of()),
                                                new CacheMapRow(Digest.sha256("src 2"), List.of())),
                                        List.of(Digest.sha256("k1"), Digest.parseCacheDigest("random:1"))),
                        VertexRow.of("compile", "exec", Status.MISS)
                                .withKeys(
                                        List.of(new CacheMapRow(
                                                Digest.sha256("compile"),
                                                List.of(new CacheMapRow.Input(
                                                        "src", Optional.of(Digest.sha256("*.c")), Optional.empty())))),
                                        List.of(Digest.sha256("k3")))),
                3);
    }

    @Test
    void cachemap_whenAsked_printsEveryMap() {
        run.services.answering(cacheMaps());
        assertEquals(ExitCode.DONE, run.run("cachemap", "g"));
        String src1 = Digest.sha256("src 1").shortText();
        String src2 = Digest.sha256("src 2").shortText();
        String compile = Digest.sha256("compile").shortText();
        String k1 = Digest.sha256("k1").shortText();
        String k3 = Digest.sha256("k3").shortText();
        assertEquals("""
                src       local   map %s   key %s
                                  map %s   key 1
                compile   exec    map %s   key %s
                2 vertices, 3 cache maps
                """.formatted(src1, k1, src2, compile, k3), run.out());
        run.run("cachemap", "g", "-v");
        assertTrue(
                run.out()
                        .contains("\n  from src           selector "
                                + Digest.sha256("*.c").shortText() + "\n"),
                run.out());
    }

    private static RecordView inspected(String name, List<List<ChainLink>> inputs, int depth, ResultView... results) {
        return new RecordView(
                Digest.sha256("identity of " + name),
                Digest.sha256(name).toString(),
                name.equals("a") ? List.of("compile") : List.of(),
                new TreeMap<>(),
                inputs,
                depth,
                name.equals("a") ? 0 : 1,
                List.of(results));
    }

    private static ResultView result(long bytes, Integer... layers) {
        return new ResultView(List.of(layers), bytes, 0, Rows.TWO_DAYS_AGO, OptionalLong.empty());
    }

    private static InspectAnswer inspected() {
        return new InspectAnswer(
                Rows.read(),
                new CacheView(
                        Digest.sha256("manifest"),
                        ArtifactForm.IMAGE_MANIFEST,
                        Optional.of(true),
                        4_096,
                        OptionalLong.of(5_200),
                        true,
                        List.of(
                                inspected(
                                        "a",
                                        List.of(List.of(new ChainLink("", 1), new ChainLink("", 2))),
                                        7,
                                        result(312_400_001, 0, 1)),
                                inspected("b", List.of(), 1, result(312_400_000, 0)),
                                inspected("c", List.of(), 1)),
                        List.of(
                                new LayerView(
                                        Rows.layer("a", 312_400_000, LayerRow.Status.EXISTS)
                                                .blob(),
                                        2,
                                        1),
                                new LayerView(
                                        Rows.layer("b", 1, LayerRow.Status.EXISTS)
                                                .blob(),
                                        1,
                                        1))),
                List.of(new InspectAnswer.Other(Rows.read(), new SharedLayers(1, 312_400_000))));
    }

    @Test
    void inspect_whenAsked_saysWhatTheCacheHolds() {
        run.services.answering(inspected());
        assertEquals(ExitCode.DONE, run.run("inspect", "oci-archive:hello-cache.tar"));
        assertEquals(
                """
                hello-cache.tar@sha256:%s
                BuildKit cache · image-manifest form · OCI types · zstd
                  newest result 2 days old
                  records         3   2 with a result, 7 deep
                  links           2   median 2, at most 2 to one record
                  roots           2   %2$s, %3$s
                  leaves          1   compile
                  names           1   of 3 records, noted beside the config
                  layers          2   312.4 MB, 1 used by more than one result
                  config     4.1 KB   of 1 MiB
                  manifest   5.2 KB   of 1 MiB
                largest results
                  compile   %4$s   312.4 MB   2 layers   2 days old
                            %2$s   312.4 MB    1 layer   2 days old
                layers of several results
                  %5$s   312.4 MB   2 results
                results by age, and what a prune of them would free
                  older than 1 day    2 results   312.4 MB   frees 312.4 MB in 2 layers
                  older than 7 days        none
                layers that other caches have too
                  1 layer   312.4 MB of 312.4 MB   hello-cache.tar@sha256:%1$s
                3 records, 2 results, 2 layers, 312.4 MB
                """.formatted(
                                MANIFEST.shortText(),
                                Digest.sha256("b").shortText(),
                                Digest.sha256("c").shortText(),
                                Digest.sha256("a").shortText(),
                                Rows.layer("a", 1, LayerRow.Status.EXISTS)
                                        .blob()
                                        .digest()
                                        .shortText()),
                run.out());
        assertEquals(List.of(new InspectOptions(Rows.CACHE, List.of(), Access.USUAL)), run.services.asked);
    }

    @Test
    void json_whenPrinted_holdsToTheSchemaInEveryVerb() throws IOException {
        OutputSchema schema = new OutputSchema();
        run.services.answering(Rows.forecast());
        run.run("plan", "g", "--format=json");
        schema.hold(run.out());
        assertTrue(run.out().contains("\"hitRate\": 33"), run.out());
        assertTrue(run.out().contains("\"source\": \"oci-archive:hello-cache.tar\""), run.out());
        run.services.answering(
                new SolveAnswer(List.of(Rows.restored("fetch", 1, 3, 400)), List.of(Rows.read()), List.of(), 1, 1));
        run.run("import", "g", "--from", "oci:x", "--format", "json");
        schema.hold(run.out());
        run.services.answering(Rows.exported(
                Rows.target("oci:out", TargetRow.Status.WRITTEN), Rows.failed("oci:full", ExitCode.LOCAL_IO, false)));
        assertEquals(ExitCode.PARTLY, run.run("export", "g", "--to", "oci:out", "--format", "json"));
        schema.hold(run.out());
        run.services.answering(cacheMaps());
        run.run("cachemap", "g", "--format", "json");
        schema.hold(run.out());
        run.services.answering(inspected());
        run.run("inspect", "oci:x", "--format", "json");
        schema.hold(run.out());
        run.run("ls", "oci:x", "--format", "json");
        schema.hold(run.out());
        run.run("version", "--format", "json");
        schema.hold(run.out());
        run.services.answering(stored());
        run.run("store", "verify", "--format", "json");
        schema.hold(run.out());
        run.run("store", "prune", "--all", "--format", "json");
        schema.hold(run.out());
        run.services.answering(extracted());
        run.run("extract", "oci:x", "jar", "--to", "out", "--format", "json");
        schema.hold(run.out());
    }

    private static StoreAnswer stored() {
        StoreRow row = new StoreRow(
                StoreRow.Kind.RESULT,
                "0123456789abcdef",
                "jar",
                12_400_000,
                Rows.TWO_DAYS_AGO.instant(),
                Rows.TWO_DAYS_AGO.instant(),
                false);
        StoreCheck check = new StoreCheck(
                List.of(new StoreCheck.Problem("ref", "0123456789abcdef", "jar", "\"a\" is not there")),
                List.of("scratch/x"),
                3,
                1_203,
                2,
                0);
        return new StoreAnswer(true, List.of(row), 12_400_000, 12_400_000, Optional.of(check));
    }

    private static ExtractAnswer extracted() {
        return new ExtractAnswer(
                Optional.of(Rows.read()),
                Digest.sha256("record").toString(),
                Digest.sha256("record").shortText(),
                Optional.of("jar"),
                FileTree.of(List.of(
                        TreeEntry.directory("target", 0755), TreeEntry.file("target/app.jar", 0644, 12_400_000))));
    }

    @Test
    void store_whenPruned_asksForWhatTheFlagsSay() {
        run.services.answering(stored());
        assertEquals(
                ExitCode.ANSWER_NO,
                run.run(
                        "store",
                        "prune",
                        "--store=/s",
                        "--keep-last=7d",
                        "--keep-storage=1.5GB",
                        "--keep-count=3",
                        "--filter=type=pulled",
                        "--filter=unused-for=2w",
                        "--caches",
                        "--dry-run"),
                "the stub's answer has a problem");
        assertEquals(
                List.of(new StoreOptions(
                        StoreOptions.Action.PRUNE,
                        Path.of("/s"),
                        new PrunePolicy(
                                Optional.of(Duration.ofDays(7)),
                                OptionalLong.of(1_500_000_000),
                                OptionalLong.of(3),
                                List.of(
                                        new PrunePolicy.Filter(PrunePolicy.Filter.Key.TYPE, "pulled", Duration.ZERO),
                                        new PrunePolicy.Filter(
                                                PrunePolicy.Filter.Key.UNUSED_FOR, "2w", Duration.ofDays(14))),
                                true),
                        true,
                        false)),
                run.services.asked);
    }

    @Test
    void store_whenItsFolderIsNotNamed_isTheUsersOwn() {
        run.services.answering(StoreAnswer.NONE);
        run.environment.put("HOME", "/home/me");
        run.run("store", "ls");
        run.environment.put("XDG_CACHE_HOME", "/caches");
        run.run("store", "ls");
        run.environment.put("CACHETOOL_STORE", "/twin");
        run.run("store", "ls");
        assertEquals(
                List.of(Path.of("/home/me/.cache/cachetool"), Path.of("/caches/cachetool"), Path.of("/twin")),
                run.services.asked.stream()
                        .map(asked -> ((StoreOptions) asked).folder())
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "store lss | did you mean \"ls\"?",
                "store prune | store prune is not told what may go",
                "store ls --all | --all says nothing to store ls",
                "store prune --all --keep-last=7d | --all takes everything that is not in use",
                "store prune --keep-last=soon | is no time",
                "store prune --keep-storage=much | is no size",
                "store prune --keep-storage=1iB | is no size",
                "store prune --keep-count=-1 | is no number",
                "store prune --filter=name=x | unknown filter \"name=x\"",
                "store prune --filter=type=layer | unknown value \"layer\"",
                "store ls --deep | it belongs to store verify",
                "extract oci:x jar | extract is not told where to write to",
                "extract oci:x --to out | extract needs RECORD"
            })
    void storeAndExtract_whenUsedWrongly_sayHow(String line, String expected) {
        String error = run.usageError(line.split(" ", -1));
        assertTrue(error.contains(expected), error);
        assertEquals(List.of(), run.services.asked);
    }

    @Test
    void extract_whenAsked_saysWhatWasWritten() {
        run.services.answering(extracted());
        assertEquals(
                ExitCode.DONE,
                run.run("extract", "oci-archive:hello-cache.tar", "jar", "target/*.jar", "--store=/s", "--to", "out"));
        assertEquals("""
                written   12.4 MB   target/app.jar
                1 file, 12.4 MB of jar (%s) in out
                """.formatted(Digest.sha256("record").shortText()), run.out());
        assertEquals(
                List.of(new ExtractOptions(
                        Optional.of(Rows.CACHE),
                        Path.of("/s"),
                        "jar",
                        List.of("target/*.jar"),
                        Path.of("out"),
                        Access.USUAL)),
                run.services.asked);
    }

    @Test
    void schema_whenAFieldIsUnknownOrMissing_refuses() throws IOException {
        OutputSchema schema = new OutputSchema();
        run.run("version", "--format", "json");
        String json = run.out();
        assertTrue(schema.accepts(json));
        assertFalse(schema.accepts(json.replace("\"layers\"", "\"layerz\"")));
        assertFalse(schema.accepts(json.replace("\"schemaVersion\": 1", "\"schemaVersion\": 2")));
    }

    @Test
    void metadataFile_whenAskedFor_hasTheJsonBesideTheText(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("new/answer.json");
        run.services.answering(Rows.exported(Rows.target("-", TargetRow.Status.WRITTEN)));
        assertEquals(ExitCode.DONE, run.run("export", "g", "--to", "-", "--metadata-file", file.toString()));
        assertEquals("", run.out());
        new OutputSchema().hold(Files.readString(file));
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void metadataFile_whenItCannotBeWritten_isALocalError(@TempDir Path dir) throws IOException {
        Path blocked = Files.writeString(dir.resolve("file"), "kept");
        run.services.answering(Rows.forecast());
        assertEquals(
                ExitCode.LOCAL_IO,
                run.run(
                        "plan",
                        "g",
                        "--metadata-file",
                        blocked.resolve("answer.json").toString()));
        assertEquals("kept", Files.readString(blocked));
    }
}
