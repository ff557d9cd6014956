package dev.cachetool.solver;

import dev.cachetool.graph.Vertex;
import java.util.function.Predicate;

/**
 * How a solver works.
 *
 * @param ignoreCache vertices for which no cache is asked, beside those that say so themselves; what they give is saved
 * @param keepGoing whether what does not depend on a failed vertex is still solved; otherwise nothing more is started
 */
public record SolveOptions(Predicate<Vertex> ignoreCache, boolean keepGoing) {
    /** Asks for all, and stops at the first failure. */
    public static final SolveOptions USUAL = new SolveOptions(vertex -> false, false);
}
