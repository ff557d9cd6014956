package dev.cachetool.cli.output;

/** How a cache is wrapped (docs/formats.md, "The artifact around it"). */
public enum Form {
    IMAGE_MANIFEST("image-manifest"),
    INDEX("index"),
    /** In the config of an image. */
    INLINE("inline"),
    /** A bare cache config. */
    CONFIG("config");

    private final String word;

    Form(String word) {
        this.word = word;
    }

    /** As it is written. */
    public String word() {
        return word;
    }
}
