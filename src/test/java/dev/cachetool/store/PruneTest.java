package dev.cachetool.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Compression;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.LayerPacker;
import dev.cachetool.content.PackedLayer;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.solver.CacheResult;
import dev.cachetool.solver.Remote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pruning and verifying a store that others use. */
final class PruneTest {
    private static final RefMetadata METADATA = RefMetadata.of("jar", Instant.parse("2026-03-04T05:06:07Z"));

    @TempDir
    private Path temp;

    private Store store;

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

    private LocalImmutableRef commit(String content) throws IOException {
        MutableRef ref = store.refs().create(content);
        Trees.write(ref.folder(), "a", content);
        return ref.commit(Trees.of(ref.folder()), METADATA);
    }

    private static PruneResult pruneAll(Store store) throws IOException {
        return store.prune(PrunePolicy.all().victims(store.list(), Instant.now()));
    }

    private List<String> named(String folder) throws IOException {
        try (Stream<Path> found = Files.list(temp.resolve("store").resolve(folder))) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void prune_whenARefIsHeld_keepsIt() throws IOException {
        LocalImmutableRef held = commit("held");
        LocalImmutableRef free = commit("free");
        free.release();
        try (Store other = another()) {
            assertEquals(
                    List.of(free.id()),
                    pruneAll(other).removed().stream().map(StoreRow::id).toList());
            assertEquals("held", Files.readString(held.mount().resolve("a")));
            assertTrue(other.refs().find(free.id()).isEmpty());
        }
        held.release();
        assertEquals(
                List.of(held.id()),
                pruneAll(store).removed().stream().map(StoreRow::id).toList());
        assertEquals(List.of(), named("refs"));
        assertEquals(List.of(), named("trash"));
    }

    @Test
    void prune_whenARefCameToBeHeldSinceItWasListed_keepsIt() throws IOException {
        LocalImmutableRef ref = commit("x");
        ref.release();
        List<StoreRow> rows = store.list();
        try (Store other = another()) {
            ImmutableRef found = other.refs().find(ref.id()).orElseThrow();
            assertEquals(List.of(), store.prune(rows).removed());
            assertEquals("x", Files.readString(found.mount().resolve("a")));
        }
    }

    @Test
    void prune_whenAProcessIsOnlyPulling_keepsWhatItHolds() throws IOException {
        CountedBlobs elsewhere = new CountedBlobs();
        byte[] empty = new byte[1024];
        Descriptor layer = elsewhere.put(Descriptor.of(MediaTypes.OCI_LAYER, empty), empty);
        RemoteImmutableRef ref = store.refs().remote(List.of(layer), elsewhere, METADATA);
        ref.mount();
        try (Store other = another()) {
            assertEquals(List.of(), pruneAll(other).removed());
            assertEquals(List.of(layer.digest().encoded()), named("blobs/sha256"));
        }
        ref.release();
        store.close();
        store = another();
        PruneResult result = pruneAll(store);
        assertEquals(
                List.of(StoreRow.Kind.PULLED),
                result.removed().stream().map(StoreRow::kind).toList());
        assertEquals(List.of(), named("blobs/sha256"));
    }

    @Test
    void prune_whenAMarkerWasLeftByAKill_isPassedBy() throws IOException {
        LocalImmutableRef ref = commit("x");
        ref.release();
        Files.createFile(temp.resolve("store/pruning"));
        assertEquals(
                "x",
                Files.readString(
                        store.refs().find(ref.id()).orElseThrow().mount().resolve("a")));
        assertFalse(Files.exists(temp.resolve("store/pruning")));
    }

    @Test
    void prune_whenRefsShareLayers_removesTheLayersWithTheLastOne() throws IOException {
        LocalImmutableRef first = commit("1");
        LocalImmutableRef second = commit("1");
        PackedLayer layer = store.blobs()
                .take(new LayerPacker(LayerPacker.Options.of(Compression.ZSTD))
                        .pack(first.mount(), first.tree(), store.blobs().newFile()));
        Remote remote = new Remote(List.of(layer.descriptor()), store.blobs());
        store.refs().remember(first, remote);
        store.refs().remember(second, remote);
        first.release();
        String kept = second.id();
        store.close();
        store = another();
        ImmutableRef held = store.refs().find(kept).orElseThrow();
        pruneAll(store);
        assertEquals(1, held.remotes().size());
        held.release();
        pruneAll(store);
        assertEquals(List.of(), named("blobs/sha256"));
    }

    @Test
    void prune_whenItFreesSpace_tellsWholeBlocksAndHardLinksOnce() throws IOException {
        MutableRef ref = store.refs().create("links");
        Trees.write(ref.folder(), "a", "x".repeat(5000));
        Files.createLink(ref.folder().resolve("b"), ref.folder().resolve("a"));
        LocalImmutableRef committed = ref.commit(Trees.of(ref.folder()), METADATA);
        assertEquals(8192, committed.size());
        committed.release();
        // The files, the folder of the ref, that of its files, its notes and its tree.
        assertEquals(8192 + 4 * 4096, pruneAll(store).freed());
    }

    @Test
    void prune_whenResultsWereSaved_makesThemMisses() throws IOException {
        RefResult result = new RefResult(commit("x"), Map.of());
        CacheResult saved = store.results().save(result, result.createdAt());
        store.keys().addResult("key", saved);
        result.release();
        pruneAll(store);
        assertTrue(store.keys().load("key", saved.id()).isEmpty());
        assertFalse(store.results().exists(saved.id()));
    }

    @Test
    void prune_whenItIsByAge_looksAtTheLastUse() throws IOException {
        LocalImmutableRef old = commit("old");
        LocalImmutableRef used = commit("used");
        for (LocalImmutableRef ref : List.of(old, used)) {
            ref.release();
            Files.setLastModifiedTime(
                    temp.resolve("store/refs").resolve(ref.id()),
                    FileTime.from(Instant.now().minus(Duration.ofDays(10))));
        }
        store.refs().find(used.id()).orElseThrow().release();
        PrunePolicy week = new PrunePolicy(
                Optional.of(Duration.ofDays(7)), OptionalLong.empty(), OptionalLong.empty(), List.of(), false);
        assertEquals(
                List.of(old.id()),
                week.victims(store.list(), Instant.now()).stream()
                        .map(StoreRow::id)
                        .toList());
    }

    @Test
    void prune_whenCachesMayGo_leavesThoseInUse() throws IOException {
        try (Store.CacheFolder used = store.cacheFolder("used")) {
            Trees.write(used.folder(), "a", "1");
            try (Store.CacheFolder free = store.cacheFolder("free")) {
                Trees.write(free.folder(), "a", "1");
            }
            PrunePolicy caches =
                    new PrunePolicy(Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), List.of(), true);
            PruneResult result = store.prune(caches.victims(store.list(), Instant.now()));
            assertEquals(
                    List.of("free"),
                    result.removed().stream().map(StoreRow::description).toList());
            assertTrue(Files.exists(used.folder().resolve("a")));
        }
    }

    @Test
    void verify_whenNothingIsWrong_saysSo() throws IOException {
        commit("x").release();
        StoreCheck check = store.verify(true);
        assertEquals(List.of(), check.problems());
        assertEquals(1, check.refs());
        assertEquals(1, check.files());
        assertEquals(List.of(), check.leftovers());
    }

    @Test
    void verify_whenFilesAreNotWhatWasNoted_namesThem() throws IOException {
        LocalImmutableRef ref = commit("x");
        Files.writeString(ref.mount().resolve("a"), "y");
        assertEquals(List.of(), store.verify(false).problems());
        assertEquals(
                List.of("\"a\" has other bytes than it had"),
                store.verify(true).problems().stream()
                        .map(StoreCheck.Problem::what)
                        .toList());
        Files.writeString(ref.mount().resolve("a"), "longer");
        Files.writeString(ref.mount().resolve("b"), "more");
        assertEquals(
                List.of("\"a\" has 6 bytes, not 1", "\"b\" is there, and was not noted"),
                store.verify(false).problems().stream()
                        .map(StoreCheck.Problem::what)
                        .toList());
        Files.delete(ref.mount().resolve("a"));
        Files.delete(ref.mount().resolve("b"));
        assertEquals("\"a\" is not there", store.verify(false).problems().get(0).what());
    }

    @Test
    void verify_whenNotesOrBlobsAreDamaged_namesThem() throws IOException {
        LocalImmutableRef ref = commit("x");
        Path tree = temp.resolve("store/refs").resolve(ref.id()).resolve("tree");
        byte[] bytes = Files.readAllBytes(tree);
        bytes[bytes.length / 2] ^= 1;
        Files.write(tree, bytes);
        Files.writeString(
                Files.createDirectories(temp.resolve("store/blobs/sha256"))
                        .resolve(Digest.sha256("right").encoded()),
                "wrong",
                StandardCharsets.UTF_8);
        List<StoreCheck.Problem> problems = another().verify(false).problems();
        assertEquals(
                List.of("ref", "blob"),
                problems.stream().map(StoreCheck.Problem::kind).toList());
        assertTrue(problems.get(0).what().contains("its checksum is not that of its bytes"), problems.toString());
    }

    @Test
    void verify_whenADeadProcessLeftScratch_namesItAndPruneRemovesIt() throws IOException {
        Trees.write(temp, "store/scratch/0123.4567/fs/a", "x");
        assertEquals(List.of("scratch/0123.4567"), store.verify(false).leftovers());
        MutableRef filling = store.refs().create("filling");
        pruneAll(store);
        assertEquals(1, named("scratch").size());
        assertTrue(Files.exists(filling.folder()));
        assertEquals(FileTree.empty(), Trees.of(filling.folder()));
    }
}
