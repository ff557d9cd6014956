package dev.cachetool.content;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Compressed data is damaged, cut off, or not of the kind that it should be. */
public final class DamagedDataException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedDataException(String problem, @Nullable Throwable cause) {
        super(problem, cause);
    }
}
