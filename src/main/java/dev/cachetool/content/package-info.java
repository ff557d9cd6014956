/**
 * Content by digest: the ports through which blobs are read and written wherever they lie, compression, file trees, and
 * layers as tar.
 *
 * <p>Terms: a <em>provider</em> opens blobs, an <em>ingester</em> takes them, a <em>resolver</em> finds the manifest of a
 * tag, a <em>tagger</em> makes a tag name a manifest; a <em>source</em> and a <em>target</em> put these together for one
 * place. A <em>file tree</em> is paths with types, modes, contents and link targets; a <em>layer</em> is such a tree as
 * tar, compressed or not.
 *
 * <p>The only user of the compressors, and with {@code layout} of tar. May use {@code digest}, {@code json},
 * {@code oci}, {@code pattern}.
 */
@NullMarked
package dev.cachetool.content;

import org.jspecify.annotations.NullMarked;
