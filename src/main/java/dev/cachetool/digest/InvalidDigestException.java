package dev.cachetool.digest;

/** A text is no digest. */
public final class InvalidDigestException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST = 150;

    private final String text;
    private final String problem;

    /**
     * @param text the text that was to be a digest; a message shows no more than the beginning of a long one
     * @param problem what is wrong with it, as half a sentence
     */
    public InvalidDigestException(String text, String problem) {
        super("\"" + (text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…") + "\" is no digest: "
                + problem);
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
