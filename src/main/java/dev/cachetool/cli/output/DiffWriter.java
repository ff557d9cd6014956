package dev.cachetool.cli.output;

import dev.cachetool.inspect.CacheDiff;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Writes how two caches differ as the section {@code difference} of an answer. */
public final class DiffWriter {
    private final CacheDiff diff;

    public DiffWriter(CacheDiff diff) {
        this.diff = diff;
    }

    /** Writes all of it. */
    public void difference(JsonWriter json) throws IOException {
        json.beginObject().name("isDifferent").value(diff.isDifferent());
        json.name("both").beginArray();
        for (CacheDiff.Pair pair : diff.both()) {
            json.beginObject();
            KeyChanges.nameAndDigest(json, diff.recordA(pair.a()));
            json.field("a", diff.recordA(pair.a()).identity().toString())
                    .field("b", diff.recordB(pair.b()).identity().toString())
                    .name("relinked")
                    .value(pair.relinked())
                    .field("result", word(pair.result()));
            json.name("resultA");
            result(json, diff.a(), diff.resultA(pair));
            json.name("resultB");
            result(json, diff.b(), diff.resultB(pair));
            json.endObject();
        }
        json.endArray();
        records(json, "onlyA", diff.a(), diff.onlyA());
        records(json, "onlyB", diff.b(), diff.onlyB());
        layers(json, "layersInBoth", diff.a(), diff.layersInBoth());
        layers(json, "layersOnlyA", diff.a(), diff.layersOnlyA());
        layers(json, "layersOnlyB", diff.b(), diff.layersOnlyB());
        json.name("partings").beginArray();
        for (CacheDiff.Parting parting : diff.partings()) {
            json.beginObject().name("common").beginArray();
            for (int index : parting.common()) {
                KeyChanges.reference(json, diff.recordA(index));
            }
            json.endArray().name("branches").beginArray();
            for (CacheDiff.Branch branch : parting.branches()) {
                branch(json, branch);
            }
            json.endArray().endObject();
        }
        json.endArray().endObject();
    }

    private void branch(JsonWriter json, CacheDiff.Branch branch) throws IOException {
        json.beginObject()
                .field("where", branch.where().name().toLowerCase(Locale.ROOT))
                .name("a");
        reference(json, diff.a(), branch.a());
        json.name("b");
        reference(json, diff.b(), branch.b());
        json.field("followingA", branch.followingA())
                .field("followingB", branch.followingB())
                .field("why", branch.why().name().toLowerCase(Locale.ROOT));
        json.name("inputs").beginArray();
        for (CacheDiff.InputChange input : branch.inputs()) {
            json.beginObject()
                    .field("index", input.index())
                    .name("selectorsOnly")
                    .value(input.selectorsOnly());
            json.name("a");
            KeyChanges.reference(json, diff.recordA(input.a()));
            json.name("b");
            KeyChanges.reference(json, diff.recordB(input.b()));
            KeyChanges.changes(json, input.changes());
            json.endObject();
        }
        json.endArray();
        KeyChanges.changes(json, branch.changes());
        json.endObject();
    }

    private static void records(JsonWriter json, String name, CacheView cache, List<Integer> records)
            throws IOException {
        json.name(name).beginArray();
        for (int index : records) {
            RecordView record = cache.records().get(index);
            json.beginObject();
            KeyChanges.nameAndDigest(json, record);
            json.field("record", record.identity().toString()).name("result");
            result(json, cache, record.result());
            json.endObject();
        }
        json.endArray();
    }

    private static void reference(JsonWriter json, CacheView cache, OptionalInt index) throws IOException {
        if (index.isPresent()) {
            KeyChanges.reference(json, cache.records().get(index.getAsInt()));
        } else {
            json.nullValue();
        }
    }

    private static void result(JsonWriter json, CacheView cache, Optional<ResultView> result) throws IOException {
        if (result.isEmpty()) {
            json.nullValue();
            return;
        }
        json.beginObject().name("layers").beginArray();
        for (int layer : result.get().layers()) {
            json.value(cache.layers().get(layer).blob().digest().toString());
        }
        json.endArray()
                .field("bytes", result.get().bytes())
                .field("createdAt", result.get().createdAt().toString())
                .endObject();
    }

    private static void layers(JsonWriter json, String name, CacheView cache, List<Integer> layers) throws IOException {
        json.name(name).beginArray();
        for (int index : layers) {
            Descriptor blob = cache.layers().get(index).blob();
            json.beginObject().field("digest", blob.digest().toString());
            json.name("diffID").value(blob.diffId().map(Object::toString).orElse(null));
            json.field("size", blob.size()).field("mediaType", blob.mediaType()).endObject();
        }
        json.endArray();
    }

    private static String word(CacheDiff.ResultChange change) {
        return switch (change) {
            case NONE -> "none";
            case SAME -> "same";
            case TIME -> "time";
            case PACKING -> "packing";
            case CONTENT -> "content";
            case ONLY_A -> "onlyA";
            case ONLY_B -> "onlyB";
        };
    }
}
