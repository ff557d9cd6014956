package dev.cachetool.cachemap;

import dev.cachetool.content.FileNames;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.pattern.PatternMatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What went into the cache map of a vertex, part by part, for people: it tells why two keys differ and is no key itself.
 * Values that may be secret (of {@code keyEnv}) and long ones (of files, tools) stand as digests.
 *
 * <p>Names are {@code arg[2]}, {@code cwd}, {@code env LC_ALL}, {@code keyEnv CC}, {@code tool cc}, {@code output[0]},
 * {@code stdout}, {@code times}, {@code platform}, {@code salt}, {@code folder}, {@code file src/main.c}, {@code path},
 * {@code files src/main} with {@code depth} (in sources of very many files), {@code paths[1]} (of input 1), {@code
 * manifest}, {@code commit}, {@code content}, {@code op}, and the like.
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
            "depth",
            "files",
            "file");

    /** Kinds whose order counts, so that they are compared as lists. */
    private static final Set<String> LISTS = Set.of("arg", "output", "action");

    /** Kinds that say how inputs are taken, and are no part of an operation. */
    private static final Set<String> OF_INPUTS = Set.of("inputs", "paths", "selector");

    /** Kinds that say what was found outside of the graph. */
    private static final Set<String> OUTSIDE = Set.of("keyEnv", "tool", "depth", "files", "file");

    /** A value that is longer is not shown in half a sentence. */
    private static final int MOST_SHOWN = 80;

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
                case "keyEnv", "tool", "file", "files", "action", "selector", "cacheMap", "manifest", "content" ->
                    false;
                default -> true;
            };
        }

        /** The place of the input that it is about; empty where it is about the operation. */
        public OptionalInt input() {
            return kind().equals("paths") ? OptionalInt.of((int) KeyParts.number(name)) : OptionalInt.empty();
        }

        /**
         * Half a sentence, such as {@code argument 1 changed: -O2 → -O3}, {@code src/main.c changed} or {@code src/new.c is
         * new}.
         */
        public String said() {
            return said(subject());
        }

        /**
         * The same of a part that is called otherwise.
         *
         * @param subject what the part is called, of as many things as {@link #subject} is
         */
        public String said(String subject) {
            if (before.isEmpty() || now.isEmpty()) {
                String value = before.or(() -> now).orElse("");
                return subject
                        + (kind().equals("paths") ? " are" : " is")
                        + (before.isEmpty() ? " new" : " gone")
                        + (saysValues() && !value.isEmpty() ? ": " + value : "");
            }
            if (kind().equals("file")) {
                return subject + fileChange(before.get(), now.get());
            }
            return subject + " changed" + (saysValues() ? ": " + before.get() + " → " + now.get() : "");
        }

        /** Whether the half sentence has the values: they can be read, and are short. */
        public boolean saysValues() {
            return isReadable() && before.orElse("").length() + now.orElse("").length() <= MOST_SHOWN;
        }

        /** What of a file changed: what it is, its content, or its mode alone. */
        private static String fileChange(String before, String now) {
            boolean sameDigest = before.split(" ", 2)[0].equals(now.split(" ", 2)[0]);
            if (now.startsWith("link to ")) {
                return before.startsWith("link to ") ? " is another link now" : " is a link now";
            }
            if (before.startsWith("link to ")) {
                return " is no link any more";
            }
            if (before.startsWith("folder") != now.startsWith("folder")) {
                return now.startsWith("folder") ? " is a folder now" : " is no folder any more";
            }
            if (!sameDigest) {
                return " changed";
            }
            if (now.endsWith(" executable") || before.endsWith(" executable")) {
                return now.endsWith(" executable") ? " is executable now" : " is not executable any more";
            }
            return " has another mode: " + before.substring(before.indexOf(' ') + 1) + " → "
                    + now.substring(now.indexOf(' ') + 1);
        }
    }

    /**
     * The parts that differ: what the graph says first, files last.
     *
     * @param before the parts of the key that was looked for first
     */
    public List<Change> changesSince(KeyParts before) {
        List<Change> changes = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(BY_KIND);
        names.addAll(parts.keySet());
        names.addAll(before.parts.keySet());
        Set<String> listed = new HashSet<>();
        for (String name : names) {
            if (LISTS.contains(kind(name))) {
                if (listed.add(kind(name))) {
                    listChanges(kind(name), before, changes);
                }
                continue;
            }
            Optional<String> then = Optional.ofNullable(before.parts.get(name));
            Optional<String> now = Optional.ofNullable(parts.get(name));
            if (!then.equals(now)) {
                changes.add(new Change(name, then, now));
            }
        }
        return changes;
    }

    /** Lines up what stands at the beginning and at the end of both lists, so that one more in the middle is one change. */
    private void listChanges(String kind, KeyParts before, List<Change> changes) {
        List<String> then = before.list(kind);
        List<String> now = list(kind);
        int begin = 0;
        while (begin < then.size() && begin < now.size() && then.get(begin).equals(now.get(begin))) {
            begin++;
        }
        int end = 0;
        while (end < then.size() - begin
                && end < now.size() - begin
                && then.get(then.size() - 1 - end).equals(now.get(now.size() - 1 - end))) {
            end++;
        }
        for (int i = begin; i < Math.max(then.size(), now.size()) - end; i++) {
            Optional<String> old = i < then.size() - end ? Optional.of(then.get(i)) : Optional.empty();
            Optional<String> present = i < now.size() - end ? Optional.of(now.get(i)) : Optional.empty();
            if (!old.equals(present)) {
                changes.add(new Change(kind + "[" + i + "]", old, present));
            }
        }
    }

    private List<String> list(String kind) {
        List<String> values = new ArrayList<>();
        for (String value = parts.get(kind + "[0]");
                value != null;
                value = parts.get(kind + "[" + values.size() + "]")) {
            values.add(value);
        }
        return values;
    }

    /** The parts that the digest of the operation is made of. */
    public KeyParts operation() {
        return only(name -> !OF_INPUTS.contains(kind(name)));
    }

    /** The parts that say how inputs are taken: how many there are, and which of their paths count. */
    public KeyParts inputs() {
        return only(name -> OF_INPUTS.contains(kind(name)));
    }

    /** The parts that stand in the graph, and hang on no file, tool or environment. */
    public KeyParts ofGraph() {
        return only(name -> !OUTSIDE.contains(kind(name)));
    }

    private KeyParts only(Predicate<String> wanted) {
        SortedMap<String, String> kept = new TreeMap<>(parts);
        kept.keySet().removeIf(wanted.negate());
        return new KeyParts(kept);
    }

    /** Those of the changes that matter where only these paths do: all but those of files that they do not select. */
    public static List<Change> selected(List<Change> changes, List<PathPattern> paths) {
        PatternMatcher matcher =
                PatternMatcher.of(paths.stream().map(PathPattern::path).toList());
        return changes.stream()
                .filter(change -> !change.kind().equals("file")
                        || matcher.matchesOrParentMatches(change.name().substring("file ".length())))
                .toList();
    }

    /** How many names of a path tell folders apart, where files stand together by folder; empty where each is named. */
    public OptionalInt folderDepth() {
        String depth = parts.getOrDefault("depth", "");
        return depth.matches("[0-9]{1,4}") ? OptionalInt.of(Integer.parseInt(depth)) : OptionalInt.empty();
    }

    private static String shownName(String name) {
        return switch (kind(name)) {
            case "file" -> FileNames.shown(name.substring("file ".length()));
            case "files" -> "what is in " + FileNames.shown(name.substring("files ".length()));
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
