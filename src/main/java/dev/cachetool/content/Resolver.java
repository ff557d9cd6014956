package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    /**
     * All that the manifests of the place lead to, themselves included: those that have a tag, and those that it lists without
     * one.
     *
     * @param unlessAt a tag that does not count, as if it was not there
     * @throws UnclearManifestException if one of them cannot be read, or is of a kind that is not known
     * @throws IOException if the place cannot be asked
     */
    default Set<Digest> needed(Optional<String> unlessAt) throws IOException {
        ReachableBlobs reachable = new ReachableBlobs(this);
        for (String tag : tags()) {
            if (!unlessAt.equals(Optional.of(tag))) {
                reachable.add(tag, () -> resolve(tag));
            }
        }
        for (Digest digest : untagged()) {
            reachable.add(digest.toString(), () -> resolve(digest));
        }
        return reachable.reached();
    }
}
