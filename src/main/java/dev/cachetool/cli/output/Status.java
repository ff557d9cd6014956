package dev.cachetool.cli.output;

import java.util.Locale;

/** What is said of a vertex. */
public enum Status {
    /** Files of the workspace. */
    SOURCE,
    /** A result was found and loaded, or would be. */
    HIT,
    /** It has to be executed. */
    MISS,
    /** Before anything ran: needs what a missing vertex makes; a hit if that comes out as before. */
    MAYBE,
    /** Nothing that is wanted asks for it. */
    UNNEEDED,
    EXECUTED,
    FAILED,
    /** Something below it failed. */
    SKIPPED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As it is written. */
    public String word() {
        return word;
    }
}
