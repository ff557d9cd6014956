package dev.cachetool.cli.command;

import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.graph.GoDuration;
import dev.cachetool.store.PrunePolicy;
import dev.cachetool.store.StoreRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads where the local store is, and what of it is to go. */
final class StoreFlags {
    private static final Pattern DAYS = Pattern.compile("(\\d{1,6})([dw])");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(?:\\.(\\d))?\\s?([KMGT]?)(i?)B?");
    private static final Map<String, PrunePolicy.Filter.Key> KEYS = Map.of(
            "type", PrunePolicy.Filter.Key.TYPE,
            "id", PrunePolicy.Filter.Key.ID,
            "description", PrunePolicy.Filter.Key.DESCRIPTION,
            "unused-for", PrunePolicy.Filter.Key.UNUSED_FOR);

    private StoreFlags() {}

    /** The folder of the store: what {@code --store} says, else the user's own. */
    static Path folder(Arguments arguments, Map<String, String> environment) {
        Optional<String> named = arguments.value(Flags.STORE);
        if (named.isPresent()) {
            return PlaceParser.path(named.get(), Flags.STORE.name());
        }
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        // A relative path is to be passed over (XDG Base Directory Specification).
        if (!caches.isEmpty() && Path.of(caches).isAbsolute()) {
            return Path.of(caches, "cachetool");
        }
        String home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home, ".cache", "cachetool");
    }

    /** What is to go of a store; empty where nothing says that anything is. */
    static Optional<PrunePolicy> policy(Arguments arguments) {
        Optional<Duration> keepLast = arguments.value(Flags.KEEP_LAST).map(text -> time(text, Flags.KEEP_LAST.name()));
        OptionalLong keepBytes = number(arguments.value(Flags.KEEP_STORAGE).map(StoreFlags::size));
        OptionalLong keepCount = number(arguments.value(Flags.KEEP_COUNT).map(StoreFlags::count));
        List<PrunePolicy.Filter> filters =
                arguments.values(Flags.FILTER).stream().map(StoreFlags::filter).toList();
        boolean caches = arguments.isOn(Flags.CACHES);
        boolean bounded = keepLast.isPresent() || keepBytes.isPresent() || keepCount.isPresent() || !filters.isEmpty();
        if (arguments.isOn(Flags.ALL) && bounded) {
            throw new UsageException(
                    Flags.ALL.name() + " takes everything that is not in use, whatever else is asked for",
                    "leave it out, or the others");
        }
        return bounded || arguments.isOn(Flags.ALL)
                ? Optional.of(new PrunePolicy(keepLast, keepBytes, keepCount, filters, caches))
                : Optional.empty();
    }

    private static OptionalLong number(Optional<Long> value) {
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }

    private static Duration time(String text, String flag) {
        Matcher days = DAYS.matcher(text);
        if (days.matches()) {
            return Duration.ofDays(
                    Long.parseLong(days.group(1)) * (days.group(2).equals("w") ? 7 : 1));
        }
        OptionalLong nanos = GoDuration.nanos(text);
        if (nanos.isEmpty() || nanos.getAsLong() < 0) {
            throw new UsageException("\"" + text + "\" of " + flag + " is no time", "write 7d, 2w, 36h or 90m");
        }
        return Duration.ofNanos(nanos.getAsLong());
    }

    private static long size(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches() || (size.group(3).isEmpty() && !size.group(4).isEmpty())) {
            throw new UsageException(
                    "\"" + text + "\" of " + Flags.KEEP_STORAGE.name() + " is no size", "write 2GB, 500MB or 1GiB");
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

    private static long count(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new UsageException(
                    "\"" + text + "\" of " + Flags.KEEP_COUNT.name() + " is no number", "write how many refs stay");
        }
        return Long.parseLong(text);
    }

    private static PrunePolicy.Filter filter(String text) {
        int equals = text.indexOf('=');
        PrunePolicy.Filter.Key key = equals < 0 ? null : KEYS.get(text.substring(0, equals));
        if (key == null) {
            throw new UsageException(
                    "unknown filter \"" + text + "\"",
                    "known: type=WORD, id=PREFIX, description=PART, unused-for=TIME");
        }
        String value = text.substring(equals + 1);
        if (key == PrunePolicy.Filter.Key.UNUSED_FOR) {
            return new PrunePolicy.Filter(key, value, time(value, Flags.FILTER.name()));
        }
        if (key == PrunePolicy.Filter.Key.TYPE) {
            List<String> words = new ArrayList<>(Arrays.stream(StoreRow.Kind.values())
                    .map(StoreRow.Kind::word)
                    .toList());
            if (!words.contains(value)) {
                throw Arguments.unknownWord(Flags.FILTER, value, words);
            }
        }
        return new PrunePolicy.Filter(key, value, Duration.ZERO);
    }
}
