package dev.cachetool.cli.command;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has to be closed when the program is interrupted, so that no temporary file is left and nothing is half-published.
 * For several threads.
 */
public final class CleanUps {
    private final Deque<Closeable> open = new ArrayDeque<>();

    /**
     * Remembers what is to be closed, the last one first.
     *
     * @return to be told when the caller has closed it
     */
    public synchronized Registration register(Closeable resource) {
        open.push(resource);
        return () -> forget(resource);
    }

    /** What was remembered, until it is closed. */
    @FunctionalInterface
    public interface Registration {
        /** Does not close it any more when the program is interrupted. */
        void forget();
    }

    /** Closes all that is remembered; a failure keeps none of the others open. */
    public void closeAll() {
        while (true) {
            Closeable next;
            synchronized (this) {
                next = open.poll();
            }
            if (next == null) {
                return;
            }
            try {
                next.close();
            } catch (IOException | RuntimeException e) {
                // The process ends: there is nobody left who could act on it.
            }
        }
    }

    private synchronized void forget(Closeable resource) {
        open.removeFirstOccurrence(resource);
    }
}
