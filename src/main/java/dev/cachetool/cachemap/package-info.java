/**
 * What identifies an operation and its inputs: cache maps, selectors, content functions, and the digests of file trees.
 *
 * <p>Terms: the <em>cache map</em> of a vertex is the digest of its operation with, for every input, a <em>selector</em>
 * (what part of it matters) and a <em>content function</em> (a digest of what is in it). The bytes that are hashed are
 * wire format: docs/formats.md says them, test vectors freeze them.
 *
 * <p>May use {@code graph}, {@code digest}, {@code json}, {@code content}, {@code pattern}.
 */
@NullMarked
package dev.cachetool.cachemap;

import org.jspecify.annotations.NullMarked;
