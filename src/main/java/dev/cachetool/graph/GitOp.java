package dev.cachetool.graph;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tree of a Git repository.
 *
 * @param remote where the repository is
 * @param ref branch, tag or commit; without it, what the remote has checked out
 * @param subdir the folder of it that is taken, {@code .} for all
 */
public record GitOp(String remote, Optional<String> ref, String subdir) implements OpSpec {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /** The commit, where it is named by its full id. */
    public Optional<String> commit() {
        return ref.filter(name -> COMMIT.matcher(name).matches());
    }

    @Override
    public String kind() {
        return "git";
    }
}
