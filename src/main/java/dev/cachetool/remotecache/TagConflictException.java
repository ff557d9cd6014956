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

    private TagConflictException(String place, String tag, Optional<Digest> other, String why) {
        super("could not publish at the tag \"" + tag + "\" of " + place + ": " + why);
        this.place = place;
        this.tag = tag;
        this.other = other;
    }

    /** The tag is not what it was. */
    public static TagConflictException meanwhile(String place, String tag, Optional<Digest> other) {
        return new TagConflictException(
                place,
                tag,
                other,
                other.map(digest -> "another client wrote " + digest.shortText() + " there")
                                .orElse("another client removed it")
                        + " in the meantime\nrun the same command again, or leave out --on-conflict=fail");
    }

    /** Whatever was merged, others had written the tag by then. */
    static TagConflictException always(String place, String tag, Optional<Digest> other, int times) {
        return new TagConflictException(
                place,
                tag,
                other,
                "other clients wrote it " + times + " times while this one merged\nrun the same command again");
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
