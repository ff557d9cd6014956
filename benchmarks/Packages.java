import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Writes a workspace of many small packages, as a build graph and as what turbo takes (a package.json in each, and a turbo.json): a
 * step for each package reads its files and writes their digest. The same bytes each time.
 *
 * <pre>
 * java benchmarks/Packages.java FOLDER PACKAGES FILES [BYTES]
 * </pre>
 *
 * FILES are those of one package, of BYTES (1,024) each.
 */
final class Packages {
    private Packages() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        int packages = Integer.parseInt(args[1]);
        int files = Integer.parseInt(args[2]);
        byte[] bytes = new byte[args.length > 3 ? Integer.parseInt(args[3]) : 1024];
        Random random = new Random(1);
        StringBuilder vertices = new StringBuilder();
        for (int i = 0; i < packages; i++) {
            String name = "packages/p" + i;
            Path source = Files.createDirectories(folder.resolve(name).resolve("src"));
            for (int file = 0; file < files; file++) {
                random.nextBytes(bytes);
                Files.write(source.resolve("f" + file), bytes);
            }
            Files.writeString(
                    folder.resolve(name).resolve("package.json"),
                    "{ \"name\": \"p" + i + "\", \"version\": \"1.0.0\", \"scripts\": "
                            + "{ \"build\": \"cat src/* | sha256sum >digest\" } }\n");
            vertices.append(i == 0 ? "" : ",\n")
                    .append("{\"name\":\"src" + i + "\",\"op\":{\"local\":{\"path\":\"" + name + "/src\"}}},\n")
                    .append("{\"name\":\"p" + i
                            + "\",\"op\":{\"exec\":{\"args\":[\"sh\",\"-c\",\"cat src/* | sha256sum >digest\"],"
                            + "\"cwd\":\"" + name + "\",\"outputs\":[\"" + name + "/digest\"]}},"
                            + "\"inputs\":[{\"vertex\":\"src" + i + "\"}]}");
        }
        Files.writeString(folder.resolve("graph.json"), "{\"schemaVersion\":1,\"vertices\":[\n" + vertices + "]}\n");
        Files.writeString(
                folder.resolve("package.json"),
                "{ \"name\": \"all\", \"version\": \"1.0.0\", \"private\": true, \"packageManager\": \"npm@10.0.0\", "
                        + "\"workspaces\": [ \"packages/*\" ] }\n");
        Files.writeString(
                folder.resolve("turbo.json"),
                "{ \"tasks\": { \"build\": { \"inputs\": [ \"src/**\" ], \"outputs\": [ \"digest\" ] } } }\n");
        Files.writeString(folder.resolve(".gitignore"), "digest\nnode_modules\n.turbo\n.cachetool\n");
    }
}
