/**
 * The answers of the verbs that only look, as plain records: what a cache holds, how two differ, what is wrong with one, why
 * a vertex missed. Nothing here reads or prints: services hand over what was read, and {@code cli} and {@code page} show
 * what comes out.
 *
 * <p>Terms: a <em>view</em> is a cache with everything counted that people ask for; a record's <em>depth</em> is the number
 * of records on the longest way down to a root, itself included; its <em>users</em> are the records that stand on it; a
 * result's <em>own</em> bytes are those of layers that no other result has.
 *
 * <p>May use everything but {@code page} and {@code cli}.
 */
@NullMarked
package dev.cachetool.inspect;

import org.jspecify.annotations.NullMarked;
