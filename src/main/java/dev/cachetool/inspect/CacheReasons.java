package dev.cachetool.inspect;

import dev.cachetool.cachemap.KeyParts;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.graph.Vertex;
import dev.cachetool.inspect.Explanation.InputDifference;
import dev.cachetool.inspect.Explanation.Step;
import dev.cachetool.inspect.Explanation.Verdict;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import dev.cachetool.remotecache.Notes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says how the vertices of a graph stand to one cache. What it says is what a solver would find there: a key is there where
 * for every input a link fits, by its definition or by its content as far as that is known. Linear in the vertices and
 * links that are looked at; not for several threads.
 */
public final class CacheReasons {
    /** Of so many records that could be the nearest, the newest are compared. */
    private static final int MOST_COMPARED = 64;

    private final GraphKeys graph;
    private final CacheView cache;
    private final Notes notes;
    private final Map<String, List<Integer>> byDigest = new HashMap<>();
    private final Map<String, List<Integer>> byName = new HashMap<>();
    private final Map<Edge, Set<Integer>> matches = new HashMap<>();

    /**
     * @param graph the keys of now
     * @param cache what is compared with
     * @param notes those of the cache
     */
    public CacheReasons(GraphKeys graph, CacheView cache, Notes notes) {
        this.graph = graph;
        this.cache = cache;
        this.notes = notes;
        for (int i = 0; i < cache.records().size(); i++) {
            RecordView record = cache.records().get(i);
            byDigest.computeIfAbsent(record.digest(), unused -> new ArrayList<>(1))
                    .add(i);
            for (String name : record.names()) {
                byName.computeIfAbsent(name, unused -> new ArrayList<>(1)).add(i);
            }
        }
        graph.add(this);
    }

    /** The cache. */
    public CacheView cache() {
        return cache;
    }

    /** Whether the cache has the operation of an output, whatever its inputs. */
    public boolean knowsOperation(Edge edge) throws IOException {
        return !sameOperation(edge).isEmpty();
    }

    private List<Integer> sameOperation(Edge edge) throws IOException {
        List<Integer> found = new ArrayList<>();
        for (String digest : graph.digests(edge)) {
            for (int index : byDigest.getOrDefault(digest, List.of())) {
                if (record(index).inputs().size() == edge.vertex().inputCount()) {
                    found.add(index);
                }
            }
        }
        return found;
    }

    private RecordView record(int index) {
        return cache.records().get(index);
    }

    /** The records that are the key of an output, found from the bottom up, with a stack of its own. */
    private Set<Integer> match(Edge wanted) throws IOException {
        Deque<Edge> open = new ArrayDeque<>(List.of(wanted));
        while (!open.isEmpty()) {
            Edge edge = open.element();
            if (matches.containsKey(edge)) {
                open.pop();
                continue;
            }
            List<Integer> candidates = graph.isIgnored(edge.vertex()) ? List.of() : sameOperation(edge);
            boolean waits = false;
            if (!candidates.isEmpty()) {
                for (Input input : edge.vertex().inputs()) {
                    if (!matches.containsKey(input.edge())) {
                        open.push(input.edge());
                        waits = true;
                    }
                }
            }
            if (!waits) {
                Set<Integer> found = new TreeSet<>();
                for (int candidate : candidates) {
                    if (unmatched(edge.vertex(), candidate).isEmpty()) {
                        found.add(candidate);
                    }
                }
                matches.put(edge, found);
                open.pop();
            }
        }
        return matches.getOrDefault(wanted, Set.of());
    }

    /** The inputs of a vertex that no link of the record fits; all of the record's where it has another number of them. */
    private List<InputDifference> unmatched(Vertex vertex, int index) throws IOException {
        List<InputDifference> unmatched = new ArrayList<>();
        RecordView record = record(index);
        for (int i = 0; i < vertex.inputCount(); i++) {
            if (i >= record.inputs().size()) {
                if (match(vertex.inputs().get(i).edge()).isEmpty()) {
                    unmatched.add(new InputDifference(i, false));
                }
                continue;
            }
            boolean sameSource = false;
            boolean fits = false;
            Set<Integer> sources = match(vertex.inputs().get(i).edge());
            String selector = graph.selector(vertex, i);
            for (ChainLink link : record.inputs().get(i)) {
                boolean same = sources.contains(link.index());
                sameSource |= same;
                fits |= same && link.selector().equals(selector);
            }
            if (!fits && !hasContent(record.inputs().get(i), vertex, i)) {
                unmatched.add(new InputDifference(i, sameSource));
            }
        }
        return unmatched;
    }

    private boolean hasContent(List<ChainLink> links, Vertex vertex, int input) throws IOException {
        for (ChainLink link : links) {
            if (link.selector().isEmpty() && record(link.index()).isRoot()) {
                Optional<String> content = graph.contentKey(vertex, input);
                if (content.isPresent()
                        && content.get().equals(record(link.index()).digest())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What the cache notes of the content of an output's result. */
    Optional<Digest> notedContent(Edge edge, String selection) throws IOException {
        for (int index : match(edge)) {
            for (ResultView result : record(index).results()) {
                Optional<Digest> content = notes.record(record(index).identity())
                        .flatMap(noted -> noted.result(result.layers().stream()
                                .map(layer -> cache.layers().get(layer).blob())
                                .toList()))
                        .map(noted -> noted.content().get(selection));
                if (content.isPresent()) {
                    return content;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * How an output stands to the cache.
     *
     * @throws IOException if a key cannot be computed
     */
    public Explanation explain(Edge edge) throws IOException {
        Set<Integer> same = match(edge);
        if (!same.isEmpty()) {
            int index = same.stream()
                    .filter(each -> !record(each).results().isEmpty())
                    .findFirst()
                    .orElse(same.iterator().next());
            return new Explanation(verdict(edge, index), Optional.of(record(index)), List.of());
        }
        int nearest = nearest(edge);
        return new Explanation(
                verdict(edge, nearest),
                nearest < 0 ? Optional.empty() : Optional.of(record(nearest)),
                new Walk().from(edge, nearest));
    }

    private Verdict verdict(Edge edge, int before) throws IOException {
        if (graph.isIgnored(edge.vertex())) {
            return Verdict.IGNORED;
        }
        Set<Integer> same = match(edge);
        if (!same.isEmpty()) {
            return same.stream().anyMatch(index -> !record(index).results().isEmpty())
                    ? Verdict.HIT
                    : Verdict.NO_RESULT;
        }
        if (before < 0) {
            return Verdict.ABSENT;
        }
        return !edge.vertex().inputs().isEmpty()
                        && graph.digests(edge).contains(record(before).digest())
                ? Verdict.INPUTS
                : Verdict.OPERATION;
    }

    /** How far a record is from the key of a vertex. */
    private record Distance(int record, int own, int below, Timestamp createdAt) {
        static final Comparator<Distance> ORDER = Comparator.comparingInt(Distance::own)
                .thenComparingInt(Distance::below)
                .thenComparing(Distance::createdAt, Comparator.reverseOrder())
                .thenComparingInt(Distance::record);
    }

    /** The record that is nearest to the key of an output: of its operation, else of its name; -1 where there is none. */
    private int nearest(Edge edge) throws IOException {
        List<Integer> candidates = sameOperation(edge);
        if (candidates.isEmpty()) {
            candidates = byName.getOrDefault(edge.vertex().name(), List.of());
        }
        if (candidates.size() > MOST_COMPARED) {
            candidates = candidates.stream()
                    .sorted(Comparator.comparing(this::createdAt).reversed().thenComparing(index -> index))
                    .limit(MOST_COMPARED)
                    .toList();
        }
        @Nullable Distance best = null;
        for (int candidate : candidates) {
            Distance distance = distance(edge.vertex(), candidate);
            if (best == null || Distance.ORDER.compare(distance, best) < 0) {
                best = distance;
            }
        }
        return best == null ? -1 : best.record();
    }

    private Timestamp createdAt(int index) {
        return record(index).result().map(ResultView::createdAt).orElse(Timestamp.ZERO);
    }

    private Distance distance(Vertex vertex, int index) throws IOException {
        List<InputDifference> inputs = unmatched(vertex, index);
        int below = 0;
        for (InputDifference input : inputs) {
            int source = source(record(index), vertex, input.index());
            if (source >= 0 && !input.selectorOnly()) {
                Input from = vertex.inputs().get(input.index());
                below += changes(from.edge().vertex(), record(source), Optional.of(from.paths()))
                        .size();
            }
        }
        int own = changes(vertex, record(index), Optional.empty()).size() + inputs.size();
        return new Distance(index, own, below, createdAt(index));
    }

    /** What differs between the noted parts of a record and those of a vertex. */
    private List<KeyParts.Change> changes(Vertex vertex, RecordView before, Optional<List<PathPattern>> paths)
            throws IOException {
        if (before.parts().isEmpty()) {
            return List.of();
        }
        KeyParts then = new KeyParts(before.parts());
        List<KeyParts.Change> all = graph.partsAs(vertex, then).changesSince(then);
        if (paths.isEmpty() || paths.get().isEmpty()) {
            return all;
        }
        List<KeyParts.Change> selected = KeyParts.selected(all, paths.get());
        return selected.isEmpty() ? all : selected;
    }

    /** The record that a record takes in place of what the vertex takes, the one with its name first; -1 if there is none. */
    private int source(RecordView record, Vertex vertex, int input) {
        if (input >= record.inputs().size() || input >= vertex.inputCount()) {
            return -1;
        }
        String name = vertex.inputs().get(input).edge().vertex().name();
        int best = -1;
        for (ChainLink link : record.inputs().get(input)) {
            RecordView source = record(link.index());
            if (source.names().contains(name)) {
                return link.index();
            }
            boolean says = !source.names().isEmpty() || !source.isRoot();
            if (best < 0 && says) {
                best = link.index();
            }
        }
        return best;
    }

    /** A vertex, and which of its inputs that differ is looked at next. */
    private static final class Visit {
        final Edge edge;
        int next;

        Visit(Edge edge) {
            this.edge = edge;
        }
    }

    /** Goes from a vertex down to what made it another one. */
    private final class Walk {
        private final Map<Edge, Integer> before = new HashMap<>();
        private final Map<Edge, List<InputDifference>> inputs = new HashMap<>();
        private final Map<Edge, List<PathPattern>> paths = new HashMap<>();
        private final List<Edge> order = new ArrayList<>();

        List<Step> from(Edge top, int nearest) throws IOException {
            Deque<Visit> open = new ArrayDeque<>();
            before.put(top, nearest);
            paths.put(top, List.of());
            inputs.put(top, differences(top, false));
            open.push(new Visit(top));
            while (!open.isEmpty()) {
                Visit visit = open.element();
                List<InputDifference> differing = inputs.getOrDefault(visit.edge, List.of());
                if (visit.next == differing.size()) {
                    open.pop();
                    order.add(visit.edge);
                    continue;
                }
                InputDifference input = differing.get(visit.next++);
                if (!input.selectorOnly()) {
                    Edge from = visit.edge.vertex().inputs().get(input.index()).edge();
                    enter(visit.edge, input.index());
                    if (!inputs.containsKey(from)) {
                        inputs.put(from, differences(from, true));
                        open.push(new Visit(from));
                    }
                }
            }
            List<Step> steps = new ArrayList<>(order.size());
            for (Edge edge : order) {
                steps.add(step(edge));
            }
            return steps;
        }

        /** The inputs because of which a vertex differs; of one that is executed in any case none. */
        private List<InputDifference> differences(Edge edge, boolean isInput) throws IOException {
            Vertex vertex = edge.vertex();
            int index = before.getOrDefault(edge, -1);
            if (isInput && graph.isIgnored(vertex)) {
                return List.of();
            }
            if (index >= 0) {
                return unmatched(vertex, index);
            }
            List<InputDifference> unknown = new ArrayList<>();
            for (int i = 0; i < vertex.inputCount(); i++) {
                if (match(vertex.inputs().get(i).edge()).isEmpty()) {
                    unknown.add(new InputDifference(i, false));
                }
            }
            return unknown;
        }

        /** Remembers what a vertex takes of an input, and what stands in the input's place. */
        private void enter(Edge edge, int input) throws IOException {
            Input from = edge.vertex().inputs().get(input);
            List<PathPattern> known = paths.get(from.edge());
            if (known == null || from.paths().isEmpty()) {
                paths.put(from.edge(), from.paths());
            } else if (!known.isEmpty()) {
                List<PathPattern> all = new ArrayList<>(known);
                all.addAll(from.paths());
                paths.put(from.edge(), all);
            }
            if (!before.containsKey(from.edge())) {
                int index = before.getOrDefault(edge, -1);
                int source = index < 0 ? -1 : source(record(index), edge.vertex(), input);
                before.put(from.edge(), source < 0 ? nearest(from.edge()) : source);
            }
        }

        private Step step(Edge edge) throws IOException {
            int index = before.getOrDefault(edge, -1);
            Optional<RecordView> record = index < 0 ? Optional.empty() : Optional.of(record(index));
            boolean noted = record.isPresent() && !record.get().parts().isEmpty();
            boolean narrow = edge.vertex().op() instanceof LocalOp;
            List<KeyParts.Change> changes = noted
                    ? changes(
                            edge.vertex(),
                            record.get(),
                            narrow ? Optional.ofNullable(paths.get(edge)) : Optional.empty())
                    : List.of();
            return new Step(edge, verdict(edge, index), record, noted, changes, inputs.getOrDefault(edge, List.of()));
        }
    }
}
