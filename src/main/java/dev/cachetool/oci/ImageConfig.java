package dev.cachetool.oci;

import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.InvalidDigestException;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a cache needs of an image's config: the diffIDs, when each non-empty history entry was created (RFC 3339 as it
 * stands, "" where left out), and BuildKit's inline cache records (OCI image-spec, config.md).
 */
public record ImageConfig(List<DiffId> diffIds, List<String> layerTimes, Optional<byte[]> inlineCacheRecords) {
    private static final String INLINE_CACHE = "moby.buildkit.cache.v0";

    /** The parts of a config. */
    public ImageConfig {
        diffIds = List.copyOf(diffIds);
        layerTimes = List.copyOf(layerTimes);
    }

    /**
     * Parses an image config as Go reads it.
     *
     * @param place where it is, for errors
     * @throws JsonException if it is no JSON, or a field that is read has a wrong type
     */
    public static ImageConfig parse(byte[] bytes, String place) throws JsonException {
        JsonValue value = JsonDocument.asGoReads(bytes, place);
        List<DiffId> diffIds = new ArrayList<>();
        Optional<JsonValue> rootfs = value.get("rootfs");
        if (rootfs.isPresent()) {
            Optional<JsonValue> ids = rootfs.get().get("diff_ids");
            for (JsonValue id : ids.isPresent() ? ids.get().asArray() : List.<JsonValue>of()) {
                try {
                    diffIds.add(DiffId.parse(id.asString()));
                } catch (InvalidDigestException e) {
                    throw id.error("is no digest: " + e.problem());
                }
            }
        }
        List<String> times = new ArrayList<>();
        Optional<JsonValue> history = value.get("history");
        for (JsonValue entry : history.isPresent() ? history.get().asArray() : List.<JsonValue>of()) {
            Optional<JsonValue> empty = entry.get("empty_layer");
            if (empty.isEmpty() || !empty.get().asBoolean()) {
                Optional<JsonValue> created = entry.get("created");
                times.add(created.isPresent() ? created.get().asString() : "");
            }
        }
        Optional<byte[]> inline = Optional.empty();
        Optional<JsonValue> records = value.get(INLINE_CACHE);
        if (records.isPresent()) {
            try {
                String base64 = records.get().asString().replace("\r", "").replace("\n", "");
                inline = Optional.of(Base64.getDecoder().decode(base64));
            } catch (IllegalArgumentException e) {
                throw records.get().error("is no base64");
            }
        }
        return new ImageConfig(diffIds, times, inline);
    }
}
