package dev.cachetool.store;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What stands beside the files of a ref (docs/formats.md).
 *
 * @param description for people
 * @param createdAt when the result came to be
 * @param milliseconds how long that took
 * @param bytes that its files take of the disk
 * @param layers the stacks of layers that are known to give its tree, the preferred one first
 */
record RefNotes(
        String description, Timestamp createdAt, OptionalLong milliseconds, long bytes, List<List<Descriptor>> layers) {
    /** Its name in the folder of the ref. */
    static final String FILE = "ref.json";

    RefNotes {
        layers = layers.stream().map(List::copyOf).toList();
    }

    /** These with another stack of layers in front, in place of an equal one. */
    RefNotes withLayers(List<Descriptor> stack) {
        List<List<Descriptor>> stacks = new ArrayList<>(layers);
        stacks.remove(stack);
        stacks.add(0, stack);
        return new RefNotes(description, createdAt, milliseconds, bytes, stacks);
    }

    byte[] toJson() {
        return JsonWriter.bytes(json -> {
            json.beginObject().field("schemaVersion", 1);
            json.field("description", description).field("createdAt", createdAt.toString());
            if (milliseconds.isPresent()) {
                json.field("ms", milliseconds.getAsLong());
            }
            json.field("bytes", bytes).name("layers").beginArray();
            for (List<Descriptor> stack : layers) {
                json.beginArray();
                for (Descriptor layer : stack) {
                    layer.write(json);
                }
                json.endArray();
            }
            json.endArray().endObject();
        });
    }

    /**
     * Reads the notes in the folder of a ref.
     *
     * @throws DamagedRefException if they are not what {@link #toJson} wrote
     * @throws IOException if they cannot be read
     */
    static RefNotes read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        try {
            JsonValue root = JsonDocument.strict(Files.readAllBytes(file), file.toString());
            JsonValue created = root.require("createdAt");
            Optional<JsonValue> ms = root.get("ms");
            List<List<Descriptor>> stacks = new ArrayList<>();
            for (JsonValue stack : root.require("layers").asArray()) {
                List<Descriptor> layers = new ArrayList<>();
                for (JsonValue layer : stack.asArray()) {
                    layers.add(Descriptor.read(layer));
                }
                stacks.add(layers);
            }
            return new RefNotes(
                    root.require("description").asString(),
                    Timestamp.tryParse(created.asString()).orElseThrow(() -> created.error("it is no time")),
                    ms.isPresent() ? OptionalLong.of(ms.get().asLong()) : OptionalLong.empty(),
                    root.require("bytes").asLong(),
                    stacks);
        } catch (JsonException e) {
            throw new DamagedRefException(file, String.valueOf(e.getMessage()), e);
        }
    }
}
