package dev.cachetool.registry;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/**
 * Cancels requests that have not moved a byte for some time, and all of them when the time for everything is over. Takes the
 * place of OkHttp's timeouts for each reading and writing, which cost a third of a fast transfer's processor time. For
 * several threads; {@link #close} ends its own.
 */
final class StallWatch implements Closeable {
    private static final long SHORTEST_LOOK_MILLIS = 10;
    private static final long LONGEST_LOOK_MILLIS = 1_000;

    private final long stallNanos;
    private final Optional<Duration> overall;
    private final long end;
    private final Set<Watched> all = ConcurrentHashMap.newKeySet();
    private @Nullable Thread thread;
    private boolean closed;

    /**
     * @param stall how long nothing may move
     * @param overall how long everything may take, from now on
     */
    StallWatch(Duration stall, Optional<Duration> overall) {
        this.stallNanos = stall.toNanos();
        this.overall = overall;
        this.end = System.nanoTime() + overall.map(Duration::toNanos).orElse(0L);
    }

    /** One request that is watched until it is closed. */
    final class Watched implements Closeable {
        private final Call call;
        private volatile long moved = System.nanoTime();
        private volatile boolean idle;
        private volatile @Nullable String why;

        private Watched(Call call) {
            this.call = call;
        }

        /** Some bytes were moved, or are to be moved from now on. */
        void progressed() {
            moved = System.nanoTime();
            idle = false;
        }

        /** Nothing is to be moved for now: who reads or makes the bytes takes their time. */
        void idle() {
            idle = true;
        }

        /** Why the request failed: the reason for which it was cancelled here, or else the failure itself. */
        IOException explained(IOException e) {
            String reason = why;
            return reason == null || Requests.isSaid(e) ? e : new IOException(reason, e);
        }

        private void look(long now) {
            if (isOver(now)) {
                cancel("not done within the " + text(overall.orElseThrow()) + " of --timeout");
            } else if (!idle && now - moved > stallNanos) {
                cancel("nothing moved for " + text(Duration.ofNanos(stallNanos)));
            }
        }

        private void cancel(String reason) {
            if (why == null) {
                why = reason;
                call.cancel();
            }
        }

        @Override
        public void close() {
            all.remove(this);
        }
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private boolean isOver(long now) {
        return overall.isPresent() && now - end > 0;
    }

    /** Whether the time for everything is over. */
    boolean isOver() {
        return isOver(System.nanoTime());
    }

    /** How long everything may still take; empty where there is no bound. */
    Optional<Duration> left() {
        return overall.map(bound -> Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }

    /** Watches the request from now on, until what is given back is closed. */
    Watched watch(Call call) {
        Watched watched = new Watched(call);
        all.add(watched);
        start(watched);
        return watched;
    }

    private synchronized void start(Watched watched) {
        if (closed) {
            watched.cancel("the program ends");
        } else if (thread == null) {
            Thread fresh = new Thread(this::run, "stall-watch");
            fresh.setDaemon(true);
            fresh.start();
            thread = fresh;
        }
    }

    private synchronized void run() {
        long look = Math.max(
                SHORTEST_LOOK_MILLIS,
                Math.min(LONGEST_LOOK_MILLIS, Duration.ofNanos(stallNanos / 4).toMillis()));
        while (!closed) {
            try {
                wait(left().map(time -> Math.max(1, Math.min(look, time.toMillis() + 1)))
                        .orElse(look));
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            for (Watched watched : all) {
                watched.look(now);
            }
        }
    }

    /** Cancels what is under way, and watches nothing any more. */
    @Override
    public synchronized void close() {
        closed = true;
        for (Watched watched : all) {
            watched.cancel("the program ends");
        }
        notifyAll();
    }
}
