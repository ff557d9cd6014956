package dev.cachetool.oci;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An instant with the zone offset that it was written with, as RFC 3339 text in the form of Go's {@code time.Time} in
 * JSON: up to nine digits of a second, no trailing zeros, {@code Z} for no offset. Ordered by instant, then by text.
 */
public record Timestamp(OffsetDateTime time) implements Comparable<Timestamp> {
    /** Go's zero time, which stands for "not known". */
    public static final Timestamp ZERO = new Timestamp(OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC));

    private static final int SECONDS_A_MINUTE = 60;
    private static final int NO_NUMBER = Integer.MIN_VALUE;

    /**
     * The instant at its offset.
     *
     * @throws IllegalArgumentException if RFC 3339 cannot write it: the year is not one of 0 to 9999, or the offset has
     *     seconds
     */
    public Timestamp {
        if (time.getYear() < 0 || time.getYear() > 9999) {
            throw new IllegalArgumentException("the year " + time.getYear() + " has not four digits");
        }
        if (time.getOffset().getTotalSeconds() % SECONDS_A_MINUTE != 0) {
            throw new IllegalArgumentException("the offset " + time.getOffset() + " has seconds");
        }
    }

    /**
     * The instant, at no offset.
     *
     * @throws IllegalArgumentException if its year is not one of 0 to 9999
     */
    public static Timestamp of(Instant instant) {
        try {
            return new Timestamp(instant.atOffset(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("the year of " + instant + " has not four digits", e);
        }
    }

    /**
     * Parses what Go reads as a time in JSON: RFC 3339 text, where digits of a second after the ninth are cut, and an hour of
     * one digit, a comma before the fraction and an offset of 24 hours or 60 minutes are taken. An offset of more than 18 hours,
     * which Java does not have, becomes none, at the same instant.
     *
     * @return empty where the text is malformed or names no instant
     */
    public static Optional<Timestamp> tryParse(String text) {
        try {
            OffsetDateTime time = read(text);
            return time == null || time.getYear() < 0 || time.getYear() > 9999
                    ? Optional.empty()
                    : Optional.of(new Timestamp(time));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * Parses RFC 3339 text, as {@link #tryParse} does.
     *
     * @throws IllegalArgumentException if it is malformed or names no instant
     */
    public static Timestamp parse(String text) {
        return tryParse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + text + "\" is no RFC 3339 time; it is written 2026-01-02T03:04:05Z"));
    }

    private static @Nullable OffsetDateTime read(String written) {
        boolean hourOfOneDigit = written.length() > 12 && written.charAt(12) == ':';
        String text = hourOfOneDigit ? written.substring(0, 11) + "0" + written.substring(11) : written;
        int length = text.length();
        if (length < 20
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return null;
        }
        int nanos = 0;
        int at = 19;
        if (text.charAt(at) == '.' || text.charAt(at) == ',') {
            at++;
            int unit = 100_000_000;
            int first = at;
            while (at < length && isDigit(text.charAt(at))) {
                nanos += (text.charAt(at) - '0') * unit;
                unit /= 10;
                at++;
            }
            if (at == first) {
                return null;
            }
        }
        int offset = offset(text, at);
        int year = number(text, 0, 4);
        int month = number(text, 5, 2);
        int day = number(text, 8, 2);
        int hour = number(text, 11, 2);
        int minute = number(text, 14, 2);
        int second = number(text, 17, 2);
        if (offset == NO_NUMBER || year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) {
            return null;
        }
        if (Math.abs(offset) <= ZoneOffset.MAX.getTotalSeconds()) {
            return OffsetDateTime.of(year, month, day, hour, minute, second, nanos, ZoneOffset.ofTotalSeconds(offset));
        }
        return OffsetDateTime.of(year, month, day, hour, minute, second, nanos, ZoneOffset.UTC)
                .minusSeconds(offset);
    }

    /** The offset in seconds that is the rest of the text. */
    private static int offset(String text, int at) {
        if (text.length() == at + 1 && text.charAt(at) == 'Z') {
            return 0;
        }
        if (text.length() != at + 6
                || (text.charAt(at) != '+' && text.charAt(at) != '-')
                || text.charAt(at + 3) != ':') {
            return NO_NUMBER;
        }
        int hours = number(text, at + 1, 2);
        int minutes = number(text, at + 4, 2);
        if (hours < 0 || hours > 24 || minutes < 0 || minutes > 60) {
            return NO_NUMBER;
        }
        int seconds = (hours * 60 + minutes) * SECONDS_A_MINUTE;
        return text.charAt(at) == '-' ? -seconds : seconds;
    }

    private static int number(String text, int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            if (!isDigit(text.charAt(i))) {
                return NO_NUMBER;
            }
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The instant, without the offset. */
    public Instant instant() {
        return time.toInstant();
    }

    @Override
    public int compareTo(Timestamp other) {
        int byInstant = Long.compare(time.toEpochSecond(), other.time.toEpochSecond());
        if (byInstant == 0) {
            byInstant = Integer.compare(time.getNano(), other.time.getNano());
        }
        if (byInstant == 0 && !time.getOffset().equals(other.time.getOffset())) {
            return toString().compareTo(other.toString());
        }
        return byInstant;
    }

    /** RFC 3339 text: {@code 2026-01-02T03:04:05.5+01:30}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(35);
        append(text, time.getYear(), 1000);
        append(text.append('-'), time.getMonthValue(), 10);
        append(text.append('-'), time.getDayOfMonth(), 10);
        append(text.append('T'), time.getHour(), 10);
        append(text.append(':'), time.getMinute(), 10);
        append(text.append(':'), time.getSecond(), 10);
        if (time.getNano() != 0) {
            append(text.append('.'), time.getNano(), 100_000_000);
            int end = text.length();
            while (text.charAt(end - 1) == '0') {
                end--;
            }
            text.setLength(end);
        }
        int minutes = time.getOffset().getTotalSeconds() / SECONDS_A_MINUTE;
        if (minutes == 0) {
            return text.append('Z').toString();
        }
        append(text.append(minutes < 0 ? '-' : '+'), Math.abs(minutes) / 60, 10);
        append(text.append(':'), Math.abs(minutes) % 60, 10);
        return text.toString();
    }

    /** Appends the number with as many digits as the highest unit has. */
    private static void append(StringBuilder text, int number, int unit) {
        for (int u = unit; u > 0; u /= 10) {
            text.append((char) ('0' + number / u % 10));
        }
    }
}
