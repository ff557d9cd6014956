package dev.cachetool.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of blobs, and the spool that is made of them. */
final class PartialFileTest {
    private static final int SIZE = 300_000;

    private final byte[] bytes = new byte[SIZE];
    private Remote remote;
    private Path part;

    @TempDir
    private Path folder;

    @BeforeEach
    void make() {
        new Random(1).nextBytes(bytes);
        remote = new Remote(bytes);
        part = folder.resolve("parts/" + remote.descriptor().digest().toString().replace(':', '-') + ".part");
    }

    /** A blob that costs a transfer; it remembers from where it was opened, and can break. */
    private static final class Remote implements Blob {
        private final Descriptor descriptor;
        private byte[] served;
        private int breaksAt = Integer.MAX_VALUE;
        private final List<Long> opened = new ArrayList<>();

        Remote(byte[] bytes) {
            this.descriptor = Descriptor.of(MediaTypes.OCI_LAYER, bytes);
            this.served = bytes;
        }

        @Override
        public Descriptor descriptor() {
            return descriptor;
        }

        @Override
        public InputStream open() throws IOException {
            return new VerifyingInputStream(openAt(0), descriptor.digest(), descriptor.size());
        }

        @Override
        public InputStream openAt(long offset) {
            opened.add(offset);
            InputStream all = new ByteArrayInputStream(served, (int) offset, served.length - (int) offset);
            return new FilterInputStream(all) {
                private long at = offset;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] buffer, int from, int length) throws IOException {
                    if (at >= breaksAt) {
                        throw new IOException("the connection was cut");
                    }
                    int n = in.read(buffer, from, (int) Math.min(length, breaksAt - at));
                    at += Math.max(n, 0);
                    return n;
                }
            };
        }

        @Override
        public boolean isRemote() {
            return true;
        }
    }

    private PartialFile open() throws IOException {
        return PartialFile.open(folder.resolve("parts"), remote.descriptor()).orElseThrow();
    }

    private void fill() throws IOException {
        try (PartialFile file = open()) {
            file.fill(remote);
        }
    }

    @Test
    void fill_whenNothingIsThere_readsAll() throws IOException {
        fill();
        assertArrayEquals(bytes, Files.readAllBytes(part));
        assertEquals(List.of(0L), remote.opened);
    }

    @Test
    void fill_whenItWasCutOff_goesOnBehindThePart() throws IOException {
        remote.breaksAt = 200_000;
        IOException e = assertThrows(IOException.class, this::fill);
        assertEquals("the connection was cut", e.getMessage());
        assertEquals(200_000, Files.size(part));
        remote.breaksAt = Integer.MAX_VALUE;
        fill();
        assertArrayEquals(bytes, Files.readAllBytes(part));
        assertEquals(List.of(0L, 200_000L), remote.opened);
    }

    @Test
    void fill_whenAllIsThere_checksItAndReadsNothing() throws IOException {
        fill();
        fill();
        assertEquals(List.of(0L), remote.opened);
        assertArrayEquals(bytes, Files.readAllBytes(part));
    }

    @Test
    void fill_whenThePartIsDamaged_readsAllAnew() throws IOException {
        for (int had : new int[] {1, 100_000, SIZE}) {
            remote.opened.clear();
            byte[] damaged = Arrays.copyOf(bytes, had);
            damaged[had / 2] ^= 1;
            Files.createDirectories(folder.resolve("parts"));
            Files.write(part, damaged);
            fill();
            assertArrayEquals(bytes, Files.readAllBytes(part));
            assertEquals(had == SIZE ? List.of(0L) : List.of((long) had, 0L), remote.opened);
        }
    }

    @Test
    void fill_whenThePartIsLonger_takesItsBeginning() throws IOException {
        Files.createDirectories(folder.resolve("parts"));
        Files.write(part, Arrays.copyOf(bytes, SIZE + 100));
        fill();
        assertArrayEquals(bytes, Files.readAllBytes(part));
        assertEquals(List.of(), remote.opened);
    }

    @Test
    void fill_whenTheSourceIsWrong_keepsNothing() throws IOException {
        byte[] wrong = bytes.clone();
        wrong[SIZE - 1] ^= 1;
        remote.served = wrong;
        for (int had : new int[] {0, 100_000}) {
            Files.createDirectories(folder.resolve("parts"));
            Files.write(part, Arrays.copyOf(bytes, had));
            assertThrows(DigestMismatchException.class, this::fill);
            assertFalse(Files.exists(part));
        }
    }

    @Test
    void fill_ofAnEmptyBlob_isDone() throws IOException {
        Remote empty = new Remote(new byte[0]);
        try (PartialFile file = PartialFile.open(folder, empty.descriptor()).orElseThrow()) {
            file.fill(empty);
        }
    }

    @Test
    void open_whileAnotherHasIt_isEmpty() throws IOException {
        try (PartialFile first = open()) {
            assertEquals(Optional.empty(), PartialFile.open(folder.resolve("parts"), remote.descriptor()));
            first.fill(remote);
        }
        try (PartialFile second = open()) {
            second.fill(remote);
        }
        assertEquals(List.of(0L), remote.opened);
    }

    @Test
    void spool_whateverTheNumberOfReaders_transfersOnce() throws IOException {
        BlobSpool spool = new BlobSpool(folder.resolve("parts"));
        Blob blob = spool.of(remote);
        assertEquals(Optional.empty(), blob.file());
        for (int i = 0; i < 3; i++) {
            try (InputStream in = spool.of(remote).open()) {
                assertArrayEquals(bytes, in.readAllBytes());
            }
        }
        assertEquals(Optional.of(part), blob.file());
        try (InputStream in = blob.openAt(299_990)) {
            assertArrayEquals(Arrays.copyOfRange(bytes, 299_990, SIZE), in.readAllBytes());
        }
        assertEquals(List.of(0L), remote.opened);
        spool.clear();
        assertFalse(Files.exists(folder.resolve("parts")));
        assertEquals(Optional.empty(), blob.file());
    }

    @Test
    void spool_whenTheRunBeforeWasKilled_goesOnBehindItsPart() throws IOException {
        remote.breaksAt = 123_456;
        assertThrows(
                IOException.class,
                () -> new BlobSpool(folder.resolve("parts")).of(remote).open());
        remote.breaksAt = Integer.MAX_VALUE;
        try (InputStream in = new BlobSpool(folder.resolve("parts")).of(remote).open()) {
            assertArrayEquals(bytes, in.readAllBytes());
        }
        assertEquals(List.of(0L, 123_456L), remote.opened);
    }

    @Test
    void spool_whileAnotherProcessFetchesTheBlob_readsItFromItsPlace() throws IOException {
        try (PartialFile other = open()) {
            Blob blob = new BlobSpool(folder.resolve("parts")).of(remote);
            try (InputStream in = blob.open()) {
                assertArrayEquals(bytes, in.readAllBytes());
            }
            assertEquals(Optional.empty(), blob.file());
            other.fill(remote);
        }
    }

    @Test
    void spool_whenAnotherProcessRemovedTheFile_readsItFromItsPlace() throws IOException {
        Blob blob = new BlobSpool(folder.resolve("parts")).of(remote);
        blob.open().close();
        Files.delete(part);
        assertEquals(Optional.empty(), blob.file());
        try (InputStream in = blob.open()) {
            assertArrayEquals(bytes, in.readAllBytes());
        }
    }

    @Test
    void spool_ofWhatCostsNoTransfer_isTheBlobItself() {
        Blob near = Blob.of(MediaTypes.OCI_LAYER, bytes);
        assertTrue(new BlobSpool(folder).of(near) == near);
    }
}
