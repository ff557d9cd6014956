package dev.cachetool.registry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits between tries, and says how long. */
interface Pause {
    /** Waits so long. */
    void await(Duration duration) throws InterruptedException;

    /** A number from 0 (inclusive) to 1 (exclusive) that spreads the tries of several clients. */
    double jitter();

    /** Nanoseconds on a clock that never goes back. */
    long nanos();

    /** The real one. */
    static Pause real() {
        return new Pause() {
            @Override
            public void await(Duration duration) throws InterruptedException {
                Thread.sleep(duration.toMillis());
            }

            @Override
            public double jitter() {
                return ThreadLocalRandom.current().nextDouble();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
