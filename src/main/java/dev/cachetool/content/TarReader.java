package dev.cachetool.content;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive from a stream: ustar, pax and GNU headers, names as bytes. Commons Compress's own stream reads names
 * of pax headers as UTF-8 only, so it loses others; its readers of the fields are used here.
 *
 * <p>Refused with {@link BadTarException}: a wrong checksum, an archive that ends within an entry, sparse files, archives
 * in several volumes, headers of more than 1 MiB, and types that nobody knows. The caller closes the stream below.
 */
public final class TarReader implements LayerEntries {
    private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;
    private static final int LONGEST_HEADER = 1 << 20;
    private static final int MOST_HEADERS = 16;
    private static final int MODE_OFFSET = 100;
    private static final int SIZE_OFFSET = 124;
    private static final int TIME_OFFSET = 136;
    private static final int LINK_OFFSET = 157;
    private static final int PREFIX_OFFSET = TarConstants.XSTAR_PREFIX_OFFSET;
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{0,30})?");
    private static final String XATTR = "SCHILY.xattr.";
    private static final String XATTR_LIBARCHIVE = "LIBARCHIVE.xattr.";

    private final InputStream in;
    private final byte[] block = new byte[BLOCK];
    private long position;
    private long contentLeft;
    private int padding;
    private long headerOffset;
    private long contentOffset;
    private boolean ended;
    private boolean endMarker;

    /** Reads from the stream, which should give many bytes at once. */
    public TarReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next entry; empty at the end of the archive. What was not read of the content before it is passed over.
     *
     * @throws BadTarException if what follows is no entry
     * @throws IOException if the stream cannot be read
     */
    @Override
    public Optional<TarEntry> next() throws IOException {
        TarEntry entry = advance();
        return Optional.ofNullable(entry);
    }

    private @Nullable TarEntry advance() throws IOException {
        if (ended) {
            return null;
        }
        skipContent();
        Map<String, byte[]> pax = new HashMap<>();
        byte @Nullable [] longName = null;
        byte @Nullable [] longLink = null;
        int headers = 0;
        headerOffset = position;
        while (true) {
            long offset = position;
            if (!readBlock()) {
                if (headers > 0) {
                    throw new BadTarException(offset, "it ends where an entry should come");
                }
                ended = true;
                return null;
            }
            if (isZero(block)) {
                if (headers > 0) {
                    throw new BadTarException(offset, "it ends where an entry should come");
                }
                endMarker = true;
                ended = true;
                return null;
            }
            if (!hasRightChecksum()) {
                throw new BadTarException(offset, "the header's checksum is wrong");
            }
            byte flag = block[TarConstants.LF_OFFSET];
            switch (flag) {
                case 'x', 'X' -> readPax(readHeaderContent(offset), pax, offset);
                case 'g' -> checkGlobal(readHeaderContent(offset), offset);
                case 'L' -> longName = untilZero(readHeaderContent(offset));
                case 'K' -> longLink = untilZero(readHeaderContent(offset));
                // GNU tar's name of a volume: tells nothing of the content.
                case 'V' -> readHeaderContent(offset);
                default -> {
                    return entry(flag, pax, longName, longLink, offset);
                }
            }
            if (flag != 'V' && flag != 'g' && ++headers > MOST_HEADERS) {
                throw new BadTarException(offset, "more than " + MOST_HEADERS + " headers for one entry");
            }
        }
    }

    private TarEntry entry(
            byte flag, Map<String, byte[]> pax, byte @Nullable [] longName, byte @Nullable [] longLink, long offset)
            throws IOException {
        String name = FileNames.decode(firstOf(text(pax, "path"), longName, headerName()));
        String linkName =
                FileNames.decode(firstOf(text(pax, "linkpath"), longLink, field(LINK_OFFSET, TarConstants.NAMELEN)));
        if (flag == 'S' || has(pax, "GNU.sparse.major") || has(pax, "GNU.sparse.map") || has(pax, "GNU.sparse.size")) {
            throw new BadTarException(
                    offset, "\"" + FileNames.shown(name) + "\" is stored as a sparse file, which is not supported");
        }
        TarType type = switch (flag) {
            case '0', 0, '7' -> TarType.FILE;
            case '1' -> TarType.HARD_LINK;
            case '2' -> TarType.SYMLINK;
            case '3' -> TarType.CHARACTER_DEVICE;
            case '4' -> TarType.BLOCK_DEVICE;
            case '5' -> TarType.DIRECTORY;
            case '6' -> TarType.FIFO;
            case 'M' ->
                throw new BadTarException(
                        offset,
                        "\"" + FileNames.shown(name) + "\" goes on from another volume, which is not supported");
            default ->
                throw new BadTarException(
                        offset,
                        "\"" + FileNames.shown(name) + "\" has the unknown type "
                                + (flag > ' ' && flag < 127 ? "'" + (char) flag + "'" : "" + (flag & 0xff)));
        };
        long size = number(pax, "size", SIZE_OFFSET, TarConstants.SIZELEN, offset);
        if (size < 0) {
            throw new BadTarException(offset, "\"" + FileNames.shown(name) + "\" has a negative size");
        }
        // Tars from before POSIX have no type for directories but the / at the end.
        if (type == TarType.FILE && name.endsWith("/") && size == 0) {
            type = TarType.DIRECTORY;
        }
        if (type == TarType.DIRECTORY) {
            name = withoutSlashes(name);
        }
        // As Go and libarchive read it: what is no file has no content, whatever its size says.
        contentLeft = type == TarType.FILE ? size : 0;
        padding = (int) (-contentLeft & (BLOCK - 1));
        contentOffset = position;
        boolean link = type == TarType.HARD_LINK || type == TarType.SYMLINK;
        return new TarEntry(
                name,
                type,
                (int) octal(MODE_OFFSET, TarConstants.MODELEN, offset) & 07777,
                contentLeft,
                time(pax, offset),
                link ? linkName : "",
                attributes(pax));
    }

    /** Reads of the content of the entry that came last; -1 at its end. */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (contentLeft == 0) {
            return -1;
        }
        int n = in.read(buffer, offset, (int) Math.min(length, contentLeft));
        if (n < 0) {
            throw cutOff();
        }
        position += n;
        contentLeft -= n;
        return n;
    }

    /** The content of the entry that came last, as a stream; closing it does nothing. */
    public InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return TarReader.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return length == 0 ? 0 : TarReader.this.read(buffer, offset, length);
            }
        };
    }

    /** Where the headers of the entry that came last begin, in bytes of the archive. */
    public long headerOffset() {
        return headerOffset;
    }

    /** Where the content of the entry that came last begins, in bytes of the archive. */
    public long contentOffset() {
        return contentOffset;
    }

    /** Whether the archive ended with a block of zeros, as it should, and not just where the stream did. */
    public boolean hasEndMarker() {
        return endMarker;
    }

    /**
     * Reads what follows the archive up to the end of the stream, so that a checking stream below has checked everything.
     *
     * @return whether anything but zeros came
     */
    public boolean drain() throws IOException {
        byte[] buffer = new byte[64 * 1024];
        boolean garbage = false;
        int n = in.read(buffer);
        while (n >= 0) {
            for (int i = 0; i < n && !garbage; i++) {
                garbage = buffer[i] != 0;
            }
            n = in.read(buffer);
        }
        return garbage;
    }

    private void skipContent() throws IOException {
        long left = contentLeft + padding;
        while (left > 0) {
            long n = in.skip(left);
            if (n <= 0) {
                // Only reading tells the end from a stream that does not skip now.
                if (in.read() < 0) {
                    throw cutOff();
                }
                n = 1;
            }
            left -= n;
            position += n;
        }
        contentLeft = 0;
        padding = 0;
    }

    private BadTarException cutOff() {
        return new BadTarException(headerOffset, "it is cut off within this entry, after " + position + " bytes");
    }

    private boolean hasRightChecksum() {
        try {
            return TarUtils.verifyCheckSum(block);
        } catch (IllegalArgumentException e) {
            // The checksum is no number.
            return false;
        }
    }

    private boolean readBlock() throws IOException {
        int n = in.readNBytes(block, 0, BLOCK);
        if (n == 0) {
            return false;
        }
        if (n < BLOCK) {
            throw new BadTarException(position, "it is cut off within a header");
        }
        position += BLOCK;
        return true;
    }

    private byte[] readHeaderContent(long offset) throws IOException {
        long size = octal(SIZE_OFFSET, TarConstants.SIZELEN, offset);
        if (size < 0 || size > LONGEST_HEADER) {
            throw new BadTarException(offset, "a header of " + size + " bytes");
        }
        byte[] content = new byte[(int) size];
        int padded = (int) (-size & (BLOCK - 1));
        try {
            if (in.readNBytes(content, 0, content.length) < content.length) {
                throw new EOFException();
            }
            in.skipNBytes(padded);
        } catch (EOFException e) {
            throw new BadTarException(offset, "it is cut off within a header");
        }
        position += size + padded;
        return content;
    }

    /** Records are "LENGTH KEY=VALUE\n", LENGTH being that of the whole record. An empty value takes the key back. */
    private static void readPax(byte[] content, Map<String, byte[]> into, long offset) throws BadTarException {
        int at = 0;
        while (at < content.length) {
            int digits = at;
            long length = 0;
            while (digits < content.length && content[digits] >= '0' && content[digits] <= '9' && length < 1 << 24) {
                length = 10 * length + content[digits] - '0';
                digits++;
            }
            long end = at + length;
            if (digits == at
                    || digits >= content.length
                    || content[digits] != ' '
                    || end > content.length
                    || end <= digits + 1
                    || content[(int) end - 1] != '\n') {
                throw new BadTarException(offset, "a pax header that is malformed");
            }
            int equals = digits + 1;
            while (equals < end && content[equals] != '=') {
                equals++;
            }
            if (equals == end || equals == digits + 1) {
                throw new BadTarException(offset, "a pax header that is malformed");
            }
            String key = FileNames.decode(content, digits + 1, equals - digits - 1);
            into.put(key, Arrays.copyOfRange(content, equals + 1, (int) end - 1));
            at = (int) end;
        }
    }

    private static byte @Nullable [] text(Map<String, byte[]> pax, String key) {
        byte[] value = pax.get(key);
        return value == null || value.length == 0 ? null : value;
    }

    /** Tools write comments there; what would change all entries that follow has no honest use. */
    private static void checkGlobal(byte[] content, long offset) throws BadTarException {
        Map<String, byte[]> records = new HashMap<>();
        readPax(content, records, offset);
        for (String key : records.keySet()) {
            if (key.equals("path") || key.equals("linkpath") || key.equals("size") || key.startsWith("GNU.sparse")) {
                throw new BadTarException(offset, "a global pax header that gives every entry the same " + key);
            }
        }
    }

    private static boolean has(Map<String, byte[]> pax, String key) {
        return text(pax, key) != null;
    }

    private long number(Map<String, byte[]> pax, String key, int fieldOffset, int fieldLength, long offset)
            throws BadTarException {
        byte[] value = text(pax, key);
        if (value == null) {
            return octal(fieldOffset, fieldLength, offset);
        }
        try {
            return Long.parseLong(new String(value, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            throw new BadTarException(offset, "a pax header whose " + key + " is no number");
        }
    }

    private long octal(int fieldOffset, int fieldLength, long offset) throws BadTarException {
        try {
            return TarUtils.parseOctalOrBinary(block, fieldOffset, fieldLength);
        } catch (IllegalArgumentException e) {
            throw new BadTarException(offset, "a header field that is no number");
        }
    }

    private Instant time(Map<String, byte[]> pax, long offset) throws BadTarException {
        byte[] value = text(pax, "mtime");
        try {
            if (value == null) {
                return Instant.ofEpochSecond(octal(TIME_OFFSET, TarConstants.MODTIMELEN, offset));
            }
            String text = new String(value, StandardCharsets.ISO_8859_1);
            if (!DECIMAL.matcher(text).matches()) {
                throw new NumberFormatException();
            }
            BigDecimal seconds = new BigDecimal(text);
            long whole = seconds.setScale(0, RoundingMode.FLOOR).longValueExact();
            long nanos = seconds.subtract(BigDecimal.valueOf(whole))
                    .movePointRight(9)
                    .longValue();
            return Instant.ofEpochSecond(whole, nanos);
        } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
            throw new BadTarException(offset, "a time that is no number, or too far away");
        }
    }

    private Map<String, String> attributes(Map<String, byte[]> pax) {
        Map<String, String> found = new HashMap<>();
        for (Map.Entry<String, byte[]> record : pax.entrySet()) {
            String key = record.getKey();
            String prefix = key.startsWith(XATTR) ? XATTR : key.startsWith(XATTR_LIBARCHIVE) ? XATTR_LIBARCHIVE : "";
            if (!prefix.isEmpty()) {
                found.put(key.substring(prefix.length()), new String(record.getValue(), StandardCharsets.ISO_8859_1));
            }
        }
        return found;
    }

    /** The name of the header block, behind the prefix where the format has one. */
    private byte[] headerName() {
        byte[] name = field(0, TarConstants.NAMELEN);
        boolean ustar = matches(TarConstants.MAGIC_POSIX) && block[PREFIX_OFFSET] != 0;
        if (!ustar) {
            return name;
        }
        // Schilling's xstar keeps times in the last 24 bytes of the prefix, and says so at the end of the block.
        boolean xstar = block[508] == 't' && block[509] == 'a' && block[510] == 'r' && block[511] == 0;
        byte[] prefix = field(PREFIX_OFFSET, xstar ? TarConstants.PREFIXLEN_XSTAR : TarConstants.PREFIXLEN);
        byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        whole[prefix.length] = '/';
        System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
        return whole;
    }

    private boolean matches(String magic) {
        for (int i = 0; i < magic.length(); i++) {
            if (block[TarConstants.MAGIC_OFFSET + i] != (byte) magic.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private byte[] field(int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, offset, end);
    }

    private static byte[] firstOf(byte @Nullable [] first, byte @Nullable [] second, byte[] third) {
        return first != null ? first : second != null ? second : third;
    }

    private static byte[] untilZero(byte[] content) {
        int end = 0;
        while (end < content.length && content[end] != 0) {
            end++;
        }
        return Arrays.copyOf(content, end);
    }

    private static String withoutSlashes(String name) {
        int end = name.length();
        while (end > 1 && name.charAt(end - 1) == '/') {
            end--;
        }
        return name.substring(0, end);
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
