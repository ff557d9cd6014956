package dev.cachetool.registry;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a client sends, as lines and as bytes. */
final class HttpInput {
    private static final int LONGEST_LINE = 1 << 16;

    private final InputStream in;

    HttpInput(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /** The next line, without its end; empty where the client has ended. */
    Optional<String> lineOrEnd() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b;
        while ((b = in.read()) != '\n') {
            if (b < 0) {
                if (line.size() > 0) {
                    throw new EOFException("the client ended within a line");
                }
                return Optional.empty();
            }
            line.write(b);
            if (line.size() > LONGEST_LINE) {
                throw new ProtocolException("a line of a header is too long");
            }
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    /** The next line, which must be there. */
    String line() throws IOException {
        return lineOrEnd().orElseThrow(() -> new EOFException("the client ended where a line was to come"));
    }

    /** The fields up to the empty line. */
    HeaderFields headers() throws IOException {
        HeaderFields headers = HeaderFields.NONE;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new ProtocolException("no header field: " + line);
            }
            headers = headers.and(
                    line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return headers;
    }

    int read(byte[] buffer, int offset, int length) throws IOException {
        return in.read(buffer, offset, length);
    }
}
