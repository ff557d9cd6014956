package dev.cachetool.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/** What Commons Compress writes is read, in each of its dialects, and it reads what is written here. */
final class TarInteropTest {
    private static final List<String> NAMES = List.of(
            "a",
            "a".repeat(100),
            "a".repeat(101),
            "d/".repeat(90) + "x",
            ("d".repeat(60) + "/").repeat(4) + "x",
            "é".repeat(120),
            "\uD83D\uDE00/x y\nz",
            "x".repeat(255),
            ("y".repeat(250) + "/").repeat(4) + "z");

    private static TarReader reader(byte[] tar) {
        return new TarReader(new ByteArrayInputStream(tar));
    }

    @Test
    void reader_ofLongNamesInGnuAndPosixForm_givesThem() throws IOException {
        for (int mode : List.of(TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
                out.setLongFileMode(mode);
                out.setAddPaxHeadersForNonAsciiNames(mode == TarArchiveOutputStream.LONGFILE_POSIX);
                for (String name : NAMES) {
                    TarArchiveEntry entry = new TarArchiveEntry(name);
                    entry.setSize(1);
                    out.putArchiveEntry(entry);
                    out.write('x');
                    out.closeArchiveEntry();
                    TarArchiveEntry link = new TarArchiveEntry("l" + name.hashCode(), TarConstants.LF_SYMLINK);
                    link.setLinkName(name);
                    out.putArchiveEntry(link);
                    out.closeArchiveEntry();
                }
            }
            TarReader reader = reader(bytes.toByteArray());
            for (String name : NAMES) {
                assertEquals(name, reader.next().orElseThrow().name());
                assertArrayEquals(new byte[] {'x'}, reader.content().readAllBytes());
                assertEquals(name, reader.next().orElseThrow().linkName());
            }
            assertTrue(reader.next().isEmpty());
            assertTrue(reader.hasEndMarker());
        }
    }

    @Test
    void reader_ofSizesBeyondOctal_givesThemInBothForms() throws IOException {
        long large = 8L * 1024 * 1024 * 1024 + 12_345;
        for (int mode : List.of(TarArchiveOutputStream.BIGNUMBER_STAR, TarArchiveOutputStream.BIGNUMBER_POSIX)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());
            out.setBigNumberMode(mode);
            TarArchiveEntry entry = new TarArchiveEntry("large");
            entry.setSize(large);
            out.putArchiveEntry(entry);
            out.write(new byte[20_480]);
            out.flush();
            // Only the beginning of it: nobody waits for 8 GiB.
            TarReader reader = reader(Arrays.copyOf(bytes.toByteArray(), 4_096));
            TarEntry read = reader.next().orElseThrow();
            assertEquals(large, read.size());
            BadTarException e = assertThrows(BadTarException.class, reader::next);
            assertTrue(e.getMessage().contains("cut off within this entry"), e.getMessage());
        }
    }

    @Test
    void writer_ofAnyNamesSizesAndTimes_isReadByCommonsCompress() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(bytes);
        Instant odd = Instant.parse("1969-07-20T20:17:40.123456789Z");
        for (String name : NAMES) {
            writer.entry(TarEntry.directory("dir-" + name, 01755));
            writer.entry(new TarEntry(name, TarType.FILE, 0640, 3, odd, "", Map.of()));
            writer.write("abc".getBytes(StandardCharsets.UTF_8), 0, 3);
            writer.entry(new TarEntry("h" + name.hashCode(), TarType.HARD_LINK, 0640, 0, odd, name, Map.of()));
        }
        writer.entry(TarEntry.file("large", 0644, 9_000_000_000L));
        byte[] whole = bytes.toByteArray();
        try (TarArchiveInputStream in =
                new TarArchiveInputStream(new ByteArrayInputStream(whole), StandardCharsets.UTF_8.name())) {
            for (String name : NAMES) {
                TarArchiveEntry folder = in.getNextEntry();
                assertEquals("dir-" + name + "/", folder.getName());
                assertTrue(folder.isDirectory());
                assertEquals(01755, folder.getMode());
                TarArchiveEntry file = in.getNextEntry();
                assertEquals(name, file.getName());
                assertEquals(0640, file.getMode());
                assertEquals(odd, file.getLastModifiedTime().toInstant());
                assertEquals(0, file.getLongUserId());
                assertEquals("abc", new String(in.readAllBytes(), StandardCharsets.UTF_8));
                TarArchiveEntry link = in.getNextEntry();
                assertTrue(link.isLink());
                assertEquals(name, link.getLinkName());
            }
            assertEquals(9_000_000_000L, in.getNextEntry().getSize());
        }
    }

    @Test
    void reader_ofBytesThatAreNoUtf8_keepsThem() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(bytes);
        writer.entry(TarEntry.file("caf\uDCE9", 0644, 0));
        writer.finish();
        assertEquals(
                "caf\uDCE9", reader(bytes.toByteArray()).next().orElseThrow().name());
        // The same in the header alone, as old tars have it.
        byte[] old = new byte[1024];
        System.arraycopy(bytes.toByteArray(), 1024, old, 0, 512);
        assertEquals("caf_", reader(old).next().orElseThrow().name());
    }

    @Test
    void reader_ofPaxRecords_takesTheLastAndTheEmptyOneBack() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] records = "14 path=first\n15 path=second\n12 size=999\n8 size=\n".getBytes(StandardCharsets.UTF_8);
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry header = new TarArchiveEntry("PaxHeaders/x", (byte) 'x');
            header.setSize(records.length);
            out.putArchiveEntry(header);
            out.write(records);
            out.closeArchiveEntry();
            TarArchiveEntry entry = new TarArchiveEntry("name");
            entry.setSize(2);
            out.putArchiveEntry(entry);
            out.write(new byte[] {1, 2});
            out.closeArchiveEntry();
        }
        TarEntry entry = reader(bytes.toByteArray()).next().orElseThrow();
        assertEquals("second", entry.name());
        assertEquals(2, entry.size());
    }
}
