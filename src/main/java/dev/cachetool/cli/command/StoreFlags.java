package dev.cachetool.cli.command;

import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.UsageException;
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
import java.util.stream.Stream;

/** Reads where the local store is, and what of it is to go. */
final class StoreFlags {
    private static final Map<String, PrunePolicy.Filter.Key> KEYS = Map.of(
            "type", PrunePolicy.Filter.Key.TYPE,
            "id", PrunePolicy.Filter.Key.ID,
            "description", PrunePolicy.Filter.Key.DESCRIPTION,
            "unused-for", PrunePolicy.Filter.Key.UNUSED_FOR);

    /** What {@code --filter} takes, as words and beginnings. */
    static final List<String> FILTERS = Stream.concat(
                    Stream.of(StoreRow.Kind.values()).map(kind -> "type=" + kind.word()),
                    Stream.of("id=", "description=", "unused-for="))
            .toList();

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
        Optional<Duration> keepLast = Amounts.time(arguments, Flags.KEEP_LAST);
        OptionalLong keepBytes = Amounts.size(arguments, Flags.KEEP_STORAGE);
        OptionalLong keepCount = Amounts.count(arguments, Flags.KEEP_COUNT);
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
            return new PrunePolicy.Filter(key, value, Amounts.time(value, Flags.FILTER));
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
