package dev.cachetool.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Writes the tables of a file that is to be mapped. */
final class TableOutput {
    private static final int BUFFER = 1 << 16;

    private final OutputStream out;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final CRC32C crc = new CRC32C();

    TableOutput(OutputStream out) {
        this.out = out;
    }

    /** Writes what a {@link NameTable} reads. */
    void names(NameOrder order) throws IOException {
        Names names = order.names();
        int bits = NameTable.bits(order.count());
        int bucket = 0;
        for (int i = 0; i < order.count(); i++) {
            int own = NameTable.bucket(names.hash(order.before()[i]), bits);
            while (bucket <= own) {
                write(i);
                bucket++;
            }
        }
        while (bucket <= 1 << bits) {
            write(order.count());
            bucket++;
        }
        int offset = 0;
        for (int number : order.before()) {
            write(names.hash(number));
            write(offset);
            offset += names.length(number);
        }
        write(offset);
        for (int number : order.before()) {
            write(names.name(number).bytes());
        }
    }

    /** Writes four bytes, the highest first. */
    void write(int value) throws IOException {
        if (buffer.remaining() < Integer.BYTES) {
            flush();
        }
        buffer.putInt(value);
    }

    void write(byte[] bytes) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int length = Math.min(buffer.remaining(), bytes.length - at);
            buffer.put(bytes, at, length);
            at += length;
        }
    }

    /** Writes the CRC-32C of all that was written before, and hands all of it on. */
    void check() throws IOException {
        flush();
        write((int) crc.getValue());
        flush();
    }

    private void flush() throws IOException {
        crc.update(buffer.array(), 0, buffer.position());
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
