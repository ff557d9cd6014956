package dev.cachetool.oci;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An instant with the zone offset that it was written with, as RFC 3339 text in the form of Go's {@code time.Time} in
 * JSON: up to nine digits of a second, no trailing zeros, {@code Z} for no offset. Ordered by instant, then by text.
 */
public record Timestamp(OffsetDateTime time) implements Comparable<Timestamp> {
    /** Go's zero time, which stands for "not known". */
    public static final Timestamp ZERO = new Timestamp(OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC));

    private static final Pattern RFC3339 = Pattern.compile(
            "(\\d{4})-(\\d\\d)-(\\d\\d)T(\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d+))?(?:Z|([+-])(\\d\\d):(\\d\\d))");

    /** The instant, at no offset. */
    public static Timestamp of(Instant instant) {
        return new Timestamp(instant.atOffset(ZoneOffset.UTC));
    }

    /**
     * Parses RFC 3339 text; digits of a second after the ninth are cut.
     *
     * @return empty where the text is malformed or names no instant
     */
    public static Optional<Timestamp> tryParse(String text) {
        Matcher m = RFC3339.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        try {
            String fraction = m.group(7) == null ? "" : m.group(7);
            int nanos = Integer.parseInt((fraction + "000000000").substring(0, 9));
            ZoneOffset offset = ZoneOffset.UTC;
            if (m.group(8) != null) {
                int hours = Integer.parseInt(m.group(9));
                int minutes = Integer.parseInt(m.group(10));
                if (hours > 23 || minutes > 59) {
                    return Optional.empty();
                }
                int seconds = (hours * 60 + minutes) * 60 * (m.group(8).equals("-") ? -1 : 1);
                if (Math.abs(seconds) > ZoneOffset.MAX.getTotalSeconds()) {
                    return Optional.of(of(OffsetDateTime.of(
                                    number(m, 1),
                                    number(m, 2),
                                    number(m, 3),
                                    number(m, 4),
                                    number(m, 5),
                                    number(m, 6),
                                    nanos,
                                    ZoneOffset.UTC)
                            .toInstant()
                            .minusSeconds(seconds)));
                }
                offset = ZoneOffset.ofTotalSeconds(seconds);
            }
            return Optional.of(new Timestamp(OffsetDateTime.of(
                    number(m, 1),
                    number(m, 2),
                    number(m, 3),
                    number(m, 4),
                    number(m, 5),
                    number(m, 6),
                    nanos,
                    offset)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * Parses RFC 3339 text.
     *
     * @throws IllegalArgumentException if it is malformed or names no instant
     */
    public static Timestamp parse(String text) {
        return tryParse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + text + "\" is no RFC 3339 time; it is written 2026-01-02T03:04:05Z"));
    }

    private static int number(Matcher m, int group) {
        return Integer.parseInt(m.group(group));
    }

    /** The instant, without the offset. */
    public Instant instant() {
        return time.toInstant();
    }

    @Override
    public int compareTo(Timestamp other) {
        int byInstant = time.toInstant().compareTo(other.time.toInstant());
        return byInstant != 0 ? byInstant : toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(35);
        text.append(String.format(
                Locale.ROOT,
                "%04d-%02d-%02dT%02d:%02d:%02d",
                time.getYear(),
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond()));
        if (time.getNano() != 0) {
            String digits = String.format(Locale.ROOT, ".%09d", time.getNano());
            int end = digits.length();
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            text.append(digits, 0, end);
        }
        int offset = time.getOffset().getTotalSeconds();
        if (offset == 0) {
            text.append('Z');
        } else {
            int minutes = Math.abs(offset) / 60;
            text.append(String.format(Locale.ROOT, "%s%02d:%02d", offset < 0 ? "-" : "+", minutes / 60, minutes % 60));
        }
        return text.toString();
    }
}
