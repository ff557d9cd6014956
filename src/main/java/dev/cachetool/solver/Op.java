package dev.cachetool.solver;

import dev.cachetool.cachemap.CacheMap;
import java.util.List;

/**
 * What the solver knows of a vertex beside its place in the graph: its cache maps, and how to get its results. Each
 * method is called for one thing at a time, and what it answers is remembered for all edges of the vertex.
 */
public interface Op {
    /**
     * A cache map of the vertex.
     *
     * @param last whether there is none after it; only a vertex without inputs may have several
     */
    record CacheMapAnswer(CacheMap cacheMap, boolean last) {}

    /**
     * The cache map with the number, counted from 0; asked for in order, and not beyond the last.
     *
     * @throws Exception if it cannot be computed; the edge then fails with it
     */
    CacheMapAnswer cacheMap(int index) throws Exception;

    /**
     * Executes the vertex.
     *
     * @param inputs the results of its inputs, in order; still held by the caller
     * @return a result for every output, for the caller to release
     * @throws Exception if it fails; the edge then fails with it
     */
    List<Result> exec(List<Result> inputs) throws Exception;

    /** Whether calls may take long, so that they must not run on the solver's own thread. */
    boolean blocking();
}
