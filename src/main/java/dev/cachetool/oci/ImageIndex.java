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

/**
 * An index: descriptors of manifests, or of blobs in BuildKit's index form (OCI image-spec, image-index.md).
 *
 * @param artifactType "" where it is left out
 * @param subject the manifest that this index is about
 * @param annotations in the order of their keys
 */
public record ImageIndex(
        String mediaType,
        String artifactType,
        List<Descriptor> manifests,
        Optional<Descriptor> subject,
        Map<String, String> annotations) {
    /** The index of these parts. */
    public ImageIndex {
        manifests = List.copyOf(manifests);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /** An index without artifact type and subject. */
    public ImageIndex(String mediaType, List<Descriptor> manifests, Map<String, String> annotations) {
        this(mediaType, "", manifests, Optional.empty(), annotations);
    }

    /**
     * Parses an index or manifest list as Go reads it.
     *
     * @param place where it is, for errors
     * @throws JsonException if it is no JSON, or a descriptor in it is malformed
     */
    public static ImageIndex parse(byte[] bytes, String place) throws JsonException {
        JsonValue value = JsonDocument.asGoReads(bytes, place);
        String mediaType = Descriptor.readText(value, "mediaType");
        return new ImageIndex(
                mediaType.isEmpty() ? MediaTypes.OCI_INDEX : mediaType,
                Descriptor.readText(value, "artifactType"),
                Descriptor.readAll(value, "manifests"),
                Descriptor.readOptional(value, "subject"),
                Descriptor.readAnnotations(value));
    }

    /** Its bytes, without white space, fields in the order of Go's struct: the same index gives the same bytes. */
    public byte[] toBytes() {
        return JsonWriter.bytes(writer -> {
            writer.beginObject().field("schemaVersion", 2).field("mediaType", mediaType);
            Descriptor.writeText(writer, "artifactType", artifactType);
            writer.name("manifests").beginArray();
            for (Descriptor manifest : manifests) {
                manifest.write(writer);
            }
            writer.endArray();
            Descriptor.writeOptional(writer, "subject", subject);
            Descriptor.writeAnnotations(writer, annotations);
            writer.endObject();
        });
    }
}
