/**
 * What a person or a script sees: the answer on standard output as text or JSON, and progress, warnings and errors on
 * standard error.
 *
 * <p>Terms: an <em>answer</em> is what a verb found out or did, made of <em>rows</em> (a vertex, a source, a target, a
 * layer, a record); a <em>problem</em> is an exit code with what could not be done and what to type next. Everything that
 * comes from outside (a file, a registry, a step) has its control characters made visible before it is printed.
 *
 * <p>May use {@code digest}, {@code json}, {@code oci}, {@code cli.options}, and of {@code remotecache} the words for
 * forms.
 */
@NullMarked
package dev.cachetool.cli.output;

import org.jspecify.annotations.NullMarked;
