package dev.cachetool.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that commit, pull, read, prune and verify in one store, some of them killed (SIGKILL) anywhere: what any of them
 * holds is always right, and the store is sound. {@code -Dcachetool.seed=N} runs others, {@code -Psoak} 300 kills.
 */
final class StoreKillTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20_261_125L);
    private static final int KILLS = Boolean.getBoolean("cachetool.soak") ? 300 : 6;
    private static final int FOREVER = 1_000_000;

    @TempDir
    private Path temp;

    private Process start(long seed, int operations) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreProcess.class.getName(),
                        temp.resolve("store").toString(),
                        Long.toString(seed),
                        Integer.toString(operations))
                .redirectErrorStream(true)
                .start();
    }

    /** Reads so many lines, none of which may tell of anything wrong. */
    private static void read(BufferedReader lines, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String line = lines.readLine();
            if (line == null) {
                return;
            }
            assertFalse(
                    line.startsWith("WRONG") || line.contains("Exception"),
                    () -> line + "\n" + lines.lines().limit(20).toList());
        }
    }

    private static BufferedReader lines(Process process) {
        return new BufferedReader(process.inputReader(StandardCharsets.UTF_8));
    }

    @Test
    void store_whenProcessesAreKilledAnywhere_isSoundAndGoesOn() throws Exception {
        System.out.println("StoreKillTest: -Dcachetool.seed=" + SEED + ", " + KILLS + " kills");
        Random random = new Random(SEED);
        try (Store store = Store.open(temp.resolve("store"), warning -> {})) {
            for (int round = 0; round < KILLS; round++) {
                Process killed = start(random.nextLong(), FOREVER);
                int operations = 5 + random.nextInt(40);
                Process other = start(random.nextLong(), operations);
                try {
                    read(lines(killed), random.nextInt(60));
                    killed.destroyForcibly().waitFor();
                    read(lines(other), FOREVER);
                    assertEquals(0, other.waitFor());
                } finally {
                    killed.destroyForcibly();
                    other.destroyForcibly();
                }
                assertEquals(List.of(), store.verify(true).problems(), "in round " + round);
            }
            store.prune(PrunePolicy.all().victims(store.list(), Instant.now()));
            for (String part : List.of("refs", "scratch", "trash", "blobs/sha256")) {
                try (Stream<Path> left = Files.list(temp.resolve("store").resolve(part))) {
                    assertEquals(List.of(), left.toList(), "nobody holds anything");
                }
            }
        }
    }

    @Test
    void holds_whenTheirProcessIsKilled_vanish() throws Exception {
        String id;
        try (Store store = Store.open(temp.resolve("store"), warning -> {})) {
            MutableRef ref = store.refs().create("x");
            Trees.write(ref.folder(), "a", "1");
            LocalImmutableRef committed = ref.commit(Trees.of(ref.folder()), RefMetadata.of("x", Instant.now()));
            id = committed.id();
            committed.release();
            Process holder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            HoldingProcess.class.getName(),
                            temp.resolve("store").toString(),
                            id)
                    .start();
            assertEquals("held", lines(holder).readLine());
            List<StoreRow> rows = new ArrayList<>(store.list());
            assertTrue(rows.get(0).held());
            assertEquals(List.of(), store.prune(rows).removed());
            holder.destroyForcibly().waitFor();
            assertFalse(store.list().get(0).held());
            assertEquals(1, store.prune(store.list()).removed().size());
            assertTrue(store.refs().find(id).isEmpty());
        }
    }

    /** Holds a ref until it is killed. */
    static final class HoldingProcess {
        private HoldingProcess() {}

        /**
         * Begins.
         *
         * @param args the folder of the store, the id of the ref
         */
        public static void main(String[] args) throws IOException {
            Store store = Store.open(Path.of(args[0]), warning -> {});
            if (store.refs().find(args[1]).isPresent()) {
                System.out.println("held");
            }
            System.in.read();
        }
    }
}
