package dev.cachetool.cli.command;

import dev.cachetool.cli.options.UsageException;
import dev.cachetool.graph.GoDuration;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads times, sizes and counts as people write them in flags. */
final class Amounts {
    private static final Pattern DAYS = Pattern.compile("(\\d{1,6})([dw])");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(?:\\.(\\d))?\\s?([KMGT]?)(i?)B?");

    private Amounts() {}

    /** The time that the flag has; empty where it is not given. */
    static Optional<Duration> time(Arguments arguments, Flag flag) {
        return arguments.value(flag).map(text -> time(text, flag));
    }

    /** The time in a text that belongs to the flag. */
    static Duration time(String text, Flag flag) {
        Matcher days = DAYS.matcher(text);
        if (days.matches()) {
            return Duration.ofDays(
                    Long.parseLong(days.group(1)) * (days.group(2).equals("w") ? 7 : 1));
        }
        OptionalLong nanos = GoDuration.nanos(text);
        if (nanos.isEmpty() || nanos.getAsLong() < 0) {
            throw new UsageException("\"" + text + "\" of " + flag.name() + " is no time", "write 7d, 2w, 36h or 90m");
        }
        return Duration.ofNanos(nanos.getAsLong());
    }

    /** The bytes that the flag has; empty where it is not given. */
    static OptionalLong size(Arguments arguments, Flag flag) {
        Optional<String> text = arguments.value(flag);
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(size(text.get(), flag));
    }

    private static long size(String text, Flag flag) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches() || (size.group(3).isEmpty() && !size.group(4).isEmpty())) {
            throw new UsageException("\"" + text + "\" of " + flag.name() + " is no size", "write 2GB, 500MB or 1GiB");
        }
        long unit = 1;
        for (int i = " KMGT".indexOf(size.group(3).isEmpty() ? " " : size.group(3)); i > 0; i--) {
            unit *= size.group(4).isEmpty() ? 1000 : 1024;
        }
        try {
            long tenths = size.group(2) == null ? 0 : Long.parseLong(size.group(2)) * unit / 10;
            return Math.addExact(Math.multiplyExact(Long.parseLong(size.group(1)), unit), tenths);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /** The number that the flag has; empty where it is not given. */
    static OptionalLong count(Arguments arguments, Flag flag) {
        Optional<String> text = arguments.value(flag);
        if (text.isPresent() && !text.get().matches("\\d{1,9}")) {
            throw new UsageException(
                    "\"" + text.get() + "\" of " + flag.name() + " is no number", "write how many stay");
        }
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.get()));
    }
}
