/**
 * What a CI system says of a job, and what it wants to know of a command: outputs of a step, a summary on its page, a
 * dotenv report. docs/ci.md says what is read and written.
 *
 * <p>Terms: a <em>job</em> is what the variables of GitHub Actions or GitLab CI say of the build that runs; a <em>report</em>
 * is what is written for it beside the answer. Names of vertices, reasons and places are anybody's text here: each format
 * has a way of its own in which they cannot become anything but text.
 *
 * <p>May use {@code digest}, {@code json}, {@code step} (to ask Git), {@code cli.options} and {@code cli.output}.
 */
@NullMarked
package dev.cachetool.cli.ci;

import org.jspecify.annotations.NullMarked;
