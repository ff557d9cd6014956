package dev.cachetool.registry;

import java.io.IOException;

/** Thrown on the server's side where a fault ends the connection. */
final class ConnectionCut extends IOException {
    private final Fault.Cut how;

    ConnectionCut(Fault.Cut how) {
        super("the connection is cut: " + how);
        this.how = how;
    }

    Fault.Cut how() {
        return how;
    }
}
