package dev.cachetool.graph;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The fields that an object may have. */
final class FieldSet {
    private final String object;
    private final List<String> names;

    /** The names as ASCII. */
    private final byte[][] bytes;

    private FieldSet(String object, List<String> names) {
        this.object = object;
        this.names = names;
        this.bytes = names.stream()
                .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
    }

    /**
     * Fields of an object.
     *
     * @param object what the object is, with its article
     */
    static FieldSet of(String object, String... names) {
        return new FieldSet(object, List.of(names));
    }

    String object() {
        return object;
    }

    List<String> names() {
        return names;
    }

    /** The number of the field, or -1. */
    int indexOf(String name) {
        return names.indexOf(name);
    }

    /** The number of the field whose name are these bytes, or -1; looks at {@code guess} first. */
    int indexOf(byte[] text, int from, int to, int guess) {
        if (guess < bytes.length && Arrays.equals(bytes[guess], 0, bytes[guess].length, text, from, to)) {
            return guess;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (Arrays.equals(bytes[i], 0, bytes[i].length, text, from, to)) {
                return i;
            }
        }
        return -1;
    }
}
