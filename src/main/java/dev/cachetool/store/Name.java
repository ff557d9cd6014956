package dev.cachetool.store;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheInfoLink;
import java.nio.ByteBuffer;
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
    private static final String DIGITS = "0123456789abcdef";

    /** How a text is held, its first byte. */
    private static final byte TEXT = 0;

    private static final byte DIGEST = 1;
    private static final byte HEX = 2;

    private static final int TIME_BYTES = Long.BYTES + Integer.BYTES + Integer.BYTES;

    private final byte[] bytes;
    private final int hash;

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
        byte[] selector = link.selector().map(digest -> pack(digest.toString())).orElseGet(() -> new byte[0]);
        ByteBuffer out = ByteBuffer.allocate(2 * Integer.BYTES + record.length + selector.length);
        out.putInt(link.inputIndex()).putInt(record.length).put(record).put(selector);
        return of(out.array());
    }

    static Name of(Timestamp time) {
        ByteBuffer out = ByteBuffer.allocate(TIME_BYTES);
        out.putLong(time.time().toEpochSecond())
                .putInt(time.time().getNano())
                .putInt(time.time().getOffset().getTotalSeconds());
        return of(out.array());
    }

    private static byte[] pack(String text) {
        byte @Nullable [] packed = null;
        if (text.length() == SHA256_LENGTH && text.startsWith(SHA256)) {
            packed = packHex(DIGEST, text, SHA256.length());
        } else if (text.length() % 2 == 0) {
            packed = packHex(HEX, text, 0);
        }
        if (packed != null) {
            return packed;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[1 + utf8.length];
        out[0] = TEXT;
        System.arraycopy(utf8, 0, out, 1, utf8.length);
        return out;
    }

    /** The digits from a place on as bytes behind the kind; null where not all are digits. */
    private static byte @Nullable [] packHex(byte kind, String text, int from) {
        byte[] out = new byte[1 + (text.length() - from) / 2];
        out[0] = kind;
        for (int i = 1, at = from; i < out.length; i++, at += 2) {
            int high = digit(text.charAt(at));
            int low = digit(text.charAt(at + 1));
            if (high < 0 || low < 0) {
                return null;
            }
            out[i] = (byte) (high << 4 | low);
        }
        return out;
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    private static String unpack(byte[] bytes, int from, int to) {
        return switch (bytes[from]) {
            case TEXT -> new String(bytes, from + 1, to - from - 1, StandardCharsets.UTF_8);
            case DIGEST -> unpackHex(new StringBuilder(SHA256_LENGTH).append(SHA256), bytes, from + 1, to);
            case HEX -> unpackHex(new StringBuilder(2 * (to - from)), bytes, from + 1, to);
            default -> throw new IllegalArgumentException("no kind of name: " + bytes[from]);
        };
    }

    private static String unpackHex(StringBuilder out, byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            out.append(DIGITS.charAt(bytes[i] >> 4 & 15)).append(DIGITS.charAt(bytes[i] & 15));
        }
        return out.toString();
    }

    /** The text that this is the name of. */
    String text() {
        return unpack(bytes, 0, bytes.length);
    }

    /** The link that this is the name of. */
    CacheInfoLink link() {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int input = in.getInt();
        int length = in.getInt();
        int record = in.position();
        int selector = record + length;
        return new CacheInfoLink(
                input,
                Digest.parseCacheDigest(unpack(bytes, record, selector)),
                selector == bytes.length
                        ? Optional.empty()
                        : Optional.of(Digest.parseCacheDigest(unpack(bytes, selector, bytes.length))));
    }

    /** The time that this is the name of. */
    Timestamp time() {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Instant instant = Instant.ofEpochSecond(in.getLong(), in.getInt());
        return new Timestamp(instant.atOffset(ZoneOffset.ofTotalSeconds(in.getInt())));
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
