package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small file system in memory of its own, for disks that are full or cannot be written. Closing it unmounts it. */
public final class Mounted implements Closeable {
    private final Path at;

    private Mounted(Path at) {
        this.at = at;
    }

    /** Mounts it at the folder, which is made; skips the test where the user may not mount anything. */
    public static Mounted of(Path at, long bytes) throws IOException, InterruptedException {
        Files.createDirectories(at);
        String problem = run("mount", "-t", "tmpfs", "-o", "mode=0755,size=" + bytes, "cachetool-test", at.toString());
        assumeTrue(problem.isEmpty(), () -> "a file system has to be mounted for this: " + problem);
        return new Mounted(at);
    }

    /** Where it is mounted. */
    public Path at() {
        return at;
    }

    void makeReadOnly() throws IOException, InterruptedException {
        assertEquals("", run("mount", "-o", "remount,ro", at.toString()));
    }

    /** What went wrong; empty if nothing did. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : output + "exit code " + process.exitValue();
    }

    @Override
    public void close() throws IOException {
        try {
            // At once for everybody: a file that was mapped is in use until the collector finds that it is not.
            assertEquals("", run("umount", "--lazy", at.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unmounting", e);
        }
    }
}
