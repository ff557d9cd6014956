package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.command.OutputSchema;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code diff} of caches that cachetool wrote. */
final class DiffTest {
    @TempDir
    private Path temporary;

    private WholeTool tool;

    @BeforeEach
    void makeTool() throws IOException {
        tool = new WholeTool(Files.createDirectory(temporary.resolve("tmp")));
    }

    private Hello hello(String name) throws IOException {
        return Hello.copyTo(Files.createDirectory(temporary.resolve(name)));
    }

    /** Builds the project by its script and exports all of it to a layout of the name. */
    private String exported(Hello hello, String name) throws IOException, InterruptedException {
        hello.build();
        String place = temporary.resolve(name).toString();
        tool.run("export", hello.graph(), "--from-workspace", "--mode=max", "--to", "oci:" + place)
                .requires(ExitCode.DONE);
        return "oci:" + place;
    }

    private JsonValue difference(String a, String b) throws IOException {
        WholeTool.Run run = tool.run("diff", a, b, "--format=json").requires(ExitCode.DONE);
        new OutputSchema().hold(run.out());
        return JsonDocument.strict(run.bytes(), "the answer");
    }

    private static int count(JsonValue answer, String figure) throws IOException {
        return answer.require("summary").require(figure).asInt();
    }

    @Test
    void diff_ofTheSameRecordsInOtherLayersAndAnotherForm_isNoDifference() throws Exception {
        String plain = exported(hello("hello"), "plain");
        String other = "type=local,compression=gzip,force-compression=true,dest=" + temporary.resolve("other");
        tool.run("copy", plain, other, "--form=index").requires(ExitCode.DONE);
        String copied = "oci:" + temporary.resolve("other");

        WholeTool.Run run = tool.run("diff", plain, copied, "--exit-code").requires(ExitCode.DONE);
        assertTrue(run.out().startsWith("the caches hold the same records and results\n  A   "), run.out());
        assertTrue(
                run.out().contains("  7 results are the same files in other layers (compressed otherwise)\n"),
                run.out());
        JsonValue answer = difference(plain, copied);
        assertEquals(7, count(answer, "resultsRepacked"));
        assertEquals(0, count(answer, "layersInBoth"));
        assertEquals(7, count(answer, "layersOnlyA"));
        assertEquals(7, count(answer, "layersOnlyB"));
    }

    @Test
    void diff_ofACacheAndItself_isEmpty() throws Exception {
        String cache = exported(hello("hello"), "cache");

        JsonValue answer = difference(cache, cache);
        assertEquals(count(answer, "records"), count(answer, "recordsInBoth"));
        assertEquals(7, count(answer, "resultsInBoth"));
        assertEquals(0, count(answer, "bytesOnlyA") + count(answer, "bytesOnlyB"));
        assertEquals(List.of(), answer.require("difference").require("partings").asArray());
    }

    @Test
    void diff_whenOnlyTimesDiffer_saysSoAndIsNoDifference() throws Exception {
        Hello hello = hello("hello");
        String before = exported(hello, "before");
        Files.setLastModifiedTime(
                hello.path("out/site/index.html"), FileTime.fromMillis(System.currentTimeMillis() + 5_000));
        String after = exported(hello, "after");

        WholeTool.Run run = tool.run("diff", before, after, "--exit-code").requires(ExitCode.DONE);
        assertTrue(run.out().contains(" the same layers, made at another time\n"), run.out());
    }

    @Test
    void diff_whenAFileChanged_showsWhereChainsPartAndWhy() throws Exception {
        Hello hello = hello("hello");
        String main = exported(hello, "main");
        hello.change("pages/news.txt", "good", "fine");
        String branch = exported(hello, "branch");

        WholeTool.Run run = tool.run("diff", main, branch, "--exit-code").requires(ExitCode.ANSWER_NO);
        assertTrue(run.out().startsWith("the caches differ\n"), run.out());
        assertTrue(run.out().contains("""
                chains part after scripts
                  in each   pages   texts: pages/news.txt changed; then 4 in A, 4 in B
                """), run.out());
        assertEquals("cachetool: the caches differ, and --exit-code is given\n", run.err());

        JsonValue parting = difference(main, branch)
                .require("difference")
                .require("partings")
                .asArray()
                .get(0);
        JsonValue input = parting.require("branches")
                .asArray()
                .get(0)
                .require("inputs")
                .asArray()
                .get(0);
        assertEquals(
                "file pages/news.txt",
                input.require("changes").asArray().get(0).require("part").asString());
    }

    @Test
    void diff_whenAnArgumentChanged_saysWhich() throws Exception {
        Hello hello = hello("hello");
        String main = exported(hello, "main");
        hello.change("graph.json", "\"sh\", \"scripts/site.sh\"", "\"bash\", \"scripts/site.sh\"");
        String branch = exported(hello, "branch");

        WholeTool.Run run = tool.run("diff", main, branch).requires(ExitCode.DONE);
        assertTrue(run.out().contains("  in each   site   argument 0 changed: sh → bash\n"), run.out());
    }

    @Test
    void diff_whenAStepIsNew_isOnlyInOne() throws Exception {
        Hello hello = hello("hello");
        String all = exported(hello, "all");
        hello.change(
                "graph.json",
                "\"targets\": [ { \"vertex\": \"site\" } ]",
                "\"targets\": [ { \"vertex\": \"chart\" } ]");
        String some = exported(hello, "some");

        WholeTool.Run run = tool.run("diff", some, all).requires(ExitCode.DONE);
        assertTrue(run.out().contains("  only in B   table"), run.out());
        JsonValue answer = difference(some, all);
        assertEquals(0, count(answer, "recordsOnlyA"));
        assertEquals(4, count(answer, "resultsInBoth"));
        assertEquals(3, count(answer, "resultsOnlyB"));
    }

    @Test
    void diff_ofMuch_isCutOffUnlessDetailsAreWanted() throws Exception {
        Path workspace = Files.createDirectories(temporary.resolve("workspace/src"));
        StringBuilder vertices = new StringBuilder();
        StringBuilder others = new StringBuilder();
        for (int i = 0; i < 130; i++) {
            String step = """
                    { "name": "step-%d", "op": { "exec": { "args": ["%s", "%d"], "outputs": [] } }, "inputs": [ { "vertex": "src" } ] },
                    """;
            vertices.append(step.formatted(i, "make", i));
            others.append(step.formatted(i, "cmake", i));
        }
        Files.writeString(workspace.resolve("a.txt"), "a");
        String a = export(vertices.toString(), "a");
        String b = export(others.toString(), "b");

        WholeTool.Run run = tool.run("diff", a, b).requires(ExitCode.DONE);
        assertTrue(run.out().contains("\n  in each   step-0     argument 0 changed: make → cmake\n"), run.out());
        assertTrue(run.out().contains("\n…and 120 more (-v shows all)\n"), run.out());
        assertTrue(run.out().lines().count() < 30, run.out());
        String all = tool.run("diff", a, b, "-v").requires(ExitCode.DONE).out();
        assertTrue(all.contains("\n  in each   step-129   argument 0 changed: make → cmake\n"), all);
        assertEquals(
                130,
                difference(a, b)
                        .require("difference")
                        .require("partings")
                        .asArray()
                        .get(0)
                        .require("branches")
                        .asArray()
                        .size());
    }

    private String export(String vertices, String name) throws IOException {
        Path graph = temporary.resolve("workspace/graph.json");
        Files.writeString(
                graph,
                "{ \"schemaVersion\": 1, \"vertices\": [" + vertices
                        + "{ \"name\": \"src\", \"op\": { \"local\": { \"path\": \"src\" } } } ] }");
        String place = temporary.resolve(name).toString();
        tool.run("export", graph.toString(), "--from-workspace", "--mode=max", "--to", "oci:" + place)
                .requires(ExitCode.DONE);
        return "oci:" + place;
    }

    @Test
    void diff_withACacheThatIsNotThere_isAnError() throws Exception {
        String cache = exported(hello("hello"), "cache");

        WholeTool.Run run =
                tool.run("diff", cache, "oci:" + temporary.resolve("none")).requires(ExitCode.NOT_FOUND);
        assertTrue(run.err().contains(temporary.resolve("none").toString()), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--exit-code", "--format=json"})
    void diff_ofStandardInputTwice_isRefused(String flag) {
        WholeTool.Run run = tool.run("diff", "-", "-", flag).requires(ExitCode.USAGE);
        assertTrue(run.err().startsWith("cachetool: standard input can be read only once\n"), run.err());
    }
}
