package dev.cachetool.cli.service;

import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cachemap.KeyParts;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.graph.Vertex;
import dev.cachetool.pattern.PatternMatcher;
import dev.cachetool.remotecache.ImportedCache;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.OutputKeys;
import dev.cachetool.solver.SolveListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Says why a vertex missed: the first thing that differs from what a cache has, as far as its notes tell. */
final class MissReasons {
    private static final String FILE = "file ";
    private static final String NOT_THERE = "not in the cache";

    private final GraphSession session;
    private final boolean anySource;
    private final Predicate<Vertex> ignoring;
    private final PartsFile remembered;
    private final Map<String, List<KeyParts>> partsByName = new HashMap<>();
    private @Nullable Set<Vertex> unchanged;

    /**
     * @param store whether the local store was asked
     * @param ignoring vertices for which no cache was asked, though they do not say so
     * @param remembered what went into the keys of the last run
     */
    MissReasons(
            GraphSession session,
            List<OpenSource> sources,
            boolean store,
            Predicate<Vertex> ignoring,
            PartsFile remembered) {
        this.session = session;
        this.anySource = store || !sources.isEmpty();
        this.ignoring = ignoring;
        this.remembered = remembered;
        for (OpenSource source : sources) {
            for (Notes.RecordNotes notes : source.artifact().notes().records().values()) {
                if (!notes.parts().isEmpty()) {
                    for (String name : notes.names()) {
                        partsByName
                                .computeIfAbsent(name, unused -> new ArrayList<>())
                                .add(new KeyParts(notes.parts()));
                    }
                }
            }
        }
    }

    /** Whether a cache has a record of the vertex's operation, or the last run had it, whatever its inputs. */
    boolean isKnown(List<ImportedCache> caches, Vertex vertex) throws IOException {
        for (ImportedCache cache : caches) {
            if (knowsOperation(cache, vertex)) {
                return true;
            }
        }
        return isAsRemembered(vertex);
    }

    private boolean knowsOperation(ImportedCache cache, Vertex vertex) throws IOException {
        for (int i = 0; i < session.cacheMaps().count(vertex); i++) {
            CacheMap map = session.cacheMaps().of(vertex, i);
            for (int output = 0; output < vertex.outputCount(); output++) {
                if (!map.digest().isRandom() && cache.hasRecord(OutputKeys.of(map.digest(), output))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the operation is what it was in the last run. */
    private boolean isAsRemembered(Vertex vertex) throws IOException {
        Optional<KeyParts> before = remembered.find(vertex.name());
        return before.isPresent() && before.get().equals(session.cacheMaps().partsOf(vertex));
    }

    private List<KeyParts> before(Vertex vertex) {
        List<KeyParts> noted = partsByName.getOrDefault(vertex.name(), List.of());
        Optional<KeyParts> own = remembered.find(vertex.name());
        if (own.isEmpty()) {
            return noted;
        }
        List<KeyParts> all = new ArrayList<>(noted);
        all.add(own.get());
        return all;
    }

    /** The reason, as half a sentence. */
    String of(Vertex vertex, SolveListener.Miss miss, boolean operationKnown) throws IOException {
        if (vertex.options().ignoreCache()) {
            return "its cache is ignored (ignoreCache)";
        }
        if (ignoring.test(vertex)) {
            return "no cache is asked for it";
        }
        if (!anySource) {
            return "no cache was read";
        }
        if (!operationKnown) {
            List<KeyParts> before = before(vertex);
            return firstChange(session.cacheMaps().partsOf(vertex), before).orElse(NOT_THERE);
        }
        if (miss.keyKnown()) {
            return "the cache has no result for it";
        }
        List<Integer> inputs = miss.unmatched().isEmpty() ? miss.open() : miss.unmatched();
        for (int index : inputs) {
            Input input = vertex.inputs().get(index);
            Vertex from = input.edge().vertex();
            if (!(from.op() instanceof LocalOp)) {
                return changed(vertex, from);
            }
            KeyParts now = narrowed(session.cacheMaps().partsOf(from), input.paths());
            List<KeyParts> before = before(from).stream()
                    .map(parts -> narrowed(parts, input.paths()))
                    .toList();
            Optional<String> change = firstChange(now, before);
            return change.isPresent() ? change.get() : changed(vertex, from);
        }
        return "its inputs do not stand together in the cache";
    }

    /** That an input changed, unless all is what it was in the last run, so that its result is gone or was never saved. */
    private String changed(Vertex vertex, Vertex input) throws IOException {
        return unchanged().contains(vertex) ? NOT_THERE : "what it takes from " + input.name() + " changed";
    }

    /** The vertices of which nothing differs from the last run, nor of anything that they stand on. */
    private synchronized Set<Vertex> unchanged() throws IOException {
        if (unchanged == null) {
            Set<Vertex> found = new HashSet<>();
            for (Vertex vertex : session.reachable()) {
                boolean inputs = vertex.inputs().stream()
                        .allMatch(input -> found.contains(input.edge().vertex()));
                if (inputs && isAsRemembered(vertex)) {
                    found.add(vertex);
                }
            }
            unchanged = found;
        }
        return unchanged;
    }

    /** Of several that were noted under one name, the one that differs least is the one to compare with. */
    private static Optional<String> firstChange(KeyParts now, List<KeyParts> before) {
        KeyParts nearest = null;
        int fewest = Integer.MAX_VALUE;
        for (KeyParts candidate : before) {
            int differing = 0;
            for (Map.Entry<String, String> part : now.parts().entrySet()) {
                if (!part.getValue().equals(candidate.parts().get(part.getKey()))) {
                    differing++;
                }
            }
            for (String name : candidate.parts().keySet()) {
                if (!now.parts().containsKey(name)) {
                    differing++;
                }
            }
            if (differing > 0 && differing < fewest) {
                fewest = differing;
                nearest = candidate;
            }
        }
        return nearest == null
                ? Optional.empty()
                : now.changesSince(nearest).stream().findFirst().map(KeyParts.Change::said);
    }

    /** The parts without files that the paths do not select. */
    private static KeyParts narrowed(KeyParts parts, List<PathPattern> paths) {
        if (paths.isEmpty()) {
            return parts;
        }
        PatternMatcher matcher =
                PatternMatcher.of(paths.stream().map(PathPattern::path).toList());
        SortedMap<String, String> kept = new TreeMap<>();
        parts.parts().forEach((name, value) -> {
            if (!name.startsWith(FILE) || matcher.matchesOrParentMatches(name.substring(FILE.length()))) {
                kept.put(name, value);
            }
        });
        return new KeyParts(kept);
    }
}
