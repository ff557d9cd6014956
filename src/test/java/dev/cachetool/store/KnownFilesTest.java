package dev.cachetool.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.cachemap.LocalFiles;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of a workspace whose digests the store remembers from one look to the next. */
final class KnownFilesTest {
    private static final String GRAPH = "{\"schemaVersion\":1,\"vertices\":[{\"name\":\"src\",\"op\":{\"local\":{}}}]}";

    @TempDir
    private Path temp;

    private Path workspace;

    /** Files whose content was computed, not remembered. */
    private final List<String> read = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void makeWorkspace() throws IOException {
        workspace = Files.createDirectory(temp.resolve("workspace"));
    }

    /** What a new process sees of the file {@code f}. */
    private Digest digest() throws IOException {
        Definition definition = Definition.parse(GRAPH.getBytes(StandardCharsets.UTF_8), "graph.json", workspace);
        read.clear();
        try (Store store = Store.open(temp.resolve("store"), warning -> {})) {
            FileDigests digests = store.fileDigests(workspace);
            FileDigests watched = new FileDigests() {
                @Override
                public Optional<Digest> find(String path, FileStamp stamp) {
                    return digests.find(path, stamp);
                }

                @Override
                public void put(String path, FileStamp stamp, Digest digest) {
                    read.add(path);
                    digests.put(path, stamp, digest);
                }
            };
            return LocalFiles.of(definition, 2, watched)
                    .treeOf(definition.vertex(0))
                    .find("f")
                    .orElseThrow()
                    .digest()
                    .orElseThrow();
        }
    }

    /** Waits until what was written to a file lies longer back than the clock of this file system is coarse. */
    private void settle(Path file) throws IOException {
        long changed = ((FileTime) Files.getAttribute(file, "unix:ctime")).toMillis();
        while (Instant.now().toEpochMilli() < changed + 250) {
            Thread.onSpinWait();
        }
    }

    @Test
    void file_thatIsKnown_isNotReadAgain() throws IOException {
        Path file = Files.writeString(workspace.resolve("f"), "one");
        settle(file);
        assertEquals(Digest.sha256("one"), digest());
        assertEquals(List.of("f"), read);
        assertEquals(Digest.sha256("one"), digest());
        assertEquals(List.of(), read);
    }

    @Test
    void file_ofTheSameSizeWithItsOldTime_isNoticed() throws IOException {
        Path file = Files.writeString(workspace.resolve("f"), "one");
        FileTime time = Files.getLastModifiedTime(file);
        settle(file);
        digest();
        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, time);
        assertEquals(Digest.sha256("two"), digest());
    }

    @Test
    void file_thatIsWrittenAgainAtOnce_isNoticed() throws IOException {
        Path file = Files.writeString(workspace.resolve("f"), "000");
        Instant time = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 1; i < 200; i++) {
            String text = String.format("%03d", i);
            Files.writeString(file, text);
            Files.setLastModifiedTime(file, FileTime.from(time));
            Digest first = digest();
            assertEquals(Digest.sha256(text), first);
            Files.writeString(file, new StringBuilder(text).reverse());
            Files.setLastModifiedTime(file, FileTime.from(time));
            assertEquals(Digest.sha256(new StringBuilder(text).reverse().toString()), digest());
        }
    }

    @Test
    void file_thatAnotherTookThePlaceOf_isNoticed() throws IOException {
        Path file = Files.writeString(workspace.resolve("f"), "one");
        Path other = Files.writeString(temp.resolve("other"), "two");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        settle(other);
        Digest before = digest();
        assertTrue(other.toFile().renameTo(file.toFile()));
        assertNotEquals(before, digest());
    }
}
