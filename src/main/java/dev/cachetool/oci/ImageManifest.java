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
 * An image manifest: a config and its layers, lowest first (OCI image-spec, manifest.md; Docker's schema 2 alike).
 *
 * @param artifactType "" where it is left out
 * @param subject the manifest that this one is about
 * @param annotations in the order of their keys
 */
public record ImageManifest(
        String mediaType,
        String artifactType,
        Descriptor config,
        List<Descriptor> layers,
        Optional<Descriptor> subject,
        Map<String, String> annotations) {
    /** The manifest of these parts. */
    public ImageManifest {
        layers = List.copyOf(layers);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /** A manifest without artifact type and subject. */
    public ImageManifest(
            String mediaType, Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {
        this(mediaType, "", config, layers, Optional.empty(), annotations);
    }

    /**
     * Parses a manifest as Go reads it.
     *
     * @param place where it is, for errors
     * @throws JsonException if it is no JSON, or config, layers or a descriptor in them are malformed
     */
    public static ImageManifest parse(byte[] bytes, String place) throws JsonException {
        JsonValue value = JsonDocument.asGoReads(bytes, place);
        String mediaType = Descriptor.readText(value, "mediaType");
        return new ImageManifest(
                mediaType.isEmpty() ? MediaTypes.OCI_MANIFEST : mediaType,
                Descriptor.readText(value, "artifactType"),
                Descriptor.read(value.require("config")),
                Descriptor.readAll(value, "layers"),
                Descriptor.readOptional(value, "subject"),
                Descriptor.readAnnotations(value));
    }

    /** Its bytes, without white space, fields in the order of Go's struct: the same manifest gives the same bytes. */
    public byte[] toBytes() {
        return JsonWriter.bytes(writer -> {
            writer.beginObject().field("schemaVersion", 2).field("mediaType", mediaType);
            Descriptor.writeText(writer, "artifactType", artifactType);
            writer.name("config");
            config.write(writer);
            writer.name("layers").beginArray();
            for (Descriptor layer : layers) {
                layer.write(writer);
            }
            writer.endArray();
            Descriptor.writeOptional(writer, "subject", subject);
            Descriptor.writeAnnotations(writer, annotations);
            writer.endObject();
        });
    }
}
