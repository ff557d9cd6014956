package dev.cachetool.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The header fields of a message in their order; names match without case. */
public record HeaderFields(List<Field> fields) {
    /** No fields. */
    public static final HeaderFields NONE = new HeaderFields(List.of());

    /** One line of a header. */
    public record Field(String name, String value) {
        private boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    public HeaderFields {
        fields = List.copyOf(fields);
    }

    /** Name, value, name, value. */
    public static HeaderFields of(String... namesAndValues) {
        HeaderFields made = NONE;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            made = made.and(namesAndValues[i], namesAndValues[i + 1]);
        }
        return made;
    }

    /** The value of the first field of the name. */
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** The values of all fields of the name. */
    public List<String> all(String name) {
        return fields.stream().filter(f -> f.is(name)).map(Field::value).toList();
    }

    /** These and one more, whether or not there is one of the name. */
    public HeaderFields and(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new HeaderFields(more);
    }

    /** These with one in the place of all of its name. */
    public HeaderFields with(String name, String value) {
        return without(name).and(name, value);
    }

    /** These but those of the name. */
    public HeaderFields without(String name) {
        return new HeaderFields(fields.stream().filter(f -> !f.is(name)).toList());
    }

    /** The lines as they stand on the wire, each with its line end. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        for (Field f : fields) {
            lines.append(f.name()).append(": ").append(f.value()).append("\r\n");
        }
        return lines.toString();
    }
}
