package dev.cachetool.store;

import java.io.IOException;
import java.nio.file.Path;

/** A file that keys, links and results are kept in is not what the store wrote. */
final class DamagedKeysException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedKeysException(Path file, String problem) {
        super("could not read " + file + " of the store: " + problem);
    }
}
