package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.graph.ExecOp.Isolation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of files, by bytes and by sharing. */
final class FileCopyTest {
    @TempDir
    Path temp;

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void file_whenCopied_hasTheBytesThatWereSeen() throws Exception {
        byte[] content = random(200_000);
        Path from = Files.write(temp.resolve("from"), content);
        ByteArrayOutputStream seen = new ByteArrayOutputStream();

        FileCopy.copy(from, temp.resolve("to"), ByteBuffer.allocate(1 << 16), bytes -> {
            byte[] part = new byte[bytes.remaining()];
            bytes.get(part);
            seen.writeBytes(part);
        });

        assertAll(
                () -> assertArrayEquals(content, Files.readAllBytes(temp.resolve("to"))),
                () -> assertArrayEquals(content, seen.toByteArray()));
    }

    @Test
    void link_whenCopied_isRefused() throws Exception {
        Files.write(temp.resolve("file"), new byte[1]);
        Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("file"));

        assertThrows(
                IOException.class, () -> FileCopy.copy(link, temp.resolve("to"), ByteBuffer.allocate(10), bytes -> {}));
    }

    @Test
    void file_whenTheFileSystemCannotShare_isLeftToBeCopied() throws Exception {
        Path from = Files.write(temp.resolve("from"), random((int) FileCopy.LARGE));
        Path small = Files.write(temp.resolve("small"), random(10));

        boolean shared = FileCopy.share(from, temp.resolve("to"), FileCopy.LARGE);

        assertAll(
                () -> assertEquals(shared, Files.exists(temp.resolve("to"))),
                () -> assertFalse(FileCopy.share(small, temp.resolve("other"), 10)));
    }

    @Test
    void inputs_whenTheFileSystemShares_areStillTheStepsOwn() throws Exception {
        Path image = temp.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(400L << 20);
        }
        Path disk = Files.createDirectory(temp.resolve("disk"));
        Assumptions.assumeTrue(
                Wrappers.tries(List.of("mkfs.xfs", "-q", image.toString())).isEmpty()
                        && Wrappers.tries(List.of("mount", "-o", "loop", image.toString(), disk.toString()))
                                .isEmpty(),
                "this user can make and mount no file system that shares (xfs)");
        try {
            byte[] content = random((int) FileCopy.LARGE);
            Path from = Files.write(disk.resolve("from"), content);
            assertTrue(FileCopy.share(from, disk.resolve("to"), FileCopy.LARGE));
            assertArrayEquals(content, Files.readAllBytes(disk.resolve("to")));
            StepSite site = StepSite.in(disk, disk.resolve("store"), Isolation.FOLDER);
            Files.write(site.workspace.resolve("big"), content);

            StepOutcome made = site.run(site.shell("cp big out", "'outputs': ['out']"), site.local("big"));
            StepOutcome changed =
                    site.run(site.shell("echo x >> out; cat out > copy", "'outputs': ['copy']"), StepSite.result(made));

            assertAll(
                    () -> assertEquals(Optional.of("it changed its input out"), changed.distrust()),
                    () -> assertArrayEquals(
                            content, Files.readAllBytes(made.outputs().mount().resolve("out"))),
                    () -> assertEquals(
                            content.length + 2,
                            changed.outputs().tree().find("copy").orElseThrow().size()));
            site.store.close();
        } finally {
            assertEquals(Optional.empty(), Wrappers.tries(List.of("umount", "--lazy", disk.toString())));
        }
    }
}
