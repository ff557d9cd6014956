package dev.cachetool.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.content.FileTree;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheResult;
import dev.cachetool.solver.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of a store, and what is kept in it from one process to the next. */
final class StoreTest {
    private static final Instant MADE = Instant.parse("2026-03-04T05:06:07Z");

    @TempDir
    private Path temp;

    private Store open() throws IOException {
        return Store.open(temp.resolve("store"), warning -> {});
    }

    private static RefMetadata metadata(String name) {
        return new RefMetadata(name, Timestamp.of(MADE), MADE, OptionalLong.of(1234));
    }

    private static LocalImmutableRef commit(Store store, String name, Map<String, String> files) throws IOException {
        MutableRef ref = store.refs().create(name);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Trees.write(ref.folder(), file.getKey(), file.getValue());
        }
        return ref.commit(Trees.of(ref.folder()), metadata(name));
    }

    @Test
    void store_whenMade_isItsOwnersAlone() throws IOException {
        open().close();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("store"))));
        assertEquals("cachetool store 1\n", Files.readString(temp.resolve("store/format")));
    }

    @Test
    void find_whenThereIsNoStore_makesNone() throws IOException {
        assertTrue(Store.find(temp.resolve("none"), warning -> {}).isEmpty());
        assertFalse(Files.exists(temp.resolve("none")));
    }

    @Test
    void open_whenTheFolderHoldsSomethingElse_refusesAndLeavesIt() throws IOException {
        Trees.write(temp, "store/mine.txt", "x");
        NotAStoreException e = assertThrows(NotAStoreException.class, this::open);
        assertTrue(e.getMessage().contains("it holds mine.txt and no store"), e.getMessage());
        assertEquals(1, Trees.of(temp.resolve("store")).size());
    }

    @Test
    void open_whenTheFormatIsNewer_saysWhich() throws IOException {
        open().close();
        Files.writeString(temp.resolve("store/format"), "cachetool store 7\n");
        NotAStoreException e = assertThrows(NotAStoreException.class, this::open);
        assertTrue(e.getMessage().contains("it has the format 7, this cachetool knows 1"), e.getMessage());
    }

    @Test
    void ref_whenCommitted_isFoundByTheNextProcess() throws IOException {
        String id;
        try (Store store = open()) {
            LocalImmutableRef ref = commit(store, "jar", Map.of("target/app.jar", "bytes"));
            id = ref.id();
            store.keepPrinted(id, "built\n".getBytes(StandardCharsets.UTF_8));
            ref.release();
        }
        try (Store store = open()) {
            ImmutableRef ref = store.refs().find(id).orElseThrow();
            assertEquals("bytes", Files.readString(ref.mount().resolve("target/app.jar")));
            assertEquals(
                    Digest.sha256("bytes"),
                    ref.tree().find("target/app.jar").orElseThrow().digest().orElseThrow());
            assertEquals("jar", ref.metadata().description());
            assertEquals(MADE, ref.metadata().createdAt().instant());
            assertEquals(OptionalLong.of(1234), ref.metadata().milliseconds());
            assertEquals(8192, ref.size());
            assertArrayEquals("built\n".getBytes(StandardCharsets.UTF_8), store.printed(id));
            assertEquals(Optional.empty(), ref.parent());
        }
    }

    @Test
    void ref_whenReleasedWithoutCommit_leavesNothing() throws IOException {
        try (Store store = open()) {
            MutableRef ref = store.refs().create("x");
            Trees.write(ref.folder(), "a", "a");
            ref.release();
            assertEquals(FileTree.empty(), Trees.of(temp.resolve("store/scratch")));
            assertTrue(store.refs().find(ref.id()).isEmpty());
        }
    }

    @Test
    void commit_whenTheFolderIsNotWhatTheTreeSays_keepsNothing() throws IOException {
        try (Store store = open()) {
            MutableRef ref = store.refs().create("x");
            Trees.write(ref.folder(), "a", "a");
            FileTree tree = Trees.of(ref.folder());
            Trees.write(ref.folder(), "b", "b");
            IOException e = assertThrows(IOException.class, () -> ref.commit(tree, metadata("x")));
            assertTrue(e.getMessage().contains("\"b\" is there, and not in the tree"), e.getMessage());
            assertEquals(FileTree.empty(), Trees.of(temp.resolve("store/refs")));
            assertEquals(FileTree.empty(), Trees.of(temp.resolve("store/scratch")));
        }
    }

    @Test
    void results_whenSaved_areLoadedUntilTheyAreGone() throws IOException {
        CacheResult saved;
        try (Store store = open()) {
            RefResult result = new RefResult(commit(store, "jar", Map.of("a", "a")), Map.of());
            saved = store.results().save(result, result.createdAt());
            result.release();
        }
        try (Store store = open()) {
            assertTrue(store.results().exists(saved.id()));
            Result loaded = store.results().load(saved).orElseThrow();
            assertEquals(saved.createdAt(), loaded.createdAt());
            loaded.release();
            assertFalse(store.results().exists("0123"));
            assertTrue(store.results()
                    .load(new CacheResult("0123", saved.createdAt()))
                    .isEmpty());
        }
    }

    @Test
    void folders_whenAskedForAgain_areTheSameForTheSameName() throws IOException {
        try (Store store = open()) {
            Path steps = store.stepFolders(temp.resolve("project"));
            assertTrue(Files.isDirectory(steps));
            Path kept;
            try (Store.CacheFolder cache = store.cacheFolder("go-build")) {
                kept = cache.folder();
                Trees.write(kept, "a", "a");
            }
            try (Store.CacheFolder cache = store.cacheFolder("go-build");
                    Store.CacheFolder other = store.cacheFolder("go/../build")) {
                assertEquals(kept, cache.folder());
                assertEquals("a", Files.readString(cache.folder().resolve("a")));
                assertNotEquals(kept, other.folder());
            }
            assertEquals(steps, store.stepFolders(temp.resolve("project")));
            assertNotEquals(steps, store.stepFolders(temp.resolve("other")));
        }
    }

    @Test
    void store_opened_again_knowsKeysAndDigestsOfFiles() throws IOException {
        FileDigests.FileStamp stamp = new FileDigests.FileStamp(3, 1_000, 1_001, 7);
        try (Store store = open()) {
            store.keys().addResult("key", new CacheResult("result", Timestamp.of(MADE)));
            store.fileDigests(temp).put("a.txt", stamp, Digest.sha256("abc"));
        }

        try (Store store = open()) {
            assertEquals(
                    Optional.of(new CacheResult("result", Timestamp.of(MADE))),
                    store.keys().load("key", "result"));
            assertEquals(
                    Optional.of(Digest.sha256("abc")), store.fileDigests(temp).find("a.txt", stamp));
            assertEquals(
                    Optional.empty(), store.fileDigests(temp.resolve("other")).find("a.txt", stamp));
        }
    }

    @Test
    void prune_ofAResult_takesItsKeyFromTheDisk() throws IOException {
        try (Store store = open()) {
            LocalImmutableRef ref = commit(store, "old", Map.of("a", "1"));
            store.keys().addResult("a key to be found", new CacheResult(ref.id(), Timestamp.of(MADE)));
            ref.release();
            store.prune(store.list());
            assertFalse(store.keys().exists("a key to be found"));
        }
        for (Path file : Trees.children(temp.resolve("store/keys"))) {
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertFalse(bytes.contains("a key to be found"), file.toString());
        }
    }

    @Test
    void verify_whenFilesOfKeysAreDamaged_namesThem() throws IOException {
        try (Store store = open()) {
            LocalImmutableRef ref = commit(store, "old", Map.of("a", "1"));
            store.keys().addResult("key", new CacheResult("result", Timestamp.of(MADE)));
            ref.release();
            store.prune(store.list());
            store.fileDigests(temp).put("a.txt", new FileDigests.FileStamp(3, 1_000, 1_001, 7), Digest.sha256("abc"));
        }
        for (Path file : Trees.children(temp.resolve("store/keys"))) {
            byte[] bytes = Files.readAllBytes(file);
            if (!file.getFileName().toString().startsWith("journal-")) {
                bytes[bytes.length - 1] ^= 1;
                Files.write(file, bytes);
            }
        }

        try (Store store = open()) {
            List<StoreCheck.Problem> problems = store.verify(false).problems();
            assertEquals(2, problems.size(), problems.toString());
            assertEquals("keys", problems.get(0).kind());
            assertEquals("base-1", problems.get(0).id());
            assertTrue(problems.get(1).id().startsWith("files-"), problems.toString());
        }
    }
}
