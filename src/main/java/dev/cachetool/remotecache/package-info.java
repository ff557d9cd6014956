/**
 * Caches as they lie in registries, directories and tarballs: BuildKit's cache config, the chains of records in it, the
 * notes beside it, and the artifact that holds all of it together with the layers.
 *
 * <p>Terms: a <em>config record</em> is a node of the chain in a cache config; a <em>link</em> leads from a record to one
 * that has it as an input; <em>normalising</em> unites records that are the same key and brings everything into an order
 * that depends on the content alone (docs/formats.md). The writer knows a {@link dev.cachetool.content.Target} and never
 * what kind of place that is.
 *
 * <p>May use {@code solver}, {@code content}, {@code oci}, {@code digest}, {@code json}.
 */
@NullMarked
package dev.cachetool.remotecache;

import org.jspecify.annotations.NullMarked;
