package dev.cachetool.oci;

/** Keys of annotations that caches use. */
public final class Annotations {
    /** The digest of the table of contents of an eStargz layer, by which parts of it can be checked. */
    public static final String ESTARGZ_TABLE = "containerd.io/snapshot/stargz/toc.digest";
    /** The tag of an entry in a layout's {@code index.json} (OCI image-spec, annotations.md). */
    public static final String REF_NAME = "org.opencontainers.image.ref.name";
    /** The diffID of a layer; BuildKit needs it on every layer of a cache. */
    public static final String UNCOMPRESSED = "containerd.io/uncompressed";
    /** When BuildKit made a layer, RFC 3339. */
    public static final String CREATED_AT = "buildkit/createdat";
    /** Prefix of the annotations that tell where a blob was pulled from; never published. */
    public static final String DISTRIBUTION_SOURCE = "containerd.io/distribution.source.";

    private Annotations() {}
}
