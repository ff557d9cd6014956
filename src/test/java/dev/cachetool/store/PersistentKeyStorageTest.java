package dev.cachetool.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.Mounted;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheInfoLink;
import dev.cachetool.solver.CacheKeyStorage;
import dev.cachetool.solver.CacheResult;
import dev.cachetool.solver.WritableCacheKeyStorageContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersistentKeyStorageTest extends WritableCacheKeyStorageContract {
    private static final CacheInfoLink LINK = new CacheInfoLink(0, TOP, Optional.of(SELECTOR));

    private final List<PersistentKeyStorage> opened = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @TempDir
    Path temp;

    private Path folder;
    private LockFile locks;
    private int empties;

    @BeforeEach
    void openLocks() throws IOException {
        folder = temp.resolve("keys");
        locks = LockFile.open(temp.resolve("lock"));
    }

    @AfterEach
    void closeAll() throws IOException {
        for (PersistentKeyStorage keys : opened) {
            keys.close();
        }
        locks.close();
    }

    @Override
    protected CacheKeyStorage empty() {
        try {
            // Several tests ask for more than one before anything else is set up.
            LockFile own = LockFile.open(temp.resolve("lock"));
            PersistentKeyStorage keys =
                    PersistentKeyStorage.open(temp.resolve("empty " + empties++), own, warnings::add);
            opened.add(keys);
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PersistentKeyStorage open() throws IOException {
        PersistentKeyStorage keys = PersistentKeyStorage.open(folder, locks, warnings::add);
        opened.add(keys);
        return keys;
    }

    /** All that a storage holds, in some order, as lines. */
    static List<String> dump(CacheKeyStorage keys) {
        TreeSet<String> lines = new TreeSet<>();
        keys.walk(id -> {
            lines.add("key " + id);
            keys.walkResults(id, result -> lines.add("result " + id + " " + result));
            keys.walkBacklinks(id, (source, link) -> lines.add("link " + source + " " + link + " " + id));
        });
        return List.copyOf(lines);
    }

    private static CacheResult result(String id) {
        return new CacheResult(id, TIME);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void addAll(CacheKeyStorage keys) {
        keys.addLink(LEFT.toString(), new CacheInfoLink(3, MIDDLE, Optional.empty()), "0123456789abcdef");
        keys.addLink(LEFT.toString(), new CacheInfoLink(0, TOP, Optional.of(SELECTOR)), "middle");
        keys.addLink(RIGHT.toString(), new CacheInfoLink(0, TOP, Optional.of(SELECTOR)), "middle");
        keys.addResult("middle", result("r1"));
        keys.addResult("middle", new CacheResult("r2", Timestamp.parse("1999-12-31T23:59:59.123456789-05:30")));
        keys.addResult("0123456789abcdef", result("r3"));
        keys.addResult("no links", result("ü"));
    }

    @Test
    void storage_reopened_holdsAll() throws IOException {
        PersistentKeyStorage keys = open();
        addAll(keys);
        List<String> before = dump(keys);
        keys.close();

        assertEquals(before, dump(open()));
        assertEquals(12, before.size());
        assertEquals(List.of(), warnings);
    }

    @Test
    void storage_ofAProcessThatDoesNotClose_holdsEveryResultWithItsLinks() throws IOException {
        PersistentKeyStorage keys = open();
        addAll(keys);

        assertEquals(dump(keys), dump(open()));
    }

    @Test
    void addLink_alone_isThereAfterClose() throws IOException {
        PersistentKeyStorage keys = open();
        keys.addLink("a", LINK, "b");
        keys.close();

        assertTrue(open().hasLink("a", LINK, "b"));
    }

    @Test
    void save_ofLinksAndAResult_isOneFrame() throws IOException {
        PersistentKeyStorage keys = open();
        long before = Files.size(folder.resolve("journal-0"));
        for (int i = 0; i < 10; i++) {
            keys.addLink("key " + i, LINK, "key " + (i + 1));
        }
        assertEquals(before, Files.size(folder.resolve("journal-0")));
        keys.addResult("key 10", result("r"));

        long[] frames = new long[1];
        try (Journal journal = Journal.open(folder.resolve("journal-0"))) {
            journal.read((bytes, from, to) -> frames[0]++);
        }
        assertEquals(1, frames[0]);
    }

    @Test
    void storage_openedTwice_seesWhatTheOtherAdds() throws IOException {
        PersistentKeyStorage one = open();
        PersistentKeyStorage other = open();
        one.addLink("a", LINK, "b");
        one.addResult("b", result("r1"));
        assertTrue(other.hasLink("a", LINK, "b"));
        other.addResult("b", result("r2"));
        other.release("r1");
        assertEquals(Optional.of(result("r2")), one.load("b", "r2"));
        other.release("r2");
        assertFalse(other.exists("a"));
        assertFalse(one.exists("a"));
    }

    @Test
    void compact_whileOthersHaveItOpen_losesNothing() throws IOException {
        PersistentKeyStorage one = open();
        PersistentKeyStorage other = open();
        addAll(one);
        one.compact();
        assertEquals(dump(one), dump(other));

        other.addResult("more", result("more"));
        other.addLink("a", LINK, "more");
        other.addResult("middle", result("r4"));
        one.compact();
        other.compact();
        assertEquals(dump(one), dump(other));
        assertEquals(dump(one), dump(open()));
        assertTrue(one.hasLink("a", LINK, "more"));
        assertEquals(List.of("base-3", "journal-3"), files());
        assertEquals(List.of(), warnings);
    }

    @Test
    void compact_afterAllWasReleased_leavesNothingOnTheDisk() throws IOException {
        PersistentKeyStorage keys = open();
        addAll(keys);
        keys.compact();
        long before = Files.size(folder.resolve("base-1"));
        for (String result : List.of("r1", "r2", "r3", "ü")) {
            keys.release(result);
        }
        assertEquals(List.of(), dump(keys));
        keys.compact();

        assertEquals(List.of(), dump(open()));
        assertTrue(Files.size(folder.resolve("base-2")) < before);
    }

    @Test
    void close_withALongJournal_mergesIt() throws IOException {
        PersistentKeyStorage keys = open();
        for (int i = 0; i < 5_000; i++) {
            keys.addLink("a key with a long name, so that the journal grows " + i, LINK, "target");
        }
        keys.close();

        assertEquals(List.of("base-1", "journal-1"), files());
        List<String> sources = new ArrayList<>();
        open().walkBacklinks("target", (source, link) -> sources.add(source));
        assertEquals(5_000, sources.size());
    }

    @Test
    void append_afterACompactorDiedBeforeItsLastFrame_goesToTheLatestGeneration() throws IOException {
        PersistentKeyStorage one = open();
        PersistentKeyStorage other = open();
        addAll(one);
        byte[] unsealed = Files.readAllBytes(folder.resolve("journal-0"));
        one.compact();
        // The file that the other one has open lies on as if nobody had sealed or removed it.
        Files.write(folder.resolve("journal-0"), unsealed);
        PersistentKeyStorage late = open();
        assertEquals(dump(one), dump(late));
        other.addResult("more", result("more"));

        assertTrue(one.exists("more"));
        assertTrue(open().exists("more"));
    }

    @Test
    void journal_cutOffAtAnyByte_losesWholeChangesOnly() throws IOException {
        PersistentKeyStorage keys = open();
        addAll(keys);
        List<String> before = dump(keys);
        Path journal = folder.resolve("journal-0");
        int whole = Math.toIntExact(Files.size(journal));
        keys.addLink("a", LINK, "b");
        keys.addResult("b", result("last"));
        List<String> after = dump(keys);
        keys.close();
        byte[] bytes = Files.readAllBytes(journal);

        for (int size = whole; size <= bytes.length; size++) {
            Files.write(journal, Arrays.copyOf(bytes, size));
            PersistentKeyStorage cut = open();
            assertEquals(size == bytes.length ? after : before, dump(cut), "cut off at " + size);
            cut.addResult("next", result("next"));
            cut.close();
            PersistentKeyStorage next = open();
            assertTrue(next.exists("next"), "cut off at " + size);
            assertEquals(size == bytes.length, next.exists("a"));
            next.close();
        }
        assertEquals(List.of(), warnings);
    }

    @Test
    void journal_withAByteChangedAnywhereInItsLastFrame_losesThatFrame() throws IOException {
        PersistentKeyStorage keys = open();
        addAll(keys);
        List<String> before = dump(keys);
        Path journal = folder.resolve("journal-0");
        int whole = Math.toIntExact(Files.size(journal));
        keys.addLink("a", LINK, "b");
        keys.addResult("b", result("last"));
        keys.close();
        byte[] bytes = Files.readAllBytes(journal);

        for (int at = whole; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x41;
            Files.write(journal, damaged);
            assertEquals(before, dump(open()), "changed at " + at);
        }
    }

    @Test
    void look_whileATornFrameIsCutOffAndReplaced_readsTheNewOne() throws IOException {
        PersistentKeyStorage reader = open();
        Path journal = folder.resolve("journal-0");
        PersistentKeyStorage writer = open();
        writer.addResult("a", result("r"));
        try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
            file.seek(file.length());
            file.write(new byte[] {0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7});
        }
        assertTrue(reader.exists("a"));
        writer.addResult("b", result("r"));

        assertTrue(reader.exists("b"));
        assertTrue(open().exists("b"));
    }

    @Test
    void frame_whoseWriterDiedBeforeItSaidSo_isSeenWithTheNextOne() throws IOException {
        PersistentKeyStorage reader = open();
        Path journal = folder.resolve("journal-0");
        byte[] before = Files.readAllBytes(journal);
        PersistentKeyStorage writer = open();
        writer.addResult("a", result("r"));
        writer.close();
        try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
            file.seek(Journal.HEADER - Long.BYTES);
            file.write(before, Journal.HEADER - Long.BYTES, Long.BYTES);
        }
        assertFalse(reader.exists("a"));
        assertTrue(open().exists("a"));
        reader.addResult("b", result("r"));

        assertTrue(reader.exists("a"));
        assertTrue(open().exists("b"));
    }

    @Test
    void addResult_onAFullDisk_throwsAndKeepsWhatIsThere() throws Exception {
        try (Mounted disk = Mounted.of(temp.resolve("disk"), 256 * 1024)) {
            LockFile own = LockFile.open(disk.at().resolve("lock"));
            try (own) {
                PersistentKeyStorage keys = PersistentKeyStorage.open(disk.at().resolve("keys"), own, warnings::add);
                PersistentKeyStorage other = PersistentKeyStorage.open(disk.at().resolve("keys"), own, warnings::add);
                int added = 0;
                UncheckedIOException full = null;
                while (full == null) {
                    try {
                        keys.addLink("source", LINK, "key " + added + "x".repeat(1_000));
                        keys.addResult("key " + added, result("r"));
                        added++;
                    } catch (UncheckedIOException e) {
                        full = e;
                    }
                }
                assertTrue(added > 50, "added " + added);
                for (int i = 0; i < added; i++) {
                    assertTrue(keys.exists("key " + i));
                    assertTrue(other.exists("key " + i));
                }
                assertFalse(keys.exists("key " + added));
                assertFalse(other.exists("key " + added));
                assertThrows(IOException.class, other::compact);
                assertThrows(IOException.class, keys::close);
                assertTrue(other.exists("key " + (added - 1)));
                other.close();
                PersistentKeyStorage again = PersistentKeyStorage.open(disk.at().resolve("keys"), own, warnings::add);
                assertTrue(again.exists("key " + (added - 1)));
                assertFalse(again.exists("key " + added));
                again.close();
            }
        }
        assertEquals(List.of(), warnings);
    }

    @Test
    void base_cutOff_isGivenUpWithAWarning() throws IOException {
        PersistentKeyStorage keys = open();
        addAll(keys);
        keys.compact();
        keys.close();
        Path base = folder.resolve("base-1");
        Files.write(base, Arrays.copyOf(Files.readAllBytes(base), (int) Files.size(base) - 1));

        PersistentKeyStorage again = open();
        assertEquals(List.of(), dump(again));
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("base-1"), warnings.get(0));
        addAll(again);
        List<String> added = dump(again);
        again.compact();
        again.close();
        assertEquals(added, dump(open()));
        assertEquals(1, warnings.size());
        assertEquals(List.of("base-3", "journal-3"), files());
    }

    @Test
    void base_removedWithItsJournalThere_isGivenUpWithAWarning() throws IOException {
        PersistentKeyStorage keys = open();
        addAll(keys);
        keys.compact();
        keys.close();
        Files.delete(folder.resolve("base-1"));

        assertEquals(List.of(), dump(open()));
        assertEquals(1, warnings.size());
    }

    @Test
    void base_withAnyByteChanged_neverEndsInAnError() throws IOException {
        PersistentKeyStorage keys = open();
        addAll(keys);
        keys.compact();
        keys.close();
        Path base = folder.resolve("base-1");
        byte[] bytes = Files.readAllBytes(base);
        byte[] journal = Files.readAllBytes(folder.resolve("journal-1"));

        int step = Boolean.getBoolean("cachetool.soak") ? 1 : 5;
        for (int at = 0; at < bytes.length; at += step) {
            Generation.removeBefore(folder, Long.MAX_VALUE);
            byte[] damaged = bytes.clone();
            damaged[at] ^= (byte) 0x80;
            Files.write(base, damaged);
            Files.write(folder.resolve("journal-1"), journal);
            if (at > Base.MAGIC.length && at < Base.MAGIC.length + Integer.BYTES) {
                continue; // A newer format: see below.
            }
            PersistentKeyStorage open = open();
            assertTrue(!warnings.isEmpty() || open.verify().containsKey("base-1"), "changed at " + at);
            dump(open);
            for (String id : List.of(LEFT.toString(), "middle", "no links", "nobody")) {
                open.walkLinks(id, LINK, target -> {});
                open.load(id, "r1");
            }
            open.walkIdsByResult("r1", id -> {});
            open.release("r1");
            open.addResult("after", result("after"));
            open.compact();
            assertEquals(1, warnings.size(), "changed at " + at);
            warnings.clear();
            open.addResult("after", result("after"));
            assertTrue(open.exists("after"), "changed at " + at);
            open.close();
        }
    }

    @Test
    void open_ofANewerFormat_isRefused() throws IOException {
        PersistentKeyStorage keys = open();
        addAll(keys);
        keys.compact();
        keys.close();
        Path journal = folder.resolve("journal-1");
        byte[] bytes = Files.readAllBytes(journal);
        bytes["cachetool keys journal ".length() + 3] = 2;
        Files.write(journal, bytes);

        NotAStoreException e = assertThrows(NotAStoreException.class, this::open);
        assertTrue(e.getMessage().contains("format 2"), e.getMessage());
        assertEquals(List.of("base-1", "journal-1"), files());
    }

    @Test
    void storage_whenItsThreadIsInterrupted_staysUsable() throws IOException {
        PersistentKeyStorage one = open();
        PersistentKeyStorage other = open();
        addAll(one);
        one.compact();
        Thread.currentThread().interrupt();
        try {
            assertTrue(other.exists("middle"));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
        other.addResult("more", result("more"));
        assertTrue(one.exists("more"));
    }
}
