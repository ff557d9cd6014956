/**
 * What a person asks for, as values: places that caches are read from and written to, and how they are written.
 *
 * <p>Terms: a <em>place</em> is where a cache lies; a <em>SPEC</em> is how a person writes one, either as BuildKit does
 * ({@code type=local,src=DIR}) or in a short form ({@code oci:DIR}). A <em>source</em> is read, a <em>target</em>
 * written. Whatever is unknown, repeated or impossible is a {@link dev.cachetool.cli.options.UsageException}; BuildKit
 * passes over such things in silence.
 *
 * <p>May use {@code digest}, {@code json}, {@code oci}, and of {@code content} and {@code solver} the words for
 * compressions and modes.
 */
@NullMarked
package dev.cachetool.cli.options;

import org.jspecify.annotations.NullMarked;
