package dev.cachetool.golden;

import dev.cachetool.digest.Digest;
import dev.cachetool.golden.ParsedConfig.Result;
import dev.cachetool.golden.ParsedConfig.Stack;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The results that the input of a case offered for each record digest: a rule that lets another result stand than BuildKit
 * chose needs to know that it was there to be chosen.
 */
public final class OfferedResults {
    private static final Instant ZERO_TIME = Instant.parse("0001-01-01T00:00:00Z");
    private static final OfferedResults NONE = new OfferedResults();

    private final Map<String, Set<Result>> byDigest = new HashMap<>();

    private OfferedResults() {}

    /** Nothing is known of the input: no other result may stand. */
    public static OfferedResults none() {
        return NONE;
    }

    /** The results of an {@code adds.json}. */
    public static OfferedResults ofAdds(byte[] adds) {
        OfferedResults offered = new OfferedResults();
        try {
            for (JsonValue add : items(JsonDocument.asGoReads(adds, "adds.json"), "adds")) {
                for (JsonValue result : items(add, "results")) {
                    offered.add(add.require("digest").asString(), result);
                }
            }
        } catch (JsonException e) {
            throw new IllegalArgumentException(e);
        }
        return offered;
    }

    /** The results at the vertices of one or several graphs of {@code opaque} operations, {@code graph.json} and {@code prior.json}. */
    public static OfferedResults ofGraphs(List<byte[]> graphs) {
        OfferedResults offered = new OfferedResults();
        try {
            for (byte[] graph : graphs) {
                for (JsonValue vertex : items(JsonDocument.asGoReads(graph, "graph.json"), "vertices")) {
                    JsonValue op = vertex.require("op").require("opaque");
                    for (JsonValue result : items(vertex, "results")) {
                        Optional<JsonValue> output = result.get("output");
                        long index = output.isPresent() ? output.get().asLong() : 0;
                        for (JsonValue cacheMap : items(op, "cacheMaps")) {
                            String digest = cacheMap.require("digest").asString();
                            offered.add(Digest.sha256(digest + "@" + index).toString(), result);
                        }
                    }
                }
            }
        } catch (JsonException e) {
            throw new IllegalArgumentException(e);
        }
        return offered;
    }

    private static List<JsonValue> items(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asArray() : List.of();
    }

    private void add(String digest, JsonValue result) throws JsonException {
        Stack layers = Stack.EMPTY;
        for (JsonValue layer : items(result, "layers")) {
            layers = layers.with(layer.require("digest").asString());
        }
        Optional<JsonValue> createdAt = result.get("createdAt");
        byDigest.computeIfAbsent(digest, d -> new HashSet<>())
                .add(new Result(layers, createdAt.isPresent() ? ParsedConfig.instant(createdAt.get()) : ZERO_TIME));
    }

    boolean has(String digest, Result result) {
        return byDigest.getOrDefault(digest, Set.of()).contains(result);
    }

    /** Whether a result without layers was offered that is not older than the given one. */
    boolean hasWithoutLayersSince(String digest, Instant createdAt) {
        return byDigest.getOrDefault(digest, Set.of()).stream()
                .anyMatch(r -> r.layers().size() == 0 && !r.createdAt().isBefore(createdAt));
    }
}
