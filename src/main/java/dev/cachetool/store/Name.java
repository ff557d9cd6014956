package dev.cachetool.store;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheInfoLink;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the files of keys hold texts, links and times as (docs/formats.md): few bytes, the same for what is equal, and a hash
 * by which they are found.
 */
final class Name {
    private static final String SHA256 = "sha256:";
    private static final int SHA256_LENGTH = SHA256.length() + 64;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    /** By character what it stands for as a digit, or -1. */
    private static final int[] VALUES = values();

    /** How a text is held, its first byte. */
    private static final byte TEXT = 0;

    private static final byte DIGEST = 1;
    private static final byte HEX = 2;

    private static final byte[] NOTHING = {};
    private static final int TIME_BYTES = Long.BYTES + Integer.BYTES + Integer.BYTES;

    private final byte[] bytes;
    private final int hash;

    private static int[] values() {
        int[] values = new int[1 << Byte.SIZE];
        Arrays.fill(values, -1);
        for (int i = 0; i < DIGITS.length; i++) {
            values[DIGITS[i]] = i;
        }
        return values;
    }

    private Name(byte[] bytes, int hash) {
        this.bytes = bytes;
        this.hash = hash;
    }

    /** The name that is these bytes. */
    static Name of(byte[] bytes) {
        return new Name(bytes, hash(bytes));
    }

    private static int hash(byte[] bytes) {
        return FileHead.crc(bytes, bytes.length);
    }

    /** Bytes that are a name already. */
    static Name ofBytes(byte[] bytes, int hash) {
        return new Name(bytes, hash);
    }

    static Name of(String text) {
        return of(pack(text));
    }

    static Name of(CacheInfoLink link) {
        byte[] record = pack(link.recordDigest().toString());
        byte[] selector =
                link.selector().isEmpty() ? NOTHING : pack(link.selector().get().toString());
        byte[] out = new byte[2 * Integer.BYTES + record.length + selector.length];
        put(out, 0, link.inputIndex(), Integer.BYTES);
        put(out, Integer.BYTES, record.length, Integer.BYTES);
        System.arraycopy(record, 0, out, 2 * Integer.BYTES, record.length);
        System.arraycopy(selector, 0, out, 2 * Integer.BYTES + record.length, selector.length);
        return of(out);
    }

    static Name of(Timestamp time) {
        byte[] out = new byte[TIME_BYTES];
        put(out, 0, time.time().toEpochSecond(), Long.BYTES);
        put(out, Long.BYTES, time.time().getNano(), Integer.BYTES);
        put(out, Long.BYTES + Integer.BYTES, time.time().getOffset().getTotalSeconds(), Integer.BYTES);
        return of(out);
    }

    // Not a ByteBuffer: a process asks some thousand times, and nothing of what it runs through is compiled yet.

    private static void put(byte[] out, int at, long value, int length) {
        long left = value;
        for (int i = at + length - 1; i >= at; i--) {
            out[i] = (byte) left;
            left >>= Byte.SIZE;
        }
    }

    private static long get(byte[] in, int at, int length) {
        long value = in[at];
        for (int i = at + 1; i < at + length; i++) {
            value = value << Byte.SIZE | (in[i] & 0xFF);
        }
        return value;
    }

    private static byte[] pack(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte @Nullable [] packed = null;
        if (utf8.length == SHA256_LENGTH && text.startsWith(SHA256)) {
            packed = packHex(DIGEST, utf8, SHA256.length());
        } else if (utf8.length % 2 == 0) {
            packed = packHex(HEX, utf8, 0);
        }
        if (packed != null) {
            return packed;
        }
        byte[] out = new byte[1 + utf8.length];
        out[0] = TEXT;
        System.arraycopy(utf8, 0, out, 1, utf8.length);
        return out;
    }

    /** The digits from a place on as bytes behind the kind; null where not all are digits. */
    private static byte @Nullable [] packHex(byte kind, byte[] text, int from) {
        byte[] out = new byte[1 + (text.length - from) / 2];
        out[0] = kind;
        int at = from;
        for (int i = 1; i < out.length; i++) {
            int value = VALUES[text[at] & 0xFF] << 4 | VALUES[text[at + 1] & 0xFF];
            if (value < 0) {
                return null;
            }
            out[i] = (byte) value;
            at += 2;
        }
        return out;
    }

    private static String unpack(byte[] bytes, int from, int to) {
        return switch (bytes[from]) {
            case TEXT -> new String(bytes, from + 1, to - from - 1, StandardCharsets.UTF_8);
            case DIGEST -> SHA256 + unpackHex(bytes, from + 1, to);
            case HEX -> unpackHex(bytes, from + 1, to);
            default -> throw new IllegalArgumentException("no kind of name: " + bytes[from]);
        };
    }

    private static String unpackHex(byte[] bytes, int from, int to) {
        byte[] out = new byte[2 * (to - from)];
        int at = 0;
        for (int i = from; i < to; i++) {
            out[at++] = DIGITS[bytes[i] >> 4 & 15];
            out[at++] = DIGITS[bytes[i] & 15];
        }
        return new String(out, StandardCharsets.ISO_8859_1);
    }

    /** The text that this is the name of. */
    String text() {
        return unpack(bytes, 0, bytes.length);
    }

    /** The link that this is the name of. */
    CacheInfoLink link() {
        int record = 2 * Integer.BYTES;
        int selector = record + (int) get(bytes, Integer.BYTES, Integer.BYTES);
        return new CacheInfoLink(
                (int) get(bytes, 0, Integer.BYTES),
                Digest.parseCacheDigest(unpack(bytes, record, selector)),
                selector == bytes.length
                        ? Optional.empty()
                        : Optional.of(Digest.parseCacheDigest(unpack(bytes, selector, bytes.length))));
    }

    /** The time that this is the name of. */
    Timestamp time() {
        Instant instant = Instant.ofEpochSecond(get(bytes, 0, Long.BYTES), get(bytes, Long.BYTES, Integer.BYTES));
        int offset = (int) get(bytes, Long.BYTES + Integer.BYTES, Integer.BYTES);
        return new Timestamp(instant.atOffset(ZoneOffset.ofTotalSeconds(offset)));
    }

    /** Its bytes, not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Name that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
