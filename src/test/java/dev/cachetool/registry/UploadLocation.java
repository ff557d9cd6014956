package dev.cachetool.registry;

import java.util.Optional;

/** How a registry tells where an upload goes on. */
public enum UploadLocation {
    /** With scheme, host and port. */
    ABSOLUTE,
    /** The path only. */
    RELATIVE,
    /**
     * With scheme, host and port, and a query that says how far the upload is: bytes are taken at the last location only
     * (as Docker's registry does with {@code _state}).
     */
    STATEFUL;

    String of(ServedRequest request, String path, long size) {
        return switch (this) {
            case ABSOLUTE -> request.base() + path;
            case RELATIVE -> path;
            case STATEFUL -> request.base() + path + "?_state=at%2F" + size + "%3D&kind=a+b";
        };
    }

    /** Whether the request goes to the last location of an upload of that size. */
    boolean isCurrent(ServedRequest request, long size) {
        return this != STATEFUL
                || (request.parameter("_state").equals(Optional.of("at/" + size + "="))
                        && request.parameter("kind").equals(Optional.of("a b")));
    }
}
