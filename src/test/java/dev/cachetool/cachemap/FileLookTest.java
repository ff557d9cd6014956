package dev.cachetool.cachemap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How files look, in each way in which that is found out. */
final class FileLookTest {
    @TempDir
    private Path temp;

    /** What is found out is the same in every way, as far as a way goes. */
    private static FileLook look(Path path) throws IOException {
        FileLook look = FileLook.at(path);
        assertEquals(FileLook.byMap(path), look);
        FileLook rough = FileLook.byPermissions(path);
        assertEquals(look.kind(), rough.kind());
        assertEquals(look.mode() & 0777, rough.mode());
        assertEquals(look.stamp().size(), rough.stamp().size());
        assertEquals(look.stamp().modified(), rough.stamp().modified());
        return look;
    }

    @Test
    void look_atEveryKind_saysWhatItIs() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "12345");
        Files.setAttribute(file, "unix:mode", 04751);
        assertEquals(FileLook.Kind.FILE, look(file).kind());
        assertEquals(04751, look(file).mode());
        assertEquals(5, look(file).stamp().size());
        assertEquals(FileLook.Kind.FOLDER, look(temp).kind());
        Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("gone"));
        assertEquals(FileLook.Kind.LINK, look(link).kind());
        assertEquals(FileLook.Kind.OTHER, look(Path.of("/dev/null")).kind());
    }

    @Test
    void look_atTimes_hasNanoseconds() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");
        for (String time :
                new String[] {"2026-01-02T03:04:05.123456789Z", "1969-12-31T23:59:58Z", "2100-01-01T00:00:00Z"}) {
            Instant instant = Instant.parse(time);
            Files.setLastModifiedTime(file, FileTime.from(instant));
            assertEquals(
                    FileTime.from(instant).to(TimeUnit.NANOSECONDS),
                    look(file).stamp().modified());
        }
        assertEquals(Files.getAttribute(file, "unix:ino"), look(file).stamp().inode());
    }

    @Test
    void look_atAFileThatWasReplaced_differs() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "a");
        FileTime time = Files.getLastModifiedTime(file);
        FileLook before = look(file);
        Path other = Files.writeString(temp.resolve("other"), "b");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(before.stamp().modified(), look(file).stamp().modified());
        assertNotEquals(before.stamp(), look(file).stamp());
    }

    @Test
    void look_atNothing_isAnError() {
        assertThrows(NoSuchFileException.class, () -> FileLook.at(temp.resolve("none")));
    }
}
