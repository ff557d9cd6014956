package dev.cachetool.pattern;

/** What is wrong with a pattern, before it is known which entry of which list it is. */
final class MalformedPatternException extends Exception {
    private static final long serialVersionUID = 1L;

    static final String OPEN_CLASS = "a character class lacks its closing ]";

    private final String reason;

    MalformedPatternException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
