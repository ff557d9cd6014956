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
        JsonValue root = JsonDocument.asGoReads(bytes, place);
        List<Layer> layers = new ArrayList<>();
        for (JsonValue layer : array(root, "layers")) {
            layers.add(new Layer(string(layer, "blob"), integer(layer, "parent")));
        }
        return new CacheConfig(layers, readRecords(array(root, "records")));
    }

    /**
     * Parses the records of an inline cache, an array of them.
     *
     * @param place where they are, for errors
     * @throws JsonException if they are no JSON, or a value has a wrong type
     */
    public static List<ConfigRecord> parseRecords(byte[] bytes, String place) throws JsonException {
        return readRecords(JsonDocument.asGoReads(bytes, place).asArray());
    }

    private static List<ConfigRecord> readRecords(List<JsonValue> values) throws JsonException {
        List<ConfigRecord> records = new ArrayList<>(values.size());
        for (JsonValue value : values) {
            List<LayerResult> results = new ArrayList<>(1);
            for (JsonValue result : array(value, "layers")) {
                results.add(new LayerResult(integer(result, "layer"), time(result)));
            }
            List<ChainResult> chains = new ArrayList<>(0);
            for (JsonValue chain : array(value, "chains")) {
                List<Integer> indexes = new ArrayList<>();
                for (JsonValue index : array(chain, "layers")) {
                    indexes.add(index.asInt());
                }
                chains.add(new ChainResult(indexes, time(chain)));
            }
            List<List<ChainLink>> inputs = new ArrayList<>();
            for (JsonValue input : array(value, "inputs")) {
                List<ChainLink> links = new ArrayList<>();
                for (JsonValue link : input.asArray()) {
                    links.add(new ChainLink(string(link, "selector"), integer(link, "link")));
                }
                inputs.add(links);
            }
            records.add(new ConfigRecord(string(value, "digest"), results, chains, inputs));
        }
        return records;
    }

    private static List<JsonValue> array(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asArray() : List.of();
    }

    private static String string(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asString() : "";
    }

    private static int integer(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asInt() : 0;
    }

    private static Timestamp time(JsonValue parent) throws JsonException {
        Optional<JsonValue> value = parent.get("createdAt");
        if (value.isEmpty()) {
            return Timestamp.ZERO;
        }
        Optional<Timestamp> time = Timestamp.tryParse(value.get().asString());
        if (time.isEmpty()) {
            throw value.get().error("is no RFC 3339 time: \"" + value.get().asString() + "\"");
        }
        return time.get();
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
