import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Compression;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.LayerExtractor;
import dev.cachetool.content.LayerPacker;
import dev.cachetool.content.LayerTimes;
import dev.cachetool.content.PackedLayer;
import dev.cachetool.content.Provider;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Packs, digests and unpacks layers, in turns with gzip, pigz and zstd where those are installed, and prints the median of
 * MB/s (1e6 bytes of uncompressed data) and of MB for each second of processor time, which says more on a busy machine.
 * Usage: benchmarks/layers.sh [ROUNDS]
 */
public final class Layers {
    private static final int MEGABYTES = 96;
    private static final int FILE = 250_000;

    private final Path folder;
    private final Map<String, List<double[]>> figures = new LinkedHashMap<>();

    private Layers(Path folder) {
        this.folder = folder;
    }

    private interface Work {
        void run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length == 0 ? 5 : Integer.parseInt(args[0]);
        try (TemporaryDirectory folder =
                TemporaryDirectory.create(Path.of(System.getProperty("java.io.tmpdir")), "layers")) {
            Layers layers = new Layers(folder.path());
            // The first round warms up.
            for (int round = 0; round <= rounds; round++) {
                layers.round(round);
            }
            layers.print();
        }
    }

    private void round(int round) throws Exception {
        for (String kind : List.of("classes", "random")) {
            Path root = folder.resolve(kind);
            if (round == 0) {
                make(root, kind);
            }
            FileTree tree = tree(root);
            byte[] bytes = round == 0 ? new byte[0] : Files.readAllBytes(folder.resolve("classes.NONE"));
            if (kind.equals("classes") && round > 0) {
                measure(round, "digest: sha256", () -> Digest.sha256(bytes));
            }
            for (Compression compression : Compression.values()) {
                Path blob = folder.resolve(kind + "." + compression);
                Files.deleteIfExists(blob);
                PackedLayer[] layer = new PackedLayer[1];
                measure(
                        round,
                        "pack " + kind + ": cachetool " + compression + " " + compression.defaultLevel(),
                        () -> layer[0] = new LayerPacker(LayerPacker.Options.of(compression)).pack(root, tree, blob));
                if (kind.equals("classes")) {
                    measure(round, "decompress: cachetool " + compression, () -> {
                        try (InputStream in = compression.decompress(Files.newInputStream(blob))) {
                            in.transferTo(OutputStream.nullOutputStream());
                        }
                    });
                    measure(round, "unpack with digests checked: cachetool " + compression, () -> unpack(layer[0]));
                }
            }
            String tar = folder.resolve(kind + ".NONE").toString();
            peer(round, "pack " + kind + ": gzip -4", "gzip -4 -c " + tar);
            peer(round, "pack " + kind + ": gzip -6", "gzip -6 -c " + tar);
            peer(round, "pack " + kind + ": pigz -6 -p 2", "pigz -6 -p 2 -c " + tar);
            peer(round, "pack " + kind + ": pigz -4 -p 2", "pigz -4 -p 2 -c " + tar);
            peer(round, "pack " + kind + ": zstd -3 -T2", "zstd -q -3 -T2 -c " + tar);
        }
        peer(round, "decompress: gzip -d", "gzip -dc " + folder.resolve("classes.GZIP"));
        peer(round, "decompress: zstd -d", "zstd -q -dc " + folder.resolve("classes.ZSTD"));
    }

    /** Files of class-file bytes of the JDK at hand, or of random ones. */
    private static void make(Path root, String kind) throws IOException {
        Files.createDirectories(root);
        Random random = new Random(1);
        try (InputStream modules = Files.newInputStream(Path.of(System.getProperty("java.home"), "lib", "modules"))) {
            for (int i = 0; i < MEGABYTES * 1_000_000 / FILE; i++) {
                byte[] bytes = modules.readNBytes(FILE);
                if (kind.equals("random")) {
                    random.nextBytes(bytes);
                }
                Files.write(root.resolve("f" + (1000 + i)), bytes);
            }
        }
    }

    private static FileTree tree(Path root) throws IOException {
        List<TreeEntry> entries = new ArrayList<>();
        try (var files = Files.list(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                entries.add(TreeEntry.file(file.getFileName().toString(), 0644, Files.size(file)));
            }
        }
        return FileTree.of(entries);
    }

    private void unpack(PackedLayer layer) throws IOException {
        Provider provider = new Provider() {
            @Override
            public InputStream open(Descriptor blob) throws IOException {
                if (!contains(blob)) {
                    throw new BlobNotFoundException(blob.digest(), "the benchmark");
                }
                return layer.open();
            }

            @Override
            public boolean contains(Descriptor blob) {
                return blob.digest().equals(layer.descriptor().digest());
            }
        };
        try (TemporaryDirectory target = TemporaryDirectory.create(folder, "unpacked")) {
            new LayerExtractor(provider, LayerExtractor.Options.of(LayerTimes.zero()), warning -> {})
                    .extract(List.of(layer.descriptor()), target.path());
        }
    }

    private void peer(int round, String name, String command) throws Exception {
        String program = command.substring(0, command.indexOf(' '));
        if (Arrays.stream(System.getenv("PATH").split(":")).noneMatch(at -> Files.isExecutable(Path.of(at, program)))) {
            return;
        }
        measure(round, name, () -> {
            Process process = new ProcessBuilder(command.split(" "))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException(command + " failed");
            }
        });
    }

    private void measure(int round, String name, Work work) throws Exception {
        double processor = processorSeconds();
        long begin = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (round > 0) {
            figures.computeIfAbsent(name, k -> new ArrayList<>())
                    .add(new double[] {MEGABYTES / seconds, MEGABYTES / (processorSeconds() - processor)});
        }
    }

    /** What this process and those that it started and that have ended took. */
    private static double processorSeconds() throws IOException {
        double own = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
        String[] stat = Files.readString(Path.of("/proc/self/stat")).split(" ");
        return own + (Long.parseLong(stat[15]) + Long.parseLong(stat[16])) / 100.0;
    }

    private void print() {
        System.out.printf("%-52s %8s %8s%n", "MB of uncompressed data", "MB/s", "MB/CPU s");
        figures.forEach(
                (name, runs) -> System.out.printf("%-52s %8.0f %8.0f%n", name, median(runs, 0), median(runs, 1)));
    }

    private static double median(List<double[]> runs, int which) {
        double[] sorted = runs.stream().mapToDouble(run -> run[which]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
