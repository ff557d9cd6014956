package dev.cachetool.content;

import java.io.IOException;

/** A file is not, or no longer, what it was when it was looked at: somebody writes to it. */
public final class FileChangedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String was;
    private final String is;

    public FileChangedException(String path, String was, String is) {
        super("\"" + FileNames.shown(path) + "\" changed while it was read: it had " + was + ", now it has " + is);
        this.path = path;
        this.was = was;
        this.is = is;
    }

    /** The path in its tree. */
    public String path() {
        return path;
    }

    /** What it had when it was looked at. */
    public String was() {
        return was;
    }

    /** What it has now. */
    public String is() {
        return is;
    }
}
