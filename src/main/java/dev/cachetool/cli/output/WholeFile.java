package dev.cachetool.cli.output;

import dev.cachetool.content.AtomicFile;
import dev.cachetool.content.FileFailure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is written whole or not at all, in a folder that need not be there. */
public final class WholeFile {
    private WholeFile() {}

    /** Gives what stands in a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of it; leaves the stream open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes it in place of what stands there; into that, where it is a device or a pipe.
     *
     * @throws IOException if it cannot be written; what stood there still does then
     */
    public static void write(Path file, Content content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("could not write " + file + ": it is a directory");
        }
        if (AtomicFile.isSpecial(file)) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.WRITE))) {
                content.writeTo(out);
            } catch (IOException e) {
                throw FileFailure.of(file, e);
            }
            return;
        }
        Files.createDirectories(folder);
        try (AtomicFile whole = AtomicFile.create(file)) {
            OutputStream out = new BufferedOutputStream(whole.stream());
            content.writeTo(out);
            out.flush();
            whole.commit();
        }
    }
}
