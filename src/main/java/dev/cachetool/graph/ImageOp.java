package dev.cachetool.graph;

import dev.cachetool.digest.Digest;
import java.util.Optional;

/**
 * An image of a registry.
 *
 * @param ref its reference, as it was written
 * @param platform {@code os/arch[/variant]}; without it, this machine's
 */
public record ImageOp(String ref, Optional<String> platform) implements OpSpec {
    /** The digest of the manifest or index, where the reference has it. */
    public Optional<Digest> digest() {
        int at = ref.indexOf('@');
        return at < 0 ? Optional.empty() : Optional.of(Digest.parse(ref.substring(at + 1)));
    }

    @Override
    public String kind() {
        return "image";
    }
}
