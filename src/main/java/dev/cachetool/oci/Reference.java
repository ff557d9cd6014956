package dev.cachetool.oci;

import dev.cachetool.digest.Digest;
import dev.cachetool.digest.InvalidDigestException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names a manifest in a registry: {@code registry/repository[:tag][@digest]} (the grammar of the distribution project's
 * reference package). The registry is {@code host[:port]}.
 */
public record Reference(String registry, String repository, Optional<String> tag, Optional<Digest> digest) {
    private static final int LONGEST = 255;
    private static final Pattern REGISTRY = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+\\](?::[0-9]{1,5})?");
    private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    /**
     * The reference of these parts.
     *
     * @throws IllegalArgumentException if one of them is malformed
     */
    public Reference {
        // The lengths first: matching long names costs call stack.
        if (registry.length() > LONGEST) {
            throw new IllegalArgumentException("a registry host has at most " + LONGEST + " characters");
        }
        if (!REGISTRY.matcher(registry).matches() || portOf(registry) > 65_535) {
            throw new IllegalArgumentException("\"" + registry + "\" is no registry host");
        }
        if (repository.length() > LONGEST) {
            throw new IllegalArgumentException("a repository's name has at most " + LONGEST + " characters");
        }
        for (String component : repository.split("/", -1)) {
            if (!COMPONENT.matcher(component).matches()) {
                throw new IllegalArgumentException("\"" + repository
                        + "\" is no repository name: it has lower-case letters, digits and single . _ - between them");
            }
        }
        tag.ifPresent(Reference::requireTag);
    }

    /** The port of a well-formed registry, -1 where it has none. */
    private static int portOf(String registry) {
        int colon = registry.lastIndexOf(':');
        return colon > registry.lastIndexOf(']') ? Integer.parseInt(registry.substring(colon + 1)) : -1;
    }

    /** Whether the text can be a tag. */
    public static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }

    /**
     * Gives back the tag.
     *
     * @throws IllegalArgumentException if it cannot be a tag
     */
    public static String requireTag(String text) {
        if (!isTag(text)) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no tag: it has letters, digits, _ . - (at most 128, no . or - in front)");
        }
        return text;
    }

    /**
     * Parses {@code registry/repository[:tag][@digest]}.
     *
     * @throws IllegalArgumentException if it has another form
     */
    public static Reference parse(String text) {
        String rest = text;
        Optional<Digest> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            try {
                digest = Optional.of(Digest.parse(rest.substring(at + 1)));
            } catch (InvalidDigestException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
            rest = rest.substring(0, at);
        }
        int slash = rest.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("\"" + text + "\" names no registry; it is written host/repository:tag");
        }
        Optional<String> tag = Optional.empty();
        int colon = rest.lastIndexOf(':');
        if (colon > slash) {
            tag = Optional.of(rest.substring(colon + 1));
            rest = rest.substring(0, colon);
        }
        return new Reference(rest.substring(0, slash), rest.substring(slash + 1), tag, digest);
    }

    /** The text that {@link #parse} parses. */
    @Override
    public String toString() {
        return registry + "/" + repository + tag.map(t -> ":" + t).orElse("")
                + digest.map(d -> "@" + d).orElse("");
    }
}
