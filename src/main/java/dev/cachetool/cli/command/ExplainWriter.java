package dev.cachetool.cli.command;

import dev.cachetool.cli.command.ExplainAnswer.Explained;
import dev.cachetool.cli.command.ExplainAnswer.InCache;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.KeyChanges;
import dev.cachetool.inspect.Explanation.InputDifference;
import dev.cachetool.inspect.Explanation.Step;
import dev.cachetool.inspect.Explanation.Verdict;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Writes why vertices hit or miss as the section {@code explanations} of an answer. */
final class ExplainWriter implements Answer.Section {
    private final List<Explained> vertices;

    ExplainWriter(List<Explained> vertices) {
        this.vertices = List.copyOf(vertices);
    }

    @Override
    public void write(JsonWriter json) throws IOException {
        json.beginArray();
        for (Explained each : vertices) {
            json.beginObject()
                    .field("vertex", each.edge().vertex().name())
                    .field("output", each.edge().outputIndex())
                    .name("caches")
                    .beginArray();
            for (InCache cache : each.caches()) {
                json.beginObject();
                json.name("place")
                        .value(cache.place().map(place -> place.spec()).orElse(null));
                json.name("noted").value(cache.isNoted());
                json.field("verdict", word(cache.explanation().verdict()));
                reference(json, cache.explanation().record());
                json.name("steps").beginArray();
                for (Step step : cache.explanation().steps()) {
                    write(json, step);
                }
                json.endArray().endObject();
            }
            json.endArray().endObject();
        }
        json.endArray();
    }

    private static void write(JsonWriter json, Step step) throws IOException {
        json.beginObject()
                .field("vertex", step.name())
                .field("output", step.edge().outputIndex())
                .field("op", step.edge().vertex().op().kind())
                .field("verdict", word(step.verdict()));
        reference(json, step.before());
        json.name("noted").value(step.isNoted());
        KeyChanges.changes(json, step.changes());
        json.name("inputs").beginArray();
        for (InputDifference input : step.inputs()) {
            json.beginObject()
                    .field("index", input.index())
                    .field("vertex", step.from(input).name())
                    .name("selectorOnly")
                    .value(input.selectorOnly())
                    .endObject();
        }
        json.endArray().endObject();
    }

    private static void reference(JsonWriter json, Optional<RecordView> record) throws IOException {
        json.name("record");
        if (record.isPresent()) {
            KeyChanges.reference(json, record.get());
        } else {
            json.nullValue();
        }
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case HIT -> "hit";
            case NO_RESULT -> "noResult";
            case INPUTS -> "inputs";
            case OPERATION -> "operation";
            case ABSENT -> "absent";
            case IGNORED -> "ignored";
        };
    }
}
