package dev.cachetool.golden;

import dev.cachetool.digest.Digest;
import dev.cachetool.golden.ParsedConfig.Entry;
import dev.cachetool.golden.ParsedConfig.Link;
import dev.cachetool.golden.ParsedConfig.Result;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Says whether two cache configs describe the same cache. Order means nothing: neither that of layers and records (indexes
 * are followed), nor that of the alternatives of an input, nor of results. A record is its digest, for every input in order
 * the set of (selector, linked record), and its set of results; a result is its layers, lowest first, and when it was made,
 * whether it stands in {@code layers} or in {@code chains}.
 *
 * <p>Without rules, both sides must have equal records, each as often. With rules, what BuildKit wrote may differ from the
 * other side where one of the rules says so, and nowhere else.
 */
public final class SameCache {
    private SameCache() {}

    /** What may differ from BuildKit's answer, since that hangs on the order of adding, or loses or doubles something. */
    public enum Rule {
        /**
         * Equal records that stand twice may be one, with the links of both. BuildKit compares a record with what is there when
         * it is added; when two records become one later, it does not look again at what hangs on them. Both sides are united
         * to a fixed point before they are compared. Of the results of records that were united, the newest is the one that
         * counts.
         */
        EQUAL_RECORDS_ARE_ONE,
        /**
         * Of a loop of links, which one is left out may differ. BuildKit leaves out the one that an add would close the loop
         * with, so that it hangs on the order. Every other link must be there.
         */
        LOOPS_ARE_BROKEN_BY_CONTENT,
        /**
         * Between results of equal time the choice may be made by content. BuildKit keeps the one that was added first. The
         * other one must have been offered for that record digest, at that time.
         */
        EQUAL_TIMES_BY_CONTENT,
        /**
         * A result with layers may win over one without that is as new or newer. BuildKit lets the newest win and then writes
         * none. The result must have been offered for that record digest, as must the one without layers.
         */
        LAYERS_BEFORE_NONE
    }

    /**
     * How to compare.
     *
     * @param ignoreCreatedAt results with the same layers are the same, whatever their times; of the rules, those on results
     *     then do not apply
     * @param ignoreResults records and links only
     * @param ignoreDuplicates a record that stands twice with the same links and results counts once
     * @param rules what may differ
     * @param offered what the input offered, for the rules on results
     */
    public record Options(
            boolean ignoreCreatedAt,
            boolean ignoreResults,
            boolean ignoreDuplicates,
            Set<Rule> rules,
            OfferedResults offered) {
        public Options {
            rules = Set.copyOf(rules);
        }

        /** Everything counts. */
        public static Options exact() {
            return new Options(false, false, false, Set.of(), OfferedResults.none());
        }

        /** Everything counts but for what the rules allow. */
        public static Options withRules(OfferedResults offered) {
            return new Options(false, false, false, EnumSet.allOf(Rule.class), offered);
        }

        public Options ignoringCreatedAt() {
            return new Options(true, ignoreResults, ignoreDuplicates, rules, offered);
        }

        public Options ignoringResults() {
            return new Options(ignoreCreatedAt, true, ignoreDuplicates, rules, offered);
        }

        public Options ignoringDuplicates() {
            return new Options(ignoreCreatedAt, ignoreResults, true, rules, offered);
        }
    }

    /**
     * What sets the two apart: the records that differ, a line each; empty if they are the same cache.
     *
     * @param expected the config that BuildKit wrote, or the first of two
     * @param actual the config that the rules let be better than the first
     * @throws IllegalArgumentException if one of them is no valid config: wrong types, indexes or times, loops, an input
     *     without a link
     */
    public static Optional<String> difference(byte[] expected, byte[] actual, Options options) {
        ParsedConfig e = ParsedConfig.read(expected, "expected");
        ParsedConfig a = ParsedConfig.read(actual, "actual");
        List<String> lines = options.rules().contains(Rule.EQUAL_RECORDS_ARE_ONE)
                ? new ByKey(options).compare(united(e), united(a))
                : byHash(e, a, options);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("expected " + e.records().size() + " records, got "
                + a.records().size() + "\n  " + String.join("\n  ", lines));
    }

    // Without rules: records are the same when the hashes over all that they stand on are.

    private record Hashed(String hash, String near, Set<Result> results) {}

    private static List<String> byHash(ParsedConfig expected, ParsedConfig actual, Options options) {
        Map<String, List<Hashed>> e = hashed(expected, options);
        Map<String, List<Hashed>> a = hashed(actual, options);
        List<String> lines = new ArrayList<>();
        onlyIn("expected", e, a, options, lines);
        onlyIn("actual", a, e, options, lines);
        return lines;
    }

    private static Map<String, List<Hashed>> hashed(ParsedConfig config, Options options) {
        Map<String, List<Hashed>> byDigest = new TreeMap<>();
        Hashed[] done = new Hashed[config.records().size()];
        for (int i = 0; i < done.length; i++) {
            Entry record = config.records().get(i);
            Set<Result> results = seen(record.results(), options);
            String links = text(record, link -> done[link.record()].hash());
            String near =
                    text(record, link -> config.records().get(link.record()).digest());
            String hash = Digest.sha256(quoted(record.digest())
                            + links
                            + results.stream()
                                    .map(r -> quoted(r.layers().hash())
                                            + quoted(r.createdAt().toString()))
                                    .collect(Collectors.joining()))
                    .toString();
            done[i] = new Hashed(hash, near, results);
            byDigest.computeIfAbsent(record.digest(), d -> new ArrayList<>()).add(done[i]);
        }
        return byDigest;
    }

    private static String text(Entry record, Function<Link, String> target) {
        StringBuilder text = new StringBuilder();
        for (List<Link> input : record.inputs()) {
            Set<String> alternatives = new TreeSet<>();
            for (Link link : input) {
                alternatives.add(quoted(link.selector()) + quoted(target.apply(link)));
            }
            text.append('[').append(String.join("", alternatives)).append(']');
        }
        return text.toString();
    }

    /** The text with its length in front, so that no two lists of texts look alike. */
    private static String quoted(String text) {
        return text.length() + ":" + text;
    }

    private static Set<Result> seen(Set<Result> results, Options options) {
        if (options.ignoreResults()) {
            return Set.of();
        }
        if (!options.ignoreCreatedAt()) {
            return results;
        }
        return results.stream()
                .map(r -> new Result(r.layers(), Instant.EPOCH))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void onlyIn(
            String side,
            Map<String, List<Hashed>> mine,
            Map<String, List<Hashed>> other,
            Options options,
            List<String> lines) {
        mine.forEach((digest, records) -> {
            List<Hashed> others = other.getOrDefault(digest, List.of());
            Map<String, Integer> counts = new HashMap<>();
            others.forEach(o -> counts.merge(o.hash(), 1, Integer::sum));
            for (Hashed record : records) {
                int left = counts.merge(record.hash(), -1, Integer::sum);
                boolean found = options.ignoreDuplicates()
                        ? others.stream().anyMatch(o -> o.hash().equals(record.hash()))
                        : left >= 0;
                if (!found) {
                    lines.add("only in " + side + ": " + digest + ": " + why(record, others));
                }
            }
        });
    }

    private static String why(Hashed record, List<Hashed> others) {
        if (others.isEmpty()) {
            return "the other side has no record of this digest";
        }
        if (others.stream().anyMatch(o -> o.hash().equals(record.hash()))) {
            return "on both sides, here more often";
        }
        boolean links = others.stream().anyMatch(o -> o.near().equals(record.near()));
        boolean results = others.stream().anyMatch(o -> o.results().equals(record.results()));
        if (others.stream()
                .anyMatch(o -> o.near().equals(record.near()) && o.results().equals(record.results()))) {
            return "differs only in what is further down";
        }
        return links
                ? "other results: " + record.results()
                : results ? "other links" : "other links, other results: " + record.results();
    }

    // With rules: both sides are united, then each key must stand on either side once.

    /** One record for every class of equal ones; the results of each record stay a set of their own. */
    private record United(List<Entry> records, List<List<Set<Result>>> results) {}

    private static United united(ParsedConfig config) {
        KeyClasses classes = KeyClasses.of(config.records());
        Map<Integer, Integer> numbers = new HashMap<>();
        classes.links().keySet().forEach(c -> numbers.put(c, numbers.size()));
        List<Entry> records = new ArrayList<>();
        List<List<Set<Result>>> results = new ArrayList<>();
        classes.links().forEach((c, inputs) -> {
            List<List<Link>> links = inputs.stream().map(List::copyOf).toList();
            records.add(new Entry(config.records().get(c).digest(), links, Set.of()).withLinks(numbers::get));
            results.add(new ArrayList<>());
        });
        for (int i = 0; i < config.records().size(); i++) {
            results.get(numbers.get(classes.classOf(i)))
                    .add(config.records().get(i).results());
        }
        return new United(records, results);
    }

    private static final class ByKey {
        private final Options options;
        private final List<String> lines = new ArrayList<>();

        ByKey(Options options) {
            this.options = options;
        }

        List<String> compare(United expected, United actual) {
            int split = expected.records().size();
            List<Entry> both = new ArrayList<>(expected.records());
            for (Entry record : actual.records()) {
                both.add(record.withLinks(to -> to + split));
            }
            KeyClasses keys = KeyClasses.of(both);
            Map<Integer, List<Integer>> members = new TreeMap<>();
            for (int i = 0; i < both.size(); i++) {
                members.computeIfAbsent(keys.classOf(i), c -> new ArrayList<>()).add(i);
            }
            Map<Integer, Integer> loops = Loops.of(keys.links());
            members.forEach((key, nodes) -> {
                String digest = both.get(key).digest();
                List<Integer> e = nodes.stream().filter(n -> n < split).toList();
                List<Integer> a = nodes.stream().filter(n -> n >= split).toList();
                if (e.size() == 1 && a.size() == 1) {
                    compareLinks(both.get(e.get(0)), both.get(a.get(0)), key, keys, loops);
                    compareResults(
                            digest,
                            expected.results().get(e.get(0)),
                            actual.results().get(a.get(0) - split));
                } else if (e.isEmpty() || a.isEmpty()) {
                    lines.add("only in " + (a.isEmpty() ? "expected" : "actual") + ": " + digest + " with "
                            + both.get(key).inputs().size() + " inputs");
                } else {
                    lines.add(digest + ": " + e.size() + " keys in expected are " + a.size() + " in actual");
                }
            });
            return lines;
        }

        private void compareLinks(Entry expected, Entry actual, int key, KeyClasses keys, Map<Integer, Integer> loops) {
            for (int input = 0; input < expected.inputs().size(); input++) {
                Set<Link> e = byClass(expected.inputs().get(input), key, keys);
                Set<Link> a = byClass(actual.inputs().get(input), key, keys);
                missing(e, a, "actual", expected.digest(), input, key, loops);
                missing(a, e, "expected", expected.digest(), input, key, loops);
            }
        }

        private static Set<Link> byClass(List<Link> links, int key, KeyClasses keys) {
            return links.stream()
                    .map(link -> new Link(link.selector(), keys.classOf(link.record())))
                    .filter(link -> link.record() != key)
                    .collect(Collectors.toSet());
        }

        private void missing(
                Set<Link> mine,
                Set<Link> other,
                String side,
                String digest,
                int input,
                int key,
                Map<Integer, Integer> loops) {
            for (Link link : mine) {
                boolean inLoop = loops.get(link.record()).equals(loops.get(key));
                if (!other.contains(link) && !(inLoop && options.rules().contains(Rule.LOOPS_ARE_BROKEN_BY_CONTENT))) {
                    lines.add(digest + ": " + side + " lacks a link of input " + input + ", selector \""
                            + link.selector() + "\"");
                }
            }
        }

        /** Results of one key: for each of the records that were united a set, of BuildKit's and of the other side. */
        private void compareResults(String digest, List<Set<Result>> expected, List<Set<Result>> actual) {
            Set<Result> e = seen(oneOf(expected), options);
            Set<Result> a = seen(oneOf(actual), options);
            if (!e.equals(a) && (options.ignoreCreatedAt() || !allowed(digest, e, a, expected))) {
                lines.add(digest + ": other results: expected " + e + ", got " + a);
            }
        }

        /** The results of a record; of several that are one, the newest. */
        private static Set<Result> oneOf(List<Set<Result>> records) {
            Set<Result> all = new TreeSet<>();
            records.forEach(all::addAll);
            if (records.size() > 1 && all.size() > 1) {
                Instant newest = ((TreeSet<Result>) all).last().createdAt();
                all.removeIf(r -> r.createdAt().isBefore(newest));
            }
            return all;
        }

        private boolean allowed(String digest, Set<Result> expected, Set<Result> actual, List<Set<Result>> united) {
            if (actual.size() != 1) {
                return false;
            }
            Result chosen = actual.iterator().next();
            boolean sameTime = !expected.isEmpty()
                    && expected.stream().allMatch(r -> r.createdAt().equals(chosen.createdAt()));
            if (sameTime && options.rules().contains(Rule.EQUAL_TIMES_BY_CONTENT)) {
                return (united.size() > 1 && expected.contains(chosen))
                        || options.offered().has(digest, chosen);
            }
            boolean notOlder = expected.stream().noneMatch(r -> r.createdAt().isAfter(chosen.createdAt()));
            return notOlder
                    && options.rules().contains(Rule.LAYERS_BEFORE_NONE)
                    && chosen.layers().size() > 0
                    && options.offered().has(digest, chosen)
                    && options.offered().hasWithoutLayersSince(digest, chosen.createdAt());
        }
    }

    /** Which classes lie on a loop with one another: those with the same number (Tarjan's strongly connected components). */
    private static final class Loops {
        private final Map<Integer, List<Set<Link>>> links;
        private final Map<Integer, Integer> index = new HashMap<>();
        private final Map<Integer, Integer> low = new HashMap<>();
        private final Map<Integer, Integer> component = new HashMap<>();
        private final Deque<Integer> open = new ArrayDeque<>();

        private Loops(Map<Integer, List<Set<Link>>> links) {
            this.links = links;
        }

        static Map<Integer, Integer> of(Map<Integer, List<Set<Link>>> links) {
            Loops loops = new Loops(links);
            links.keySet().forEach(loops::visit);
            return loops.component;
        }

        private void visit(int start) {
            Deque<Integer> path = new ArrayDeque<>();
            Map<Integer, Deque<Integer>> rests = new HashMap<>();
            if (!index.containsKey(start)) {
                enter(start, path, rests);
            }
            while (!path.isEmpty()) {
                int node = path.element();
                Integer next = rests.get(node).poll();
                if (next == null) {
                    path.pop();
                    leave(node);
                    if (!path.isEmpty()) {
                        low.merge(path.element(), low.get(node), Math::min);
                    }
                } else if (!index.containsKey(next)) {
                    enter(next, path, rests);
                } else if (!component.containsKey(next)) {
                    low.merge(node, index.get(next), Math::min);
                }
            }
        }

        private void enter(int node, Deque<Integer> path, Map<Integer, Deque<Integer>> rests) {
            index.put(node, index.size());
            low.put(node, index.get(node));
            open.push(node);
            path.push(node);
            Deque<Integer> below = new ArrayDeque<>();
            links.get(node).forEach(input -> input.forEach(link -> below.add(link.record())));
            rests.put(node, below);
        }

        private void leave(int node) {
            if (low.get(node).equals(index.get(node))) {
                int member;
                do {
                    member = open.pop();
                    component.put(member, node);
                } while (member != node);
            }
        }
    }
}
