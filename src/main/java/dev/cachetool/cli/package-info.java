/**
 * The command line: what a person types, what is printed, and the exit code.
 *
 * <p>The only package that knows picocli and the standard streams, and the one that wires all the others together;
 * nothing uses it.
 */
@NullMarked
package dev.cachetool.cli;

import org.jspecify.annotations.NullMarked;
