package dev.cachetool.registry;

import java.time.Duration;
import java.util.Set;

/**
 * Which failures are tried again, and after how long.
 *
 * @param tries how many tries an operation has in all, at least 1; what makes progress begins to count anew
 * @param first the wait after the first try; it doubles with each further one
 * @param longest the longest wait that is chosen here
 * @param longestRetryAfter the longest wait that a registry may ask for; a longer one ends the operation
 */
public record RetryPolicy(int tries, Duration first, Duration longest, Duration longestRetryAfter) {
    /** Five tries within a few seconds; a registry may ask for a minute. */
    public static final RetryPolicy USUAL =
            new RetryPolicy(5, Duration.ofMillis(250), Duration.ofSeconds(8), Duration.ofSeconds(60));

    private static final Set<Integer> STATUSES = Set.of(408, 429, 500, 502, 503, 504);

    public RetryPolicy {
        if (tries < 1 || first.isNegative() || longest.isNegative() || longestRetryAfter.isNegative()) {
            throw new IllegalArgumentException("tries and waits are not negative, and there is at least one try");
        }
    }

    /** This one, with another longest wait that a registry may ask for. */
    public RetryPolicy withLongestRetryAfter(Duration other) {
        return new RetryPolicy(tries, first, longest, other);
    }

    /** Whether an answer with this status may be another one the next time. */
    static boolean isTransient(int status) {
        return STATUSES.contains(status);
    }

    /**
     * How long to wait after so many failed tries: doubled each time, and from half of that to the whole by chance.
     *
     * @param failed how many tries failed, from 1
     * @param jitter from 0 to 1
     */
    Duration delay(int failed, double jitter) {
        long doubled = first.toNanos() << Math.min(failed - 1, 20);
        long most = Math.min(doubled, longest.toNanos());
        return Duration.ofNanos((long) (most * (0.5 + jitter / 2)));
    }
}
