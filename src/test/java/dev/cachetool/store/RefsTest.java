package dev.cachetool.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.BadLayerException;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Compression;
import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.LayerPacker;
import dev.cachetool.content.PackedLayer;
import dev.cachetool.content.TarEntry;
import dev.cachetool.content.TarType;
import dev.cachetool.content.TarWriter;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.solver.Remote;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refs: what is committed, pulled, held, copied out and remembered. */
final class RefsTest {
    private static final RefMetadata METADATA = RefMetadata.of("jar", Instant.parse("2026-03-04T05:06:07Z"));

    @TempDir
    private Path temp;

    private Store store;
    private final CountedBlobs elsewhere = new CountedBlobs();

    @BeforeEach
    void open() throws IOException {
        store = another();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private Store another() throws IOException {
        return Store.open(temp.resolve("store"), warning -> {});
    }

    /** A layer of entries whose names say what they are: folders end with a slash, links have an arrow. */
    private Descriptor layer(String... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(bytes);
        for (String entry : entries) {
            if (entry.endsWith("/")) {
                tar.entry(TarEntry.directory(entry.substring(0, entry.length() - 1), 0755));
            } else if (entry.contains("=>")) {
                link(tar, TarType.HARD_LINK, entry.split("=>", 2));
            } else if (entry.contains("->")) {
                link(tar, TarType.SYMLINK, entry.split("->", 2));
            } else {
                String[] file = entry.split("=", 2);
                byte[] content = (file.length == 1 ? "" : file[1]).getBytes(StandardCharsets.UTF_8);
                tar.entry(TarEntry.file(file[0], 0644, content.length));
                tar.write(content, 0, content.length);
            }
        }
        tar.finish();
        byte[] blob = bytes.toByteArray();
        return elsewhere.put(
                Descriptor.of(MediaTypes.OCI_LAYER, blob)
                        .withAnnotation(
                                Annotations.UNCOMPRESSED, Digest.sha256(blob).toString()),
                blob);
    }

    private static void link(TarWriter tar, TarType type, String[] names) throws IOException {
        tar.entry(new TarEntry(names[0], type, 0777, 0, Instant.EPOCH, names[1], Map.of()));
    }

    private RemoteImmutableRef remote(Descriptor... layers) throws IOException {
        return store.refs().remote(List.of(layers), elsewhere, METADATA);
    }

    private static List<String> paths(FileTree tree) {
        return tree.entries().stream().map(TreeEntry::path).toList();
    }

    @Test
    void remote_whenNobodyReadsIt_pullsNothing() throws IOException {
        RemoteImmutableRef ref = remote(layer("a=1"));
        assertTrue(ref.isLazy());
        assertEquals(0, ref.size());
        assertEquals(0, elsewhere.openings());
        assertEquals(1, ref.remotes().size());
        assertTrue(store.refs().find(ref.id()).isEmpty());
    }

    @Test
    void remote_whenEightReadAtOnce_isPulledOnce() throws Exception {
        RemoteImmutableRef ref = remote(layer("a=1"), layer("b=2"));
        ExecutorService readers = Executors.newFixedThreadPool(8);
        try (Store other = another()) {
            List<Callable<Path>> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                ImmutableRef own = i % 2 == 0
                        ? ref.clone()
                        : other.refs().remote(ref.remotes().get(0).descriptors(), elsewhere, METADATA);
                tasks.add(own::mount);
            }
            for (Future<Path> read : readers.invokeAll(tasks)) {
                assertEquals("2", Files.readString(read.get().resolve("b")));
            }
        } finally {
            readers.shutdownNow();
        }
        assertEquals(2, elsewhere.openings(), "each layer once");
        assertFalse(ref.isLazy());
        assertEquals(12288, ref.size() + 4096, "two files of a block");
    }

    @Test
    void remote_whenPulled_isThereForTheNextProcessWithoutAnyTransfer() throws IOException {
        Descriptor layer = layer("d/", "d/a=1");
        String id = remote(layer).id();
        remote(layer).mount();
        int openings = elsewhere.openings();
        try (Store next = another()) {
            ImmutableRef found = next.refs().find(id).orElseThrow();
            assertEquals("1", Files.readString(found.mount().resolve("d/a")));
            assertEquals(List.of("d", "d/a"), paths(found.tree()));
            assertEquals(List.of(layer), found.remotes().get(0).descriptors());
            found.remotes().get(0).provider().open(layer).close();
            RemoteImmutableRef again = next.refs().remote(List.of(layer), elsewhere, METADATA);
            assertEquals(id, again.id());
            assertFalse(again.isLazy());
            again.mount();
        }
        assertEquals(openings, elsewhere.openings());
    }

    @Test
    void remote_whenALayerIsMissing_leavesNothingAndTheNextOneTriesAgain() throws IOException {
        RemoteImmutableRef ref = remote(layer("a=1"), layer("b=2"));
        elsewhere.fail(true);
        assertThrows(BlobNotFoundException.class, ref::mount);
        assertTrue(ref.isLazy());
        assertEquals(FileTree.empty(), Trees.of(temp.resolve("store/scratch")));
        assertEquals(FileTree.empty(), Trees.of(temp.resolve("store/refs")));
        elsewhere.fail(false);
        assertEquals("1", Files.readString(ref.mount().resolve("a")));
    }

    @Test
    void remote_whenALayerIsDamaged_isNeverThere() throws IOException {
        Descriptor layer = layer("a=1");
        elsewhere.damage(layer, new byte[(int) layer.size()]);
        RemoteImmutableRef ref = remote(layer);
        assertThrows(DigestMismatchException.class, ref::mount);
        assertTrue(ref.isLazy());
    }

    @Test
    void remote_whenALayerHidesFiles_givesWhatIsLeft() throws IOException {
        RemoteImmutableRef ref = remote(layer("d/", "d/a=1", "d/b=2", "c=3"), layer("d/.wh.a=", "c=4"));
        assertEquals(List.of("c", "d", "d/b"), paths(ref.tree()));
        assertEquals("4", Files.readString(ref.mount().resolve("c")));
        ImmutableRef parent = ref.parent().orElseThrow();
        assertEquals(List.of("c", "d", "d/a", "d/b"), paths(parent.tree()));
        assertTrue(parent.parent().isEmpty());
    }

    @Test
    void remote_whenItHasNoLayers_isAnEmptyTree() throws IOException {
        RemoteImmutableRef ref = remote();
        assertEquals(FileTree.empty(), ref.tree());
        assertTrue(Files.isDirectory(ref.mount()));
    }

    @Test
    void extract_whenTheRefIsLazy_writesWhatIsWantedAndKeepsItLazy() throws IOException {
        RemoteImmutableRef ref = remote(
                layer("d/", "d/a=1", "d/b=2", "e/", "e/x=9", "gone=5", "d/h=>e/x", "k=>e/x", "l->d/a"),
                layer(".wh.gone=", "d/b=3"));
        Path to = Files.createDirectory(temp.resolve("out"));
        FileTree written = ref.extract(to, List.of("d", "gone", "l"));
        assertEquals(List.of("d", "d/a", "d/b", "d/h", "l"), paths(written));
        assertEquals(List.of("d", "d/a", "d/b", "d/h", "l"), paths(Trees.of(to)));
        assertEquals("3", Files.readString(to.resolve("d/b")));
        assertEquals("9", Files.readString(to.resolve("d/h")), "its original was not asked for");
        assertEquals(
                Digest.sha256("9"), written.find("d/h").orElseThrow().digest().orElseThrow());
        assertTrue(ref.isLazy());
    }

    @Test
    void extract_whenTheFilesAreHere_writesTheSame() throws IOException {
        RemoteImmutableRef ref = remote(layer("d/", "d/a=1", "e/", "e/x=9", "d/h=>e/x", "d/i=>e/x", "l->d/a"));
        Path lazily = Files.createDirectory(temp.resolve("lazily"));
        FileTree before = ref.extract(lazily, List.of("d/h", "d/i", "l"));
        ref.mount();
        Path here = Files.createDirectory(temp.resolve("here"));
        assertEquals(before, ref.extract(here, List.of("d/h", "d/i", "l")));
        assertEquals(Trees.of(lazily), Trees.of(here));
        assertEquals(2, Files.getAttribute(here.resolve("d/h"), "unix:nlink"));
        assertEquals(2, Files.getAttribute(lazily.resolve("d/h"), "unix:nlink"));
    }

    @Test
    void extract_whenTheLayerIsEstargzOf100MB_readsLessThan5MB() throws IOException {
        Random random = new Random(7);
        Estargz writer = new Estargz(4 << 20).directory("data");
        for (int i = 0; i < 25; i++) {
            byte[] content = new byte[4 << 20];
            random.nextBytes(content);
            writer.file("data/" + i, content);
        }
        Estargz.Layer layer = writer.directory("target")
                .file("target/app.jar", "small".getBytes(StandardCharsets.UTF_8))
                .hardLink("target/link", "target/app.jar")
                .end();
        assertTrue(layer.bytes().length > 100_000_000, layer.bytes().length + " bytes");
        elsewhere.put(layer.descriptor(), layer.bytes());
        RemoteImmutableRef ref = remote(layer.descriptor());
        Path to = Files.createDirectory(temp.resolve("out"));
        FileTree written = ref.extract(to, List.of("target"));
        assertEquals(List.of("target", "target/app.jar", "target/link"), paths(written));
        assertEquals("small", Files.readString(to.resolve("target/app.jar")));
        assertTrue(elsewhere.bytes() < 5_000_000, elsewhere.bytes() + " bytes were read");
    }

    @Test
    void extract_whenAFileOfAnEstargzLayerHasChunks_readsThemAll() throws IOException {
        byte[] content = new byte[100_000];
        new Random(3).nextBytes(content);
        Estargz.Layer layer = new Estargz(7_000)
                .file("empty", new byte[0])
                .file("big", content)
                .symlink("to", "big")
                .end();
        elsewhere.put(layer.descriptor(), layer.bytes());
        Path to = Files.createDirectory(temp.resolve("out"));
        FileTree written = remote(layer.descriptor()).extract(to, List.of("big", "empty", "to"));
        assertEquals(List.of("big", "empty", "to"), paths(written));
        assertEquals(
                Digest.sha256(content),
                written.find("big").orElseThrow().digest().orElseThrow());
        // The whole layer, read as any gzip layer, has the same files and its table of contents.
        assertEquals(
                List.of("big", "empty", "stargz.index.json", "to"),
                paths(remote(layer.descriptor()).tree()));
    }

    @Test
    void extract_whenAChunkOfAnEstargzLayerIsDamaged_fails() throws IOException {
        byte[] content = new byte[20_000];
        new Random(3).nextBytes(content);
        Estargz.Layer good = new Estargz(50_000).file("big", content).end();
        byte[] damaged = good.bytes().clone();
        damaged[10_000] ^= 1;
        elsewhere.damage(good.descriptor(), damaged);
        Path to = Files.createDirectory(temp.resolve("out"));
        RemoteImmutableRef ref = remote(good.descriptor());
        BadLayerException e = assertThrows(BadLayerException.class, () -> ref.extract(to, List.of("big")));
        assertTrue(e.getMessage().contains("\"big\": its bytes are not those of sha256:"), e::getMessage);
    }

    @Test
    void commit_whenNamesAreUnusual_keepsThem() throws IOException {
        MutableRef ref = store.refs().create("names");
        List<String> names = List.of("a\nb", "n".repeat(255), "\uDCFF", "é", "-rf", "x y");
        for (String name : names) {
            Trees.write(ref.folder(), "d/" + name, name.equals("\uDCFF") ? "ff" : name);
        }
        Files.createLink(ref.folder().resolve("link"), ref.folder().resolve("d/x y"));
        Files.createSymbolicLink(ref.folder().resolve("to"), Path.of("d/x y"));
        Trees.mode(ref.folder().resolve("d/x y"), "r--r--r--");
        Files.setAttribute(ref.folder().resolve("d/-rf"), "unix:mode", 06755);
        Trees.mode(ref.folder().resolve("d"), "r-xr-xr-x");
        FileTree before = Trees.of(ref.folder());
        LocalImmutableRef committed = ref.commit(before, METADATA);
        FileTree tree = committed.tree();
        assertEquals(paths(before), paths(tree));
        assertEquals(0555, tree.find("d").orElseThrow().mode());
        assertEquals(0755, tree.find("d/-rf").orElseThrow().mode(), "without set-uid and set-gid");
        assertEquals(0100755, Files.getAttribute(committed.mount().resolve("d/-rf"), "unix:mode"));
        assertEquals(
                Digest.sha256("ff"),
                tree.find("d/\uDCFF").orElseThrow().digest().orElseThrow());
        Path to = Files.createDirectory(temp.resolve("out"));
        assertEquals(tree, committed.extract(to, List.of()));
        for (String name : names) {
            assertTrue(Files.exists(FileNames.resolve(to, "d/" + name)), FileNames.shown(name));
        }
    }

    @Test
    void freeze_whenCommitted_givesTheModesOfTheTree() throws IOException {
        MutableRef ref = store.refs().create("frozen");
        Trees.write(ref.folder(), "d/a", "1");
        FileTree tree = Trees.of(ref.folder());
        ref.freeze();
        assertEquals(0100444, Files.getAttribute(ref.folder().resolve("d/a"), "unix:mode"));
        LocalImmutableRef committed = ref.commit(tree, METADATA);
        assertEquals(
                tree.find("d/a").orElseThrow().mode(),
                committed.tree().find("d/a").orElseThrow().mode());
        assertEquals(0100644, Files.getAttribute(committed.mount().resolve("d/a"), "unix:mode"));
    }

    @Test
    void commit_whenThereIsASocketOrPipe_leavesItOut() throws Exception {
        MutableRef ref = store.refs().create("pipes");
        Trees.write(ref.folder(), "a", "1");
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", ref.folder().resolve("pipe").toString())
                        .start()
                        .waitFor());
        LocalImmutableRef committed = ref.commit(Trees.of(ref.folder()), METADATA);
        assertFalse(Files.exists(committed.mount().resolve("pipe")));
    }

    @Test
    void remember_whenLayersWerePacked_makesTheRefTransferable() throws IOException {
        MutableRef mutable = store.refs().create("packed");
        Trees.write(mutable.folder(), "a", "1");
        LocalImmutableRef ref = mutable.commit(Trees.of(mutable.folder()), METADATA);
        assertEquals(List.of(), ref.remotes());
        PackedLayer gzip = store.blobs()
                .take(new LayerPacker(LayerPacker.Options.of(Compression.GZIP))
                        .pack(ref.mount(), ref.tree(), store.blobs().newFile()));
        PackedLayer zstd = store.blobs()
                .take(new LayerPacker(LayerPacker.Options.of(Compression.ZSTD))
                        .pack(ref.mount(), ref.tree(), store.blobs().newFile()));
        store.refs().remember(ref, new Remote(List.of(gzip.descriptor()), store.blobs()));
        store.refs().remember(ref, new Remote(List.of(zstd.descriptor()), store.blobs()));
        try (Store next = another()) {
            List<Remote> remotes = next.refs().find(ref.id()).orElseThrow().remotes();
            assertEquals(
                    List.of(List.of(zstd.descriptor()), List.of(gzip.descriptor())),
                    remotes.stream().map(Remote::descriptors).toList());
            remotes.get(0).provider().readAll(zstd.descriptor(), 1_000_000);
            Files.delete(zstd.path());
            assertEquals(1, next.refs().find(ref.id()).orElseThrow().remotes().size());
        }
    }

    @Test
    void ref_whenItWasReleased_refusesToBeUsed() throws IOException {
        RemoteImmutableRef ref = remote(layer("a=1"));
        ImmutableRef kept = ref.clone();
        ref.release();
        ref.release();
        assertThrows(IllegalStateException.class, ref::mount);
        assertThrows(IllegalStateException.class, ref::clone);
        assertEquals("1", Files.readString(kept.mount().resolve("a")));
        kept.release();
    }

    @Test
    void refs_whenTheirContentDiffers_haveOtherIds() throws IOException {
        assertEquals(remote(layer("a=1")).id(), remote(layer("a=1")).id());
        assertNotEquals(remote(layer("a=1")).id(), remote(layer("a=2")).id());
        assertEquals(EntryType.FILE, Trees.typeOf(remote(layer("a=2")).tree(), "a"));
    }
}
