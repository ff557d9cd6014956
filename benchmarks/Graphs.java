import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Writes large build graphs on standard output, the same bytes each time.
 *
 * <pre>
 * java benchmarks/Graphs.java chain|wide|ladder N [opaque|results|exec] [SEED]
 * </pre>
 *
 * <p>The N vertices of a chain take one from the next; of a wide graph all but two take the first, and the last takes
 * them; of a ladder there are two on each level, which both take both of the level below. They are opaque ops; with
 * {@code results} each of these brings a result of one layer along that others can pull already, so that {@code --config-only}
 * exports all of it; with {@code exec} they are steps with an output each. With a seed the vertices are shuffled.
 */
final class Graphs {
    private final String shape;
    private final int size;
    private final String op;
    private final MessageDigest sha256;

    private Graphs(String shape, int size, String op) throws NoSuchAlgorithmException {
        this.shape = shape;
        this.size = size;
        this.op = op;
        this.sha256 = MessageDigest.getInstance("SHA-256");
    }

    public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
        boolean known = args.length >= 2
                && args.length <= 4
                && List.of("chain", "wide", "ladder").contains(args[0])
                && (args.length < 3 || List.of("opaque", "results", "exec").contains(args[2]));
        if (!known) {
            System.err.println("java benchmarks/Graphs.java chain|wide|ladder N [opaque|results|exec] [SEED]");
            System.exit(2);
        }
        Graphs graphs = new Graphs(args[0], Integer.parseInt(args[1]), args.length > 2 ? args[2] : "opaque");
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < graphs.size; i++) {
            order.add(i);
        }
        if (args.length > 3) {
            Collections.shuffle(order, new Random(Long.parseLong(args[3])));
        }
        try (PrintStream out =
                new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8)) {
            graphs.write(order, out);
        }
    }

    private void write(List<Integer> order, PrintStream out) {
        out.print("{\"schemaVersion\":1,\"vertices\":[");
        String between = "\n";
        for (int vertex : order) {
            out.print(between);
            out.print(vertex(vertex));
            between = ",\n";
        }
        out.print("\n]}\n");
    }

    private String vertex(int vertex) {
        String name = "v" + vertex;
        StringBuilder text = new StringBuilder("{\"name\":\"").append(name).append("\",\"op\":");
        if (op.equals("exec")) {
            String output = "out/" + vertex / 1000 + "/" + name;
            text.append("{\"exec\":{\"args\":[\"touch\",\"").append(output).append("\"],\"outputs\":[\"");
            text.append(output).append("\"]}}");
        } else {
            text.append("{\"opaque\":{\"cacheMaps\":[{\"digest\":\"")
                    .append(digest("op " + name))
                    .append("\"}]}}");
        }
        String between = ",\"inputs\":[";
        for (int input : inputs(vertex)) {
            text.append(between).append("{\"vertex\":\"v").append(input).append("\"}");
            between = ",";
        }
        if (between.equals(",")) {
            text.append(']');
        }
        if (op.equals("results")) {
            text.append(
                    ",\"results\":[{\"createdAt\":\"2026-01-02T03:04:05Z\",\"remote\":true,\"layers\":[{\"digest\":\"");
            text.append(digest("layer " + name))
                    .append("\",\"size\":1000,\"diffID\":\"")
                    .append(digest("tar " + name));
            text.append("\",\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+zstd\"}]}]");
        }
        return text.append('}').toString();
    }

    private List<Integer> inputs(int vertex) {
        List<Integer> inputs = new ArrayList<>();
        switch (shape) {
            case "chain" -> {
                if (vertex > 0) {
                    inputs.add(vertex - 1);
                }
            }
            case "wide" -> {
                if (vertex == size - 1) {
                    for (int i = 1; i < vertex; i++) {
                        inputs.add(i);
                    }
                } else if (vertex > 0) {
                    inputs.add(0);
                }
            }
            default -> {
                int below = vertex / 2 * 2;
                if (below > 0) {
                    inputs.add(below - 2);
                    inputs.add(below - 1);
                }
            }
        }
        return inputs;
    }

    private String digest(String text) {
        return "sha256:" + HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
