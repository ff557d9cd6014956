package dev.cachetool.graph;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.FieldWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads back what a {@link FieldWriter} wrote. */
final class FieldReader {
    private final byte[] bytes;
    private final int end;
    private int at;

    FieldReader(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    /** A reader of the next bytes alone. */
    FieldReader first(int length) {
        return new FieldReader(bytes, at, at + length);
    }

    boolean more() {
        return at < end;
    }

    int octet() {
        return bytes[at++];
    }

    boolean flag() {
        return bytes[at++] != 0;
    }

    long number() {
        long value = 0;
        int shift = 0;
        byte b;
        do {
            b = bytes[at++];
            value |= (b & 0x7fL) << shift;
            shift += 7;
        } while (b < 0);
        return value;
    }

    int count() {
        return Math.toIntExact(number());
    }

    String text() {
        int length = count();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    void skipText() {
        int length = count();
        at += length;
    }

    List<String> texts() {
        int count = count();
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(text());
        }
        return texts;
    }

    Optional<String> optionalText() {
        return flag() ? Optional.of(text()) : Optional.empty();
    }

    /** A text of which the empty one stands for none. */
    Optional<String> textOrNone() {
        String text = text();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    Map<String, String> map() {
        int count = count();
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String name = text();
            map.put(name, text());
        }
        return map;
    }

    List<PathPattern> patterns() {
        int count = count();
        List<PathPattern> patterns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String path = text();
            patterns.add(new PathPattern(path, flag()));
        }
        return patterns;
    }

    Digest digest() {
        int kind = octet();
        if (kind == 0) {
            return Digest.parseCacheDigest(text());
        }
        Algorithm algorithm = kind == 1 ? Algorithm.SHA256 : kind == 2 ? Algorithm.SHA384 : Algorithm.SHA512;
        Digest digest = Digest.of(algorithm, bytes, at);
        at += kind == 1 ? 32 : kind == 2 ? 48 : 64;
        return digest;
    }

    Optional<Digest> optionalDigest() {
        return flag() ? Optional.of(digest()) : Optional.empty();
    }

    /** Writes what is left. */
    void copyTo(FieldWriter writer) {
        writer.raw(bytes, at, end - at);
        at = end;
    }
}
