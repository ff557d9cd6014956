package dev.cachetool.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes fields one after the other in the form in which cachetool hashes them (docs/formats.md, "Fields"): every field
 * has its length or count in front, so that no two lists of fields give the same bytes. Not for several threads.
 */
public final class FieldWriter {
    private byte[] bytes = new byte[256];
    private int size;

    public FieldWriter() {}

    /** A writer that begins with the name of a format and a zero byte. */
    public static FieldWriter of(String format) {
        FieldWriter writer = new FieldWriter();
        writer.raw(format.getBytes(StandardCharsets.UTF_8));
        writer.octet(0);
        return writer;
    }

    /** Forgets what was written. */
    public FieldWriter clear() {
        size = 0;
        return this;
    }

    /** Writes one byte. */
    public FieldWriter octet(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    /** Writes 1 or 0. */
    public FieldWriter flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    /** Writes a number that is not negative, as unsigned LEB128. */
    public FieldWriter number(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a number of a field is not negative: " + value);
        }
        room(10);
        long rest = value;
        while (rest >= 0x80) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** Writes the number of bytes of the text's UTF-8 form, then these. A lone surrogate counts as {@code ?}. */
    public FieldWriter text(String text) {
        int length = text.length();
        room(length + 10);
        int start = size;
        if (length < 0x80) {
            bytes[size++] = (byte) length;
            int i = 0;
            for (; i < length; i++) {
                char c = text.charAt(i);
                if (c >= 0x80) {
                    break;
                }
                bytes[size++] = (byte) c;
            }
            if (i == length) {
                return this;
            }
            size = start;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return number(utf8.length).raw(utf8);
    }

    /** Writes 0 where there is no text, else 1 and the text. */
    public FieldWriter optional(Optional<String> text) {
        flag(text.isPresent());
        return text.isPresent() ? text(text.get()) : this;
    }

    /** Writes how many texts there are, then each. */
    public FieldWriter texts(Collection<String> texts) {
        number(texts.size());
        for (String text : texts) {
            text(text);
        }
        return this;
    }

    /** Writes how many bytes there are, then these. */
    public FieldWriter bytes(byte[] value) {
        return number(value.length).raw(value);
    }

    /** Writes bytes without a length; for what has always the same. */
    public FieldWriter raw(byte[] value) {
        return raw(value, 0, value.length);
    }

    /** Writes a part of an array without a length. */
    public FieldWriter raw(byte[] value, int offset, int length) {
        room(length);
        System.arraycopy(value, offset, bytes, size, length);
        size += length;
        return this;
    }

    /** Writes what another writer holds, without a length. */
    public FieldWriter raw(FieldWriter other) {
        return raw(other.bytes, 0, other.size);
    }

    /** Writes how many entries there are, then name and value of each, in the order of the names' UTF-8 bytes. */
    public FieldWriter map(Map<String, String> entries) {
        List<byte[]> names = new ArrayList<>(entries.size());
        for (String name : entries.keySet()) {
            names.add(name.getBytes(StandardCharsets.UTF_8));
        }
        names.sort(Arrays::compareUnsigned);
        number(names.size());
        for (byte[] name : names) {
            bytes(name);
            text(String.valueOf(entries.get(new String(name, StandardCharsets.UTF_8))));
        }
        return this;
    }

    /**
     * Writes a digest: 1, 2 or 3 for SHA-256, SHA-384 or SHA-512 and its bytes without a length, or 0 and the text of a
     * random one.
     */
    public FieldWriter digest(Digest digest) {
        if (digest.isRandom()) {
            return octet(0).text(digest.toString());
        }
        octet(
                switch (digest.algorithm()) {
                    case SHA256 -> 1;
                    case SHA384 -> 2;
                    case SHA512 -> 3;
                });
        String text = digest.toString();
        int digits = text.length() - text.indexOf(':') - 1;
        room(digits / 2);
        for (int i = text.length() - digits; i < text.length(); i += 2) {
            bytes[size++] = (byte) (Character.digit(text.charAt(i), 16) << 4 | Character.digit(text.charAt(i + 1), 16));
        }
        return this;
    }

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Feeds what was written to a message digest. */
    public void update(MessageDigest messageDigest) {
        messageDigest.update(bytes, 0, size);
    }

    /** The SHA-256 digest of what was written. */
    public Digest sha256() {
        MessageDigest messageDigest = Algorithm.SHA256.newMessageDigest();
        update(messageDigest);
        return Digest.ofSha256(messageDigest.digest());
    }

    /** The array that holds what was written, valid until the next call, for readers that copy nothing. */
    public byte[] buffer() {
        return bytes;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            long wanted = Math.max((long) size + more, bytes.length * 2L);
            if (wanted > Integer.MAX_VALUE - 8) {
                if ((long) size + more > Integer.MAX_VALUE - 8) {
                    throw new IllegalStateException("more than 2 GiB of fields");
                }
                wanted = Integer.MAX_VALUE - 8;
            }
            bytes = Arrays.copyOf(bytes, (int) wanted);
        }
    }
}
