package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.registry.DockerRegistry;
import dev.cachetool.registry.LoggedRequest;
import dev.cachetool.registry.RequestKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every verb by the whole tool against Docker's registry, and what each asks it: examples/hello, with 7 layers and 2 documents. */
final class RegistryVerbsTest {
    private static final int LAYERS = 7;
    private static final int DOCUMENTS = 2;
    private static final int BLOBS = LAYERS + DOCUMENTS;

    @TempDir
    private static Path folder;

    private static final List<RemoteSite> OPEN = new ArrayList<>();
    private static RemoteSite site;
    private static Hello hello;
    private static Map<String, String> built;

    private WholeTool tool;

    @BeforeAll
    static void startTheRegistryAndBuild() throws Exception {
        site = new RemoteSite(folder, DockerRegistry.open(folder.resolve("storage")));
        OPEN.add(site);
        hello = Hello.copyTo(Files.createDirectory(folder.resolve("hello"))).build();
        built = hello.outputs();
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

    private WholeTool.Run export(String to) {
        return tool.run("export", hello.graph(), "--from-workspace", "--mode=max", "--to", to);
    }

    private WholeTool.Run importing(String from) {
        return tool.run("import", hello.graph(), "--from", from, "--fail-on-miss");
    }

    private static void emptyTheWorkspace() throws IOException {
        hello.clean();
        TemporaryDirectory.deleteTree(hello.path(".cachetool"));
    }

    private static String summary() {
        return site.proxy.log().summary();
    }

    @Test
    void export_whenNothingChanged_asksWithHeadOnlyAndSaysSo() {
        String ref = site.at("again/hello:cache");
        String pinned = export(ref).requires(ExitCode.DONE).out();
        site.proxy.clear();

        WholeTool.Run again = export(ref).requires(ExitCode.DONE);

        assertEquals(pinned, again.out());
        assertTrue(
                again.err().endsWith("unchanged: " + ref + " is this cache already (7 layers checked)\n"), again.err());
        assertEquals(BLOBS + " HEAD blob, 1 HEAD manifest", summary());
    }

    @Test
    void export_whenOneOutputChanged_pushesWhatIsNewAlone() throws Exception {
        String ref = site.at("part/hello:cache");
        export(ref).requires(ExitCode.DONE);
        Path index = hello.path("out/site/index.html");
        String before = Files.readString(index);
        site.proxy.clear();
        try {
            Files.writeString(index, before + "<!-- changed -->\n");
            export(ref).requires(ExitCode.DONE);
        } finally {
            Files.writeString(index, before);
        }

        // The layer, and the two documents that name it.
        assertEquals(BLOBS + " HEAD blob, 3 POST upload, 3 PUT upload, 2 HEAD manifest, 1 PUT manifest", summary());
    }

    @Test
    void import_whenAllIsThereAlready_pullsNoLayer() throws Exception {
        String ref = site.at("twice/hello:cache");
        export(ref).requires(ExitCode.DONE);
        emptyTheWorkspace();
        importing(ref).requires(ExitCode.DONE);
        site.proxy.clear();

        WholeTool.Run again = importing(ref).requires(ExitCode.DONE);

        assertEquals(DOCUMENTS + " GET blob, 1 GET manifest", summary());
        assertTrue(again.out().contains("7 hit, 0 miss (100 %)"), again.out());
        assertEquals(built, hello.outputs());
    }

    @ParameterizedTest
    @CsvSource({"zstd, false, gzip", "zstd, true, zstd", "uncompressed, true, uncompressed"})
    void export_ofLayersThatAreThere_compressesThemAnewWhereForced(String compression, boolean forced, String expected)
            throws Exception {
        Path graph = GoldenCases.get("interop", "p2").folder().resolve("graph.json");
        Path layers = GoldenCases.get("caches", "0.32.2-p2-local-image-manifest-oci-gzip-max")
                .folder();
        String ref = site.at("forced/p2:" + compression + forced);

        tool.run(
                        "export",
                        graph.toString(),
                        "--mode=max",
                        "--content",
                        "oci:" + layers,
                        "--to",
                        "type=registry,ref=" + ref + ",compression=" + compression + ",force-compression=" + forced)
                .requires(ExitCode.DONE);

        String inspected = tool.run("inspect", ref).requires(ExitCode.DONE).out();
        String secondLine = inspected.lines().skip(1).findFirst().orElse("");
        for (String each : List.of("gzip", "zstd", "uncompressed")) {
            assertEquals(each.equals(expected), secondLine.contains(each), secondLine);
        }
    }

    @Test
    void tag_whenItIsNotThere_isAMissAndStrictlyAnErrorThatNamesTheOthers() {
        export(site.at("tags/hello:one")).requires(ExitCode.DONE);
        export(site.at("tags/hello:two")).requires(ExitCode.DONE);

        WholeTool.Run plan = tool.run("plan", hello.graph(), "--from", site.at("tags/hello:three"));
        WholeTool.Run strict = tool.run("plan", hello.graph(), "--strict", "--from", site.at("tags/hello:three"));

        assertTrue(plan.requires(ExitCode.DONE).err().contains("it has no tag \"three\"; going on"), plan.err());
        assertTrue(strict.requires(ExitCode.NOT_FOUND).err().contains("its tags: one, two"), strict.err());
    }

    @Test
    void plan_whenTwoCachesHaveTheSameResult_takesTheNewest() throws Exception {
        String old = site.at("newest/old:cache");
        String fresh = site.at("newest/fresh:cache");
        tool.with("SOURCE_DATE_EPOCH", "1767225600");
        export(old).requires(ExitCode.DONE);
        tool.with("SOURCE_DATE_EPOCH", "1767312000");
        export(fresh).requires(ExitCode.DONE);

        for (List<String> order : List.of(List.of(old, fresh), List.of(fresh, old))) {
            String planned = tool.run("plan", hello.graph(), "--from", order.get(0), "--from", order.get(1))
                    .requires(ExitCode.DONE)
                    .out();
            assertTrue(planned.contains(fresh), planned);
            assertFalse(planned.contains(old), planned);
        }
    }

    @Test
    void export_whenOneTargetIsDead_publishesTheOthers() throws Exception {
        String dead = RemoteSite.deadHost() + "/app:cache";
        String ref = site.at("dead/hello:cache");
        String[] args = {
            "export", hello.graph(), "--from-workspace", "--mode=max", "--timeout=2s", "--to", dead, "--to", ref
        };

        WholeTool.Run run = tool.run(args).requires(ExitCode.PARTLY);
        assertTrue(run.out().startsWith(ref + "@sha256:"), run.out());
        assertTrue(
                run.err().contains("could not")
                        && run.err().contains(dead)
                        && run.err().contains("refused"),
                run.err());
        importing(ref).requires(ExitCode.DONE);

        args[6] = "type=registry,ref=" + dead + ",ignore-error=true";
        WholeTool.Run ignored = tool.run(args).requires(ExitCode.DONE);
        assertTrue(ignored.err().contains("warning: could not") && ignored.err().contains(dead), ignored.err());

        export(dead).requires(ExitCode.UNREACHABLE);
    }

    @Test
    void import_whenASourceIsDead_isAWarningAndAMissUnlessStrict() throws Exception {
        String dead = RemoteSite.deadHost() + "/app:cache";

        WholeTool.Run run = tool.run("plan", hello.graph(), "--from", dead).requires(ExitCode.DONE);

        assertTrue(run.err().contains("going on without this cache"), run.err());
        tool.run("import", hello.graph(), "--strict", "--from", dead).requires(ExitCode.UNREACHABLE);
    }

    @Test
    void export_whenAnotherClientWritesTheTagMeanwhile_failsWhereThatIsAskedFor() {
        String repository = "conflict/hello";
        export(site.uncounted(repository + ":theirs")).requires(ExitCode.DONE);
        List<LoggedRequest> meanwhile = new ArrayList<>();
        site.proxy.onRequest(request -> {
            if (request.kind() == RequestKind.UPLOAD && meanwhile.isEmpty()) {
                meanwhile.add(request);
                tool.run("copy", site.uncounted(repository + ":theirs"), site.uncounted(repository + ":cache"))
                        .requires(ExitCode.DONE);
            }
        });
        String ours = "type=registry,compression=gzip,ref=" + site.at(repository + ":cache");
        WholeTool.Run run;
        try {
            run = tool.run(
                    "export", hello.graph(), "--from-workspace", "--mode=max", "--on-conflict=fail", "--to", ours);
        } finally {
            site.proxy.onRequest(request -> {});
        }

        run.requires(ExitCode.PARTLY);
        assertEquals(1, meanwhile.size());
        assertEquals(0, site.proxy.log().count("PUT", RequestKind.MANIFEST));
        String theirs = tool.run("copy", site.uncounted(repository + ":theirs"), "oci:" + folder.resolve("theirs"))
                .out();
        String standing = tool.run("copy", site.uncounted(repository + ":cache"), "oci:" + folder.resolve("standing"))
                .out();
        assertEquals(theirs.substring(theirs.indexOf('@')), standing.substring(standing.indexOf('@')));
    }

    @Test
    void inspect_ofARemoteCache_readsItsDocumentsAlone() {
        String ref = site.at("inspect/hello:cache");
        export(ref).requires(ExitCode.DONE);
        site.proxy.clear();
        for (String format : List.of("text", "json", "dot", "tree")) {
            tool.run("inspect", ref, "--format", format).requires(ExitCode.DONE);
            assertEquals(DOCUMENTS + " GET blob, 1 GET manifest", summary(), format);
            site.proxy.clear();
        }
        tool.run("ls", ref).requires(ExitCode.DONE);
        assertEquals(DOCUMENTS + " GET blob, 1 GET manifest", summary());
    }
}
