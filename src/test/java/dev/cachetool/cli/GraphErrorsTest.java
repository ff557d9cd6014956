package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are told of a graph that is wrong: where, what, and what to do; and the exit code. */
final class GraphErrorsTest {
    private static final Pattern CASE_END = Pattern.compile("(?m)^----\n");

    private static final int DEEP = 100_000;

    @TempDir
    private Path temporary;

    @TempDir
    private Path workspace;

    private WholeTool.Run load(String name, byte[] graph) throws IOException {
        Path file = Files.write(workspace.resolve(name), graph);
        return new WholeTool(temporary).run("cachemap", file.toString());
    }

    private WholeTool.Run load(String graph) throws IOException {
        return load("graph.json", graph.getBytes(StandardCharsets.UTF_8));
    }

    /** Requires that the run was refused with these words, in which the graph file stands without its folder. */
    private void assertRefused(String words, WholeTool.Run run) {
        run.requires(ExitCode.USAGE);
        assertEquals("cachetool: " + words, run.err().replace(workspace + "/", ""));
        assertEquals("", run.out());
    }

    /** The cases of a file: graph, a line {@code =>}, what is said of it, a line of hyphens. */
    private static Stream<Arguments> cases(String resource) throws IOException {
        List<Arguments> cases = new ArrayList<>();
        try (InputStream in = GraphErrorsTest.class.getResourceAsStream("/graph-errors/" + resource)) {
            for (String block : CASE_END.splitAsStream(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .toList()) {
                int arrow = block.indexOf("\n=>\n");
                cases.add(Arguments.of(block.substring(0, arrow), block.substring(arrow + "\n=>\n".length())));
            }
        }
        assertTrue(cases.size() > 25, resource + " has only " + cases.size() + " cases");
        return cases.stream();
    }

    static Stream<Arguments> json() throws IOException {
        return cases("json.txt");
    }

    static Stream<Arguments> yaml() throws IOException {
        return cases("yaml.txt");
    }

    @ParameterizedTest
    @MethodSource("json")
    void graph_inJsonThatIsWrong_isRefusedWithPlaceAndCure(String graph, String words) throws IOException {
        assertRefused(words, load("graph.json", graph.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void graph_inYamlThatIsWrong_isRefusedWithPlaceAndCure(String graph, String words) throws IOException {
        assertRefused(words, load("graph.yaml", graph.getBytes(StandardCharsets.UTF_8)));
    }

    private static Arguments bytes(String name, byte[] graph, String words) {
        return Arguments.of(name, graph, words);
    }

    private static Arguments deep(String name, String before, String level, String words) {
        return bytes(name, (before + level.repeat(DEEP)).getBytes(StandardCharsets.UTF_8), words);
    }

    static Stream<Arguments> odd() {
        String mark = ":1:1: the document begins with a byte order mark\n  save it as UTF-8 without one\n";
        String utf8 = " the document is not UTF-8\n  save it as UTF-8\n";
        byte[] marked = "\uFEFF{\"schemaVersion\":1,\"vertices\":[]}".getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                bytes("graph.json", marked, mark),
                bytes("graph.yaml", marked, mark),
                bytes("graph.json", "{}".getBytes(StandardCharsets.UTF_16), mark),
                bytes("graph.json", "{}".getBytes(StandardCharsets.UTF_16LE), ":1:1:" + utf8),
                bytes("graph.json", new byte[1], ":1:1:" + utf8),
                bytes("graph.json", "{\r\n\"\u00e4\":1}".getBytes(StandardCharsets.ISO_8859_1), ":2:2:" + utf8),
                bytes(
                        "graph.json",
                        "{\"tools\":{\"cc\":[\"\u00e4\"]}}".getBytes(StandardCharsets.ISO_8859_1),
                        ":1:18:" + utf8),
                bytes("graph.yaml", "a: 1\nb\u00e4: 1".getBytes(StandardCharsets.ISO_8859_1), ":2:2:" + utf8),
                bytes(
                        "graph.yaml",
                        "schemaVersion: 1\n\u00e4: \u0007".getBytes(StandardCharsets.UTF_8),
                        ":2:4: no valid YAML: the character U+0007 may not stand in it\n"),
                bytes(
                        "graph.json",
                        "{\"schemaVersion\":1,\"vertices\":[{\"n\u00e4\":1}]}".getBytes(StandardCharsets.UTF_8),
                        ":1:33: unknown field \"n\u00e4\" in a vertex\n  known: inputs, name, op, options, results\n"),
                deep("graph.json", "", "[", ":1:1: the document must be an object, is an array\n"),
                deep(
                        "graph.json",
                        "{\"schemaVersion\":1,\"vertices\":",
                        "[",
                        ":1:32: an item of vertices must be an object, is an array\n"),
                deep(
                        "graph.json",
                        "{\"schemaVersion\":1,\"vertices\":[{\"name\":\"a\",\"options\":{\"description\":",
                        "{\"a\":",
                        ":1:74: \"a\" in description must be a string, is an object\n"),
                deep("graph.yaml", "", "- ", ":1:1: the document must be an object, is an array\n"),
                deep(
                        "graph.yaml",
                        "schemaVersion: 1\nvertices: ",
                        "[",
                        ":2:12: an item of vertices must be an object, is an array\n"),
                deep(
                        "graph.yml",
                        "schemaVersion: 1\nvertices: [{ name: a, options: { description: ",
                        "{ a: ",
                        ":2:52: \"a\" in description must be a string, is an object\n"));
    }

    @ParameterizedTest
    @MethodSource("odd")
    void graph_ofOddBytesOrOfManyLevels_isRefusedWithItsPlace(String name, byte[] graph, String words)
            throws IOException {
        assertRefused(name + words, load(name, graph));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-01-02",
                "2026-01-02 03:04:05Z",
                "2026-01-02t03:04:05z",
                "2026-01-02T03:04:05",
                "2026-01-02T03:04:05.Z",
                "2026-01-02T03:04:05,5Z",
                "2026-01-02T03:04Z",
                "2026-1-2T03:04:05Z",
                "2026-13-02T03:04:05Z",
                "2026-02-29T03:04:05Z",
                "2026-01-02T24:00:00Z",
                "2026-01-02T03:60:05Z",
                "2026-01-02T03:04:60Z",
                "2026-01-02T03:04:05+0100",
                "2026-01-02T03:04:05+01",
                "2026-01-02T03:04:05+19:00",
                "2026-01-02T03:04:05+01:60",
                "2026-01-02T03:04:05Z ",
                "+2026-01-02T03:04:05Z",
                "\u0662026-01-02T03:04:05Z"
            })
    void createdAt_thatIsNoTime_isRefusedWithPlaceAndCure(String time) throws IOException {
        assertRefused(
                "graph.json:1:100: createdAt \"" + time
                        + "\" is no time\n  write it by RFC 3339, as in 2026-01-02T03:04:05Z\n",
                load("""
                        {"schemaVersion":1,"vertices":[{"name":"a","op":{"exec":{"args":["true"]}},"results":[{"createdAt":"%s","layers":[]}]}]}
                        """.formatted(time)));
    }

    @Test
    void graph_ofMoreThanOneGibibyte_isRefusedUnread() throws IOException {
        Path file = workspace.resolve("graph.json");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength((1L << 30) + 1);
        }
        assertRefused(
                "graph.json: a graph has at most 1 GiB\n", new WholeTool(temporary).run("cachemap", file.toString()));
    }

    @Test
    void graph_withANameThatIsTooLong_isRefusedWithItsPlace() throws IOException {
        WholeTool.Run run = load("{\"" + "a".repeat(2 << 20) + "\":1}").requires(ExitCode.USAGE);
        assertTrue(
                run.err().matches("cachetool: .*graph.json:1:\\d+: a name, a number or a text is too long\n"),
                run.err());
    }

    @Test
    void graph_thatIsNotThere_isNotFound() {
        Path file = workspace.resolve("graph.json");
        WholeTool.Run run =
                new WholeTool(temporary).run("plan", file.toString()).requires(ExitCode.NOT_FOUND);
        assertEquals(
                "cachetool: could not load the graph " + file
                        + ": there is no such file\n  name a graph file (JSON, or YAML as .yaml)\n",
                run.err());
    }

    @Test
    void graph_thatIsAFolder_isRefused() {
        WholeTool.Run run = new WholeTool(temporary).run("cachemap", workspace.toString());
        run.requires(ExitCode.USAGE);
        assertEquals("cachetool: " + workspace + ": this is a folder\n  name the graph file in it\n", run.err());
    }

    @Test
    void graph_thatCannotBeRead_isAnErrorOfLocalFiles() {
        Path unreadable = Path.of("/proc/self/mem");
        assumeTrue(
                Files.exists(unreadable), "there is no " + unreadable + ", which no one can read from its beginning");
        WholeTool.Run run = new WholeTool(temporary).run("cachemap", unreadable.toString());
        run.requires(ExitCode.LOCAL_IO);
        assertTrue(run.err().startsWith("cachetool: could not use " + unreadable + ": "), run.err());
    }

    private static String graph(String... vertices) {
        return "{\"schemaVersion\":1,\"vertices\":[\n" + String.join(",\n", vertices) + "\n]}";
    }

    private static String exec(String name, String outputs, String inputs) {
        return "{\"name\":\"" + name + "\",\"op\":{\"exec\":{\"args\":[\"" + name + "\"]," + outputs + "}},"
                + "\"inputs\":[" + inputs + "]}";
    }

    @Test
    void include_thatMatchesNothing_isRefused() throws IOException {
        Files.writeString(workspace.resolve("a.c"), "x");
        assertRefused(
                "graph.json:2:52: include \"*.cc\" of \"src\" matches nothing in " + workspace
                        + "\n  if that may be, write { \"path\": \"*.cc\", \"optional\": true }\n",
                load(graph("{\"name\":\"src\",\"op\":{\"local\":{\"include\":[\"*.c\",     \"*.cc\"]}}}")));
    }

    @Test
    void paths_thatMatchNothing_areRefused() throws IOException {
        Files.writeString(workspace.resolve("a.c"), "x");
        assertRefused(
                """
                graph.json:3:94: paths "b.c" of an input of "use" matches nothing of what "src" gives
                  if that may be, write { "path": "b.c", "optional": true }
                """,
                load(graph(
                        "{\"name\":\"src\",\"op\":{\"local\":{}}}",
                        exec("use", "\"outputs\":[]", "{\"vertex\":\"src\",\"paths\":[\"b.c\"]}"))));
    }

    @Test
    void path_thatGoesThroughALinkOutOfTheWorkspace_isRefused(@TempDir Path elsewhere) throws IOException {
        Files.createSymbolicLink(workspace.resolve("away"), elsewhere);
        assertRefused(
                "graph.json:2:37: path of \"src\" goes through the link away -> " + elsewhere
                        + ", which leads out of the workspace\n  a graph takes files of its workspace alone\n",
                load(graph("{\"name\":\"src\",\"op\":{\"local\":{\"path\":\"away\"}}}")));
    }

    @Test
    void path_thatIsNotThere_isRefused() throws IOException {
        assertRefused(
                "graph.json:2:37: path of \"src\": there is no folder nowhere that could be taken in " + workspace
                        + "\n  what steps declare as output, .git and .cachetool are never taken\n",
                load(graph("{\"name\":\"src\",\"op\":{\"local\":{\"path\":\"nowhere\"}}}")));
    }

    static Stream<Arguments> tools() {
        return Stream.of(
                Arguments.of("[\"sh\", \"-c\", \"exit 3\"]", """
                        1:36: the tool "cc" failed: it ended with exit code 3
                          see what it prints with: sh -c exit 3
                        """),
                Arguments.of("[\"no-such-tool\"]", """
                        1:36: the tool "cc" failed: it could not be started: No such file or directory
                          see what it prints with: no-such-tool
                        """),
                Arguments.of("{\"args\": [\"echo\", \"x\"],\"match\":\"(y)\"}", """
                        1:67: match of the tool "cc" matches nothing that it printed
                          see what it prints with: echo x
                        """));
    }

    @ParameterizedTest
    @MethodSource("tools")
    void tool_thatFailsOrPrintsNothingThatCounts_isRefused(String tool, String words) throws IOException {
        assertRefused(
                "graph.json:" + words,
                load(
                        "{\"schemaVersion\":1, \"tools\":{\"cc\": " + tool
                                + "},\"vertices\":[{\"name\":\"a\",\"op\":{\"exec\":{\"args\":[\"x\"],\"tools\":[\"cc\"]}}}]}"));
    }

    static Stream<Arguments> overlaps() {
        return Stream.of(
                Arguments.of("\"outputs\":[\"out/app\"]", "\"outputs\":[\"./out//app\"]", "out/app"),
                Arguments.of("\"outputs\":[\"out\"]", "\"outputs\":[\"out/app\"]", "out/app"),
                Arguments.of("\"outputs\":[\"out/a/b\"]", "\"outputs\":[\"x\",\"out/**\"]", "out/a/b"),
                Arguments.of("\"outputs\":[\".\"]", "\"outputs\":[\"x\"]", "x"),
                Arguments.of("\"outputs\":[\"log\"]", "\"stdout\":\"log\"", "log"),
                Arguments.of("\"outputs\":[\"out/a.o\"]", "\"outputs\":[\"out/*.o\"]", "out/a.o"),
                Arguments.of("\"outputs\":[\"out\",\"!out/keep\"]", "\"stdout\":\"out/log\"", "out/log"));
    }

    @ParameterizedTest
    @MethodSource("overlaps")
    void outputs_ofTwoStepsAtOnePath_areRefusedUnlessOneBuildsOnTheOther(String first, String second, String path)
            throws IOException {
        assertRefused(
                "graph.json:3:50: \"a\" and \"b\" both make " + path
                        + ", and neither has the other as an input\n"
                        + "  give one of them other outputs, or make \"a\" an input of \"b\"\n",
                load(graph(exec("a", first, ""), exec("b", second, ""))
                        .replace("\"stdout\"", "\"outputs\":[],\"stdout\"")));
        String between = exec("m", "\"outputs\":[]", "{\"vertex\":\"a\"}");
        load(graph(exec("b", second, "{\"vertex\":\"m\"}"), exec("a", first, ""), between))
                .requires(ExitCode.DONE);
    }

    @Test
    void outputs_ofStepsInALine_areRefusedWhereOneStandsBesideIt() throws IOException {
        String[] line = {
            exec("a", "\"outputs\":[\"build\"]", ""),
            exec("b", "\"outputs\":[\"build\"]", "{\"vertex\":\"a\"}"),
            exec("c", "\"outputs\":[\"build/x\"]", "{\"vertex\":\"b\"}")
        };
        load(graph(line)).requires(ExitCode.DONE);
        line[2] = exec("c", "\"outputs\":[\"build/x\"]", "{\"vertex\":\"a\"}");
        assertRefused("""
                graph.json:4:50: "b" and "c" both make build/x, and neither has the other as an input
                  give one of them other outputs, or make "b" an input of "c"
                """, load(graph(line)));
    }

    @Test
    void outputs_ofOneStepUnderTwoNames_areNoneOfTwo() throws IOException {
        String step = "\"op\":{\"exec\":{\"args\":[\"x\"],\"outputs\":[\"out\"]}}}";
        load(graph("{\"name\":\"a\"," + step, "{\"name\":\"b\"," + step)).requires(ExitCode.DONE);
    }

    @Test
    void outputs_thatOnlyBeginAlike_areNotTheSame() throws IOException {
        load(graph(
                        exec("a", "\"outputs\":[\"out\"]", ""),
                        exec("b", "\"outputs\":[\"out.txt\"]", ""),
                        exec("c", "\"outputs\":[\"out2/*.o\"]", ""),
                        exec("d", "\"outputs\":[\"out2/a.c\"]", "")))
                .requires(ExitCode.DONE);
    }
}
