/**
 * The verbs: flags become a record of options, a service answers, the answer is rendered, and the exit code comes from the
 * answer.
 *
 * <p>Terms: a <em>verb</em> is what stands behind {@code cachetool}; a <em>flag</em> is an option of a verb, with its
 * <em>twin</em>, an environment variable. The services ({@link dev.cachetool.cli.command.Services}) are ports: what is
 * behind them is wired in {@code cli}, and stubs take its place in tests.
 *
 * <p>May use everything but {@code cli} itself; the only user of picocli.
 */
@NullMarked
package dev.cachetool.cli.command;

import org.jspecify.annotations.NullMarked;
