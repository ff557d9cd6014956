package dev.cachetool.registry;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Something that happens once, when so many bytes have passed; never where there are fewer. */
record BytePoint(long bytes, Event event) {
    /** What happens; it may end the connection with an exception. */
    @FunctionalInterface
    interface Event {
        void happen() throws IOException;
    }

    /** Happens on the way out, after the bytes before it were flushed. */
    OutputStream on(OutputStream out) {
        return new Out(out);
    }

    /** Happens on the way in: the bytes after it are not read before. */
    InputStream on(InputStream in) {
        return new In(in);
    }

    private final class Out extends FilterOutputStream {
        private long left = bytes;
        private boolean happened;

        Out(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            int before = happened ? length : (int) Math.min(left, length);
            out.write(buffer, offset, before);
            left -= before;
            happenIfThere();
            out.write(buffer, offset + before, length - before);
        }

        @Override
        public void close() throws IOException {
            happenIfThere();
            out.close();
        }

        private void happenIfThere() throws IOException {
            if (!happened && left == 0) {
                happened = true;
                out.flush();
                event.happen();
            }
        }
    }

    private final class In extends FilterInputStream {
        private long left = bytes;
        private boolean happened;

        In(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (!happened && left == 0) {
                happened = true;
                event.happen();
            }
            int n = in.read(buffer, offset, happened ? length : (int) Math.min(left, length));
            left -= Math.max(n, 0);
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            return Math.max(0, read(new byte[(int) Math.min(n, 8192)]));
        }
    }
}
