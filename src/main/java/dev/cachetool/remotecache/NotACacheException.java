package dev.cachetool.remotecache;

import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import java.io.IOException;

/** What a place holds is no build cache. */
public final class NotACacheException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String place;
    private final String found;
    private final String next;

    /**
     * @param found what is there instead, as a noun
     * @param next what would work, a line
     */
    public NotACacheException(String place, String found, String next) {
        super(place + " holds no build cache, but " + found + "\n" + next);
        this.place = place;
        this.found = found;
        this.next = next;
    }

    /**
     * The exception of a manifest that leads to no cache; looks at what it leads to.
     *
     * @throws IOException if that cannot be read
     */
    public static NotACacheException of(Source source, Manifest manifest, CacheListing listing) throws IOException {
        OtherArtifact other = OtherArtifact.of(source, manifest, listing);
        return new NotACacheException(source.name(), other.what(), other.next());
    }

    /** This with another name for the place. */
    public NotACacheException in(String otherPlace) {
        return new NotACacheException(otherPlace, found, next);
    }

    /** Where a cache was looked for. */
    public String place() {
        return place;
    }

    /** What is there instead, as a noun. */
    public String found() {
        return found;
    }
}
