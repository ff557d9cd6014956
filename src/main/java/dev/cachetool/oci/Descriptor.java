package dev.cachetool.oci;

import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.InvalidDigestException;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Points at a blob: media type, digest and size in bytes (OCI image-spec, descriptor.md). Annotations are in the order of
 * their keys.
 */
public record Descriptor(
        String mediaType, Digest digest, long size, Map<String, String> annotations, Optional<Platform> platform) {
    public Descriptor {
        if (size < 0) {
            throw new IllegalArgumentException("a blob cannot have " + size + " bytes");
        }
        if (digest.isRandom()) {
            throw new InvalidDigestException(digest.toString(), "a random digest names no bytes");
        }
        annotations = annotations.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /** A descriptor without annotations. */
    public static Descriptor of(String mediaType, Digest digest, long size) {
        return new Descriptor(mediaType, digest, size, Map.of(), Optional.empty());
    }

    /** The descriptor of these very bytes (SHA-256). */
    public static Descriptor of(String mediaType, byte[] bytes) {
        return of(mediaType, Digest.sha256(bytes), bytes.length);
    }

    /** This one with the annotation added or replaced. */
    public Descriptor withAnnotation(String key, String value) {
        Map<String, String> more = new TreeMap<>(annotations);
        more.put(key, value);
        return new Descriptor(mediaType, digest, size, more, platform);
    }

    /** This one with exactly these annotations. */
    public Descriptor withAnnotations(Map<String, String> others) {
        return new Descriptor(mediaType, digest, size, others, platform);
    }

    /** This one with another media type. */
    public Descriptor withMediaType(String other) {
        return new Descriptor(other, digest, size, annotations, platform);
    }

    /** The diffID that the annotation {@code containerd.io/uncompressed} names; empty where it is absent or malformed. */
    public Optional<DiffId> diffId() {
        return Optional.ofNullable(annotations.get(Annotations.UNCOMPRESSED))
                .flatMap(Digest::tryParse)
                .map(DiffId::new);
    }

    /**
     * Reads a descriptor.
     *
     * @throws JsonException if a field has a wrong type, or digest or size are left out or malformed
     */
    public static Descriptor read(JsonValue value) throws JsonException {
        JsonValue digestValue = value.require("digest");
        Digest digest;
        try {
            digest = Digest.parse(digestValue.asString());
        } catch (InvalidDigestException e) {
            throw digestValue.error("is no digest: " + e.problem());
        }
        JsonValue sizeValue = value.require("size");
        long size = sizeValue.asLong();
        if (size < 0) {
            throw sizeValue.error("a blob cannot have " + size + " bytes");
        }
        Optional<JsonValue> mediaType = value.get("mediaType");
        Optional<JsonValue> platform = value.get("platform");
        return new Descriptor(
                mediaType.isPresent() ? mediaType.get().asString() : "",
                digest,
                size,
                readAnnotations(value),
                platform.isPresent() ? Optional.of(Platform.read(platform.get())) : Optional.empty());
    }

    static List<Descriptor> readAll(JsonValue parent, String field) throws JsonException {
        List<Descriptor> all = new ArrayList<>();
        Optional<JsonValue> values = parent.get(field);
        if (values.isPresent()) {
            for (JsonValue value : values.get().asArray()) {
                all.add(read(value));
            }
        }
        return all;
    }

    static Map<String, String> readAnnotations(JsonValue parent) throws JsonException {
        Map<String, String> annotations = new TreeMap<>();
        Optional<JsonValue> values = parent.get("annotations");
        if (values.isPresent()) {
            for (Map.Entry<String, JsonValue> entry : values.get().asObject().entrySet()) {
                if (!entry.getValue().isNull()) {
                    annotations.put(entry.getKey(), entry.getValue().asString());
                }
            }
        }
        return annotations;
    }

    /** Writes it as a JSON object, fields in the order of Go's struct. */
    public void write(JsonWriter writer) throws IOException {
        writer.beginObject();
        if (!mediaType.isEmpty()) {
            writer.field("mediaType", mediaType);
        }
        writer.field("digest", digest.toString()).field("size", size);
        writeAnnotations(writer, annotations);
        if (platform.isPresent()) {
            writer.name("platform");
            platform.get().write(writer);
        }
        writer.endObject();
    }

    static void writeAnnotations(JsonWriter writer, Map<String, String> annotations) throws IOException {
        if (!annotations.isEmpty()) {
            writer.name("annotations").beginObject();
            for (Map.Entry<String, String> entry : annotations.entrySet()) {
                writer.field(entry.getKey(), entry.getValue());
            }
            writer.endObject();
        }
    }
}
