package dev.cachetool.graph;

import dev.cachetool.digest.Digest;
import java.util.Optional;

/**
 * A file that is fetched.
 *
 * @param url where it is, {@code http} or {@code https}
 * @param checksum the digest that it must have
 * @param filename the name that it gets; without it, the last name of the URL's path
 */
public record HttpOp(String url, Optional<Digest> checksum, Optional<String> filename) implements OpSpec {
    @Override
    public String kind() {
        return "http";
    }
}
