package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cachetool.content.Manifest;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestingInputStream;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.registry.FaultyRegistry;
import dev.cachetool.registry.GeneratedBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A layer that fits into no memory: 200 MB, with the long campaigns 10 GiB. It is made by a registry in this process, and
 * thrown away by another. The program keeps to 100 MiB, as the kernel counts the most that it ever had.
 */
final class LargeLayerIT {
    private static final boolean SOAK = Boolean.getBoolean("cachetool.soak");
    private static final long SIZE = SOAK ? 10L << 30 : 200_000_000;
    private static final long MOST_KIB = 100 << 10;
    private static final Path PROC = Path.of("/proc");

    private static GeneratedBlob layer = new GeneratedBlob(0, 0);

    @TempDir
    Path temp;

    @BeforeAll
    static void makeTheLayer() {
        assumeTrue(Files.isDirectory(PROC.resolve("self")), "only Linux tells how much memory a process had");
        layer = new GeneratedBlob(SIZE, 1);
    }

    /** A registry that has a cache of that one layer. */
    private static FaultyRegistry registry() throws IOException {
        FaultyRegistry registry = FaultyRegistry.start();
        registry.addBlob("big", layer);
        String created = "2026-01-02T03:04:05Z";
        byte[] config = ("{\"layers\":[{\"blob\":\"" + layer.digest() + "\",\"parent\":-1}],\"records\":[{\"layers\":["
                        + "{\"layer\":0,\"createdAt\":\"" + created + "\"}],\"digest\":\"" + Digest.sha256("key")
                        + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        registry.addBlob("big", config);
        Descriptor described = Descriptor.of(MediaTypes.OCI_LAYER, layer.digest(), SIZE)
                .withAnnotation(Annotations.UNCOMPRESSED, layer.digest().toString());
        Manifest manifest = Manifest.of(
                MediaTypes.OCI_MANIFEST,
                new ImageManifest(
                                MediaTypes.OCI_MANIFEST,
                                Descriptor.of(MediaTypes.CACHE_CONFIG, config),
                                List.of(described),
                                Map.of())
                        .toBytes());
        registry.addManifest("big", "cache", manifest.mediaType(), manifest.bytes());
        return registry;
    }

    @Test
    void copy_ofALargeLayerBetweenRegistries_keepsToItsMemory() throws Exception {
        try (FaultyRegistry from = registry();
                FaultyRegistry to = FaultyRegistry.options().keepAtMost(1 << 20).start()) {
            to.recognize(layer);
            Process process = Launch.program("copy", from.host() + "/big:cache", to.host() + "/copy:cache", "-q")
                    .start(temp.resolve("err"));
            long most = memoryOf(process, OutputStream.nullOutputStream()).most();
            assertEquals(0, process.waitFor(), () -> text(temp.resolve("err")));
            assertEquals(List.of("cache"), to.tags("copy"));
            assertEquals(List.of(), to.missing("copy"));
            assertTrue(most <= MOST_KIB, "the process had " + most + " KiB");
            System.out.println("copy of " + SIZE + " bytes between registries: at most " + most + " KiB");
        }
    }

    @Test
    void copy_ofALargeLayerToATarOnStandardOutput_keepsToItsMemory() throws Exception {
        try (FaultyRegistry from = registry()) {
            Process process = Launch.program("copy", from.host() + "/big:cache", "-", "-q")
                    .start(temp.resolve("err"));
            Memory memory = memoryOf(process, OutputStream.nullOutputStream());
            assertEquals(0, process.waitFor(), () -> text(temp.resolve("err")));
            assertTrue(memory.bytes() > SIZE, "the tar has " + memory.bytes() + " bytes");
            assertTrue(memory.most() <= MOST_KIB, "the process had " + memory.most() + " KiB");
            System.out.println("copy of " + SIZE + " bytes to a tar: at most " + memory.most() + " KiB");
        }
    }

    private record Memory(long most, long bytes) {}

    /** Reads what the process prints to its end, and the most memory that it had, in KiB. */
    private static Memory memoryOf(Process process, OutputStream to) throws IOException, InterruptedException {
        process.getOutputStream().close();
        AtomicLong most = new AtomicLong();
        Thread watcher = new Thread(() -> {
            do {
                most.accumulateAndGet(peak(process.pid()), Math::max);
            } while (!endsSoon(process));
        });
        watcher.setDaemon(true);
        watcher.start();
        long bytes;
        try (DigestingInputStream out = new DigestingInputStream(process.getInputStream(), Algorithm.SHA256)) {
            out.transferTo(to);
            bytes = out.size();
        }
        process.waitFor();
        watcher.join();
        return new Memory(most.get(), bytes);
    }

    /** The most resident memory that the process had until now, in KiB; 0 where it is gone. */
    private static long peak(long pid) {
        try {
            for (String line : Files.readAllLines(PROC.resolve(pid + "/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
            return 0;
        } catch (IOException e) {
            // The process has ended.
            return 0;
        }
    }

    /** Whether the process ends before it is time to look again. */
    private static boolean endsSoon(Process process) {
        try {
            return process.waitFor(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
