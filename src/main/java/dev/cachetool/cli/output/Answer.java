package dev.cachetool.cli.output;

import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a verb answers: the fields that every verb shares, and sections of its own.
 *
 * @param command the verb's name
 * @param facts further fields with a text, in order
 * @param sections further fields of any shape, in order
 * @param summary counts, bytes and milliseconds, in order
 */
public record Answer(
        String command,
        Map<String, String> facts,
        List<VertexRow> vertices,
        List<TargetRow> targets,
        List<SourceRow> sources,
        List<LayerRow> layers,
        Map<String, Section> sections,
        Map<String, Long> summary) {
    public Answer {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        vertices = List.copyOf(vertices);
        targets = List.copyOf(targets);
        sources = List.copyOf(sources);
        layers = List.copyOf(layers);
        sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
        summary = Collections.unmodifiableMap(new LinkedHashMap<>(summary));
    }

    /** A field of one verb: writes one value, whose name stands already. */
    @FunctionalInterface
    public interface Section {
        void write(JsonWriter json) throws IOException;
    }

    /** The answer of that verb, in which nothing stands yet. */
    public static Answer of(String command) {
        return new Answer(command, Map.of(), List.of(), List.of(), List.of(), List.of(), Map.of(), Map.of());
    }

    /** This with these texts in place of its own. */
    public Answer facts(Map<String, String> others) {
        return new Answer(command, others, vertices, targets, sources, layers, sections, summary);
    }

    /** This with these vertices. */
    public Answer vertices(List<VertexRow> others) {
        return new Answer(command, facts, others, targets, sources, layers, sections, summary);
    }

    /** This with these targets. */
    public Answer targets(List<TargetRow> others) {
        return new Answer(command, facts, vertices, others, sources, layers, sections, summary);
    }

    /** This with these sources. */
    public Answer sources(List<SourceRow> others) {
        return new Answer(command, facts, vertices, targets, others, layers, sections, summary);
    }

    /** This with these layers. */
    public Answer layers(List<LayerRow> others) {
        return new Answer(command, facts, vertices, targets, sources, others, sections, summary);
    }

    /** This with one more section. */
    public Answer section(String name, Section section) {
        Map<String, Section> more = new LinkedHashMap<>(sections);
        more.put(name, section);
        return new Answer(command, facts, vertices, targets, sources, layers, more, summary);
    }

    /** This with that summary. */
    public Answer summary(Map<String, Long> other) {
        return new Answer(command, facts, vertices, targets, sources, layers, sections, other);
    }
}
