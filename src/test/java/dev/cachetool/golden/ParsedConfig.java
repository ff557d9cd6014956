package dev.cachetool.golden;

import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cache config as the comparison sees it, read without any of the product's code for configs: records with their links by
 * index, each after those that it links to, and results with their layers resolved.
 */
record ParsedConfig(List<Entry> records) {
    private static final Pattern TIME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)(\\.\\d{1,9})?\\d*(Z|[+-]\\d\\d:\\d\\d)");

    ParsedConfig {
        records = List.copyOf(records);
    }

    /** One way into an input. */
    record Link(String selector, int record) {}

    /** A record; {@code inputs} holds the alternatives of each input. */
    record Entry(String digest, List<List<Link>> inputs, Set<Result> results) {
        /** This one with its links to where the function moves their records. */
        Entry withLinks(IntUnaryOperator moved) {
            List<List<Link>> others = inputs.stream()
                    .map(input -> input.stream()
                            .map(link -> new Link(link.selector(), moved.applyAsInt(link.record())))
                            .toList())
                    .toList();
            return new Entry(digest, others, results);
        }
    }

    /** A stack of layers, known by a hash over all its blobs; two are equal when they have the same blobs in the same order. */
    record Stack(String hash, int size) implements Comparable<Stack> {
        static final Stack EMPTY = new Stack("", 0);

        Stack with(String blob) {
            return new Stack(Digest.sha256(hash + " " + blob).encoded(), size + 1);
        }

        @Override
        public int compareTo(Stack other) {
            return hash.compareTo(other.hash);
        }
    }

    /** A result: its layers, lowest first, and when it was made. */
    record Result(Stack layers, Instant createdAt) implements Comparable<Result> {
        @Override
        public int compareTo(Result other) {
            int byTime = createdAt.compareTo(other.createdAt);
            return byTime != 0 ? byTime : layers.compareTo(other.layers);
        }

        @Override
        public String toString() {
            return layers.size() + " layers ("
                    + layers.hash().substring(0, Math.min(8, layers.hash().length())) + ") of " + createdAt;
        }
    }

    /**
     * Reads a config.
     *
     * @param name what the reader of an error calls it
     * @throws IllegalArgumentException if it is none: wrong types, indexes or times, loops, an input without a link
     */
    static ParsedConfig read(byte[] bytes, String name) {
        try {
            return new Reader(name).read(JsonDocument.asGoReads(bytes, name));
        } catch (JsonException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The instant of RFC 3339 text; digits of a second after the ninth are cut, as Go does. */
    static Instant instant(JsonValue value) throws JsonException {
        Matcher m = TIME.matcher(value.asString());
        if (m.matches()) {
            try {
                return OffsetDateTime.parse(m.group(1) + (m.group(2) == null ? "" : m.group(2)) + m.group(3))
                        .toInstant();
            } catch (DateTimeException e) {
                throw value.error("is no time: " + e.getMessage());
            }
        }
        throw value.error("is no time");
    }

    private static final class Reader {
        private static final Instant ZERO_TIME = Instant.parse("0001-01-01T00:00:00Z");

        private final String name;

        Reader(String name) {
            this.name = name;
        }

        ParsedConfig read(JsonValue config) throws JsonException {
            List<JsonValue> layers = items(config, "layers");
            List<JsonValue> values = items(config, "records");
            Stack[] stacks = stacks(layers, values);
            List<Entry> records = new ArrayList<>();
            for (JsonValue value : values) {
                Set<Result> results = new TreeSet<>();
                for (JsonValue result : items(value, "layers")) {
                    results.add(new Result(stacks[index(result, "layer", layers.size())], createdAt(result)));
                }
                for (JsonValue result : items(value, "chains")) {
                    Stack stack = Stack.EMPTY;
                    for (JsonValue layer : items(result, "layers")) {
                        stack = stack.with(blob(layers.get(inRange(layer, layer.asInt(), layers.size()))));
                    }
                    results.add(new Result(stack, createdAt(result)));
                }
                records.add(new Entry(text(value, "digest"), inputs(value, values.size()), results));
            }
            List<Integer> order = inOrder(
                    records.size(),
                    i -> records.get(i).inputs().stream()
                            .flatMap(List::stream)
                            .map(Link::record)
                            .iterator(),
                    "records");
            int[] place = new int[records.size()];
            for (int i = 0; i < place.length; i++) {
                place[order.get(i)] = i;
            }
            return new ParsedConfig(order.stream()
                    .map(records::get)
                    .map(r -> r.withLinks(to -> place[to]))
                    .toList());
        }

        private static List<List<Link>> inputs(JsonValue record, int size) throws JsonException {
            List<List<Link>> inputs = new ArrayList<>();
            for (JsonValue input : items(record, "inputs")) {
                List<Link> links = new ArrayList<>();
                for (JsonValue link : input.asArray()) {
                    links.add(new Link(text(link, "selector"), index(link, "link", size)));
                }
                if (links.isEmpty()) {
                    throw input.error("an input without a link");
                }
                inputs.add(links);
            }
            return inputs;
        }

        /** The stack of each layer that a result uses, which is the layer on all its parents. */
        private Stack[] stacks(List<JsonValue> layers, List<JsonValue> records) throws JsonException {
            boolean[] used = new boolean[layers.size()];
            for (JsonValue record : records) {
                for (JsonValue result : items(record, "layers")) {
                    used[index(result, "layer", layers.size())] = true;
                }
            }
            int[] parents = new int[layers.size()];
            boolean[] checked = new boolean[layers.size()];
            for (int i = 0; i < used.length; i++) {
                for (int at = i; used[i] && at >= 0 && !checked[at]; at = parents[at]) {
                    checked[at] = true;
                    JsonValue layer = layers.get(at);
                    JsonValue parent = layer.get("parent").orElse(null);
                    parents[at] = parent != null && parent.asInt() == -1 ? -1 : index(layer, "parent", layers.size());
                }
            }
            List<Integer> order = inOrder(
                    layers.size(),
                    i -> checked[i] && parents[i] >= 0
                            ? List.of(parents[i]).iterator()
                            : List.<Integer>of().iterator(),
                    "layers");
            Stack[] stacks = new Stack[layers.size()];
            for (int i : order) {
                if (checked[i]) {
                    stacks[i] = (parents[i] < 0 ? Stack.EMPTY : stacks[parents[i]]).with(blob(layers.get(i)));
                }
            }
            return stacks;
        }

        private List<Integer> inOrder(int size, IntFunction<Iterator<Integer>> below, String what) {
            List<Integer> order = new ArrayList<>(size);
            boolean[] seen = new boolean[size];
            boolean[] done = new boolean[size];
            for (int start = 0; start < size; start++) {
                Deque<Integer> nodes = new ArrayDeque<>();
                Deque<Iterator<Integer>> rests = new ArrayDeque<>();
                if (!seen[start]) {
                    seen[start] = true;
                    nodes.push(start);
                    rests.push(below.apply(start));
                }
                while (!nodes.isEmpty()) {
                    if (!rests.element().hasNext()) {
                        rests.pop();
                        int node = nodes.pop();
                        done[node] = true;
                        order.add(node);
                        continue;
                    }
                    int next = rests.element().next();
                    if (!seen[next]) {
                        seen[next] = true;
                        nodes.push(next);
                        rests.push(below.apply(next));
                    } else if (!done[next]) {
                        throw new IllegalArgumentException(name + ": the " + what + " loop at " + next);
                    }
                }
            }
            return order;
        }

        private static List<JsonValue> items(JsonValue parent, String field) throws JsonException {
            Optional<JsonValue> value = parent.get(field);
            return value.isPresent() ? value.get().asArray() : List.of();
        }

        private static String text(JsonValue parent, String field) throws JsonException {
            Optional<JsonValue> value = parent.get(field);
            return value.isPresent() ? value.get().asString() : "";
        }

        private static String blob(JsonValue layer) throws JsonException {
            return text(layer, "blob");
        }

        private static Instant createdAt(JsonValue result) throws JsonException {
            Optional<JsonValue> value = result.get("createdAt");
            return value.isPresent() ? instant(value.get()) : ZERO_TIME;
        }

        /** An index; one that is left out is 0, as Go reads. */
        private static int index(JsonValue parent, String field, int size) throws JsonException {
            Optional<JsonValue> value = parent.get(field);
            return inRange(parent, value.isPresent() ? value.get().asInt() : 0, size);
        }

        private static int inRange(JsonValue at, int index, int size) throws JsonException {
            if (index < 0 || index >= size) {
                throw at.error("the index " + index + " is out of range, there are " + size);
            }
            return index;
        }
    }
}
