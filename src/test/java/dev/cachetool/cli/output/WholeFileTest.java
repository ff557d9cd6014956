package dev.cachetool.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    Path folder;

    private Path pipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        return pipe;
    }

    @Test
    void write_whenAPipeIsThere_goesIntoIt() throws Exception {
        Path pipe = pipe();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<String> read = threads.submit(() -> Files.readString(pipe));
            WholeFile.write(pipe, out -> out.write("answer".getBytes(StandardCharsets.UTF_8)));
            assertEquals("answer", read.get());
        } finally {
            threads.shutdownNow();
        }
        assertTrue(AtomicFile.isSpecial(pipe));
    }

    @Test
    void atomicFile_whenAPipeIsThere_isRefused() throws Exception {
        Path pipe = pipe();
        FileSystemException e = assertThrows(FileSystemException.class, () -> AtomicFile.create(pipe));
        assertEquals(pipe.toString(), e.getFile());
        assertTrue(AtomicFile.isSpecial(pipe));
    }
}
