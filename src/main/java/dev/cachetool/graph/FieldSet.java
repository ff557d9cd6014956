package dev.cachetool.graph;

import java.util.List;

/** The fields that an object may have. */
final class FieldSet {
    private final String object;
    private final List<String> names;

    private FieldSet(String object, List<String> names) {
        this.object = object;
        this.names = names;
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
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
