package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import java.io.IOException;

/** What stands at a tag is no cache, or not only one, and was to be kept by being merged: nothing was written. */
public final class OccupiedTagException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String place;
    private final String tag;

    OccupiedTagException(String place, String tag, Digest manifest) {
        super("could not merge into the tag \"" + tag + "\" of " + place + ": " + manifest.shortText()
                + ", which stands there, is an image, not a cache, and a merge would take its place"
                + "\nname another tag; --on-conflict=replace gives up what stands there");
        this.place = place;
        this.tag = tag;
    }

    /** Where the tag is. */
    public String place() {
        return place;
    }

    /** The tag. */
    public String tag() {
        return tag;
    }
}
