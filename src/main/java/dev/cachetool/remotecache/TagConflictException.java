package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.util.Optional;

/** Another client wrote the tag between the beginning and the end of a publication. */
public final class TagConflictException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String place;
    private final String tag;
    private final transient Optional<Digest> other;

    public TagConflictException(String place, String tag, Optional<Digest> other) {
        super("could not publish at the tag \"" + tag + "\" of " + place + ": "
                + other.map(digest -> "another client wrote " + digest.shortText() + " there")
                        .orElse("another client removed it")
                + " in the meantime\nrun the same command again, or leave out --on-conflict=fail");
        this.place = place;
        this.tag = tag;
        this.other = other;
    }

    /** Where the tag is. */
    public String place() {
        return place;
    }

    /** The tag. */
    public String tag() {
        return tag;
    }

    /** What the other client wrote; empty where it removed the tag. */
    public Optional<Digest> other() {
        return other;
    }
}
