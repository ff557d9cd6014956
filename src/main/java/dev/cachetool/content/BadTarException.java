package dev.cachetool.content;

import java.io.IOException;

/** Bytes that should be a tar archive are damaged, cut off, or use a form that cachetool does not read. */
public final class BadTarException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String problem;

    /**
     * @param offset of the header block where the problem is, in bytes of the uncompressed archive
     * @param problem what is wrong, as half a sentence
     */
    public BadTarException(long offset, String problem) {
        super("the tar archive is not readable at byte " + offset + ": " + problem);
        this.offset = offset;
        this.problem = problem;
    }

    /** Where the problem is, in bytes of the uncompressed archive. */
    public long offset() {
        return offset;
    }

    /** What is wrong, without the place. */
    public String problem() {
        return problem;
    }
}
