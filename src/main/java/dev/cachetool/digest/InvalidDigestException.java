package dev.cachetool.digest;

/** A text is no digest. */
public final class InvalidDigestException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final String problem;

    public InvalidDigestException(String text, String problem) {
        super("\"" + text + "\" is no digest: " + problem);
        this.text = text;
        this.problem = problem;
    }

    /** The text that was to be a digest. */
    public String text() {
        return text;
    }

    /** What is wrong with it, as half a sentence. */
    public String problem() {
        return problem;
    }
}
