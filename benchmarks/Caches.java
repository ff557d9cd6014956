import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes a large cache in BuildKit's format into an OCI layout, the same bytes each time.
 *
 * <pre>
 * java benchmarks/Caches.java chain|wide|ladder N DIR [branch]
 * </pre>
 *
 * <p>The N records stand on one another as the vertices of Graphs.java do, each with a result of one layer; 1,000 layers
 * at most are there in all. The last tenth of a branch's records have other digests than those without that word.
 */
final class Caches {
    private static final int MOST_LAYERS = 1_000;
    private static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
    private static final String CONFIG = "application/vnd.buildkit.cacheconfig.v0";
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    private final String shape;
    private final int size;
    private final Path folder;
    private final boolean branch;
    private final MessageDigest sha256;

    private Caches(String shape, int size, Path folder, boolean branch) throws NoSuchAlgorithmException {
        this.shape = shape;
        this.size = size;
        this.folder = folder;
        this.branch = branch;
        this.sha256 = MessageDigest.getInstance("SHA-256");
    }

    public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
        boolean known = (args.length == 3 || args.length == 4 && args[3].equals("branch"))
                && List.of("chain", "wide", "ladder").contains(args[0]);
        if (!known) {
            System.err.println("java benchmarks/Caches.java chain|wide|ladder N DIR [branch]");
            System.exit(2);
        }
        new Caches(args[0], Integer.parseInt(args[1]), Path.of(args[2]), args.length == 4).write();
    }

    private void write() throws IOException {
        Files.createDirectories(folder.resolve("blobs/sha256"));
        List<String> layers = new ArrayList<>();
        StringBuilder entries = new StringBuilder();
        StringBuilder stacks = new StringBuilder();
        for (int i = 0; i < Math.min(size, MOST_LAYERS); i++) {
            byte[] tar = tar("f" + i);
            String digest = blob(tar);
            layers.add(digest);
            entries.append(i == 0 ? "" : ",")
                    .append(descriptor(
                            LAYER,
                            digest,
                            tar.length,
                            ",\"annotations\":{\"containerd.io/uncompressed\":\"" + digest + "\"}"));
            stacks.append(i == 0 ? "" : ",")
                    .append("{\"blob\":\"")
                    .append(digest)
                    .append("\",\"parent\":-1}");
        }
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < size; i++) {
            records.append(i == 0 ? "" : ",")
                    .append("{\"layers\":[{\"layer\":")
                    .append(i % layers.size())
                    .append(",\"createdAt\":\"2026-01-02T03:04:05Z\"}],\"digest\":\"")
                    .append(recordDigest(i))
                    .append('"');
            String between = ",\"inputs\":[";
            for (int input : inputs(i)) {
                records.append(between).append("[{\"link\":").append(input).append("}]");
                between = ",";
            }
            records.append(between.equals(",") ? "]}" : "}");
        }
        byte[] config =
                ("{\"layers\":[" + stacks + "],\"records\":[" + records + "]}").getBytes(StandardCharsets.UTF_8);
        byte[] manifest = ("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":"
                        + descriptor(CONFIG, blob(config), config.length, "") + ",\"layers\":[" + entries + "]}")
                .getBytes(StandardCharsets.UTF_8);
        Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(
                folder.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":["
                        + descriptor(
                                MANIFEST,
                                blob(manifest),
                                manifest.length,
                                ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"latest\"}")
                        + "]}");
    }

    private static String descriptor(String mediaType, String digest, int size, String more) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + digest + "\",\"size\":" + size + more + "}";
    }

    private String recordDigest(int record) {
        boolean other = branch && record >= size - size / 10;
        return digest(("record " + record + (other ? " of the branch" : "")).getBytes(StandardCharsets.UTF_8));
    }

    private List<Integer> inputs(int record) {
        List<Integer> inputs = new ArrayList<>();
        switch (shape) {
            case "chain" -> {
                if (record > 0) {
                    inputs.add(record - 1);
                }
            }
            case "wide" -> {
                if (record == size - 1) {
                    for (int i = 1; i < record; i++) {
                        inputs.add(i);
                    }
                } else if (record > 0) {
                    inputs.add(0);
                }
            }
            default -> {
                int level = record / 2;
                if (level > 0) {
                    inputs.add(2 * level - 2);
                    inputs.add(2 * level - 1);
                }
            }
        }
        return inputs;
    }

    /** A tar with one empty file. */
    private static byte[] tar(String name) {
        byte[] tar = new byte[3 * 512];
        put(tar, 0, name);
        put(tar, 100, "0000644\0000000000\0000000000\00000000000000\00000000000000\0        0");
        put(tar, 257, "ustar\00000");
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += tar[i] & 0xff;
        }
        put(tar, 148, String.format("%06o", sum) + "\0 ");
        return tar;
    }

    private static void put(byte[] tar, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, tar, at, bytes.length);
    }

    private String blob(byte[] bytes) throws IOException {
        String digest = digest(bytes);
        Files.write(folder.resolve("blobs/sha256").resolve(digest.substring("sha256:".length())), bytes);
        return digest;
    }

    private String digest(byte[] bytes) {
        return "sha256:" + HexFormat.of().formatHex(sha256.digest(bytes));
    }
}
