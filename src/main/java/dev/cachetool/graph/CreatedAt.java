package dev.cachetool.graph;

import dev.cachetool.digest.FieldWriter;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times of results, of which a graph may have a million: {@code 2026-01-02T03:04:05Z} and what else RFC 3339 has,
 * with capital letters. Digits of a second after the ninth are cut.
 */
final class CreatedAt {
    private static final String SHAPE = "dddd-dd-ddTdd:dd:dd";

    private CreatedAt() {}

    /** The time that the text is; null where it is none. */
    static @Nullable OffsetDateTime parse(String text) {
        if (!hasShape(text, 0, SHAPE)) {
            return null;
        }
        int at = SHAPE.length();
        int nanos = 0;
        if (at < text.length() && text.charAt(at) == '.') {
            int first = ++at;
            for (int unit = 100_000_000; at < text.length() && isDigit(text.charAt(at)); unit /= 10) {
                nanos += (text.charAt(at++) - '0') * unit;
            }
            if (at == first) {
                return null;
            }
        }
        boolean utc = text.length() == at + 1 && text.charAt(at) == 'Z';
        boolean east = hasShape(text, at, "+dd:dd");
        if (!utc && ((!east && !hasShape(text, at, "-dd:dd")) || text.length() != at + 6)) {
            return null;
        }
        try {
            int sign = east ? 1 : -1;
            ZoneOffset offset = utc
                    ? ZoneOffset.UTC
                    : ZoneOffset.ofHoursMinutes(sign * number(text, at + 1, 2), sign * number(text, at + 4, 2));
            return OffsetDateTime.of(
                    number(text, 0, 4),
                    number(text, 5, 2),
                    number(text, 8, 2),
                    number(text, 11, 2),
                    number(text, 14, 2),
                    number(text, 17, 2),
                    nanos,
                    offset);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether the text goes on with these characters, {@code d} standing for a digit. */
    private static boolean hasShape(String text, int at, String shape) {
        if (text.length() < at + shape.length()) {
            return false;
        }
        for (int i = 0; i < shape.length(); i++) {
            char c = text.charAt(at + i);
            if (shape.charAt(i) == 'd' ? !isDigit(c) : c != shape.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int number(String text, int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    static void write(OffsetDateTime time, FieldWriter to) {
        to.number(time.getYear()).octet(time.getMonthValue()).octet(time.getDayOfMonth());
        to.octet(time.getHour()).octet(time.getMinute()).octet(time.getSecond()).number(time.getNano());
        to.number(time.getOffset().getTotalSeconds() - ZoneOffset.MIN.getTotalSeconds());
    }

    static OffsetDateTime read(FieldReader from) {
        return OffsetDateTime.of(
                from.count(),
                from.octet(),
                from.octet(),
                from.octet(),
                from.octet(),
                from.octet(),
                from.count(),
                ZoneOffset.ofTotalSeconds(from.count() + ZoneOffset.MIN.getTotalSeconds()));
    }
}
