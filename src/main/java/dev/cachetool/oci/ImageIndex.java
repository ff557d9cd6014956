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

/** An index: descriptors of manifests, or of blobs in BuildKit's index form (OCI image-spec, image-index.md). */
public record ImageIndex(String mediaType, List<Descriptor> manifests, Map<String, String> annotations) {
    public ImageIndex {
        manifests = List.copyOf(manifests);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /**
     * Parses an index or manifest list as Go reads it.
     *
     * @param place where it is, for errors
     * @throws JsonException if it is no JSON, or a descriptor in it is malformed
     */
    public static ImageIndex parse(byte[] bytes, String place) throws JsonException {
        JsonValue value = JsonDocument.asGoReads(bytes, place);
        Optional<JsonValue> mediaType = value.get("mediaType");
        return new ImageIndex(
                mediaType.isPresent() ? mediaType.get().asString() : MediaTypes.OCI_INDEX,
                Descriptor.readAll(value, "manifests"),
                Descriptor.readAnnotations(value));
    }

    /** Its bytes: the same index gives the same bytes. */
    public byte[] toBytes() {
        return JsonWriter.bytes(writer -> {
            writer.beginObject().field("schemaVersion", 2).field("mediaType", mediaType);
            writer.name("manifests").beginArray();
            for (Descriptor manifest : manifests) {
                manifest.write(writer);
            }
            writer.endArray();
            Descriptor.writeAnnotations(writer, annotations);
            writer.endObject();
        });
    }
}
