package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Finds manifests by tag or digest. */
public interface Resolver {
    /**
     * The manifest that the tag names; empty where there is no such tag.
     *
     * @throws IOException if it cannot be read, is damaged, or is larger than {@link Manifest#LIMIT}
     */
    Optional<Manifest> resolve(String tag) throws IOException;

    /**
     * The manifest of the digest; empty where it is not there.
     *
     * @throws IOException if it cannot be read, is damaged, or is larger than {@link Manifest#LIMIT}
     */
    Optional<Manifest> resolve(Digest digest) throws IOException;

    /**
     * The digest of the manifest that the tag names, without reading that where the place can tell; empty where there is
     * no such tag.
     *
     * @throws IOException as {@link #resolve(String)}
     */
    default Optional<Digest> digestOf(String tag) throws IOException {
        return resolve(tag).map(Manifest::digest);
    }

    /**
     * The tags that there are, sorted.
     *
     * @throws IOException if they cannot be read
     */
    List<String> tags() throws IOException;

    /**
     * The manifests that a place lists without a tag, in its order; none where a place lists tags alone.
     *
     * @throws IOException if the place cannot be read
     */
    default List<Digest> untagged() throws IOException {
        return List.of();
    }
}
