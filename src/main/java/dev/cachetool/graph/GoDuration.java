package dev.cachetool.graph;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, such as {@code 90s} or {@code 1h30m}. */
public final class GoDuration {
    private static final Pattern PART = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,12})?)(ns|us|µs|ms|s|m|h)");

    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /** The nanoseconds of the duration; empty where the text is none, or it is not longer than zero, or too long. */
    public static OptionalLong nanos(String text) {
        Matcher part = PART.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (part.find() && part.start() == at) {
            long unit = switch (part.group(2)) {
                case "ns" -> 1L;
                case "us", "µs" -> 1_000L;
                case "ms" -> 1_000_000L;
                case "s" -> 1_000_000_000L;
                case "m" -> 60_000_000_000L;
                default -> 3_600_000_000_000L;
            };
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
            at = part.end();
        }
        BigDecimal whole = nanos.setScale(0, RoundingMode.DOWN);
        if (at != text.length() || whole.signum() <= 0 || whole.compareTo(LONGEST) > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(whole.longValueExact());
    }
}
