package dev.cachetool.cli.output;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a verb answers, in the shape that every verb shares.
 *
 * @param command the verb's name
 * @param facts further fields that only this verb has, in order: name to text
 * @param store what the local store has; empty where the verb is not about it
 * @param summary counts, bytes and milliseconds, in order
 */
public record Answer(
        String command,
        Map<String, String> facts,
        List<VertexRow> vertices,
        List<TargetRow> targets,
        List<SourceRow> sources,
        List<LayerRow> layers,
        List<RecordRow> records,
        Optional<StoreContent> store,
        Map<String, Long> summary) {
    public Answer {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        vertices = List.copyOf(vertices);
        targets = List.copyOf(targets);
        sources = List.copyOf(sources);
        layers = List.copyOf(layers);
        records = List.copyOf(records);
        summary = Collections.unmodifiableMap(new LinkedHashMap<>(summary));
    }

    /** The answer of a verb that is not about the local store. */
    public Answer(
            String command,
            Map<String, String> facts,
            List<VertexRow> vertices,
            List<TargetRow> targets,
            List<SourceRow> sources,
            List<LayerRow> layers,
            List<RecordRow> records,
            Map<String, Long> summary) {
        this(command, facts, vertices, targets, sources, layers, records, Optional.empty(), summary);
    }

    /** The answer of a verb that is about no graph, and no place but one that it may have read. */
    public Answer(
            String command,
            Map<String, String> facts,
            Optional<StoreContent> store,
            List<SourceRow> sources,
            Map<String, Long> summary) {
        this(command, facts, List.of(), List.of(), sources, List.of(), List.of(), store, summary);
    }
}
