package dev.cachetool.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Waits for nothing: its clock jumps ahead instead. Remembers every wait. */
final class FakePause implements Pause {
    private final List<Duration> waits = new ArrayList<>();
    private long nanos;

    @Override
    public synchronized void await(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        waits.add(duration);
        nanos += duration.toNanos();
    }

    /** Lets time pass. */
    synchronized void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    @Override
    public double jitter() {
        return 1;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    /** The waits so far, in their order. */
    synchronized List<Duration> waits() {
        return List.copyOf(waits);
    }
}
