/**
 * JSON, read in two ways and written in one.
 *
 * <p><em>Strict</em> is for what people write and for cachetool's own files: a byte order mark, trailing bytes, repeated
 * and unknown fields and values of another type are errors. <em>As Go reads</em> is for BuildKit's wire documents, with
 * the leniency of Go's {@code encoding/json}: names match without case, {@code null} counts as left out, the last of two
 * equal names counts, unknown names are passed over; a byte order mark, trailing bytes and wrong types are errors there
 * too. Every error names place, line and column. What is written has the order in which it was given and Go's escapes.
 *
 * <p>The only user of Jackson besides {@code graph}. May use {@code digest}.
 */
@NullMarked
package dev.cachetool.json;

import org.jspecify.annotations.NullMarked;
