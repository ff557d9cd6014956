package dev.cachetool.graph;

import java.util.Optional;

/**
 * An image of a registry.
 *
 * @param ref its reference, as it was written
 * @param platform {@code os/arch[/variant]}; without it, this machine's
 */
public record ImageOp(String ref, Optional<String> platform) implements OpSpec {
    @Override
    public String kind() {
        return "image";
    }
}
