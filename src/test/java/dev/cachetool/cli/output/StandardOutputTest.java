package dev.cachetool.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StandardOutputTest {
    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void line_whenWritten_isUtf8WithAnEnd() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (StandardOutput out = new StandardOutput(bytes, JobLog.NONE)) {
            out.line("größe");
        }
        assertEquals("größe\n", bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void flush_whenTheReaderIsGone_isQuiet() throws IOException {
        StandardOutput out = new StandardOutput(failing("Broken pipe"), JobLog.NONE);
        out.line("x");
        out.flush();
        out.line("y".repeat(1 << 17));
        out.flush();
    }

    @Test
    void flush_whenTheDiskIsFull_isThrown() throws IOException {
        StandardOutput out = new StandardOutput(failing("No space left on device"), JobLog.NONE);
        out.line("x");
        IOException e = assertThrows(IOException.class, out::flush);
        assertTrue(e.getMessage().contains("could not write to standard output: No space left"), e.getMessage());
    }
}
