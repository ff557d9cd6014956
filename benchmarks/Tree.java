import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Writes a tree of files that no compressor makes smaller, 1,000 to a folder, and a graph that takes them; the same bytes
 * each time.
 *
 * <pre>
 * java benchmarks/Tree.java FOLDER FILES BYTES
 * </pre>
 */
final class Tree {
    private Tree() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        int files = Integer.parseInt(args[1]);
        byte[] bytes = new byte[Integer.parseInt(args[2])];
        Random random = new Random(1);
        for (int i = 0; i < files; i++) {
            Path parent = folder.resolve("src").resolve("d" + i / 1000);
            if (i % 1000 == 0) {
                Files.createDirectories(parent);
            }
            random.nextBytes(bytes);
            Files.write(parent.resolve("f" + i), bytes);
        }
        Files.writeString(
                folder.resolve("graph.json"),
                "{\"schemaVersion\":1,\"vertices\":[{\"name\":\"src\",\"op\":{\"local\":{\"include\":[\"src\"]}}}]}\n");
    }
}
