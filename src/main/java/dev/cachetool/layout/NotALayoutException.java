package dev.cachetool.layout;

import java.io.IOException;

/** What stands at a place is no OCI layout; nothing there was changed. */
public final class NotALayoutException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final String REMEDY = "\n  name another place, or make the layout again";

    private final String place;

    /**
     * @param problem what is wrong, and on further lines what to do
     */
    NotALayoutException(String place, String problem) {
        super(place + " is no OCI layout: " + problem + (problem.contains("\n") ? "" : REMEDY));
        this.place = place;
    }

    /** Where a layout was looked for. */
    public String place() {
        return place;
    }
}
