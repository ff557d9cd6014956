/**
 * Digests as values, and streams that compute or check them.
 *
 * <p>Terms: a <em>digest</em> names bytes (OCI image-spec, descriptor.md, "Digests"); a <em>diffID</em> is the digest of
 * an uncompressed layer, a <em>chainID</em> that of a stack of layers (config.md, "Layer ChainID"). The three are types
 * of their own so that one cannot stand where another belongs. A <em>random</em> digest ({@code random:…}) is BuildKit's
 * mark for an operation that never repeats; it names no bytes.
 *
 * <p>May use the JDK only.
 */
@NullMarked
package dev.cachetool.digest;

import org.jspecify.annotations.NullMarked;
