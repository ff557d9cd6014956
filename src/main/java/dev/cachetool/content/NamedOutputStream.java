package dev.cachetool.content;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** Writes to a file, unbuffered, and names it when that fails. */
public final class NamedOutputStream extends FilterOutputStream {
    private final Path file;

    /** Names the file in what goes wrong with the stream. */
    NamedOutputStream(Path file, OutputStream out) {
        super(out);
        this.file = file;
    }

    /** Opens the file, as {@link Files#newOutputStream} does. */
    public static OutputStream open(Path file, OpenOption... options) throws IOException {
        return new NamedOutputStream(file, Files.newOutputStream(file, options));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        try {
            out.write(buffer, offset, length);
        } catch (IOException e) {
            throw FileFailure.of(file, e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } catch (IOException e) {
            throw FileFailure.of(file, e);
        }
    }
}
