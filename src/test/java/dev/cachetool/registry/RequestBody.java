package dev.cachetool.registry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a request: of a known length, or chunked. The first reading asks a client for it that waits to be asked
 * ({@code Expect: 100-continue}). Closing it does nothing. Throws an {@link EOFException} where the client ends too early.
 */
final class RequestBody extends InputStream {
    private final HttpInput in;
    private final LoggedRequest entry;
    private final boolean chunked;
    private final Invitation invitation;
    /** Of the body, or of the chunk. */
    private long left;

    private boolean begun;
    private boolean ended;

    /** Asks for the body. */
    @FunctionalInterface
    interface Invitation {
        void send() throws IOException;
    }

    RequestBody(HttpInput in, LoggedRequest entry, Invitation invitation) throws IOException {
        this.in = in;
        this.entry = entry;
        this.invitation = invitation;
        this.chunked = entry.headers()
                .first("Transfer-Encoding")
                .map(coding -> coding.equalsIgnoreCase("chunked"))
                .orElse(false);
        this.left = chunked
                ? 0
                : Long.parseLong(entry.headers().first("Content-Length").orElse("0"));
        this.ended = !chunked && left == 0;
    }

    /** Whether nothing is left to be read of it. */
    boolean ended() {
        return ended;
    }

    /** Whether the client waits to be asked for it, and was not. */
    boolean waitsForInvitation() {
        return !begun && !ended && entry.headers().first("Expect").orElse("").equalsIgnoreCase("100-continue");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        if (waitsForInvitation()) {
            invitation.send();
        }
        begun = true;
        if (chunked && left == 0) {
            left = Long.parseLong(in.line().split(";", 2)[0].trim(), 16);
            if (left == 0) {
                while (!in.line().isEmpty()) {
                    // Trailers mean nothing here.
                }
                ended = true;
                return -1;
            }
        }
        int n = in.read(buffer, offset, (int) Math.min(length, left));
        if (n < 0) {
            throw new EOFException("the client ended within the body");
        }
        entry.received(buffer, offset, n);
        left -= n;
        if (left == 0) {
            if (chunked) {
                in.line();
            } else {
                ended = true;
            }
        }
        return n;
    }
}
