package dev.cachetool.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trees on disk become layers, and come back. */
final class LayerRoundTripTest {
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 400;
    private static final long SEED = Long.getLong("cachetool.seed", 20_261_122L);

    private final InMemoryContentStore store = new InMemoryContentStore();

    /** One folder of a file system, with everything in it. */
    static FileTree scan(Path root) throws IOException {
        List<TreeEntry> entries = new ArrayList<>();
        List<Path> found;
        try (var walk = Files.walk(root)) {
            found = walk.skip(1).toList();
        }
        for (Path path : found) {
            StringBuilder name = new StringBuilder();
            for (Path at = path; !at.equals(root); at = at.getParent()) {
                name.insert(0, FileNames.nameOf(at)).insert(0, '/');
            }
            String relative = name.substring(1);
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
            if (Files.isSymbolicLink(path)) {
                entries.add(TreeEntry.symlink(relative, FileNames.textOf(Files.readSymbolicLink(path))));
            } else if (Files.isDirectory(path)) {
                entries.add(TreeEntry.directory(relative, mode));
            } else {
                byte[] bytes = Files.readAllBytes(path);
                entries.add(TreeEntry.file(relative, mode, bytes.length, Digest.sha256(bytes)));
            }
        }
        return FileTree.of(entries);
    }

    private Descriptor ingest(PackedLayer layer) throws IOException {
        store.ingest(layer);
        return layer.descriptor();
    }

    private static LayerPacker packer(Compression compression) {
        return new LayerPacker(LayerPacker.Options.of(compression));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void layer_ofARandomTree_comesBackAsItWas(Compression compression, @TempDir Path real) throws Exception {
        System.out.println("trees -> layer -> trees, " + compression + ": " + (CASES / 3 + 1) + " cases, seed " + SEED);
        Random seeds = new Random(SEED ^ compression.name().hashCode());
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setAttributeViews("posix", "unix")
                .build())) {
            for (int i = 0; i <= CASES / 3; i++) {
                long seed = seeds.nextLong();
                Path base = i % 4 == 0 ? real.resolve("c" + i) : memory.getPath("/c" + i);
                roundTrip(compression, base, seed);
                TemporaryDirectory.deleteTree(base);
            }
        }
    }

    private void roundTrip(Compression compression, Path base, long seed) throws IOException {
        String what = compression + ", seed " + seed;
        Path root = Files.createDirectories(base.resolve("in"));
        new RandomTree(new Random(seed), root).make();
        FileTree tree = scan(root);
        PackedLayer layer = new LayerPacker(LayerPacker.Options.of(compression).withDigests())
                .pack(root, tree, base.resolve("layer"));
        PackedLayer again = new LayerPacker(LayerPacker.Options.of(compression).withThreads(1))
                .pack(root, tree, base.resolve("again"));
        assertEquals(layer.descriptor(), again.descriptor(), what);
        assertEquals(tree, layer.tree(), what);

        List<LayerWarning> warnings = new ArrayList<>();
        InMemoryContentStore one = new InMemoryContentStore();
        one.ingest(layer);
        assertEquals(tree, new LayerReader(one, warnings::add).read(List.of(layer.descriptor())), what);
        Path out = Files.createDirectory(base.resolve("out"));
        FileTree extracted = new LayerExtractor(
                        one, LayerExtractor.Options.of(LayerTimes.zero()).withDigests(), warnings::add)
                .extract(List.of(layer.descriptor()), out);
        assertEquals(tree, extracted, what);
        assertEquals(tree.entries(), scan(out).entries(), what);
        assertEquals(links(root), links(out), what);
        assertEquals(List.of(), warnings, what);
        PackedLayer third = packer(compression).pack(out, extracted, base.resolve("third"));
        assertEquals(layer.descriptor(), third.descriptor(), what);
    }

    /** Which paths are one file. */
    private static Map<Object, List<String>> links(Path root) throws IOException {
        Map<Object, List<String>> byFile = new HashMap<>();
        try (var walk = Files.walk(root)) {
            for (Path path : (Iterable<Path>) walk::iterator) {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    byFile.computeIfAbsent(Files.getAttribute(path, "unix:ino"), k -> new ArrayList<>())
                            .add(root.relativize(path).toString());
                }
            }
        }
        Map<Object, List<String>> several = new HashMap<>();
        for (List<String> names : byFile.values()) {
            if (names.size() > 1) {
                names.sort(null);
                several.put(names.get(0), names);
            }
        }
        return several;
    }

    /** A tree with all that file systems know, and names that are hard on archives. */
    private static final class RandomTree {
        private static final int[] FILE_MODES = {0644, 0644, 0755, 0600, 0444, 0400, 0777, 0640};
        private static final int[] FOLDER_MODES = {0755, 0755, 0700, 0775, 0777, 01777, 0555};
        private static final String[] TARGETS = {
            "a", "../a", "/etc/passwd", "../../../..", "a/b/../c", "é", "..", ".", "a b", "x".repeat(101), "x\ny"
        };

        private final Random random;
        private final boolean real;
        private final List<Path> folders = new ArrayList<>();
        private final List<Path> files = new ArrayList<>();
        private final Map<Path, Integer> folderModes = new HashMap<>();

        RandomTree(Random random, Path root) {
            this.random = random;
            this.real = root.getFileSystem() == java.nio.file.FileSystems.getDefault();
            folders.add(root);
        }

        void make() throws IOException {
            int count = random.nextInt(14);
            for (int i = 0; i < count; i++) {
                Path path = FileNames.resolve(folders.get(random.nextInt(folders.size())), name());
                if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                switch (random.nextInt(8)) {
                    case 0, 1 -> {
                        Files.createDirectory(path);
                        folders.add(path);
                        folderModes.put(path, FOLDER_MODES[random.nextInt(FOLDER_MODES.length)]);
                    }
                    case 2 -> SymlinkMaker.JDK.make(path, target());
                    case 3 -> {
                        if (files.isEmpty()) {
                            Files.createFile(path);
                        } else {
                            Files.createLink(path, files.get(random.nextInt(files.size())));
                        }
                    }
                    default -> {
                        Files.write(path, content());
                        setMode(path, FILE_MODES[random.nextInt(FILE_MODES.length)]);
                        files.add(path);
                    }
                }
            }
            for (Map.Entry<Path, Integer> folder : folderModes.entrySet()) {
                setMode(folder.getKey(), folder.getValue());
            }
        }

        private void setMode(Path path, int mode) throws IOException {
            if (real) {
                Files.setAttribute(path, "unix:mode", mode);
            } else {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < 9; i++) {
                    text.append((mode & 0400 >> i) != 0 ? "rwxrwxrwx".charAt(i) : '-');
                }
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(text.toString()));
            }
        }

        private String target() {
            if (real && random.nextInt(20) == 0) {
                return "caf\uDCE9/x";
            }
            return TARGETS[random.nextInt(TARGETS.length)];
        }

        private String name() {
            return switch (random.nextInt(real ? 14 : 13)) {
                case 0 -> "x".repeat(1 + random.nextInt(200));
                case 1 -> "é" + random.nextInt(9);
                case 2 -> "\uD83D\uDE00" + random.nextInt(9);
                case 3 -> "a b\t" + random.nextInt(9);
                case 4 -> "." + random.nextInt(9);
                case 5 -> "-rf" + random.nextInt(9);
                case 6 -> "é".repeat(1 + random.nextInt(60));
                case 13 -> "\uDCFF\uDCE9" + random.nextInt(9);
                default -> "n" + random.nextInt(40);
            };
        }

        private byte[] content() {
            int kind = random.nextInt(20);
            int size = kind == 0 ? random.nextInt(3 << 20) : kind < 4 ? 512 * random.nextInt(5) : random.nextInt(3000);
            byte[] bytes = new byte[size];
            if (random.nextBoolean()) {
                random.nextBytes(bytes);
            } else {
                for (int i = 0; i < size; i++) {
                    bytes[i] = (byte) ("some text " + i / 100).charAt(i % 10);
                }
            }
            return bytes;
        }
    }

    @Test
    void layer_ofImpliedFolders_hasThemWithTheirOwnEntries(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("in/a/b"));
        Files.writeString(folder.resolve("in/a/b/c"), "c");
        FileTree tree = FileTree.of(List.of(TreeEntry.file("a/b/c", 0644, 1)));
        PackedLayer layer = packer(Compression.NONE).pack(folder.resolve("in"), tree, folder.resolve("layer"));
        assertEquals(
                List.of("a", "a/b", "a/b/c"),
                layer.tree().entries().stream().map(TreeEntry::path).toList());
        TarReader reader = new TarReader(layer.open());
        assertEquals(TarEntry.directory("a", 0755), reader.next().orElseThrow());
        assertEquals(TarEntry.directory("a/b", 0755), reader.next().orElseThrow());
        assertEquals(TarEntry.file("a/b/c", 0644, 1), reader.next().orElseThrow());
        assertTrue(reader.next().isEmpty());
    }

    @Test
    void layer_withTimesKept_bringsThemBack(@TempDir Path folder) throws Exception {
        Path in = Files.createDirectories(folder.resolve("in/d"));
        Path file = Files.writeString(in.resolve("f"), "f");
        Instant old = Instant.parse("1999-12-31T23:59:59.123456789Z");
        Instant older = Instant.parse("1960-01-01T00:00:00Z");
        Files.setLastModifiedTime(file, FileTime.from(old));
        Files.setLastModifiedTime(in, FileTime.from(older));
        PackedLayer layer = new LayerPacker(
                        LayerPacker.Options.of(Compression.ZSTD).withTimes(LayerTimes.keep()))
                .pack(folder.resolve("in"), scan(folder.resolve("in")), folder.resolve("layer"));
        Path out = Files.createDirectory(folder.resolve("out"));
        new LayerExtractor(store, LayerExtractor.Options.of(LayerTimes.keep()), w -> {})
                .extract(List.of(ingest(layer)), out);
        assertEquals(old, Files.getLastModifiedTime(out.resolve("d/f")).toInstant());
        assertEquals(
                Instant.parse("1960-01-01T00:00:00Z"),
                Files.getLastModifiedTime(out.resolve("d")).toInstant());
    }

    @Test
    void extract_withOneTime_givesItToFilesAndFolders(@TempDir Path folder) throws Exception {
        Path in = Files.createDirectories(folder.resolve("in/d"));
        Files.writeString(in.resolve("f"), "f");
        PackedLayer layer = packer(Compression.GZIP)
                .pack(folder.resolve("in"), scan(folder.resolve("in")), folder.resolve("layer"));
        Path out = Files.createDirectory(folder.resolve("out"));
        Instant now = Instant.parse("2026-01-02T03:04:05.678Z");
        new LayerExtractor(store, LayerExtractor.Options.of(LayerTimes.at(now)), w -> {})
                .extract(List.of(ingest(layer)), out);
        assertEquals(now, Files.getLastModifiedTime(out.resolve("d/f")).toInstant());
        assertEquals(now, Files.getLastModifiedTime(out.resolve("d")).toInstant());
    }

    @Test
    void layer_withLargeFiles_comesBack(@TempDir Path folder) throws Exception {
        Path in = Files.createDirectory(folder.resolve("in"));
        byte[] bytes = new byte[9_000_000];
        new Random(3).nextBytes(bytes);
        Files.write(in.resolve("random"), bytes);
        Files.write(in.resolve("text"), "line\n".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
        for (Compression compression : Compression.values()) {
            PackedLayer layer = packer(compression).pack(in, scan(in), folder.resolve("layer-" + compression));
            Path out = Files.createDirectory(folder.resolve("out-" + compression));
            FileTree tree = new LayerExtractor(
                            store, LayerExtractor.Options.of(LayerTimes.zero()).withDigests(), w -> {})
                    .extract(List.of(ingest(layer)), out);
            assertEquals(scan(in), tree);
            assertEquals(scan(in), scan(out));
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void compress_whateverTheThreadsAndWrites_givesTheSameBytes(Compression compression) throws Exception {
        Random random = new Random(4);
        byte[] bytes = new byte[3_000_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i < 1_000_000 ? random.nextInt() : random.nextInt(20) + i / 100_000);
        }
        byte[] expected = null;
        for (int threads = 1; threads <= 4; threads++) {
            var out = new java.io.ByteArrayOutputStream();
            try (var compressor = compression.compress(out, compression.defaultLevel(), threads)) {
                int at = 0;
                while (at < bytes.length) {
                    int n = Math.min(bytes.length - at, 1 + random.nextInt(threads * 100_000));
                    compressor.write(bytes, at, n);
                    at += n;
                }
            }
            if (expected == null) {
                expected = out.toByteArray();
            }
            org.junit.jupiter.api.Assertions.assertArrayEquals(expected, out.toByteArray());
            try (InputStream in = Compression.decompressAny(new java.io.ByteArrayInputStream(expected))) {
                org.junit.jupiter.api.Assertions.assertArrayEquals(bytes, in.readAllBytes());
            }
        }
    }

    @Test
    void pack_whenItFails_leavesNoFile(@TempDir Path folder) throws Exception {
        Path in = Files.createDirectory(folder.resolve("in"));
        Files.writeString(in.resolve("f"), "ff");
        FileTree tree = FileTree.of(List.of(TreeEntry.file("f", 0644, 1)));
        for (Compression compression : Compression.values()) {
            var e = org.junit.jupiter.api.Assertions.assertThrows(
                    FileChangedException.class, () -> packer(compression).pack(in, tree, folder.resolve("layer")));
            assertEquals("\"f\" changed while it was read: it had 1 bytes, now it has 2", e.getMessage());
            assertFalse(Files.exists(folder.resolve("layer")));
        }
    }
}
