package dev.cachetool.registry;

import java.io.IOException;

/** What connections need on this machine, such as a file with certificates, cannot be had. Trying again does not help. */
final class SetupException extends IOException {
    private static final long serialVersionUID = 1L;

    SetupException(IOException why) {
        super(why.getMessage(), why);
    }
}
