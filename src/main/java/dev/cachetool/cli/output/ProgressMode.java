package dev.cachetool.cli.output;

import java.util.List;
import java.util.Locale;

/** How progress is shown on standard error. */
public enum ProgressMode {
    /** {@link #TTY} on a terminal, else {@link #PLAIN}. */
    AUTO,
    /** A line for each item that is done, and one at intervals. */
    PLAIN,
    /** A bar that moves. */
    TTY,
    QUIET,
    /** One JSON object a line. */
    RAWJSON;

    /** The words for them. */
    public static final List<String> WORDS = List.of("auto", "plain", "tty", "quiet", "rawjson");

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As it is written. */
    public String word() {
        return word;
    }
}
