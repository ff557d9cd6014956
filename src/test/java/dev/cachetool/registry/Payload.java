package dev.cachetool.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes of a known number that can be read from any place, as often as wanted. */
public interface Payload {
    /** No bytes. */
    Payload EMPTY = of(new byte[0]);

    /** How many bytes there are. */
    long length();

    /** The bytes from the offset to the end; the caller closes the stream. */
    InputStream open(long offset) throws IOException;

    /** These bytes. */
    static Payload of(byte[] bytes) {
        return new Payload() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public InputStream open(long offset) {
                int from = Math.toIntExact(offset);
                return new ByteArrayInputStream(bytes, from, bytes.length - from);
            }
        };
    }

    /** The part of these bytes that begins at the offset and has the length. */
    default Payload slice(long from, long length) {
        Payload whole = this;
        return new Payload() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public InputStream open(long offset) throws IOException {
                return new LimitedInputStream(whole.open(from + offset), length - offset);
            }
        };
    }
}
