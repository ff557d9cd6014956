package dev.cachetool.content;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads gzip (RFC 1952), all members one after another, with checksum and length checked. The JDK's own stream guesses
 * from {@code available()} whether a member follows and takes anything behind the last one; this one fails on what is no
 * member (zero bytes, which some tools pad with, are passed over), and reads the stream below to its end.
 */
final class GunzipInputStream extends InputStream {
    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] input = new byte[64 * 1024];
    /** What of the input the inflater was not given yet: between members only. */
    private int position;

    private int limit;
    private boolean ended;
    private boolean closed;

    GunzipInputStream(InputStream in) throws IOException {
        this.in = in;
        if (!readHeader(true)) {
            throw damaged("the gzip data is empty");
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            int n;
            try {
                n = inflater.inflate(buffer, offset, length);
            } catch (DataFormatException e) {
                throw new DamagedDataException("the gzip data is damaged: " + e.getMessage(), e);
            }
            if (n > 0) {
                crc.update(buffer, offset, n);
                return n;
            }
            if (inflater.finished()) {
                position = limit - inflater.getRemaining();
                readTrailer();
                if (!readHeader(false)) {
                    ended = true;
                }
            } else if (inflater.needsDictionary()) {
                throw damaged("the gzip data is damaged: it wants a dictionary");
            } else if (inflater.needsInput()) {
                limit = in.read(input, 0, input.length);
                if (limit <= 0) {
                    limit = 0;
                    throw damaged("the gzip data is cut off");
                }
                inflater.setInput(input, 0, limit);
            }
        }
        return -1;
    }

    private void readTrailer() throws IOException {
        long expectedCrc = readInt();
        long expectedLength = readInt();
        if (expectedCrc != crc.getValue()) {
            throw damaged("the gzip data is damaged: its checksum is wrong");
        }
        if (expectedLength != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw damaged("the gzip data is damaged: its length is wrong");
        }
    }

    /** Reads the header of the next member; false at the end of the stream. */
    private boolean readHeader(boolean first) throws IOException {
        int magic = next();
        while (magic == 0 && !first) {
            magic = next();
        }
        if (magic < 0) {
            return false;
        }
        if (magic != 0x1f || need() != 0x8b) {
            throw damaged(first ? "this is no gzip data" : "after the gzip data comes what is none");
        }
        if (need() != 8) {
            throw damaged("the gzip data has an unknown method");
        }
        int flags = need();
        for (int i = 0; i < 6; i++) {
            need();
        }
        if ((flags & FEXTRA) != 0) {
            int length = need() | need() << 8;
            for (int i = 0; i < length; i++) {
                need();
            }
        }
        if ((flags & FNAME) != 0) {
            skipText();
        }
        if ((flags & FCOMMENT) != 0) {
            skipText();
        }
        if ((flags & FHCRC) != 0) {
            need();
            need();
        }
        inflater.reset();
        crc.reset();
        inflater.setInput(input, position, limit - position);
        return true;
    }

    private static DamagedDataException damaged(String problem) {
        return new DamagedDataException(problem, null);
    }

    private void skipText() throws IOException {
        int c = need();
        while (c != 0) {
            c = need();
        }
    }

    private long readInt() throws IOException {
        return need() | need() << 8 | need() << 16 | (long) need() << 24;
    }

    private int need() throws IOException {
        int b = next();
        if (b < 0) {
            throw damaged("the gzip data is cut off");
        }
        return b;
    }

    private int next() throws IOException {
        if (position >= limit) {
            position = 0;
            limit = Math.max(0, in.read(input, 0, input.length));
            if (limit == 0) {
                return -1;
            }
        }
        return input[position++] & 0xff;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            inflater.end();
            in.close();
        }
    }
}
