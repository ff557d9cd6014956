package dev.cachetool.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes write into one directory at once. */
final class LayoutProcessesTest {
    private static final int PROCESSES = 3;
    private static final int TAGS = Boolean.getBoolean("cachetool.soak") ? 1_000 : 60;

    @TempDir
    private Path folder;

    /** One of the processes: directory, its name, how many tags. It begins when it can read a line. */
    public static void main(String[] args) throws IOException {
        System.out.println("ready");
        if (System.in.read() < 0) {
            throw new IOException("whoever started this went away");
        }
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            try (LayoutDirectory layout = LayoutDirectory.create(Path.of(args[0]))) {
                LayoutDirectoryTest.write(layout, args[1] + i, args[1] + i);
            }
        }
    }

    @Test
    void processes_thatTagInOneDirectory_landAllTheirTags() throws Exception {
        Path layout = folder.resolve("layout");
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LayoutProcessesTest.class.getName(),
                                layout.toString(),
                                "p" + i + "-",
                                Integer.toString(TAGS))
                        .redirectError(folder.resolve("err" + i).toFile())
                        .start());
            }
            for (Process process : processes) {
                assertEquals('r', process.getInputStream().read());
            }
            for (Process process : processes) {
                process.getOutputStream().write("go\n".getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
            }
            for (int i = 0; i < PROCESSES; i++) {
                assertTrue(processes.get(i).waitFor(5, TimeUnit.MINUTES));
                assertEquals(0, processes.get(i).exitValue(), Files.readString(folder.resolve("err" + i)));
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
        try (LayoutDirectory written = LayoutDirectory.open(layout)) {
            assertEquals(PROCESSES * TAGS, written.tags().size());
            for (String tag : written.tags()) {
                assertTrue(written.resolve(tag).isPresent(), tag);
            }
        }
        try (Stream<Path> left = Files.list(layout)) {
            assertFalse(left.anyMatch(
                    path -> path.toString().endsWith(".lock") || path.toString().endsWith("-tmp")));
        }
    }
}
