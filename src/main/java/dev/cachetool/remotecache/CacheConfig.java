package dev.cachetool.remotecache;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * BuildKit's cache config, {@code application/vnd.buildkit.cacheconfig.v0}, as it stands: what its indexes and digests say
 * is not checked here (docs/formats.md).
 */
public record CacheConfig(List<Layer> layers, List<ConfigRecord> records) {
    /** The most bytes that BuildKit reads of a config, and of a manifest: 1 MiB. */
    public static final int BUILDKIT_LIMIT = 1 << 20;

    public CacheConfig {
        layers = List.copyOf(layers);
        records = List.copyOf(records);
    }

    /**
     * A layer on its parent.
     *
     * @param blob its digest, as it stands
     * @param parent index of the layer below, or -1 for none
     */
    public record Layer(String blob, int parent) {}

    /** A result: the index of its topmost layer, loaded with all its parents. */
    public record LayerResult(int layer, Timestamp createdAt) {}

    /** A result as the listed layers in this order, without parents. */
    public record ChainResult(List<Integer> layers, Timestamp createdAt) {
        public ChainResult {
            layers = List.copyOf(layers);
        }
    }

    /**
     * A node of the chain.
     *
     * @param digest its output key, as it stands; "" where it is left out
     * @param inputs for every input the records that lead here
     */
    public record ConfigRecord(
            String digest, List<LayerResult> results, List<ChainResult> chains, List<List<ChainLink>> inputs) {
        public ConfigRecord {
            results = List.copyOf(results);
            chains = List.copyOf(chains);
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * Parses a config as Go reads it.
     *
     * @param place where it is, for errors
     * @throws JsonException if it is no JSON, or a value has a wrong type
     */
    public static CacheConfig parse(byte[] bytes, String place) throws JsonException {
        return parse(bytes, place, Reading.STRICT);
    }

    /**
     * Parses a config as Go reads it, and goes on where a value is not what it should be: that counts as left out.
     *
     * @param place where it is, for errors
     * @param wrong is told of each such value
     * @throws JsonException if it is no JSON
     */
    public static CacheConfig parseAll(byte[] bytes, String place, Consumer<JsonException> wrong) throws JsonException {
        return parse(bytes, place, wrong::accept);
    }

    private static CacheConfig parse(byte[] bytes, String place, Reading reading) throws JsonException {
        JsonValue root = JsonDocument.asGoReads(bytes, place);
        List<Layer> layers = new ArrayList<>();
        for (JsonValue layer : reading.array(root, "layers")) {
            layers.add(new Layer(reading.string(layer, "blob"), reading.integer(layer, "parent")));
        }
        return new CacheConfig(layers, readRecords(reading.array(root, "records"), reading));
    }

    /**
     * Parses the records of an inline cache, an array of them.
     *
     * @param place where they are, for errors
     * @throws JsonException if they are no JSON, or a value has a wrong type
     */
    public static List<ConfigRecord> parseRecords(byte[] bytes, String place) throws JsonException {
        return readRecords(JsonDocument.asGoReads(bytes, place).asArray(), Reading.STRICT);
    }

    /**
     * Parses the records of an inline cache, and goes on as {@link #parseAll} does.
     *
     * @param place where they are, for errors
     * @param wrong is told of each value that is not what it should be
     * @throws JsonException if they are no JSON
     */
    public static List<ConfigRecord> parseAllRecords(byte[] bytes, String place, Consumer<JsonException> wrong)
            throws JsonException {
        Reading reading = wrong::accept;
        JsonValue root = JsonDocument.asGoReads(bytes, place);
        return readRecords(reading.otherwise(List.of(), root::asArray), reading);
    }

    private static List<ConfigRecord> readRecords(List<JsonValue> values, Reading reading) throws JsonException {
        List<ConfigRecord> records = new ArrayList<>(values.size());
        for (JsonValue value : values) {
            List<LayerResult> results = new ArrayList<>(1);
            for (JsonValue result : reading.array(value, "layers")) {
                results.add(new LayerResult(reading.integer(result, "layer"), reading.time(result)));
            }
            List<ChainResult> chains = new ArrayList<>(0);
            for (JsonValue chain : reading.array(value, "chains")) {
                List<Integer> indexes = new ArrayList<>();
                for (JsonValue index : reading.array(chain, "layers")) {
                    indexes.add(reading.otherwise(0, index::asInt));
                }
                chains.add(new ChainResult(indexes, reading.time(chain)));
            }
            List<List<ChainLink>> inputs = new ArrayList<>();
            for (JsonValue input : reading.array(value, "inputs")) {
                List<ChainLink> links = new ArrayList<>();
                for (JsonValue link : reading.otherwise(List.<JsonValue>of(), input::asArray)) {
                    links.add(new ChainLink(reading.string(link, "selector"), reading.integer(link, "link")));
                }
                inputs.add(links);
            }
            records.add(new ConfigRecord(reading.string(value, "digest"), results, chains, inputs));
        }
        return records;
    }

    /** How fields are read, and what becomes of one that is not what it should be. */
    @FunctionalInterface
    private interface Reading {
        /** Gives up. */
        Reading STRICT = wrong -> {
            throw wrong;
        };

        /** Takes note of a value that is wrong, and counts as left out then; or throws it. */
        void wrong(JsonException wrong) throws JsonException;

        /** A value as it is read. */
        @FunctionalInterface
        interface Read<T> {
            T value() throws JsonException;
        }

        /** What is read, or else what stands for a value that is left out. */
        default <T> T otherwise(T leftOut, Read<T> read) throws JsonException {
            try {
                return read.value();
            } catch (JsonException e) {
                wrong(e);
                return leftOut;
            }
        }

        default List<JsonValue> array(JsonValue parent, String field) throws JsonException {
            return otherwise(List.of(), () -> {
                Optional<JsonValue> value = parent.get(field);
                return value.isPresent() ? value.get().asArray() : List.of();
            });
        }

        default String string(JsonValue parent, String field) throws JsonException {
            return otherwise("", () -> {
                Optional<JsonValue> value = parent.get(field);
                return value.isPresent() ? value.get().asString() : "";
            });
        }

        default int integer(JsonValue parent, String field) throws JsonException {
            return otherwise(0, () -> {
                Optional<JsonValue> value = parent.get(field);
                return value.isPresent() ? value.get().asInt() : 0;
            });
        }

        default Timestamp time(JsonValue parent) throws JsonException {
            return otherwise(Timestamp.ZERO, () -> {
                Optional<JsonValue> value = parent.get("createdAt");
                if (value.isEmpty()) {
                    return Timestamp.ZERO;
                }
                String text = value.get().asString();
                return Timestamp.tryParse(text)
                        .orElseThrow(() -> value.get().error("is no RFC 3339 time: \"" + text + "\""));
            });
        }
    }

    /** Its bytes: keys in BuildKit's order, no white space, Go's escapes. */
    public byte[] toBytes() {
        return JsonWriter.bytes(this::write);
    }

    private void write(JsonWriter json) throws IOException {
        json.beginObject();
        if (!layers.isEmpty()) {
            json.name("layers").beginArray();
            for (Layer layer : layers) {
                json.beginObject().field("blob", layer.blob());
                if (layer.parent() != 0) {
                    json.field("parent", layer.parent());
                }
                json.endObject();
            }
            json.endArray();
        }
        if (!records.isEmpty()) {
            json.name("records").beginArray();
            for (ConfigRecord config : records) {
                write(json, config);
            }
            json.endArray();
        }
        json.endObject();
    }

    private static void write(JsonWriter json, ConfigRecord config) throws IOException {
        json.beginObject();
        if (!config.results().isEmpty()) {
            json.name("layers").beginArray();
            for (LayerResult result : config.results()) {
                json.beginObject().field("layer", result.layer());
                json.field("createdAt", result.createdAt().toString()).endObject();
            }
            json.endArray();
        }
        if (!config.chains().isEmpty()) {
            json.name("chains").beginArray();
            for (ChainResult chain : config.chains()) {
                json.beginObject().name("layers").beginArray();
                for (int layer : chain.layers()) {
                    json.value(layer);
                }
                json.endArray().field("createdAt", chain.createdAt().toString()).endObject();
            }
            json.endArray();
        }
        json.field("digest", config.digest());
        if (!config.inputs().isEmpty()) {
            json.name("inputs").beginArray();
            for (List<ChainLink> links : config.inputs()) {
                json.beginArray();
                for (ChainLink link : links) {
                    json.beginObject();
                    if (!link.selector().isEmpty()) {
                        json.field("selector", link.selector());
                    }
                    json.field("link", link.index()).endObject();
                }
                json.endArray();
            }
            json.endArray();
        }
        json.endObject();
    }
}
