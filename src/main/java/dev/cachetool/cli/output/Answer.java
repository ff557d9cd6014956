package dev.cachetool.cli.output;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a verb answers, in the shape that every verb shares.
 *
 * @param command the verb's name
 * @param facts further fields that only this verb has, in order: name to text
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
}
