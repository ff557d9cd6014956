package dev.cachetool.cachemap;

import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Vertex;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds out what the sources that lie elsewhere hold now: images, files behind addresses, Git repositories. What was found
 * out once stays so, for what is asked later and for what is fetched then. Safe for several threads.
 */
public interface RemoteSources {
    /**
     * The digest of the manifest or index that the reference of an {@code image} names.
     *
     * @throws IOException if there is none, or the registry does not say
     */
    Digest manifest(Vertex image) throws IOException;

    /**
     * The digest of the config of an {@code image}.
     *
     * @param platform of the image, {@code os/arch[/variant]}
     * @return empty where the reference has a digest and the registry cannot be reached
     * @throws IOException if there is no image for the platform, or the registry does not say
     */
    Optional<Digest> config(Vertex image, String platform) throws IOException;

    /**
     * Which file is behind the address of an {@code http} that has no checksum.
     *
     * @throws IOException if there is none, or its server does not say
     */
    FileVersion file(Vertex http) throws IOException;

    /**
     * The full id of the commit that the ref of a {@code git} names.
     *
     * @throws IOException if there is none, or the repository cannot be asked
     */
    String commit(Vertex git) throws IOException;

    /** What tells a file from the ones that were behind its address before. */
    sealed interface FileVersion {}

    /**
     * The digest of its content.
     *
     * @param digest as it was computed
     */
    record Content(Digest digest) implements FileVersion {}

    /**
     * A strong entity tag (RFC 9110, 8.8.3).
     *
     * @param value as the server sent it, in quotes
     */
    record EntityTag(String value) implements FileVersion {}

    /**
     * When it was last modified, long enough ago to tell it from later ones (RFC 9110, 8.8.2.2), and how long it is.
     *
     * @param lastModified as the server sent it
     * @param length in bytes
     */
    record Dated(String lastModified, long length) implements FileVersion {}
}
