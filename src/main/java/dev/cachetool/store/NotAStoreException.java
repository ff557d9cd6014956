package dev.cachetool.store;

import java.io.IOException;
import java.nio.file.Path;

/** A folder holds no store, or none that can be read. */
public final class NotAStoreException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String folder;

    NotAStoreException(Path folder, String why) {
        super("could not open the store " + folder + ": " + why);
        this.folder = folder.toString();
    }

    /** Which folder. */
    public String folder() {
        return folder;
    }
}
