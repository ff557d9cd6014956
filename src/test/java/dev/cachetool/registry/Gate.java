package dev.cachetool.registry;

import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;

/** Where a server stands still until the test lets it go on, or the registry is closed. */
public final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /** Lets whoever stands here, or comes later, go on. */
    public void open() {
        opened.countDown();
    }

    /** Waits until the server stands here. */
    public void awaitReached() throws InterruptedException {
        reached.await();
    }

    /** Waits, as the server, until the gate is open. */
    void pass() throws InterruptedIOException {
        reached.countDown();
        try {
            opened.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("closed while it stood at a gate");
        }
    }
}
