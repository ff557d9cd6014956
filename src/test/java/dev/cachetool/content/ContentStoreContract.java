package dev.cachetool.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every place of blobs does, wherever they lie: {@link Provider} and {@link Ingester} together. */
public abstract class ContentStoreContract {
    /** The place to be written to, opened anew; what was written there before is still there. The test closes it. */
    protected abstract Target open() throws IOException;

    /** The bytes of a blob, other ones for every number. */
    protected static byte[] bytes(int number, int size) {
        byte[] bytes = new byte[size];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    protected static Blob layer(byte[] bytes) {
        return Blob.of(MediaTypes.OCI_LAYER, bytes);
    }

    /** A blob whose bytes are not those of its descriptor, found out by whoever reads it, as {@link Blob#open} says. */
    protected static Blob damaged(byte[] wanted, byte[] actual) {
        Descriptor descriptor = Descriptor.of(MediaTypes.OCI_LAYER, wanted);
        return blob(
                descriptor,
                () -> new VerifyingInputStream(
                        new ByteArrayInputStream(actual), descriptor.digest(), descriptor.size()));
    }

    /** A blob that cannot be read beyond its middle. */
    protected static Blob failing(byte[] bytes) {
        return blob(
                Descriptor.of(MediaTypes.OCI_LAYER, bytes),
                () -> new FilterInputStream(new ByteArrayInputStream(bytes)) {
                    private int left = bytes.length / 2;

                    @Override
                    public int read() throws IOException {
                        return read(new byte[1], 0, 1);
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        if (left == 0) {
                            throw new IOException("the source went away");
                        }
                        int n = in.read(buffer, offset, Math.min(length, left));
                        left -= n;
                        return n;
                    }
                });
    }

    private static Blob blob(Descriptor descriptor, Callable<InputStream> opener) {
        return new Blob() {
            @Override
            public Descriptor descriptor() {
                return descriptor;
            }

            @Override
            public InputStream open() throws IOException {
                try {
                    return opener.call();
                } catch (IOException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    protected static byte[] read(Provider provider, Descriptor blob) throws IOException {
        try (InputStream in = provider.open(blob)) {
            return in.readAllBytes();
        }
    }

    @Test
    void ingest_ofAnySize_givesTheBytesBack() throws IOException {
        try (Target store = open()) {
            for (int size : new int[] {0, 1, 511, 512, 131_072, 131_073, 3_000_000}) {
                byte[] bytes = bytes(size, size);
                Blob blob = layer(bytes);
                assertFalse(store.contains(blob.descriptor()));
                assertEquals(Ingested.WRITTEN, store.ingest(blob));
                assertTrue(store.contains(blob.descriptor()));
                assertArrayEquals(bytes, read(store, blob.descriptor()));
                assertArrayEquals(bytes, store.readAll(blob.descriptor(), size));
                assertArrayEquals(
                        bytes, read(store, store.blob(blob.descriptor()).descriptor()));
            }
        }
    }

    @Test
    void ingest_ofWhatIsThere_writesNothing() throws IOException {
        try (Target store = open()) {
            Blob blob = layer(bytes(1, 1000));
            assertEquals(Ingested.WRITTEN, store.ingest(blob));
            assertEquals(Ingested.EXISTS, store.ingest(blob));
            assertArrayEquals(bytes(1, 1000), read(store, blob.descriptor()));
        }
    }

    @Test
    void ingest_ofADigestThatIsNoSha256_givesTheBytesBack() throws IOException {
        byte[] bytes = bytes(2, 100);
        String hex =
                HexFormat.of().formatHex(Algorithm.SHA512.newMessageDigest().digest(bytes));
        Descriptor descriptor = Descriptor.of(MediaTypes.OCI_LAYER, Digest.parse("sha512:" + hex), bytes.length);
        try (Target store = open()) {
            store.ingest(blob(descriptor, () -> new ByteArrayInputStream(bytes)));
            assertTrue(store.contains(descriptor));
            assertArrayEquals(bytes, read(store, descriptor));
        }
    }

    @Test
    void open_ofWhatIsNotThere_namesDigestAndPlace() throws IOException {
        try (Target store = open()) {
            store.ingest(layer(bytes(3, 10)));
            Descriptor other = Descriptor.of(MediaTypes.OCI_LAYER, bytes(4, 10));
            assertFalse(store.contains(other));
            BlobNotFoundException e = assertThrows(BlobNotFoundException.class, () -> read(store, other));
            assertEquals("blob " + other.digest() + " is not in " + store.name(), e.getMessage());
        }
    }

    @Test
    void open_withAnotherSizeThanTheBlobHas_fails() throws IOException {
        byte[] bytes = bytes(5, 1000);
        try (Target store = open()) {
            Descriptor descriptor = layer(bytes).descriptor();
            store.ingest(layer(bytes));
            for (long size : new long[] {0, 999, 1001}) {
                Descriptor wrong = Descriptor.of(MediaTypes.OCI_LAYER, descriptor.digest(), size);
                assertThrows(DigestMismatchException.class, () -> read(store, wrong), size + " bytes");
            }
        }
    }

    @Test
    void readAll_ofMoreThanTheLimit_isRefusedUnread() throws IOException {
        try (Target store = open()) {
            Blob blob = layer(bytes(6, 1000));
            store.ingest(blob);
            assertThrows(BlobTooLargeException.class, () -> store.readAll(blob.descriptor(), 999));
        }
    }

    @Test
    void open_bySeveralReadersAtOnce_givesEachItsOwn() throws IOException {
        byte[] bytes = bytes(7, 300_000);
        try (Target store = open()) {
            Descriptor blob = layer(bytes).descriptor();
            store.ingest(layer(bytes));
            try (InputStream first = store.open(blob);
                    InputStream second = store.open(blob)) {
                assertArrayEquals(Arrays.copyOf(bytes, 100), first.readNBytes(100));
                assertArrayEquals(bytes, second.readAllBytes());
                assertArrayEquals(Arrays.copyOfRange(bytes, 100, bytes.length), first.readAllBytes());
            }
        }
    }

    @Test
    void ingest_bySeveralThreads_takesEveryBlobWhole() throws Exception {
        int threads = 4;
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try (Target store = open()) {
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int own = thread;
                done.add(workers.submit(() -> {
                    for (int i = 0; i < 20; i++) {
                        // Half of them are those of all.
                        byte[] bytes = bytes(i % 2 == 0 ? i : 1000 * own + i, 5000 + i);
                        store.ingest(layer(bytes));
                        assertArrayEquals(bytes, read(store, layer(bytes).descriptor()));
                    }
                    return null;
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void descriptor_ofABlobInTheStore_isTheOneThatWasAskedFor() throws IOException {
        try (Target store = open()) {
            Descriptor asked = layer("x".getBytes(StandardCharsets.UTF_8)).descriptor();
            assertEquals(asked, store.blob(asked).descriptor());
        }
    }
}
