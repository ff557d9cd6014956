package dev.cachetool.graph;

import dev.cachetool.digest.Digest;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A file that is fetched.
 *
 * @param url where it is, {@code http} or {@code https}
 * @param checksum the digest that it must have
 * @param filename the name that it gets; without it, {@link #name} says which
 */
public record HttpOp(String url, Optional<Digest> checksum, Optional<String> filename) implements OpSpec {
    private static final String NAMELESS = "download";

    private static final int LONGEST_NAME = 255;

    /** The name of the file: as it was given, else the last name of the URL's path, else {@code download}. */
    public String name() {
        return filename.orElseGet(() -> lastName(url));
    }

    private static String lastName(String url) {
        String path;
        try {
            path = new URI(url).getPath();
        } catch (URISyntaxException e) {
            return NAMELESS;
        }
        String name = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
        boolean usable = !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.indexOf('\0') < 0
                && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
        return usable ? name : NAMELESS;
    }

    @Override
    public String kind() {
        return "http";
    }
}
