package dev.cachetool.oci;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An image manifest: a config and its layers, lowest first (OCI image-spec, manifest.md; Docker's schema 2 alike). */
public record ImageManifest(
        String mediaType, Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {
    public ImageManifest {
        layers = List.copyOf(layers);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /**
     * Parses a manifest as Go reads it.
     *
     * @param place where it is, for errors
     * @throws JsonException if it is no JSON, or config, layers or a descriptor in them are malformed
     */
    public static ImageManifest parse(byte[] bytes, String place) throws JsonException {
        JsonValue value = JsonDocument.asGoReads(bytes, place);
        Optional<JsonValue> mediaType = value.get("mediaType");
        return new ImageManifest(
                mediaType.isPresent() ? mediaType.get().asString() : MediaTypes.OCI_MANIFEST,
                Descriptor.read(value.require("config")),
                Descriptor.readAll(value, "layers"),
                Descriptor.readAnnotations(value));
    }

    /** Its bytes: the same manifest gives the same bytes. */
    public byte[] toBytes() {
        return JsonWriter.bytes(writer -> {
            writer.beginObject().field("schemaVersion", 2).field("mediaType", mediaType);
            writer.name("config");
            config.write(writer);
            writer.name("layers").beginArray();
            for (Descriptor layer : layers) {
                layer.write(writer);
            }
            writer.endArray();
            Descriptor.writeAnnotations(writer, annotations);
            writer.endObject();
        });
    }
}
