package dev.cachetool.json;

import java.io.IOException;

/** A JSON document cannot be read, or is not what was expected; names the place, the line and the column. */
public final class JsonException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String place;
    private final int line;
    private final int column;
    private final String problem;

    /**
     * @param place where the document is, as a person knows it
     * @param line counted from 1, or 0 where it is not known
     * @param column counted from 1, or 0 where it is not known
     * @param problem what is wrong, as half a sentence; further lines say what to do
     */
    public JsonException(String place, int line, int column, String problem) {
        super(line > 0 ? place + ":" + line + ":" + column + ": " + problem : place + ": " + problem);
        this.place = place;
        this.line = line;
        this.column = column;
        this.problem = problem;
    }

    /** Where the document is. */
    public String place() {
        return place;
    }

    /** The line, from 1; 0 where it is not known. */
    public int line() {
        return line;
    }

    /** The column, from 1; 0 where it is not known. */
    public int column() {
        return column;
    }

    /** What is wrong, without the place. */
    public String problem() {
        return problem;
    }
}
