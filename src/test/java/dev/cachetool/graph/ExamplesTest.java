package dev.cachetool.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The graphs of the examples, and the plain scripts beside them. */
final class ExamplesTest {
    private static Definition load(String example) throws IOException {
        return Definition.load(Path.of("examples", example, "graph.json"));
    }

    private static List<String> names(Definition definition, Class<? extends OpSpec> kind) {
        List<String> names = new ArrayList<>();
        for (Vertex vertex : definition.vertices()) {
            if (kind.isInstance(vertex.op())) {
                names.add(vertex.name());
            }
        }
        return names;
    }

    @ParameterizedTest
    @CsvSource({
        "hello, data texts scripts, orders prices totals table chart pages site, site",
        "maven, poms steps lib-src app-src, deps lib-classes lib-test lib-jar app-jar dist, dist lib-test",
        "cmake, lib-src app-src text steps, lib app report, report app"
    })
    void graph_ofAnExample_hasItsSourcesStepsAndTargets(String example, String sources, String steps, String targets)
            throws IOException {
        Definition definition = load(example);
        assertEquals(List.of(sources.split(" ")), names(definition, LocalOp.class));
        assertEquals(List.of(steps.split(" ")), names(definition, ExecOp.class));
        assertEquals(
                List.of(targets.split(" ")),
                definition.targets().stream()
                        .map(target -> target.vertex().name())
                        .toList());
    }

    /** The script and the graph are two descriptions of one build: they name the same commands, in an order that works. */
    @ParameterizedTest
    @ValueSource(strings = {"hello", "maven", "cmake"})
    void script_ofAnExample_runsTheCommandsOfItsGraph(String example) throws IOException {
        List<String> commands = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("examples", example, "build.sh"))) {
            if (line.startsWith("sh ") || line.startsWith("awk ") || line.startsWith("out/")) {
                commands.add(line);
            }
        }
        List<String> done = new ArrayList<>();
        Definition definition = load(example);
        for (Vertex vertex : definition.vertices()) {
            if (vertex.op() instanceof ExecOp exec) {
                String command = String.join(" ", exec.args())
                        + exec.stdout().map(file -> " >" + file).orElse("");
                assertTrue(commands.contains(command), () -> vertex.name() + " runs: " + command);
                done.add(command);
            }
        }
        assertEquals(commands, done);
    }
}
