package dev.cachetool.cli.output;

import dev.cachetool.digest.DiffId;
import dev.cachetool.oci.Descriptor;
import java.util.Locale;
import java.util.Optional;

/**
 * What is said of a layer.
 *
 * @param blob what it is stored as
 * @param diffId the digest of its uncompressed bytes, where it is known
 * @param status what became of it; empty where the verb only looks
 */
public record LayerRow(Descriptor blob, Optional<DiffId> diffId, Optional<Status> status) {
    /** A layer that was only looked at. */
    public static LayerRow of(Descriptor blob) {
        return new LayerRow(blob, blob.diffId(), Optional.empty());
    }

    /** What became of a layer. */
    public enum Status {
        /** Made from files. */
        PACKED,
        PUSHED,
        WRITTEN,
        PULLED,
        /** It was there already. */
        EXISTS,
        /** Taken over from another repository of the registry. */
        MOUNTED,
        /** It should be there and is not. */
        MISSING,
        /** Its bytes are not those of its digest. */
        DAMAGED;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As it is written. */
        public String word() {
            return word;
        }
    }
}
