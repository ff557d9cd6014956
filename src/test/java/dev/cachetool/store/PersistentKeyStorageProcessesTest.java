package dev.cachetool.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheInfoLink;
import dev.cachetool.solver.CacheKeyStorage;
import dev.cachetool.solver.CacheResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes save keys in one folder, read what others saved, let go of results and compact, and are killed at
 * some moment. {@code -Dcachetool.seed=N} runs others.
 */
class PersistentKeyStorageProcessesTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20261126);
    private static final boolean SOAK = Boolean.getBoolean("cachetool.soak");
    private static final int PROCESSES = SOAK ? 16 : 3;
    private static final int ROUNDS = SOAK ? 20 : 2;
    private static final int MOST_SAVES = SOAK ? 400 : 150;
    private static final Timestamp TIME = Timestamp.of(Instant.ofEpochSecond(1_700_000_000));
    private static final CacheInfoLink LINK = new CacheInfoLink(0, Digest.sha256("record"), Optional.empty());

    @TempDir
    Path temp;

    /**
     * One of the processes, of that name, which saves chains of three keys, says so, and goes on until it is killed: folder,
     * name, seed.
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Random random = new Random(Long.parseLong(args[2]));
        int i = 0;
        while (true) {
            try (LockFile locks = LockFile.open(folder.resolve("lock"));
                    PersistentKeyStorage keys = PersistentKeyStorage.open(folder.resolve("keys"), locks, warning -> {
                        throw new AssertionError(warning);
                    })) {
                int until = i + 1 + random.nextInt(50);
                while (i < until) {
                    String name = args[1] + "-" + i++;
                    keys.addLink("root", LINK, name);
                    keys.addLink(name, LINK, name + "-top");
                    keys.addResult(name + "-top", new CacheResult(name, TIME));
                    System.out.println("saved " + name);
                    switch (random.nextInt(30)) {
                        case 0 -> {
                            // One for all, so that releases meet the saves of others.
                            keys.addResult("shared", new CacheResult("shared", TIME));
                            keys.release("shared");
                        }
                        case 1 -> keys.compact();
                        default -> keys.walkBacklinks("shared", (source, link) -> {});
                    }
                }
            }
        }
    }

    @Test
    void processes_thatAreKilled_loseNothingThatWasSaved() throws Exception {
        System.out.println("PersistentKeyStorageProcessesTest: -Dcachetool.seed=" + SEED);
        Random random = new Random(SEED);
        List<String> saved = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<Process> processes = new ArrayList<>();
            List<Thread> readers = new ArrayList<>();
            try {
                for (int i = 0; i < PROCESSES; i++) {
                    Process process = start(round + "-" + i, random.nextLong());
                    processes.add(process);
                    int saves = 1 + random.nextInt(MOST_SAVES);
                    Thread reader = new Thread(() -> readAndKill(process, saves, saved));
                    reader.start();
                    readers.add(reader);
                }
                for (Thread reader : readers) {
                    reader.join(TimeUnit.MINUTES.toMillis(5));
                }
                for (Process process : processes) {
                    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
                    assertEquals(128 + 9, process.exitValue(), errors());
                }
            } finally {
                processes.forEach(Process::destroyForcibly);
            }
            check(saved);
        }
    }

    private Process start(String name, long seed) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PersistentKeyStorageProcessesTest.class.getName(),
                        temp.toString(),
                        name,
                        Long.toString(seed))
                .redirectError(temp.resolve("err" + name).toFile())
                .start();
    }

    /** Takes down what a process says that it saved; kills it after so many, wherever it is by then. */
    private static void readAndKill(Process process, int saves, List<String> saved) {
        int count = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("saved ")) {
                    synchronized (saved) {
                        saved.add(line.substring("saved ".length()));
                    }
                }
                if (++count == saves) {
                    process.destroyForcibly();
                }
            }
        } catch (IOException e) {
            // Closed with the process.
            return;
        }
    }

    private String errors() throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.newDirectoryStream(temp, "err*")) {
            for (Path file : files) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    private void check(List<String> saved) throws IOException {
        assertEquals("", errors());
        try (LockFile locks = LockFile.open(temp.resolve("lock"));
                PersistentKeyStorage keys = PersistentKeyStorage.open(temp.resolve("keys"), locks, warning -> {
                    throw new AssertionError(warning);
                })) {
            for (int again = 0; again < 2; again++) {
                synchronized (saved) {
                    for (String name : saved) {
                        check(keys, name);
                    }
                }
                keys.compact();
            }
        }
    }

    private static void check(CacheKeyStorage keys, String name) {
        assertTrue(keys.hasLink("root", LINK, name), name);
        assertTrue(keys.hasLink(name, LINK, name + "-top"), name);
        assertEquals(Optional.of(new CacheResult(name, TIME)), keys.load(name + "-top", name), name);
    }
}
