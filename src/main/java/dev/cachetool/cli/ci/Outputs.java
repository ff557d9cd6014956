package dev.cachetool.cli.ci;

import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.cli.output.VertexRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What later steps and jobs may ask of an answer, by name.
 *
 * @param values words, whole numbers and digests, in order: nothing that anybody outside wrote
 * @param missing names of vertices, in the graph's order; empty where the verb has none
 */
record Outputs(Map<String, String> values, Optional<List<String>> missing) {
    /** The name of {@link #missing}. */
    static final String MISSING = "missing";

    private static final String CACHE_HIT = "cache-hit";
    private static final Set<String> SOLVING = Set.of("plan", "import", "run");
    private static final Set<String> PUBLISHING = Set.of("run", "export", "copy", "merge");

    Outputs {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        missing = missing.map(List::copyOf);
    }

    /** Those of the answer; none for a verb that has none. */
    static Outputs of(Answer answer) {
        Map<String, String> values = new LinkedHashMap<>();
        Optional<List<String>> missing = Optional.empty();
        if (SOLVING.contains(answer.command())) {
            if (answer.vertices().isEmpty()) {
                brought(answer, values);
            } else {
                missing = Optional.of(solved(answer, values));
            }
            values.put("bytes-pulled", Long.toString(answer.summary().getOrDefault("bytes", 0L)));
        }
        if (PUBLISHING.contains(answer.command())) {
            values.put("digest", digest(answer.targets()));
        }
        return new Outputs(values, missing);
    }

    /** Those of a verb that gave no answer. */
    static Outputs ofFailure(String verb) {
        return new Outputs(SOLVING.contains(verb) ? Map.of(CACHE_HIT, "false") : Map.of(), Optional.empty());
    }

    boolean isEmpty() {
        return values.isEmpty() && missing.isEmpty();
    }

    /** Whether the vertex is one that something asks for, and no cache had its result. */
    static boolean isMissing(VertexRow row) {
        return row.status().isPresent()
                && switch (row.status().get()) {
                    case MISS, MAYBE, EXECUTED, FAILED, SKIPPED -> true;
                    case SOURCE, HIT, UNNEEDED -> false;
                };
    }

    private static List<String> solved(Answer answer, Map<String, String> values) {
        List<String> missing = new ArrayList<>();
        long hits = 0;
        for (VertexRow row : answer.vertices()) {
            if (isMissing(row)) {
                missing.add(row.name());
            } else if (row.status().isPresent() && row.status().get() == Status.HIT) {
                hits++;
            }
        }
        values.put(CACHE_HIT, Boolean.toString(missing.isEmpty()));
        values.put("hits", Long.toString(hits));
        values.put("misses", Integer.toString(missing.size()));
        values.put("hit-rate", Long.toString(hits + missing.size() == 0 ? 100 : 100 * hits / (hits + missing.size())));
        return missing;
    }

    /** An import without a graph hits where every cache could be read, and nothing of it was lost. */
    private static void brought(Answer answer, Map<String, String> values) {
        boolean all = answer.summary().getOrDefault("lost", 0L) == 0;
        for (SourceRow row : answer.sources()) {
            all &= row.status() == SourceRow.Status.READ;
        }
        values.put(CACHE_HIT, Boolean.toString(all));
    }

    /** That of the first target that has the cache now; the empty text where none has. */
    private static String digest(List<TargetRow> targets) {
        for (TargetRow row : targets) {
            if (row.digest().isPresent()) {
                return row.digest().get().toString();
            }
        }
        return "";
    }
}
