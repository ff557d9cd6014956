package dev.cachetool.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class BlobTransferTest {
    private static List<Blob> blobs(int n) {
        List<Blob> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(Blob.of(MediaTypes.OCI_LAYER, new byte[] {(byte) i}));
        }
        return all;
    }

    @Test
    void run_ofMany_bringsEachThereOnceAndTells() throws Exception {
        for (int threads : new int[] {1, 4}) {
            List<Blob> blobs = blobs(50);
            InMemoryContentStore to = new InMemoryContentStore();
            List<Descriptor> told = Collections.synchronizedList(new ArrayList<>());
            new BlobTransfer(threads).run(blobs, to, (blob, how) -> {
                assertEquals(Ingested.WRITTEN, how);
                told.add(blob);
            });
            assertEquals(50, told.size());
            for (Blob blob : blobs) {
                assertTrue(to.contains(blob.descriptor()));
            }
        }
        new BlobTransfer(4).run(List.of(), new InMemoryContentStore(), (blob, how) -> {});
    }

    @Test
    void run_withSeveralThreads_bringsSoManyAtOnce() throws Exception {
        // Nobody passes it before three are there.
        CyclicBarrier three = new CyclicBarrier(3);
        new BlobTransfer(3)
                .run(
                        blobs(9),
                        blob -> {
                            try {
                                three.await(50, TimeUnit.SECONDS);
                            } catch (Exception e) {
                                throw new IOException(e);
                            }
                            return Ingested.WRITTEN;
                        },
                        (blob, how) -> {});
    }

    @Test
    void run_whenOneFails_beginsNoFurtherOneAndSaysHowManyAreThere() {
        for (int threads : new int[] {1, 2}) {
            IOException failure = new IOException("the disk is full");
            AtomicInteger begun = new AtomicInteger();
            CountDownLatch failed = new CountDownLatch(1);
            IncompleteTransferException e = assertThrows(
                    IncompleteTransferException.class,
                    () -> new BlobTransfer(threads)
                            .run(
                                    blobs(100),
                                    blob -> {
                                        if (begun.incrementAndGet() == 10) {
                                            failed.countDown();
                                            throw failure;
                                        }
                                        return Ingested.WRITTEN;
                                    },
                                    (blob, how) -> {}));
            assertSame(failure, e.failure());
            assertEquals("the disk is full", e.getMessage());
            assertEquals(100, e.all());
            assertTrue(e.there() >= 9 && e.there() < 100, e.there() + " are there");
            assertEquals(begun.get() - 1, e.there());
        }
    }

    @Test
    void run_whenTheFirstFails_throwsItsFailure() {
        IOException failure = new IOException("no");
        for (int threads : new int[] {1, 2}) {
            assertSame(
                    failure,
                    assertThrows(
                            IOException.class,
                            () -> new BlobTransfer(threads)
                                    .run(
                                            blobs(1),
                                            blob -> {
                                                throw failure;
                                            },
                                            (blob, how) -> {})));
        }
    }

    @Test
    void run_whenAListenerFails_throwsThat() {
        IllegalStateException failure = new IllegalStateException("a mistake");
        assertSame(
                failure,
                assertThrows(
                        IllegalStateException.class,
                        () -> new BlobTransfer(2).run(blobs(5), new InMemoryContentStore(), (blob, how) -> {
                            throw failure;
                        })));
    }

    @Test
    void run_whenInterrupted_endsWhenNothingIsUnderWayAnyMore() throws Exception {
        CountDownLatch underWay = new CountDownLatch(2);
        Set<Blob> open = ConcurrentHashMap.newKeySet();
        AtomicInteger begun = new AtomicInteger();
        Thread caller = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            try {
                underWay.await();
                caller.interrupt();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        interrupter.start();
        assertThrows(
                InterruptedException.class,
                () -> new BlobTransfer(2)
                        .run(
                                blobs(50),
                                blob -> {
                                    open.add(blob);
                                    begun.incrementAndGet();
                                    underWay.countDown();
                                    try {
                                        new CountDownLatch(1).await();
                                    } catch (InterruptedException e) {
                                        throw new InterruptedIOException("interrupted");
                                    } finally {
                                        open.remove(blob);
                                    }
                                    return Ingested.WRITTEN;
                                },
                                (blob, how) -> {}));
        interrupter.join();
        assertEquals(Set.of(), open);
        assertEquals(2, begun.get());
        assertFalse(Thread.interrupted());
    }

    @Test
    void run_whenInterruptedBefore_beginsNothing() {
        Thread.currentThread().interrupt();
        InMemoryContentStore to = new InMemoryContentStore();
        List<Blob> blobs = blobs(1);
        assertThrows(InterruptedException.class, () -> new BlobTransfer(1).run(blobs, to, (blob, how) -> {}));
        assertFalse(to.contains(blobs.get(0).descriptor()));
    }
}
