package dev.cachetool.cli.options;

import dev.cachetool.json.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The attributes {@code key=value} of one SPEC in BuildKit's form, and what can be wrong with them. */
final class Attributes {
    private static final List<String> TRUE = List.of("1", "t", "T", "true", "TRUE", "True");
    private static final List<String> FALSE = List.of("0", "f", "F", "false", "FALSE", "False");
    private static final List<String> SECRETS = List.of("token", "secret", "password", "key", "credential", "auth");

    private final Map<String, String> values = new LinkedHashMap<>();

    /** Those of a short form: none. */
    static Attributes none() {
        return new Attributes();
    }

    /**
     * Splits the SPEC; keys in any case, as BuildKit takes them.
     *
     * @throws UsageException if a part has no {@code =}, or a key stands twice
     */
    static Attributes parse(String spec) {
        Attributes attributes = new Attributes();
        String twice = null;
        String bare = null;
        for (String field : Csv.record(spec, "the SPEC of a place")) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                bare = field;
                continue;
            }
            String key = field.substring(0, equals).toLowerCase(Locale.ROOT);
            if (attributes.values.putIfAbsent(key, field.substring(equals + 1)) != null) {
                twice = key;
            }
        }
        if (bare != null) {
            throw new UsageException(
                    bare.isEmpty()
                            ? "an attribute is empty in " + attributes.echo("")
                            : "\"" + bare + "\" is no attribute in " + attributes.echo(""),
                    "attributes are written key=value, with commas between them");
        }
        if (twice != null) {
            throw new UsageException(
                    "attribute \"" + twice + "\" stands twice in " + attributes.echo(twice), "leave one of them out");
        }
        return attributes;
    }

    /** The keys that stand there. */
    Set<String> keys() {
        return Set.copyOf(values.keySet());
    }

    @Nullable
    String get(String key) {
        return values.get(key);
    }

    /** The value of a key that has to be there and not empty. */
    String require(String key, String placeholder) {
        String value = values.get(key);
        if (value == null) {
            throw new UsageException(echo("") + " lacks \"" + key + "\"", "add " + key + "=" + placeholder);
        }
        if (value.isEmpty()) {
            throw new UsageException("\"" + key + "\" is empty in " + echo(key), "write " + key + "=" + placeholder);
        }
        return value;
    }

    /** True or false, as Go's {@code strconv.ParseBool} reads them. */
    boolean flag(String key, boolean otherwise) {
        String value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        if (TRUE.contains(value)) {
            return true;
        }
        if (FALSE.contains(value)) {
            return false;
        }
        throw new UsageException(
                "\"" + key + "\" is neither true nor false in " + echo(key),
                "write " + key + "=true or " + key + "=false");
    }

    /** Refuses every key that is not known here; {@code elsewhere} are those of the other side. */
    void requireKnown(Place.Side side, List<String> known, List<String> elsewhere) {
        for (Map.Entry<String, String> entry : values.entrySet()) {
            String key = entry.getKey();
            if (known.contains(key)) {
                continue;
            }
            if (elsewhere.contains(key)) {
                Place.Side other = side.other();
                throw new UsageException(
                        "attribute \"" + key + "\" is for a " + other.word() + " (" + other.flag() + "), not for a "
                                + side.word() + " (" + side.flag() + "), in " + echo(key),
                        key.equals(other.key()) ? "write " + side.key() + "=" + entry.getValue() : "leave it out");
            }
            throw new UsageException("unknown attribute \"" + key + "\" in " + echo(key), suggest(key, known));
        }
    }

    /** Refuses a key that is likely meant to be this one, which is missing. */
    void refuseLike(String missing) {
        for (String key : values.keySet()) {
            if (Suggestion.nearest(key, List.of(missing)).isPresent()) {
                throw new UsageException(
                        "unknown attribute \"" + key + "\" in " + echo(key), "did you mean \"" + missing + "\"?");
            }
        }
    }

    /** An error about the value of a key, which is one of a few words. */
    UsageException badValue(String key, List<String> words) {
        return new UsageException(
                "unknown value of \"" + key + "\" in " + echo(key), suggest(String.valueOf(values.get(key)), words));
    }

    /** The SPEC with only the type and the one attribute shown in full. */
    String echo(String shown) {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, String> entry : values.entrySet()) {
            String key = entry.getKey();
            boolean full = key.equals("type") || (key.equals(shown) && !isSecret(key));
            parts.add(key + "=" + (full ? entry.getValue() : "…"));
        }
        return parts.isEmpty() ? "the SPEC" : String.join(",", parts);
    }

    /** {@code did you mean "…"? known: …}, as far as that goes into a line. */
    static String suggest(String word, List<String> words) {
        StringBuilder line = new StringBuilder();
        String near = Suggestion.nearest(word, words).orElse("");
        List<String> order = new ArrayList<>();
        if (!near.isEmpty()) {
            line.append("did you mean \"").append(near).append("\"? ");
            order.add(near);
            for (String other : new TreeSet<>(words)) {
                if (!other.equals(near) && other.contains(near)) {
                    order.add(other);
                }
            }
        }
        for (String other : new TreeSet<>(words)) {
            if (!order.contains(other)) {
                order.add(other);
            }
        }
        line.append("known: ");
        for (int i = 0; i < order.size(); i++) {
            boolean tooLong = i > 2 && line.length() + order.get(i).length() > 140;
            line.append(i == 0 ? "" : ", ").append(tooLong ? "…" : order.get(i));
            if (tooLong) {
                break;
            }
        }
        return line.toString();
    }

    private static boolean isSecret(String key) {
        for (String secret : SECRETS) {
            if (key.contains(secret)) {
                return true;
            }
        }
        return false;
    }
}
