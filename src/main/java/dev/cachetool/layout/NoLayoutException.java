package dev.cachetool.layout;

import java.io.IOException;

/** There is no layout at a place: it does not exist, or is empty. */
public final class NoLayoutException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String place;

    NoLayoutException(String place, String problem) {
        super("could not find a layout in " + place + ": " + problem);
        this.place = place;
    }

    /** Where a layout was looked for. */
    public String place() {
        return place;
    }
}
