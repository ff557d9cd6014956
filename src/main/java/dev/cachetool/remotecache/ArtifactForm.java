package dev.cachetool.remotecache;

/** How a cache is wrapped (docs/formats.md, "The artifact"). */
public enum ArtifactForm {
    /** An image manifest whose config is the cache config; BuildKit's default since v0.21.0. */
    IMAGE_MANIFEST("image-manifest"),
    /** An index whose entries are the layers and last the cache config; the default before. */
    INDEX("index"),
    /** In the config of an image. */
    INLINE("inline"),
    /** A bare cache config, without layers. */
    CONFIG("config");

    private final String text;

    ArtifactForm(String text) {
        this.text = text;
    }

    /** As it is written. */
    public String text() {
        return text;
    }
}
