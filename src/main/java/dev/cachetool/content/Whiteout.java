package dev.cachetool.content;

/** Names that mean deletions in a layer (OCI image-spec, layer.md, "Whiteouts"). */
final class Whiteout {
    static final String PREFIX = ".wh.";
    /** In a folder: nothing that lower layers have in it is there any more. */
    static final String OPAQUE = ".wh..wh..opq";
    /** What AUFS kept for itself; passed over. */
    static final String META_PREFIX = ".wh..wh.";

    private Whiteout() {}
}
