package dev.cachetool.registry;

import java.time.Duration;
import java.util.Optional;

/** The tries of one operation: how many failed, how long that took, and whether another one follows. */
final class Tries {
    private final RetryPolicy policy;
    private final RetryBudget budget;
    private final Pause pause;
    private final StallWatch watch;
    private final long begin;
    private int failed;
    private int all;
    private String ended = "";

    Tries(RetryPolicy policy, RetryBudget budget, Pause pause, StallWatch watch) {
        this.policy = policy;
        this.budget = budget;
        this.pause = pause;
        this.watch = watch;
        this.begin = pause.nanos();
    }

    /**
     * A try failed in a way that may pass. Waits, where another one follows.
     *
     * @param retryAfter how long the registry asks to wait
     * @return whether another one follows
     */
    boolean again(Optional<Duration> retryAfter) throws InterruptedException {
        failed++;
        all++;
        if (retryAfter.isPresent() && retryAfter.get().compareTo(policy.longestRetryAfter()) > 0) {
            ended = "; it asks to wait " + retryAfter.get().toSeconds() + " s, more than the "
                    + policy.longestRetryAfter().toSeconds() + " s of --max-retry-after";
            return false;
        }
        Duration wait = retryAfter.orElseGet(() -> policy.delay(failed, pause.jitter()));
        if (!budget.mayRetry() || failed >= policy.tries()) {
            return false;
        }
        if (watch.left().isPresent() && watch.left().get().compareTo(wait) <= 0) {
            ended = "; --timeout leaves no time for another try";
            return false;
        }
        pause.await(wait);
        return true;
    }

    /** The operation got further than ever before: the tries are counted anew. */
    void progressed() {
        failed = 0;
        budget.succeeded();
    }

    /** How many tries there were and how long they took, for a message; empty after a single one. */
    String text() {
        long seconds = Math.round((pause.nanos() - begin) / 1e9);
        return (all > 1 ? ", " + all + " tries in " + seconds + " s" : "") + ended;
    }
}
