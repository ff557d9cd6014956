package dev.cachetool.registry;

import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A manifest or index as it was pushed. */
public record HostedManifest(String mediaType, byte[] bytes) {
    /** What a manifest refers to. */
    record Reference(Digest digest, long size) {}

    public HostedManifest {
        bytes = bytes.clone();
    }

    /** The SHA-256 digest of the bytes. */
    public Digest digest() {
        return Digest.sha256(bytes);
    }

    /** The entity tag that is sent with it. */
    String entityTag() {
        return "\"" + digest() + "\"";
    }

    /**
     * What it refers to: config, layers, manifests; not layers that are somewhere else ({@code urls}).
     *
     * @throws JsonException if it is no manifest, or says to be of another type
     */
    List<Reference> references() throws JsonException {
        JsonValue document = JsonDocument.strict(bytes, "manifest");
        Optional<JsonValue> own = document.get("mediaType");
        if (own.isPresent() && !own.get().asString().equals(mediaType)) {
            throw own.get().error("it was sent as " + mediaType);
        }
        List<JsonValue> descriptors = new ArrayList<>();
        document.get("config").ifPresent(descriptors::add);
        for (String list : List.of("layers", "manifests")) {
            Optional<JsonValue> found = document.get(list);
            if (found.isPresent()) {
                descriptors.addAll(found.get().asArray());
            }
        }
        List<Reference> references = new ArrayList<>();
        for (JsonValue descriptor : descriptors) {
            if (descriptor.get("urls").isEmpty()) {
                references.add(new Reference(
                        Digest.parse(descriptor.require("digest").asString()),
                        descriptor.require("size").asLong()));
            }
        }
        return references;
    }
}
