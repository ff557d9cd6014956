package dev.cachetool.cli.command;

import dev.cachetool.cli.ci.Job;
import dev.cachetool.cli.options.Placeholders;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** One verb: flags become options, a service answers, the answer is rendered. */
interface Command {
    /** How it is called. */
    Usage usage();

    /** Runs it, prints its answer, and gives back what the answer means. */
    ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException;

    /**
     * What a verb works with.
     *
     * @param console what it prints to
     * @param services what answers
     * @param answers where its answer goes
     * @param environment the environment variables
     * @param standardInput may hold a password
     * @param job what a CI system says of the job that runs
     * @param placeholders what names of branches in a SPEC stand for
     */
    record Context(
            Console console,
            Services services,
            Answers answers,
            Map<String, String> environment,
            InputStream standardInput,
            Job job,
            Placeholders placeholders) {}
}
