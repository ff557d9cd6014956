package dev.cachetool.cli.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output, or a file in its place, buffered, in UTF-8. When whoever reads it goes away ({@code | head}), the rest of the answer is dropped
 * in silence; any other failure is thrown.
 */
public final class StandardOutput extends OutputStream {
    private final OutputStream out;
    private final boolean file;
    private final JobLog log;
    private volatile boolean gone;

    /**
     * @param log what reads it where nothing else does
     */
    StandardOutput(OutputStream out, JobLog log) {
        this(out, false, log);
    }

    private StandardOutput(OutputStream out, boolean file, JobLog log) {
        this.out = new BufferedOutputStream(out, 1 << 16);
        this.file = file;
        this.log = log;
    }

    /** A file that stands in its place, whose stream says itself what went wrong with it. */
    static StandardOutput inFile(OutputStream out) {
        return new StandardOutput(out, true, JobLog.NONE);
    }

    /** Writes a line for people and its end. */
    public void line(String text) throws IOException {
        name(log.guarded(text));
    }

    /** Writes a line that scripts read, as it is, and its end. */
    public void name(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
        write('\n');
    }

    @Override
    public void write(int b) throws IOException {
        if (!gone) {
            try {
                out.write(b);
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        if (!gone) {
            try {
                out.write(buffer, offset, length);
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (!gone) {
            try {
                out.flush();
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    /** Drops what is still to come; from any thread. */
    void silence() {
        gone = true;
    }

    /** Flushes; the stream below stays open, as the process's own. */
    @Override
    public void close() throws IOException {
        flush();
    }

    /** The JDK has no type for EPIPE, only its text. */
    private void failed(IOException e) throws IOException {
        if (file) {
            throw e;
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains("Broken pipe")
                || message.contains("Pipe broken")
                || message.contains("Connection reset")) {
            gone = true;
        } else {
            throw new IOException("could not write to standard output: " + message, e);
        }
    }
}
