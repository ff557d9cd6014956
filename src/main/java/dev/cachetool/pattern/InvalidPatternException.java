package dev.cachetool.pattern;

/** A pattern that cannot be understood. */
public final class InvalidPatternException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int index;
    private final String pattern;
    private final String reason;

    InvalidPatternException(int index, String pattern, String reason) {
        super("could not read the pattern \"" + pattern + "\": " + reason
                + "\nwrite \\ before a character that stands for itself, as in \\[");
        this.index = index;
        this.pattern = pattern;
        this.reason = reason;
    }

    /**
     * The place of the pattern in its list.
     *
     * @return counted from 0
     */
    public int index() {
        return index;
    }

    /**
     * The pattern.
     *
     * @return as it was written
     */
    public String pattern() {
        return pattern;
    }

    /**
     * What is wrong with it.
     *
     * @return a clause without a full stop
     */
    public String reason() {
        return reason;
    }
}
