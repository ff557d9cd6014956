package dev.cachetool.solver;

import java.io.IOException;
import java.util.List;

/**
 * How an export is made.
 *
 * @param mode which results are taken
 * @param exportRoots whether vertices without inputs give their results too
 * @param ignoreBacklinks whether chains that did not take part in this build are left out
 * @param transfer makes results transferable
 */
public record CacheExportOptions(ExportMode mode, boolean exportRoots, boolean ignoreBacklinks, Transfer transfer) {
    /** Makes a result transferable. */
    @FunctionalInterface
    public interface Transfer {
        /**
         * The forms in which the result can be transferred now, the preferred one first; empty where it cannot.
         *
         * @throws IOException if its layers cannot be made
         */
        List<Remote> remotesOf(Result result) throws IOException;
    }
}
