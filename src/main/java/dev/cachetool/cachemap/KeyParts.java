package dev.cachetool.cachemap;

import dev.cachetool.content.FileNames;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What went into the cache map of a vertex, part by part, for people: it tells why two keys differ and is no key itself.
 * Values that may be secret (of {@code keyEnv}) and long ones (of files, tools) stand as digests.
 *
 * <p>Names are {@code arg[2]}, {@code cwd}, {@code env LC_ALL}, {@code keyEnv CC}, {@code tool cc}, {@code output[0]},
 * {@code stdout}, {@code times}, {@code platform}, {@code salt}, {@code folder}, {@code file src/main.c}, {@code path},
 * {@code paths[1]} (of input 1), {@code manifest}, {@code commit}, {@code content}, {@code op}, and the like.
 *
 * @param parts values by name
 */
public record KeyParts(SortedMap<String, String> parts) {
    /** Kinds of parts in the order in which differences are told: what the graph says first, files last. */
    private static final List<String> ORDER = List.of(
            "op",
            "cacheMap",
            "path",
            "modes",
            "arg",
            "cwd",
            "env",
            "keyEnv",
            "tool",
            "output",
            "stdout",
            "times",
            "platform",
            "salt",
            "folder",
            "action",
            "manifest",
            "commit",
            "subdir",
            "content",
            "filename",
            "inputs",
            "paths",
            "selector",
            "file");

    private static final Comparator<String> BY_KIND = Comparator.comparingInt(KeyParts::rank)
            .thenComparingLong(KeyParts::number)
            .thenComparing(FileNames.ORDER);

    public KeyParts {
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    }

    /**
     * A part that differs between two keys.
     *
     * @param name of the part
     * @param before its value in the key that was looked for first; empty where it is new
     * @param now its value; empty where it is gone
     */
    public record Change(String name, Optional<String> before, Optional<String> now) {
        /** The kind of the part: the first word of its name, as in {@code file} or {@code arg}. */
        public String kind() {
            return KeyParts.kind(name);
        }

        /** What the part is called in a sentence: {@code src/main.c}, {@code argument 1}, {@code env LC_ALL}. */
        public String subject() {
            return shownName(name);
        }

        /** Whether its values can be read by people: they are no digests. */
        public boolean isReadable() {
            return switch (kind()) {
                case "keyEnv", "tool", "file", "action", "selector", "cacheMap", "manifest", "content" -> false;
                default -> true;
            };
        }

        /**
         * Half a sentence, such as {@code argument 1 changed: -O2 → -O3}, {@code src/main.c changed} or {@code src/new.c is
         * new}.
         */
        public String said() {
            if (before.isEmpty()) {
                return subject() + " is new";
            }
            if (now.isEmpty()) {
                return subject() + " is gone";
            }
            boolean shown = isReadable() && before.get().length() + now.get().length() <= 80;
            return shown ? subject() + " changed: " + before.get() + " → " + now.get() : subject() + " changed";
        }
    }

    /**
     * The parts that differ: what the graph says first, files last.
     *
     * @param before the parts of the key that was looked for first
     */
    public List<Change> changesSince(KeyParts before) {
        TreeSet<String> names = new TreeSet<>(BY_KIND);
        for (Map.Entry<String, String> part : parts.entrySet()) {
            if (!part.getValue().equals(before.parts.get(part.getKey()))) {
                names.add(part.getKey());
            }
        }
        for (String name : before.parts.keySet()) {
            if (!parts.containsKey(name)) {
                names.add(name);
            }
        }
        return names.stream()
                .map(name -> new Change(
                        name, Optional.ofNullable(before.parts.get(name)), Optional.ofNullable(parts.get(name))))
                .toList();
    }

    private static String shownName(String name) {
        return switch (kind(name)) {
            case "file" -> FileNames.shown(name.substring("file ".length()));
            case "arg" -> "argument " + number(name);
            case "output" -> "output pattern " + number(name);
            case "paths" -> "paths of input " + number(name);
            case "folder" -> "the folder of a path-sensitive step";
            default -> name;
        };
    }

    private static String kind(String name) {
        int end = 0;
        while (end < name.length() && name.charAt(end) != ' ' && name.charAt(end) != '[') {
            end++;
        }
        return name.substring(0, end);
    }

    private static int rank(String name) {
        int rank = ORDER.indexOf(kind(name));
        return rank < 0 ? ORDER.size() : rank;
    }

    /** What stands in brackets behind the kind, or 0. */
    private static long number(String name) {
        int open = kind(name).length();
        long number = 0;
        if (open < name.length() && name.charAt(open) == '[') {
            for (int i = open + 1; i < name.length() && name.charAt(i) != ']'; i++) {
                int digit = name.charAt(i) - '0';
                if (digit < 0 || digit > 9 || number > 100_000_000) {
                    return number;
                }
                number = number * 10 + digit;
            }
        }
        return number;
    }
}
