package dev.cachetool.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A tar of whatever entries, written by another library than the one that reads it. */
final class Tar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream out;

    Tar() {
        this(StandardCharsets.UTF_8);
    }

    /** A tar whose names are written in this encoding. */
    Tar(Charset names) {
        out = new TarArchiveOutputStream(bytes, names.name());
        out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    Tar file(String name, String content) throws IOException {
        return entry(name, TarConstants.LF_NORMAL, "", 0644, content);
    }

    Tar symlink(String name, String target) throws IOException {
        return entry(name, TarConstants.LF_SYMLINK, target, 0777, "");
    }

    Tar hardLink(String name, String target) throws IOException {
        return entry(name, TarConstants.LF_LINK, target, 0644, "");
    }

    Tar entry(String name, byte type, String link, int mode, String content) throws IOException {
        byte[] data = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        entry.setLinkName(link);
        entry.setMode(mode);
        entry.setSize(data.length);
        out.putArchiveEntry(entry);
        out.write(data);
        out.closeArchiveEntry();
        return this;
    }

    /** A pax header of these records, which count for the entry that follows. */
    Tar pax(String... records) throws IOException {
        StringBuilder content = new StringBuilder();
        for (String record : records) {
            int rest = record.length() + 2;
            int length = rest + 1;
            while (length != rest + Integer.toString(length).length()) {
                length = rest + Integer.toString(length).length();
            }
            content.append(length).append(' ').append(record).append('\n');
        }
        return entry("PaxHeaders/x", (byte) 'x', "", 0644, content.toString());
    }

    byte[] end() throws IOException {
        out.close();
        return bytes.toByteArray();
    }
}
