package dev.cachetool.store;

import java.io.IOException;
import java.nio.file.Path;

/** What the store noted of a ref is not what it wrote. */
public final class DamagedRefException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;

    DamagedRefException(Path file, String problem) {
        super("could not read " + file + " of the store: " + problem);
        this.file = file.toString();
    }

    DamagedRefException(Path file, String problem, Throwable cause) {
        this(file, problem);
        initCause(cause);
    }

    /** Which file of the store. */
    public String file() {
        return file;
    }
}
