package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failures are tried again, how often, and after how long. */
final class RetryTest {
    private final FakePause pause = new FakePause();
    private final RetryBudget budget = new RetryBudget();

    private Tries tries(RetryPolicy policy) {
        return new Tries(policy, budget, pause, new StallWatch(Duration.ofSeconds(60), Optional.empty()));
    }

    @Test
    void wait_whenTriesFail_doublesUpToTheLongest() {
        RetryPolicy policy =
                new RetryPolicy(100, Duration.ofMillis(250), Duration.ofSeconds(8), Duration.ofSeconds(60));
        assertEquals(Duration.ofMillis(250), policy.delay(1, 1));
        assertEquals(Duration.ofMillis(125), policy.delay(1, 0));
        assertEquals(Duration.ofMillis(500), policy.delay(2, 1));
        assertEquals(Duration.ofSeconds(4), policy.delay(5, 1));
        assertEquals(Duration.ofSeconds(8), policy.delay(6, 1));
        assertEquals(Duration.ofSeconds(8), policy.delay(1000, 1));
        assertEquals(Duration.ofSeconds(4), policy.delay(1000, 0));
    }

    @Test
    void policy_withNonsense_isRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(0, second, second, second));
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(1, second.negated(), second, second));
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(1, second, second.negated(), second));
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(1, second, second, second.negated()));
        assertEquals(
                Duration.ofHours(1),
                RetryPolicy.USUAL.withLongestRetryAfter(Duration.ofHours(1)).longestRetryAfter());
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void status_whenItMayPass_isTransient(int status) {
        assertTrue(RetryPolicy.isTransient(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 401, 403, 404, 405, 413, 416, 501, 505})
    void status_whenItStays_isNot(int status) {
        assertFalse(RetryPolicy.isTransient(status));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "120, 120",
        " 7 , 7",
        "999999999, 999999999",
        "99999999999999999999, 2147483647",
        "'Fri, 31 Dec 1999 23:59:59 GMT', 3599",
        "'Fri, 31 Dec 1999 22:59:59 GMT', 0",
    })
    void retryAfter_whenItIsANumberOrADate_isAWait(String value, long seconds) {
        assertEquals(
                Optional.of(Duration.ofSeconds(seconds)),
                RetryAfter.parse(value, Instant.parse("1999-12-31T23:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "-1", "1.5", "soon", "1999-12-31T23:59:59Z", "Fri, 32 Dec 1999 23:59:59 GMT", "١٢"})
    void retryAfter_whenItIsNeither_isNone(String value) {
        assertEquals(Optional.empty(), RetryAfter.parse(value, Instant.EPOCH));
    }

    @Test
    void tries_whenAllFail_endAfterTheNumberOfThePolicyAndSayHowLongTheyTook() throws InterruptedException {
        Tries tries = tries(RetryPolicy.USUAL);
        assertEquals("", tries.text());
        for (int i = 1; i < 5; i++) {
            assertTrue(tries.again(Optional.empty()));
        }
        assertFalse(tries.again(Optional.empty()));
        assertEquals(
                List.of(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2)),
                pause.waits());
        assertEquals(", 5 tries in 4 s", tries.text());
    }

    @Test
    void tries_whenOneGetsFurther_areCountedAnew() throws InterruptedException {
        Tries tries = tries(RetryPolicy.USUAL);
        for (int i = 0; i < 50; i++) {
            assertTrue(tries.again(Optional.empty()));
            tries.progressed();
        }
        assertEquals(50, pause.waits().size());
    }

    @Test
    void tries_whenAWaitIsAskedFor_waitSoLongUpToTheLongest() throws InterruptedException {
        Tries tries = tries(RetryPolicy.USUAL);
        assertTrue(tries.again(Optional.of(Duration.ofSeconds(60))));
        assertEquals(List.of(Duration.ofSeconds(60)), pause.waits());
        assertFalse(tries.again(Optional.of(Duration.ofSeconds(61))));
        assertEquals(", 2 tries in 60 s; it asks to wait 61 s, more than the 60 s of --max-retry-after", tries.text());
    }

    @Test
    void tries_whenTheTimeForEverythingIsTooShort_end() throws InterruptedException {
        try (StallWatch watch = new StallWatch(Duration.ofSeconds(60), Optional.of(Duration.ofMinutes(10)))) {
            RetryPolicy policy = new RetryPolicy(5, Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
            Tries tries = new Tries(policy, budget, pause, watch);
            assertFalse(tries.again(Optional.empty()));
            assertEquals("; --timeout leaves no time for another try", tries.text());
            assertEquals(List.of(), pause.waits());
        }
    }

    @Test
    void budget_whenNothingSucceeds_isUsedUpByAllTogether() throws InterruptedException {
        int waits = 0;
        for (int operation = 0; operation < 10; operation++) {
            Tries tries = tries(RetryPolicy.USUAL);
            while (tries.again(Optional.empty())) {
                waits++;
            }
        }
        assertEquals(4 * 4, waits);
        budget.succeeded();
        assertTrue(tries(RetryPolicy.USUAL).again(Optional.empty()));
    }
}
