package dev.cachetool.cli.output;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The standard streams of a process, and which of them are terminals. The two outputs are unbuffered, and report errors as
 * {@code System.out} does not; who waits for input or output can be interrupted.
 */
public record Streams(
        InputStream in, OutputStream out, OutputStream err, boolean outIsTerminal, boolean errIsTerminal) {
    /** Those of this process. */
    public static Streams ofProcess() {
        return new Streams(
                Channels.newInputStream(new FileInputStream(FileDescriptor.in).getChannel()),
                Channels.newOutputStream(new FileOutputStream(FileDescriptor.out).getChannel()),
                new FileOutputStream(FileDescriptor.err),
                isTerminal(1),
                isTerminal(2));
    }

    /** Linux tells of each stream; the JDK only of all together, so elsewhere none counts as a terminal. */
    private static boolean isTerminal(int descriptor) {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
