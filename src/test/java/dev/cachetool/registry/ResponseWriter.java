package dev.cachetool.registry;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes answers to a connection. */
final class ResponseWriter {
    private static final int BUFFER = 1 << 16;

    private final OutputStream out;

    ResponseWriter(OutputStream out) {
        this.out = new BufferedOutputStream(out, BUFFER);
    }

    /** Sends a state that announces an answer. */
    void interim(int status) throws IOException {
        text("HTTP/1.1 " + status + " Interim\r\n\r\n");
        out.flush();
    }

    /**
     * Sends the answer whole, or as far as it goes.
     *
     * @param closing whether the connection is to end after it
     * @return whether the connection can stay open
     */
    boolean write(ServedResponse response, LoggedRequest entry, boolean closing) throws IOException {
        for (int status : response.interims()) {
            interim(status);
        }
        boolean hasBody = !entry.method().equals("HEAD") && response.status() != 204 && response.status() != 304;
        boolean ends = closing || response.framing() == ServedResponse.Framing.UNTIL_CLOSE;
        HeaderFields headers = response.headers();
        if (response.framing() == ServedResponse.Framing.CHUNKED) {
            headers = headers.with("Transfer-Encoding", "chunked");
        }
        String length = Long.toString(response.body().length());
        if (response.framing() == ServedResponse.Framing.LENGTH && response.status() != 204) {
            length = headers.first("Content-Length").orElse(length);
            headers = headers.with("Content-Length", length);
        }
        if (ends) {
            headers = headers.with("Connection", "close");
        }
        entry.answered(response.status());
        text("HTTP/1.1 " + response.status() + " Answer\r\n" + headers + "\r\n");
        if (hasBody) {
            Framed framed = new Framed(entry, response.framing() == ServedResponse.Framing.CHUNKED);
            try (OutputStream body = response.passage().apply(framed);
                    InputStream bytes = response.body().open(0)) {
                copy(bytes, body);
            }
        }
        out.flush();
        boolean lied = hasBody && !length.equals(Long.toString(response.body().length()));
        return !ends && !lied && response.after() == ServedResponse.After.KEEP;
    }

    private void text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int n;
        while ((n = from.read(buffer)) > 0) {
            to.write(buffer, 0, n);
        }
    }

    /** The body on the wire; closing it ends the body, not the connection. */
    private final class Framed extends FilterOutputStream {
        private final LoggedRequest entry;
        private final boolean chunked;

        Framed(LoggedRequest entry, boolean chunked) {
            super(ResponseWriter.this.out);
            this.entry = entry;
            this.chunked = chunked;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            if (length == 0) {
                return;
            }
            entry.sending(length);
            if (chunked) {
                text(Integer.toHexString(length) + "\r\n");
            }
            out.write(buffer, offset, length);
            if (chunked) {
                text("\r\n");
            }
        }

        @Override
        public void close() throws IOException {
            if (chunked) {
                text("0\r\n\r\n");
            }
        }
    }
}
