package dev.cachetool.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.pattern.PatternMatcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stacks of random layers, with deletions, replacements and links between layers, against a plain model of what they give.
 * {@code -Dcachetool.seed=N} runs others.
 */
final class LayerStackPropertyTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20_261_123L);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;

    private static final String[] NAMES = {
        "a",
        "b",
        "c",
        "d",
        "a b",
        "é",
        "\uD83D\uDE00",
        "x\ny",
        ".h",
        "-rf",
        "n".repeat(101),
        "é".repeat(60),
        "z".repeat(255)
    };

    @BeforeAll
    static void printSeed() {
        System.out.println("LayerStackPropertyTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
    }

    /** What is at a path: the entry, and the layer that last wrote it. */
    private record Standing(TreeEntry entry, int layer) {}

    /** Layers as they are made, and the tree that they should give. */
    private static final class Stack {
        private final Random random;
        private final TreeMap<String, Standing> model = new TreeMap<>();
        private final InMemoryContentStore store = new InMemoryContentStore();
        private final List<Descriptor> layers = new ArrayList<>();
        private int layer;
        private int deletions;

        Stack(Random random) {
            this.random = random;
        }

        Stack make() throws IOException {
            for (int count = 1 + random.nextInt(4); layer < count; layer++) {
                ByteArrayOutputStream tar = new ByteArrayOutputStream();
                TarWriter writer = new TarWriter(tar);
                for (int i = random.nextInt(10); i >= 0; i--) {
                    change(writer);
                }
                writer.finish();
                layers.add(put(tar.toByteArray()));
            }
            return this;
        }

        private Descriptor put(byte[] tar) throws IOException {
            List<Compression> compressions = List.of(Compression.values());
            Compression compression = compressions.get(random.nextInt(compressions.size()));
            ByteArrayOutputStream blob = new ByteArrayOutputStream();
            try (OutputStream out = compression.compress(blob, compression.defaultLevel(), 1)) {
                out.write(tar);
            }
            return store.put(compression.layerMediaType(), blob.toByteArray())
                    .withAnnotation(Annotations.UNCOMPRESSED, Digest.sha256(tar).toString());
        }

        private void change(TarWriter writer) throws IOException {
            switch (random.nextInt(10)) {
                case 0, 1 -> directory(writer, path());
                case 2 -> symlink(writer, path());
                case 3 -> hardLink(writer, path());
                case 4, 5 -> delete(writer);
                case 6 -> empty(writer);
                default -> file(writer, path());
            }
        }

        /** A path in a folder that is there, or in one that is implied by it. */
        private String path() {
            List<String> folders = new ArrayList<>(List.of(""));
            model.forEach((path, standing) -> {
                if (standing.entry().type() == EntryType.DIRECTORY && path.length() < 700) {
                    folders.add(path + "/");
                }
            });
            String folder = folders.get(random.nextInt(folders.size()));
            String name = NAMES[random.nextInt(NAMES.length)];
            boolean implied = random.nextInt(6) == 0 && !model.containsKey(folder + "implied");
            return folder + (implied ? "implied/" : "") + name;
        }

        private static String parent(String path) {
            int slash = path.lastIndexOf('/');
            return slash < 0 ? "" : path.substring(0, slash);
        }

        private void stand(TreeEntry entry) {
            String parent = parent(entry.path());
            if (!parent.isEmpty() && !model.containsKey(parent)) {
                stand(TreeEntry.directory(parent, FileTree.IMPLIED_DIRECTORY_MODE));
            }
            Standing before = model.get(entry.path());
            boolean merged = entry.type() == EntryType.DIRECTORY
                    && before != null
                    && before.entry().type() == EntryType.DIRECTORY;
            if (!merged) {
                remove(entry.path());
            }
            model.put(entry.path(), new Standing(entry, layer));
        }

        private void remove(String path) {
            model.remove(path);
            model.keySet().removeIf(other -> other.startsWith(path + "/"));
        }

        private void directory(TarWriter writer, String path) throws IOException {
            int mode = random.nextBoolean() ? 0755 : 0700;
            writer.entry(TarEntry.directory(path, mode));
            stand(TreeEntry.directory(path, mode));
        }

        private void file(TarWriter writer, String path) throws IOException {
            byte[] bytes = new byte[random.nextInt(20) == 0 ? 600_000 : random.nextInt(2000)];
            random.nextBytes(bytes);
            int mode = random.nextBoolean() ? 0644 : 0755;
            writer.entry(TarEntry.file(path, mode, bytes.length));
            writer.write(bytes, 0, bytes.length);
            stand(TreeEntry.file(path, mode, bytes.length, Digest.sha256(bytes)));
        }

        private void symlink(TarWriter writer, String path) throws IOException {
            String target = List.of("a", "../..", "/etc/passwd", "é", "none").get(random.nextInt(5));
            writer.entry(new TarEntry(path, TarType.SYMLINK, 0777, 0, Instant.EPOCH, target, Map.of()));
            stand(TreeEntry.symlink(path, target));
        }

        /** Another name of a file that is there, whatever layer it is from. */
        private void hardLink(TarWriter writer, String path) throws IOException {
            List<TreeEntry> files = new ArrayList<>();
            for (Standing standing : model.values()) {
                // What the link replaces, or what stands in it, cannot be what it links to.
                boolean replaced = standing.entry().path().startsWith(path + "/");
                if (standing.entry().type() == EntryType.FILE && !replaced) {
                    files.add(standing.entry());
                }
            }
            if (files.isEmpty()) {
                return;
            }
            TreeEntry original = files.get(random.nextInt(files.size()));
            writer.entry(new TarEntry(path, TarType.HARD_LINK, 0644, 0, Instant.EPOCH, original.path(), Map.of()));
            if (!original.path().equals(path)) {
                stand(TreeEntry.file(
                        path,
                        original.mode(),
                        original.size(),
                        original.digest().orElseThrow()));
            }
        }

        /** Whether something at the path or below it was written by this layer. */
        private boolean isCurrent(String path) {
            return model.entrySet().stream()
                    .anyMatch(each -> each.getValue().layer() == layer
                            && (each.getKey().equals(path) || each.getKey().startsWith(path + "/")));
        }

        /** Deletes what a lower layer has; of what this layer wrote itself, only what was there before goes. */
        private void delete(TarWriter writer) throws IOException {
            List<String> paths = new ArrayList<>(model.keySet());
            if (paths.isEmpty()) {
                return;
            }
            String path = paths.get(random.nextInt(paths.size()));
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (name.getBytes(StandardCharsets.UTF_8).length > 200) {
                return;
            }
            Standing standing = model.get(path);
            boolean current = isCurrent(path);
            if (current && standing.entry().type() == EntryType.DIRECTORY) {
                return;
            }
            String folder = parent(path);
            writer.entry(TarEntry.file((folder.isEmpty() ? "" : folder + "/") + ".wh." + name, 0644, 0));
            if (!current) {
                remove(path);
                deletions++;
            }
        }

        /** Deletes all that lower layers have in a folder that this layer has not written into. */
        private void empty(TarWriter writer) throws IOException {
            List<String> folders = new ArrayList<>();
            model.forEach((path, standing) -> {
                if (standing.entry().type() == EntryType.DIRECTORY && !isCurrent(path)) {
                    folders.add(path);
                }
            });
            if (folders.isEmpty()) {
                return;
            }
            String folder = folders.get(random.nextInt(folders.size()));
            writer.entry(TarEntry.file(folder + "/.wh..wh..opq", 0644, 0));
            deletions += model.keySet().removeIf(path -> path.startsWith(folder + "/")) ? 1 : 0;
        }

        /** Patterns of one or two paths, which are there or are not. */
        PatternMatcher patterns() {
            List<String> paths = new ArrayList<>(model.keySet());
            List<String> patterns = new ArrayList<>();
            for (int i = random.nextInt(2); i >= 0; i--) {
                patterns.add(
                        paths.isEmpty() || random.nextInt(5) == 0
                                ? NAMES[random.nextInt(NAMES.length)]
                                : paths.get(random.nextInt(paths.size())));
            }
            return PatternMatcher.of(patterns);
        }

        FileTree expected() {
            return FileTree.of(model.values().stream().map(Standing::entry).toList());
        }
    }

    @Test
    void layers_ofAnyStack_giveTheTreeOfTheModel(@TempDir Path real) throws IOException {
        Random seeds = new Random(SEED);
        int deletions = 0;
        int entries = 0;
        int parts = 0;
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setAttributeViews("posix", "unix")
                .build())) {
            for (int i = 0; i < CASES; i++) {
                long seed = seeds.nextLong();
                String what = "seed " + seed;
                Stack stack = new Stack(new Random(seed)).make();
                List<LayerWarning> warnings = new ArrayList<>();
                assertEquals(
                        stack.expected().entries(),
                        new LayerReader(stack.store, warnings::add)
                                .read(stack.layers)
                                .entries(),
                        what);
                Path out = Files.createDirectory(i % 4 == 0 ? real.resolve("c" + i) : memory.getPath("/c" + i));
                FileTree extracted = new LayerExtractor(
                                stack.store,
                                LayerExtractor.Options.of(LayerTimes.zero()).withDigests(),
                                warnings::add)
                        .extract(stack.layers, out);
                assertEquals(stack.expected().entries(), extracted.entries(), what);
                assertEquals(
                        stack.expected().entries(), LayerRoundTripTest.scan(out).entries(), what);
                assertEquals(List.of(), warnings, what);
                parts += i % 3 == 0 && isRealPart(stack, out.resolveSibling("part" + i), what) ? 1 : 0;
                deletions += stack.deletions;
                entries += stack.model.size();
                TemporaryDirectory.deleteTree(out);
            }
        }
        assertTrue(
                deletions > CASES / 2 && entries > CASES && parts > CASES / 30,
                deletions + " deletions, " + entries + " entries, " + parts + " real parts");
    }

    /** Extracts a part of the stack, which must be that of the model; says whether it is neither nothing nor everything. */
    private static boolean isRealPart(Stack stack, Path to, String what) throws IOException {
        PatternMatcher wanted = stack.patterns();
        Path part = Files.createDirectory(to);
        FileTree selected = new LayerExtractor(
                        stack.store,
                        LayerExtractor.Options.of(LayerTimes.zero()).withDigests(),
                        warning -> {})
                .extract(stack.layers, part, wanted);
        String which = what + ", of it " + wanted.patterns();
        assertEquals(stack.expected().select(wanted).entries(), selected.entries(), which);
        assertEquals(selected.entries(), LayerRoundTripTest.scan(part).entries(), which);
        TemporaryDirectory.deleteTree(part);
        return !selected.isEmpty() && selected.size() < stack.expected().size();
    }

    @Test
    void layers_thatAreDamagedAnywhere_giveTheSameTreeOrAnError(@TempDir Path real) throws IOException {
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            Stack stack = new Stack(random).make();
            Descriptor first = stack.layers.get(0);
            byte[] bytes = stack.store.readAll(first, 1 << 24);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            // With a descriptor of its own, so that the formats are tested and not the digest of the blob.
            List<Descriptor> layers = new ArrayList<>(stack.layers);
            layers.set(
                    0,
                    stack.store
                            .put(first.mediaType(), bytes)
                            .withAnnotation(
                                    Annotations.UNCOMPRESSED,
                                    Optional.ofNullable(first.annotations().get(Annotations.UNCOMPRESSED))
                                            .orElseThrow()));
            try {
                FileTree tree = new LayerReader(stack.store, warning -> {}).read(layers);
                assertEquals(stack.expected().entries(), tree.entries());
            } catch (IOException e) {
                refused++;
            }
        }
        assertTrue(refused > CASES / 2, "refused: " + refused);
    }
}
