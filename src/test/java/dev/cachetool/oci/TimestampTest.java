package dev.cachetool.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cachetool.golden.GoVectors;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TimestampTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20260106);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;

    @BeforeAll
    static void printSeed() {
        System.out.println("TimestampTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
    }

    static Stream<JsonNode> times() {
        return GoVectors.list("times").stream();
    }

    @ParameterizedTest
    @MethodSource("times")
    void tryParse_ofWhatGoWasGiven_readsAndWritesWhatGoDoes(JsonNode vector) {
        Optional<Timestamp> read = Timestamp.tryParse(vector.required("text").textValue());

        assertEquals(!vector.required("fails").booleanValue(), read.isPresent());
        if (read.isPresent()) {
            Instant instant = Instant.ofEpochSecond(
                    vector.required("unix").longValue(),
                    vector.required("nanos").longValue());
            assertEquals(instant, read.get().instant());
            String go = vector.path("json").asText("").replace("\"", "");
            boolean javaHasNoSuchOffset = go.isEmpty() || go.endsWith("+23:59");
            assertEquals(
                    javaHasNoSuchOffset ? Timestamp.of(instant).toString() : go,
                    read.get().toString());
        }
    }

    @Test
    void parse_ofWhatIsNoTime_saysHowItIsWritten() {
        assertEquals(
                "\"yesterday\" is no RFC 3339 time; it is written 2026-01-02T03:04:05Z",
                assertThrows(IllegalArgumentException.class, () -> Timestamp.parse("yesterday"))
                        .getMessage());
    }

    @Test
    void tryParse_outsideOfFourDigitsOfAYear_isEmpty() {
        assertEquals(Optional.empty(), Timestamp.tryParse("0000-01-01T00:00:00+19:00"));
        assertEquals(Optional.empty(), Timestamp.tryParse("9999-12-31T23:59:59-19:00"));
    }

    @Test
    void timestamp_thatCannotBeWritten_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> Timestamp.of(Instant.MAX));
        assertThrows(IllegalArgumentException.class, () -> Timestamp.of(Instant.parse("-0001-01-01T00:00:00Z")));
        OffsetDateTime seconds = OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 0, ZoneOffset.ofTotalSeconds(61));
        assertThrows(IllegalArgumentException.class, () -> new Timestamp(seconds));
    }

    @Test
    void zero_isGosZeroTime() {
        assertEquals("0001-01-01T00:00:00Z", Timestamp.ZERO.toString());
        assertEquals(Timestamp.ZERO, Timestamp.parse("0001-01-01T00:00:00Z"));
    }

    @Test
    void timestamps_whenSorted_standByInstantThenByText() {
        List<String> sorted = List.of(
                "0001-01-01T00:00:00Z",
                "2026-01-02T03:04:05+01:30",
                "2026-01-02T03:04:05Z",
                "2026-01-02T04:04:05+01:00",
                "2026-01-02T03:04:05.000000001Z",
                "2026-01-02T03:04:05.1Z",
                "2026-01-02T03:04:06Z");
        List<Timestamp> times =
                new ArrayList<>(sorted.stream().map(Timestamp::parse).toList());
        Collections.shuffle(times, new Random(SEED));
        Collections.sort(times);

        assertEquals(sorted, times.stream().map(Timestamp::toString).toList());
    }

    @Test
    void timestamps_whenWrittenAndRead_areTheSame() {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            long seconds = -62_135_596_800L + (long) (random.nextDouble() * 315_000_000_000L);
            int nanos = random.nextInt(3) == 0 ? 0 : random.nextInt(1000) * (int) Math.pow(10, random.nextInt(7));
            ZoneOffset offset = ZoneOffset.ofTotalSeconds((random.nextInt(2161) - 1080) * 60);
            Timestamp time = new Timestamp(
                    Instant.ofEpochSecond(seconds, nanos).plusSeconds(86_400).atOffset(offset));

            Timestamp again = Timestamp.parse(time.toString());
            assertEquals(time, again);
            assertEquals(0, time.compareTo(again));
            Timestamp utc = Timestamp.of(time.instant());
            assertTrue(offset.getTotalSeconds() == 0 ? time.equals(utc) : time.compareTo(utc) != 0);
        }
    }
}
