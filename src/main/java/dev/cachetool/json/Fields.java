package dev.cachetool.json;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The fields of an object, in the order of the document; where it is read as Go reads, names may stand there repeatedly. */
final class Fields {
    private static final int FEW = 8;
    private static final int NO_REPEAT = -1;

    private final String[] names;
    private final JsonValue[] values;
    /** Where each name begins; empty where nobody will ask for it. */
    private final int[] offsets;
    /** The index of each name, the last one of several; null where the names are few. */
    private final @Nullable Map<String, Integer> index;

    private final int repeated;

    Fields(String[] names, JsonValue[] values, int[] offsets) {
        this.names = names;
        this.values = values;
        this.offsets = offsets;
        int again = NO_REPEAT;
        if (names.length <= FEW) {
            this.index = null;
            for (int i = 1; i < names.length && again == NO_REPEAT; i++) {
                for (int j = 0; j < i; j++) {
                    if (names[i].equals(names[j])) {
                        again = i;
                    }
                }
            }
        } else {
            this.index = new HashMap<>(names.length * 2);
            for (int i = 0; i < names.length; i++) {
                if (index.put(names[i], i) != null && again == NO_REPEAT) {
                    again = i;
                }
            }
        }
        this.repeated = again;
    }

    /** The index of the first field whose name stood before, or -1. */
    int repeated() {
        return repeated;
    }

    int size() {
        return names.length;
    }

    String name(int i) {
        return names[i];
    }

    int offset(int i) {
        return offsets[i];
    }

    /** The value of the name, the last one of several, exactly as it is written. */
    @Nullable
    JsonValue get(String name) {
        if (index != null) {
            Integer found = index.get(name);
            return found == null ? null : values[found];
        }
        for (int i = names.length - 1; i >= 0; i--) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    /**
     * The value that Go's decoder leaves in the struct field of the name, which is written in ASCII: names match without case,
     * each value replaces the one before, and {@code null} empties an array or object but leaves anything else as it was.
     */
    @Nullable
    JsonValue getAsGoDoes(String name) {
        JsonValue last = null;
        for (int i = 0; i < names.length; i++) {
            if (matches(names[i], name)) {
                JsonValue value = values[i];
                if (!value.isNull()) {
                    last = value;
                } else if (last != null && (last.isArray() || last.isObject())) {
                    last = null;
                }
            }
        }
        return last;
    }

    private static boolean matches(String written, String name) {
        if (written.length() != name.length()) {
            return false;
        }
        if (written.equals(name)) {
            return true;
        }
        for (int i = 0; i < name.length(); i++) {
            if (folded(written.charAt(i)) != folded(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The character without case, by Unicode's simple folding, as far as it leads to ASCII. */
    private static char folded(char c) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c + ('a' - 'A'));
        }
        return c == '\u017F' ? 's' : c == '\u212A' ? 'k' : c;
    }

    /** A view of them; of several equal names the last. */
    Map<String, JsonValue> asMap() {
        if (repeated == NO_REPEAT) {
            return new View();
        }
        Map<String, JsonValue> last = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            last.put(names[i], values[i]);
        }
        return last;
    }

    private final class View extends AbstractMap<String, JsonValue> {
        @Override
        public @Nullable JsonValue get(@Nullable Object name) {
            return name instanceof String text ? Fields.this.get(text) : null;
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return get(name) != null;
        }

        @Override
        public Set<Map.Entry<String, JsonValue>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Map.Entry<String, JsonValue>> iterator() {
                    return IntStream.range(0, names.length)
                            .mapToObj(i -> Map.entry(names[i], values[i]))
                            .iterator();
                }

                @Override
                public int size() {
                    return names.length;
                }
            };
        }
    }
}
