/**
 * BuildKit's solver: from a graph of vertices to results, with as little done as the caches allow, and from what was
 * solved to an exported cache.
 *
 * <p>Terms: an <em>edge</em> is one output of a vertex; an <em>op</em> knows a vertex's cache map and how to get its
 * results. A <em>cache key</em> identifies what an edge gives; <em>fast</em> keys come from definitions, <em>slow</em>
 * keys from the content of an input. A <em>cache manager</em> answers which keys are known and which results they have
 * ({@link dev.cachetool.solver.CacheRecord}), on a {@link dev.cachetool.solver.CacheKeyStorage} and a
 * {@link dev.cachetool.solver.CacheResultStorage}. A <em>remote</em> is the descriptors of a result with a provider of
 * their blobs. docs/architecture.md tells how an edge goes from initial over cache-fast and cache-slow to complete.
 *
 * <p>May use {@code cachemap}, {@code graph}, {@code content}, {@code oci}, {@code digest}.
 */
@NullMarked
package dev.cachetool.solver;

import org.jspecify.annotations.NullMarked;
