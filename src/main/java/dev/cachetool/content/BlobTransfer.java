package dev.cachetool.content;

import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Brings blobs into a place, several at once. When one fails, no further one is begun. */
public final class BlobTransfer {
    private final int threads;

    /**
     * @param threads how many at once, at least 1
     */
    public BlobTransfer(int threads) {
        this.threads = threads;
    }

    /** Is told of each blob that is there, from any thread. */
    @FunctionalInterface
    public interface Listener {
        void done(Descriptor blob, Ingester.Ingested ingested);
    }

    /**
     * Brings the blobs there; when it returns or throws, nothing is under way any more.
     *
     * @throws IncompleteTransferException if one could not be brought there, after others were
     * @throws IOException if one could not be brought there
     * @throws InterruptedException if the thread was interrupted; what is under way is interrupted
     */
    public void run(List<? extends Blob> blobs, Ingester to, Listener listener)
            throws IOException, InterruptedException {
        AtomicInteger there = new AtomicInteger();
        if (blobs.size() == 1 || threads == 1) {
            for (Blob blob : blobs) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                try {
                    listener.done(blob.descriptor(), to.ingest(blob));
                } catch (IOException e) {
                    throw IncompleteTransferException.of(there.get(), blobs.size(), e);
                }
                there.incrementAndGet();
            }
            return;
        }
        AtomicBoolean stopped = new AtomicBoolean();
        ExecutorService workers = Executors.newFixedThreadPool(Math.min(threads, Math.max(1, blobs.size())), task -> {
            Thread thread = new Thread(task, "transfer");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> all = new ArrayList<>(blobs.size());
            for (Blob blob : blobs) {
                all.add(workers.submit(() -> {
                    if (stopped.get()) {
                        throw new CancellationException();
                    }
                    boolean done = false;
                    try {
                        listener.done(blob.descriptor(), to.ingest(blob));
                        there.incrementAndGet();
                        done = true;
                    } finally {
                        if (!done) {
                            stopped.set(true);
                        }
                    }
                    return null;
                }));
            }
            await(all, there, blobs.size());
        } finally {
            workers.shutdownNow();
            awaitEnd(workers);
        }
    }

    private static void awaitEnd(ExecutorService workers) {
        boolean interrupted = false;
        while (true) {
            try {
                if (workers.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(List<Future<?>> all, AtomicInteger there, int size)
            throws IOException, InterruptedException {
        Throwable first = null;
        for (Future<?> future : all) {
            try {
                future.get();
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                if (cause instanceof CancellationException) {
                    continue;
                }
                if (first == null) {
                    first = cause;
                } else {
                    first.addSuppressed(cause);
                }
            }
        }
        if (first instanceof IOException e) {
            throw IncompleteTransferException.of(there.get(), size, e);
        }
        if (first instanceof RuntimeException e) {
            throw e;
        }
        if (first instanceof Error e) {
            throw e;
        }
    }
}
