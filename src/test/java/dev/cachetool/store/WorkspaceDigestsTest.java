package dev.cachetool.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cachemap.FileDigests.FileStamp;
import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceDigestsTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final Digest ONE = Digest.sha256("one");
    private static final Digest TWO = Digest.sha256("two");

    @TempDir
    Path temp;

    private LockFile locks;

    @BeforeEach
    void openLocks() throws IOException {
        locks = LockFile.open(temp.resolve("lock"));
    }

    @AfterEach
    void closeLocks() throws IOException {
        locks.close();
    }

    private WorkspaceDigests open(Instant now) throws IOException {
        return open(now, "/work/space");
    }

    private WorkspaceDigests open(Instant now, String workspace) throws IOException {
        return WorkspaceDigests.open(temp.resolve("keys"), Path.of(workspace), locks, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static FileStamp changed(Instant at) {
        long nanos = at.getEpochSecond() * 1_000_000_000 + at.getNano();
        return new FileStamp(10, nanos, nanos, 7);
    }

    private static FileStamp old() {
        return changed(NOW.minus(Duration.ofHours(1)));
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve("keys"))) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all.toString());
            return all.get(0);
        }
    }

    private void remember(Instant now, String path, FileStamp stamp, Digest digest) throws IOException {
        try (WorkspaceDigests digests = open(now)) {
            digests.put(path, stamp, digest);
        }
    }

    private Optional<Digest> find(Instant now, String path, FileStamp stamp) throws IOException {
        try (WorkspaceDigests digests = open(now)) {
            return digests.find(path, stamp);
        }
    }

    @Test
    void find_afterReopening_givesWhatWasPut() throws IOException {
        try (WorkspaceDigests digests = open(NOW)) {
            digests.put("a", old(), ONE);
            digests.put("folder/\udcff", old(), TWO);
            assertEquals(Optional.of(ONE), digests.find("a", old()));
        }

        assertEquals(Optional.of(ONE), find(NOW, "a", old()));
        assertEquals(Optional.of(TWO), find(NOW, "folder/\udcff", old()));
        assertEquals(Optional.empty(), find(NOW, "b", old()));
    }

    @Test
    void find_ofAFileThatLooksDifferentInAnyWay_givesNothing() throws IOException {
        FileStamp stamp = old();
        remember(NOW, "a", stamp, ONE);

        for (FileStamp other : List.of(
                new FileStamp(11, stamp.modified(), stamp.changed(), stamp.inode()),
                new FileStamp(10, stamp.modified() + 1, stamp.changed(), stamp.inode()),
                new FileStamp(10, stamp.modified(), stamp.changed() + 1, stamp.inode()),
                new FileStamp(10, stamp.modified(), stamp.changed(), 8))) {
            assertEquals(Optional.empty(), find(NOW, "a", other), other.toString());
        }
    }

    @Test
    void put_ofAFileThatChangedWithinTheGrainOfTheClock_isNotRemembered() throws IOException {
        FileStamp fresh = changed(NOW.minusMillis(99));
        FileStamp settled = changed(NOW.minusMillis(101));
        FileStamp later = changed(NOW.plusSeconds(5).plusNanos(1));
        try (WorkspaceDigests digests = open(NOW)) {
            digests.put("fresh", fresh, ONE);
            digests.put("settled", settled, ONE);
            digests.put("later", later, ONE);
            assertEquals(Optional.empty(), digests.find("fresh", fresh));
        }

        assertEquals(Optional.empty(), find(NOW, "fresh", fresh));
        assertEquals(Optional.of(ONE), find(NOW, "settled", settled));
        assertEquals(Optional.empty(), find(NOW, "later", later));
    }

    @Test
    void put_onAFileSystemOfWholeSeconds_waitsForTwo() throws IOException {
        FileStamp fresh = changed(NOW.minusSeconds(2));
        FileStamp settled = changed(NOW.minusSeconds(3));
        remember(NOW, "fresh", fresh, ONE);
        remember(NOW, "settled", settled, ONE);

        assertEquals(Optional.empty(), find(NOW, "fresh", fresh));
        assertEquals(Optional.of(ONE), find(NOW, "settled", settled));
    }

    @Test
    void put_ofAnotherDigestForAPath_replacesIt() throws IOException {
        FileStamp later = changed(NOW.minus(Duration.ofMinutes(1)));
        remember(NOW, "a", old(), ONE);
        remember(NOW, "a", later, TWO);

        assertEquals(Optional.of(TWO), find(NOW, "a", later));
        assertEquals(Optional.empty(), find(NOW, "a", old()));
    }

    @Test
    void close_ofTwoAtOnce_keepsWhatEachAdded() throws IOException {
        remember(NOW, "before", old(), ONE);
        WorkspaceDigests one = open(NOW);
        WorkspaceDigests other = open(NOW);
        one.put("one", old(), ONE);
        other.put("two", old(), TWO);
        assertEquals(Optional.of(ONE), other.find("before", old()));
        one.close();
        other.close();

        assertEquals(Optional.of(ONE), find(NOW, "one", old()));
        assertEquals(Optional.of(TWO), find(NOW, "two", old()));
        assertEquals(Optional.of(ONE), find(NOW, "before", old()));
    }

    @Test
    void close_withNothingNew_writesNothing() throws IOException {
        remember(NOW, "a", old(), ONE);
        FileTime before = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file(), before);
        assertEquals(Optional.of(ONE), find(NOW, "a", old()));

        assertEquals(before, Files.getLastModifiedTime(file()));
    }

    @Test
    void entries_thatAreOfNoUseForLong_areForgotten() throws IOException {
        remember(NOW, "used", old(), ONE);
        remember(NOW, "gone", old(), ONE);
        long both = Files.size(file());
        for (int day = 8; day <= 32; day += 8) {
            assertEquals(Optional.of(ONE), find(NOW.plus(Duration.ofDays(day)), "used", old()), "day " + day);
        }

        assertTrue(Files.size(file()) < both);
        assertEquals(Optional.empty(), find(NOW, "gone", old()));
        assertEquals(Optional.of(ONE), find(NOW, "used", old()));
    }

    @Test
    void files_ofWorkspacesThatAreOfNoUseForLong_areRemoved() throws IOException {
        try (WorkspaceDigests digests = open(NOW, "/another")) {
            digests.put("a", old(), ONE);
        }
        Path another = file();
        Files.setLastModifiedTime(another, FileTime.from(NOW.minus(Duration.ofDays(40))));
        remember(NOW, "a", old(), ONE);

        assertFalse(Files.exists(another));
    }

    @Test
    void workspaces_areRememberedApart() throws IOException {
        remember(NOW, "a", old(), ONE);

        try (WorkspaceDigests digests = open(NOW, "/work/other")) {
            assertEquals(Optional.empty(), digests.find("a", old()));
        }
    }

    @Test
    void file_cutOffAnywhere_isReplaced() throws IOException {
        remember(NOW, "a", old(), ONE);
        byte[] bytes = Files.readAllBytes(file());
        for (int size = 0; size < bytes.length; size++) {
            Files.write(file(), Arrays.copyOf(bytes, size));
            assertEquals(Optional.empty(), find(NOW, "a", old()), "cut off at " + size);
            remember(NOW, "b", old(), TWO);
            assertEquals(Optional.of(TWO), find(NOW, "b", old()), "cut off at " + size);
        }
    }

    @Test
    void file_withAnyByteChanged_neverGivesAnotherDigest() throws IOException {
        try (WorkspaceDigests digests = open(NOW)) {
            digests.put("a", old(), ONE);
            digests.put("b", old(), TWO);
        }
        byte[] bytes = Files.readAllBytes(file());
        for (int at = 0; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= (byte) 0x81;
            Files.write(file(), damaged);
            assertTrue(List.of(Optional.empty(), Optional.of(ONE)).contains(find(NOW, "a", old())), "changed at " + at);
            remember(NOW, "c", old(), TWO);
            assertEquals(Optional.of(TWO), find(NOW, "c", old()), "changed at " + at);
        }
    }
}
