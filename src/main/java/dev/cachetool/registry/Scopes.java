package dev.cachetool.registry;

import java.util.ArrayList;
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

    /** Deleting in a repository. */
    static Scopes ofDeletion(String repository) {
        return new Scopes(List.of("repository:" + repository + ":delete"));
    }

    /** These, and reading another repository. */
    Scopes andPull(String repository) {
        List<String> all = new ArrayList<>(texts);
        all.add(text(repository, Side.PULL));
        return new Scopes(all);
    }

    private static String text(String repository, Side side) {
        return "repository:" + repository + ":" + (side == Side.PUSH ? "pull,push" : "pull");
    }
}
