package dev.cachetool.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FiguresTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0 B",
                "999 | 999 B",
                "1000 | 1.0 KB",
                "4096 | 4.1 KB",
                "99949 | 99.9 KB",
                "100000 | 0.1 MB",
                "12400000 | 12.4 MB",
                "12449999 | 12.4 MB",
                "12450000 | 12.5 MB",
                "1234567890 | 1,234.6 MB",
            })
    void size_whenShown_isInMegabytesWithOneDigit(long bytes, String text) {
        assertEquals(text, Figures.size(bytes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0.0 s",
                "49 | 0.0 s",
                "50 | 0.1 s",
                "4249 | 4.2 s",
                "19999 | 20.0 s",
                "20000 | 20 s",
                "41499 | 41 s",
                "3600000 | 3,600 s"
            })
    void seconds_whenShown_haveADigitWhileShort(long milliseconds, String text) {
        assertEquals(text, Figures.seconds(milliseconds));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-90000 | dated ahead",
                "-3600 | just made",
                "59 | just made",
                "60 | 1 minute old",
                "7199 | 1 hour old",
                "7200 | 2 hours old",
                "172800 | 2 days old",
                "1209600 | 2 weeks old",
                "5184000 | 1 month old",
                "31536000 | 12 months old",
                "63072000 | 2 years old",
            })
    void age_whenShown_isInWords(long seconds, String text) {
        Instant now = Instant.parse("2026-11-22T12:00:00Z");
        assertEquals(text, Figures.age(now.minusSeconds(seconds), now));
    }

    @Test
    void age_whenTheTimeIsNotKnown_saysSo() {
        assertEquals("of unknown age", Figures.age(Instant.parse("0001-01-01T00:00:00Z"), Instant.EPOCH));
    }

    @Test
    void count_whenLarge_isGrouped() {
        assertEquals("1,234,567", Figures.count(1_234_567));
        assertEquals("-1,000", Figures.count(-1_000));
        assertEquals("1 file", Figures.count(1, "file"));
        assertEquals("0 files", Figures.count(0, "file"));
    }
}
