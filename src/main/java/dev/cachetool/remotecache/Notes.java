package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a cache config cannot hold, for people and for forecasts: per record the names of its vertices and the parts of its
 * key, per result the content digests of what was selected of it and how long it took to make. Never needed: without notes
 * a cache gives the same hits (docs/formats.md, "Notes").
 *
 * @param records by the identity of the record
 */
public record Notes(SortedMap<Digest, RecordNotes> records) {
    /** The most bytes of notes that are read: 64 MiB. */
    public static final long LIMIT = 64L << 20;

    /** No notes. */
    public static final Notes NONE = new Notes(new TreeMap<>());

    public Notes {
        records = Collections.unmodifiableSortedMap(new TreeMap<>(records));
    }

    /**
     * What is noted of a record.
     *
     * @param names of vertices that have it as their key
     * @param parts what went into its key, by name; of secrets a digest
     * @param results by the blobs of the result
     */
    public record RecordNotes(
            SortedSet<String> names, SortedMap<String, String> parts, SortedMap<Digest, ResultNotes> results) {
        public RecordNotes {
            names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
            parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
            results = Collections.unmodifiableSortedMap(new TreeMap<>(results));
        }

        /** What is noted of the result that is made of these layers. */
        public Optional<ResultNotes> result(List<Descriptor> layers) {
            return Optional.ofNullable(results.get(resultKey(layers)));
        }

        RecordNotes union(RecordNotes other) {
            TreeSet<String> bothNames = new TreeSet<>(names);
            bothNames.addAll(other.names);
            TreeMap<Digest, ResultNotes> both = new TreeMap<>(results);
            other.results.forEach((key, notes) -> both.merge(key, notes, ResultNotes::union));
            // Of two makers' parts the one that says more stands, then the one first in order: never a mixture.
            boolean own = parts.size() != other.parts.size()
                    ? parts.size() > other.parts.size()
                    : parts.toString().compareTo(other.parts.toString()) <= 0;
            return new RecordNotes(bothNames, own ? parts : other.parts, both);
        }
    }

    /**
     * What is noted of a result.
     *
     * @param content digests by what was selected, as content functions write it
     * @param milliseconds how long it took to make, when it was first saved
     */
    public record ResultNotes(SortedMap<String, Digest> content, OptionalLong milliseconds) {
        public ResultNotes {
            content = Collections.unmodifiableSortedMap(new TreeMap<>(content));
        }

        ResultNotes union(ResultNotes other) {
            TreeMap<String, Digest> both = new TreeMap<>(content);
            other.content.forEach(
                    (selection, digest) -> both.merge(selection, digest, (a, b) -> a.compareTo(b) <= 0 ? a : b));
            OptionalLong took = milliseconds.isEmpty()
                    ? other.milliseconds
                    : other.milliseconds.isEmpty() || milliseconds.getAsLong() <= other.milliseconds.getAsLong()
                            ? milliseconds
                            : other.milliseconds;
            return new ResultNotes(both, took);
        }
    }

    /** What a result is noted under: a digest over its blobs, lowest first. */
    public static Digest resultKey(List<Descriptor> layers) {
        StringBuilder blobs = new StringBuilder();
        for (Descriptor layer : layers) {
            blobs.append(layer.digest()).append('\n');
        }
        return Digest.sha256(blobs.toString());
    }

    /** What is noted of the record. */
    public Optional<RecordNotes> record(Digest identity) {
        return Optional.ofNullable(records.get(identity));
    }

    /**
     * These with results noted under other keys, as their blobs are others.
     *
     * @param keys the new key for each old one; a result that has none is left out
     */
    Notes withResults(Map<Digest, Digest> keys) {
        TreeMap<Digest, RecordNotes> changed = new TreeMap<>();
        records.forEach((identity, notes) -> {
            TreeMap<Digest, ResultNotes> results = new TreeMap<>();
            notes.results().forEach((key, result) -> {
                Digest other = keys.get(key);
                if (other != null) {
                    results.merge(other, result, ResultNotes::union);
                }
            });
            changed.put(identity, new RecordNotes(notes.names(), notes.parts(), results));
        });
        return new Notes(changed);
    }

    /** What is noted of these records and the results that they have, and nothing else. */
    Notes of(List<ChainRecord> wanted) {
        TreeMap<Digest, RecordNotes> kept = new TreeMap<>();
        for (ChainRecord each : wanted) {
            RecordNotes own = records.get(each.identity());
            if (own != null) {
                TreeMap<Digest, ResultNotes> results = new TreeMap<>();
                each.results().forEach(result -> {
                    Digest key = resultKey(result.remote().descriptors());
                    ResultNotes noted = own.results().get(key);
                    if (noted != null) {
                        results.put(key, noted);
                    }
                });
                kept.put(each.identity(), new RecordNotes(own.names(), own.parts(), results));
            }
        }
        return new Notes(kept);
    }

    /** These and the others; the order of the two does not matter. */
    public Notes union(Notes other) {
        TreeMap<Digest, RecordNotes> both = new TreeMap<>(records);
        other.records.forEach((identity, notes) -> both.merge(identity, notes, RecordNotes::union));
        return new Notes(both);
    }

    /**
     * Parses notes strictly, but passes over fields that a later version may have added.
     *
     * @param place where they are, for errors
     * @throws JsonException if they are malformed
     */
    public static Notes parse(byte[] bytes, String place) throws JsonException {
        JsonValue root = JsonDocument.strict(bytes, place);
        if (root.require("schemaVersion").asLong() != 1) {
            throw root.require("schemaVersion").error("is not 1, the only version that is known");
        }
        TreeMap<Digest, RecordNotes> records = new TreeMap<>();
        for (JsonValue value : root.require("records").asArray()) {
            TreeMap<String, String> parts = new TreeMap<>();
            for (Map.Entry<String, JsonValue> part : object(value, "parts").entrySet()) {
                parts.put(part.getKey(), part.getValue().asString());
            }
            TreeMap<Digest, ResultNotes> results = new TreeMap<>();
            for (JsonValue result : array(value, "results")) {
                TreeMap<String, Digest> content = new TreeMap<>();
                for (Map.Entry<String, JsonValue> entry :
                        object(result, "content").entrySet()) {
                    content.put(entry.getKey(), digest(entry.getValue()));
                }
                Optional<JsonValue> took = result.get("ms");
                results.put(
                        digest(result.require("layers")),
                        new ResultNotes(
                                content,
                                took.isPresent() ? OptionalLong.of(took.get().asLong()) : OptionalLong.empty()));
            }
            List<String> names = new ArrayList<>();
            for (JsonValue name : array(value, "names")) {
                names.add(name.asString());
            }
            records.put(digest(value.require("record")), new RecordNotes(new TreeSet<>(names), parts, results));
        }
        return new Notes(records);
    }

    private static Digest digest(JsonValue value) throws JsonException {
        Optional<Digest> digest = Digest.tryParse(value.asString());
        if (digest.isEmpty()) {
            throw value.error("is no digest");
        }
        return digest.get();
    }

    private static List<JsonValue> array(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asArray() : List.of();
    }

    private static Map<String, JsonValue> object(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asObject() : Map.of();
    }

    /** Their bytes: the same notes give the same. */
    public byte[] toBytes() {
        return JsonWriter.bytes(this::write);
    }

    private void write(JsonWriter json) throws IOException {
        json.beginObject().field("schemaVersion", 1).name("records").beginArray();
        for (Map.Entry<Digest, RecordNotes> entry : records.entrySet()) {
            RecordNotes notes = entry.getValue();
            json.beginObject().field("record", entry.getKey().toString());
            if (!notes.names().isEmpty()) {
                json.name("names").beginArray();
                for (String name : notes.names()) {
                    json.value(name);
                }
                json.endArray();
            }
            if (!notes.parts().isEmpty()) {
                json.name("parts").beginObject();
                for (Map.Entry<String, String> part : notes.parts().entrySet()) {
                    json.field(part.getKey(), part.getValue());
                }
                json.endObject();
            }
            if (!notes.results().isEmpty()) {
                json.name("results").beginArray();
                for (Map.Entry<Digest, ResultNotes> result : notes.results().entrySet()) {
                    write(json, result.getKey(), result.getValue());
                }
                json.endArray();
            }
            json.endObject();
        }
        json.endArray().endObject();
    }

    private static void write(JsonWriter json, Digest layers, ResultNotes notes) throws IOException {
        json.beginObject().field("layers", layers.toString());
        if (!notes.content().isEmpty()) {
            json.name("content").beginObject();
            for (Map.Entry<String, Digest> content : notes.content().entrySet()) {
                json.field(content.getKey(), content.getValue().toString());
            }
            json.endObject();
        }
        if (notes.milliseconds().isPresent()) {
            json.field("ms", notes.milliseconds().getAsLong());
        }
        json.endObject();
    }
}
