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
 * Points at a blob: media type, digest and size in bytes (OCI image-spec, descriptor.md). All of the specification's fields
 * are kept, so that what others wrote into an index can be written again; fields that it does not know are lost.
 *
 * @param mediaType "" where it is left out
 * @param urls where else the blob can be had
 * @param annotations in the order of their keys
 * @param data the blob itself, as base64 text
 * @param artifactType "" where it is left out
 */
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        List<String> urls,
        Map<String, String> annotations,
        Optional<String> data,
        Optional<Platform> platform,
        String artifactType) {
    /**
     * The descriptor of these parts.
     *
     * @throws IllegalArgumentException if the size is negative, or the digest random
     */
    public Descriptor {
        urls = List.copyOf(urls);
        if (size < 0) {
            throw new IllegalArgumentException("a blob cannot have " + size + " bytes");
        }
        if (digest.isRandom()) {
            throw new InvalidDigestException(digest.toString(), "a random digest names no bytes");
        }
        annotations = annotations.size() < 2
                ? Map.copyOf(annotations)
                : Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /**
     * A descriptor without URLs, data and artifact type.
     *
     * @throws IllegalArgumentException if the size is negative, or the digest random
     */
    public Descriptor(
            String mediaType, Digest digest, long size, Map<String, String> annotations, Optional<Platform> platform) {
        this(mediaType, digest, size, List.of(), annotations, Optional.empty(), platform, "");
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
        return withAnnotations(more);
    }

    /** This one with exactly these annotations. */
    public Descriptor withAnnotations(Map<String, String> others) {
        return new Descriptor(mediaType, digest, size, urls, others, data, platform, artifactType);
    }

    /** This one with another media type. */
    public Descriptor withMediaType(String other) {
        return other.equals(mediaType)
                ? this
                : new Descriptor(other, digest, size, urls, annotations, data, platform, artifactType);
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
        Optional<JsonValue> data = value.get("data");
        Optional<JsonValue> platform = value.get("platform");
        return new Descriptor(
                readText(value, "mediaType"),
                digest,
                size,
                readTexts(value, "urls"),
                readAnnotations(value),
                data.isPresent() ? Optional.of(data.get().asString()) : Optional.empty(),
                platform.isPresent() ? Optional.of(Platform.read(platform.get())) : Optional.empty(),
                readText(value, "artifactType"));
    }

    /** The text of a field, "" where it is left out. */
    static String readText(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asString() : "";
    }

    /** The texts of a field that is an array, none where it is left out. */
    static List<String> readTexts(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asStrings() : List.of();
    }

    static Optional<Descriptor> readOptional(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? Optional.of(read(value.get())) : Optional.empty();
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
                annotations.put(entry.getKey(), entry.getValue().asString());
            }
        }
        return annotations;
    }

    /**
     * Writes it as a JSON object, fields in the order of Go's struct.
     *
     * @throws IOException if the writer cannot write
     */
    public void write(JsonWriter writer) throws IOException {
        writer.beginObject();
        writeText(writer, "mediaType", mediaType);
        writer.field("digest", digest.toString()).field("size", size);
        writeTexts(writer, "urls", urls);
        writeAnnotations(writer, annotations);
        if (data.isPresent()) {
            writer.field("data", data.get());
        }
        if (platform.isPresent()) {
            writer.name("platform");
            platform.get().write(writer);
        }
        writeText(writer, "artifactType", artifactType);
        writer.endObject();
    }

    /** Writes a field with a text, nothing where it is empty. */
    static void writeText(JsonWriter writer, String field, String text) throws IOException {
        if (!text.isEmpty()) {
            writer.field(field, text);
        }
    }

    static void writeOptional(JsonWriter writer, String field, Optional<Descriptor> descriptor) throws IOException {
        if (descriptor.isPresent()) {
            writer.name(field);
            descriptor.get().write(writer);
        }
    }

    /** Writes a field with an array, nothing where it is empty. */
    static void writeTexts(JsonWriter writer, String field, List<String> texts) throws IOException {
        if (!texts.isEmpty()) {
            writer.name(field).beginArray();
            for (String text : texts) {
                writer.value(text);
            }
            writer.endArray();
        }
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
