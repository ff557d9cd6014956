package dev.cachetool.graph;

import java.util.Optional;

/**
 * A tree of a Git repository.
 *
 * @param remote where the repository is
 * @param ref branch, tag or commit; without it, what the remote has checked out
 * @param subdir the folder of it that is taken, {@code .} for all
 */
public record GitOp(String remote, Optional<String> ref, String subdir) implements OpSpec {
    @Override
    public String kind() {
        return "git";
    }
}
