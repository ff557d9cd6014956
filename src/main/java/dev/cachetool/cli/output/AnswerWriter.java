package dev.cachetool.cli.output;

import dev.cachetool.json.JsonWriter;
import dev.cachetool.remotecache.ArtifactForm;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Writes an answer as JSON (docs/output.schema.json): the same fields for every verb, {@code null} where one has none. */
public final class AnswerWriter {
    private static final int SCHEMA_VERSION = 1;

    private final JsonWriter json;

    private AnswerWriter(JsonWriter json) {
        this.json = json;
    }

    /**
     * Writes one object and a line end; leaves the stream open.
     *
     * @param warnings those that were given while the verb worked
     */
    public static void write(Answer answer, List<String> warnings, OutputStream out) throws IOException {
        try (JsonWriter json = JsonWriter.pretty(out)) {
            new AnswerWriter(json).write(answer, warnings);
        }
        out.write('\n');
    }

    private void write(Answer answer, List<String> warnings) throws IOException {
        json.beginObject().field("schemaVersion", SCHEMA_VERSION).field("command", answer.command());
        for (Map.Entry<String, String> fact : answer.facts().entrySet()) {
            json.field(fact.getKey(), fact.getValue());
        }
        json.name("vertices").beginArray();
        for (VertexRow row : answer.vertices()) {
            vertex(row);
        }
        json.endArray().name("targets").beginArray();
        for (TargetRow row : answer.targets()) {
            json.beginObject().field("place", row.place().spec());
            optional("digest", row.digest());
            text("form", row.form().map(ArtifactForm::text));
            json.field("status", row.status().word());
            problem(row.problem());
            json.endObject();
        }
        json.endArray().name("sources").beginArray();
        for (SourceRow row : answer.sources()) {
            json.beginObject().field("place", row.place().spec());
            optional("digest", row.digest());
            text("form", row.form().map(ArtifactForm::text));
            json.field("status", row.status().word());
            problem(row.problem());
            json.endObject();
        }
        json.endArray().name("layers").beginArray();
        for (LayerRow row : answer.layers()) {
            json.beginObject().field("digest", row.blob().digest().toString());
            optional("diffID", row.diffId());
            json.field("size", row.blob().size()).field("mediaType", row.blob().mediaType());
            text("status", row.status().map(LayerRow.Status::word));
            json.endObject();
        }
        json.endArray();
        for (Map.Entry<String, Answer.Section> section : answer.sections().entrySet()) {
            json.name(section.getKey());
            section.getValue().write(json);
        }
        json.name("summary").beginObject();
        for (Map.Entry<String, Long> figure : answer.summary().entrySet()) {
            json.field(figure.getKey(), figure.getValue());
        }
        json.endObject().name("warnings").beginArray();
        for (String warning : warnings) {
            json.value(warning);
        }
        json.endArray().endObject();
    }

    private void vertex(VertexRow row) throws IOException {
        json.beginObject().field("name", row.name());
        optional("vertex", row.vertex());
        json.field("op", row.op());
        text("status", row.status().map(Status::word));
        text("source", row.source().map(place -> place.spec()));
        text("reason", row.reason());
        json.field("bytes", row.bytes()).field("layers", row.layers());
        optional("createdAt", row.createdAt());
        number("ms", row.milliseconds());
        number("restored", row.restored());
        number("saved", row.saved());
        if (!row.cacheMaps().isEmpty()) {
            json.name("cacheMaps").beginArray();
            for (CacheMapRow map : row.cacheMaps()) {
                json.beginObject().field("digest", map.digest().toString());
                json.name("inputs").beginArray();
                for (CacheMapRow.Input input : map.inputs()) {
                    json.beginObject().field("vertex", input.vertex());
                    optional("selector", input.selector());
                    optional("content", input.content());
                    json.endObject();
                }
                json.endArray().endObject();
            }
            json.endArray().name("keys").beginArray();
            for (Object key : row.keys()) {
                json.value(key.toString());
            }
            json.endArray();
        }
        json.endObject();
    }

    private void problem(Optional<Problem> problem) throws IOException {
        text("error", problem.map(Problem::what));
    }

    private void optional(String name, Optional<?> value) throws IOException {
        text(name, value.map(Object::toString));
    }

    private void text(String name, Optional<String> value) throws IOException {
        @Nullable String text = value.orElse(null);
        json.name(name).value(text);
    }

    private void number(String name, OptionalLong value) throws IOException {
        json.name(name);
        if (value.isPresent()) {
            json.value(value.getAsLong());
        } else {
            json.nullValue();
        }
    }
}
