import dev.cachetool.graph.Definition;
import dev.cachetool.graph.Vertex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How long it takes to load a graph and go through it in order, once, in a Java that has just started.
 *
 * <pre>
 * javac -cp target/dist/cachetool/lib/cachetool.jar -d target/benchmarks benchmarks/LoadGraph.java
 * java -Xmx256m -XX:+UseSerialGC -cp target/dist/cachetool/lib/cachetool.jar:target/benchmarks LoadGraph GRAPH
 * </pre>
 */
final class LoadGraph {
    private LoadGraph() {}

    public static void main(String[] args) throws IOException {
        long start = System.nanoTime();
        Definition definition = Definition.load(Path.of(args[0]));
        List<Vertex> order = definition.order();
        long position = 0;
        for (Vertex vertex : order) {
            position += vertex.index();
        }
        long nanos = System.nanoTime() - start;
        String cpu = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(duration -> String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1e3))
                .orElse("?");
        String peak = "";
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                peak = line.substring("VmHWM:".length()).strip();
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%,d vertices in %.2f s; the whole process: CPU %s, most memory %s (sum of indexes %d)%n",
                order.size(),
                nanos / 1e9,
                cpu,
                peak,
                position);
    }
}
