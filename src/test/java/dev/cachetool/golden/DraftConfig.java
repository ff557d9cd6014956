package dev.cachetool.golden;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A cache config that a test can change: records and layers point at one another, indexes are given when it is written. */
final class DraftConfig {
    final List<Layer> layers = new ArrayList<>();
    final List<Node> records = new ArrayList<>();

    static final class Layer {
        String blob;

        @Nullable
        Layer parent;

        Layer(String blob) {
            this.blob = blob;
        }
    }

    static final class Link {
        String selector;
        Node to;

        Link(String selector, Node to) {
            this.selector = selector;
            this.to = to;
        }
    }

    /** A result: {@code layer} with its parents, or else the layers of {@code chain}. */
    static final class Made {
        @Nullable
        Layer layer;

        final List<Layer> chain = new ArrayList<>();
        String createdAt = "2026-01-02T03:04:05Z";
    }

    static final class Node {
        String digest;
        final List<List<Link>> inputs = new ArrayList<>();
        final List<Made> results = new ArrayList<>();

        Node(String digest) {
            this.digest = digest;
        }

        /** Adds an input with one alternative for each of the records, without selector. */
        Node input(Node... alternatives) {
            List<Link> links = new ArrayList<>();
            for (Node alternative : alternatives) {
                links.add(new Link("", alternative));
            }
            inputs.add(links);
            return this;
        }

        Node result(Layer layer, String createdAt) {
            Made made = new Made();
            made.layer = layer;
            made.createdAt = createdAt;
            results.add(made);
            return this;
        }
    }

    Node record(String digest) {
        Node node = new Node(digest);
        records.add(node);
        return node;
    }

    Layer layer(String blob) {
        Layer layer = new Layer(blob);
        layers.add(layer);
        return layer;
    }

    static DraftConfig read(byte[] bytes) throws JsonException {
        DraftConfig draft = new DraftConfig();
        JsonValue config = JsonDocument.asGoReads(bytes, "config");
        List<JsonValue> layers = items(config, "layers");
        for (JsonValue layer : layers) {
            draft.layer(layer.require("blob").asString());
        }
        for (int i = 0; i < layers.size(); i++) {
            Optional<JsonValue> parent = layers.get(i).get("parent");
            int index = parent.isPresent() ? parent.get().asInt() : 0;
            draft.layers.get(i).parent = index < 0 ? null : draft.layers.get(index);
        }
        List<JsonValue> records = items(config, "records");
        for (JsonValue record : records) {
            draft.record(record.require("digest").asString());
        }
        for (int i = 0; i < records.size(); i++) {
            Node node = draft.records.get(i);
            for (JsonValue input : items(records.get(i), "inputs")) {
                List<Link> links = new ArrayList<>();
                for (JsonValue link : input.asArray()) {
                    Optional<JsonValue> selector = link.get("selector");
                    links.add(new Link(
                            selector.isPresent() ? selector.get().asString() : "",
                            draft.records.get(link.require("link").asInt())));
                }
                node.inputs.add(links);
            }
            for (JsonValue result : items(records.get(i), "layers")) {
                node.result(
                        draft.layers.get(result.require("layer").asInt()),
                        result.require("createdAt").asString());
            }
            for (JsonValue result : items(records.get(i), "chains")) {
                Made made = new Made();
                made.createdAt = result.require("createdAt").asString();
                for (JsonValue layer : items(result, "layers")) {
                    made.chain.add(draft.layers.get(layer.asInt()));
                }
                node.results.add(made);
            }
        }
        return draft;
    }

    private static List<JsonValue> items(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asArray() : List.of();
    }

    /** Puts everything whose order means nothing into another order. */
    DraftConfig shuffle(Random random) {
        Collections.shuffle(layers, random);
        Collections.shuffle(records, random);
        for (Node node : records) {
            node.inputs.forEach(links -> Collections.shuffle(links, random));
            Collections.shuffle(node.results, random);
        }
        return this;
    }

    /** Whether another record links to it. */
    boolean isLinked(Node node) {
        return records.stream()
                .anyMatch(r -> r.inputs.stream().flatMap(List::stream).anyMatch(link -> link.to == node));
    }

    byte[] bytes() {
        return JsonWriter.bytes(this::write);
    }

    private void write(JsonWriter w) throws IOException {
        w.beginObject().name("layers").beginArray();
        for (Layer layer : layers) {
            w.beginObject().field("blob", layer.blob);
            w.field("parent", layer.parent == null ? -1 : layers.indexOf(layer.parent))
                    .endObject();
        }
        w.endArray().name("records").beginArray();
        for (Node node : records) {
            w.beginObject().name("layers").beginArray();
            for (Made made : node.results) {
                if (made.layer != null) {
                    w.beginObject().field("layer", layers.indexOf(made.layer));
                    w.field("createdAt", made.createdAt).endObject();
                }
            }
            w.endArray().name("chains").beginArray();
            for (Made made : node.results) {
                if (made.layer == null) {
                    w.beginObject().name("layers").beginArray();
                    for (Layer layer : made.chain) {
                        w.value(layers.indexOf(layer));
                    }
                    w.endArray().field("createdAt", made.createdAt).endObject();
                }
            }
            w.endArray().field("digest", node.digest).name("inputs").beginArray();
            for (List<Link> links : node.inputs) {
                w.beginArray();
                for (Link link : links) {
                    w.beginObject().field("selector", link.selector);
                    w.field("link", records.indexOf(link.to)).endObject();
                }
                w.endArray();
            }
            w.endArray().endObject();
        }
        w.endArray().endObject();
    }
}
