package dev.cachetool.cli.options;

import java.util.List;

/** Which results an export takes (docs/formats.md, "Export modes"). */
public enum Mode {
    MIN("min"),
    MAX("max"),
    REMOTE_ONLY("remote-only");

    /** The words for them. */
    public static final List<String> WORDS = List.of("min", "max", "remote-only");

    private final String word;

    Mode(String word) {
        this.word = word;
    }

    /** As it is written. */
    public String word() {
        return word;
    }
}
