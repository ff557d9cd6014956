package dev.cachetool.registry;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * What a bearer token is to allow (distribution's token specification, "Requesting a token"): {@code repository:NAME:ACTIONS}
 * for each repository that a request touches, sorted.
 */
record Scopes(List<String> texts) {
    Scopes {
        texts = List.copyOf(new TreeSet<>(texts));
    }

    /** Reading a repository, or writing to it as well. */
    static Scopes of(String repository, Side side) {
        return new Scopes(List.of(text(repository, side)));
    }

    /** These, and reading another repository. */
    Scopes andPull(String repository) {
        return and(List.of(text(repository, Side.PULL)));
    }

    /** These and others. */
    Scopes and(Collection<String> others) {
        TreeSet<String> all = new TreeSet<>(texts);
        all.addAll(others);
        return new Scopes(List.copyOf(all));
    }

    private static String text(String repository, Side side) {
        return "repository:" + repository + ":" + (side == Side.PUSH ? "pull,push" : "pull");
    }
}
