package dev.cachetool.content;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * Writes a tar archive to a stream: ustar, with a pax header only where an entry needs one (a name or link that is long or
 * not ASCII, more than 8 GiB, a time before 1970 or with a fraction). Owner is 0:0 without names. The same entries give
 * the same bytes. The caller closes the stream below.
 */
public final class TarWriter {
    private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;
    private static final int PREFIX_OFFSET = TarConstants.XSTAR_PREFIX_OFFSET;
    private static final long LARGEST_OCTAL = TarConstants.MAXSIZE;

    private final OutputStream out;
    private long contentLeft;
    private int padding;

    public TarWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes the header of an entry; then comes its content, as many bytes as it says.
     *
     * @throws IllegalStateException if the content of the entry before is not complete
     * @throws IOException if the stream cannot be written
     */
    public void entry(TarEntry entry) throws IOException {
        endEntry();
        byte[] name = FileNames.encode(entry.type() == TarType.DIRECTORY ? entry.name() + "/" : entry.name());
        byte[] link = FileNames.encode(entry.linkName());
        byte[] header = new byte[BLOCK];
        Map<String, byte[]> pax = new TreeMap<>();
        if (!isAscii(name) || !putName(header, name)) {
            pax.put("path", name);
            put(header, 0, TarConstants.NAMELEN, plain(name));
        }
        if (!isAscii(link) || link.length > TarConstants.NAMELEN) {
            pax.put("linkpath", link);
        }
        put(header, 157, TarConstants.NAMELEN, plain(link));
        if (entry.size() > LARGEST_OCTAL) {
            pax.put("size", ascii(Long.toString(entry.size())));
        }
        Instant time = entry.time();
        boolean octalTime = time.getNano() == 0 && time.getEpochSecond() >= 0 && time.getEpochSecond() <= LARGEST_OCTAL;
        if (!octalTime) {
            pax.put("mtime", ascii(decimal(time)));
        }
        long seconds = Math.max(0, Math.min(time.getEpochSecond(), LARGEST_OCTAL));
        finishHeader(header, entry.type().flag(), entry.mode(), Math.min(entry.size(), LARGEST_OCTAL), seconds);
        if (!pax.isEmpty()) {
            writePax(pax, name);
        }
        out.write(header);
        contentLeft = entry.size();
        padding = (int) (-entry.size() & (BLOCK - 1));
    }

    /**
     * Writes of the content of the entry that came last.
     *
     * @throws IllegalArgumentException if that is more than the entry has
     */
    public void write(byte[] buffer, int offset, int length) throws IOException {
        if (length > contentLeft) {
            throw new IllegalArgumentException("more content than the header says");
        }
        out.write(buffer, offset, length);
        contentLeft -= length;
    }

    /** Ends the archive. */
    public void finish() throws IOException {
        endEntry();
        out.write(new byte[2 * BLOCK]);
    }

    private void endEntry() throws IOException {
        if (contentLeft > 0) {
            throw new IllegalStateException(contentLeft + " bytes of the content are missing");
        }
        if (padding > 0) {
            out.write(new byte[padding]);
            padding = 0;
        }
    }

    private void writePax(Map<String, byte[]> records, byte[] name) throws IOException {
        int size = 0;
        for (Map.Entry<String, byte[]> record : records.entrySet()) {
            size += recordLength(record.getKey(), record.getValue());
        }
        byte[] content = new byte[size + (-size & (BLOCK - 1))];
        int at = 0;
        for (Map.Entry<String, byte[]> record : records.entrySet()) {
            byte[] start = ascii(recordLength(record.getKey(), record.getValue()) + " " + record.getKey() + "=");
            System.arraycopy(start, 0, content, at, start.length);
            at += start.length;
            System.arraycopy(record.getValue(), 0, content, at, record.getValue().length);
            at += record.getValue().length;
            content[at++] = '\n';
        }
        byte[] header = new byte[BLOCK];
        byte[] last = plain(name);
        int slash = last.length - 1;
        while (slash > 0 && last[slash - 1] != '/') {
            slash--;
        }
        put(header, 0, TarConstants.NAMELEN, ascii("PaxHeaders.0/"));
        put(header, 13, TarConstants.NAMELEN - 13, Arrays.copyOfRange(last, slash, last.length));
        finishHeader(header, (byte) 'x', 0644, size, 0);
        out.write(header);
        out.write(content);
    }

    /** The length counts its own digits. */
    private static int recordLength(String key, byte[] value) {
        int rest = key.length() + value.length + 3;
        int length = rest + 1;
        while (length != rest + Integer.toString(length).length()) {
            length = rest + Integer.toString(length).length();
        }
        return length;
    }

    /** Puts the name into the header, parted at a slash if it is long; false if that cannot be. */
    private static boolean putName(byte[] header, byte[] name) {
        if (name.length <= TarConstants.NAMELEN) {
            put(header, 0, TarConstants.NAMELEN, name);
            return true;
        }
        int slash = Math.min(TarConstants.PREFIXLEN, name.length - 2);
        while (slash > 0 && name[slash] != '/') {
            slash--;
        }
        if (slash <= 0 || name.length - slash - 1 > TarConstants.NAMELEN) {
            return false;
        }
        put(header, PREFIX_OFFSET, TarConstants.PREFIXLEN, Arrays.copyOf(name, slash));
        put(header, 0, TarConstants.NAMELEN, Arrays.copyOfRange(name, slash + 1, name.length));
        return true;
    }

    private static void finishHeader(byte[] header, byte flag, int mode, long size, long seconds) {
        TarUtils.formatLongOctalBytes(mode, header, 100, TarConstants.MODELEN);
        TarUtils.formatLongOctalBytes(0, header, 108, TarConstants.UIDLEN);
        TarUtils.formatLongOctalBytes(0, header, 116, TarConstants.GIDLEN);
        TarUtils.formatLongOctalBytes(size, header, 124, TarConstants.SIZELEN);
        TarUtils.formatLongOctalBytes(seconds, header, 136, TarConstants.MODTIMELEN);
        Arrays.fill(
                header, TarConstants.CHKSUM_OFFSET, TarConstants.CHKSUM_OFFSET + TarConstants.CHKSUMLEN, (byte) ' ');
        header[TarConstants.LF_OFFSET] = flag;
        put(header, TarConstants.MAGIC_OFFSET, 8, ascii(TarConstants.MAGIC_POSIX + "00"));
        TarUtils.formatCheckSumOctalBytes(
                TarUtils.computeCheckSum(header), header, TarConstants.CHKSUM_OFFSET, TarConstants.CHKSUMLEN);
    }

    private static void put(byte[] header, int offset, int length, byte[] value) {
        System.arraycopy(value, 0, header, offset, Math.min(length, value.length));
    }

    private static byte[] plain(byte[] name) {
        byte[] plain = name.clone();
        for (int i = 0; i < plain.length; i++) {
            if (plain[i] < 0) {
                plain[i] = '_';
            }
        }
        return plain;
    }

    private static boolean isAscii(byte[] name) {
        for (byte b : name) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Seconds since 1970 with as many digits of the fraction as there are. */
    private static String decimal(Instant time) {
        return BigDecimal.valueOf(time.getEpochSecond())
                .add(BigDecimal.valueOf(time.getNano(), 9))
                .stripTrailingZeros()
                .toPlainString();
    }
}
