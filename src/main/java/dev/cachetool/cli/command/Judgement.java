package dev.cachetool.cli.command;

import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.Status;
import java.util.List;
import java.util.Optional;

/**
 * When an answer is not good enough.
 *
 * @param failOnMiss whether one miss is too many
 * @param minHitRate the least share of hits, in percent
 */
record Judgement(boolean failOnMiss, Optional<Integer> minHitRate) {
    /** Everything is good enough. */
    static final Judgement NONE = new Judgement(false, Optional.empty());

    static Judgement of(Arguments arguments) {
        return new Judgement(
                arguments.isOn(Flags.FAIL_ON_MISS),
                arguments.value(Flags.MIN_HIT_RATE).map(Judgement::percent));
    }

    /** Says on standard error why the answer is not good enough, if it is not. */
    ExitCode judge(SolveAnswer answer, Console console) {
        long missing = answer.count(Status.MISS) + answer.count(Status.MAYBE);
        if (failOnMiss && missing > 0) {
            return no(
                    console,
                    Figures.count(missing) + " of " + Figures.count(answer.asked(), "vertex")
                            + " did not hit, and --fail-on-miss is given");
        }
        if (minHitRate.isPresent() && 100 * answer.count(Status.HIT) < minHitRate.get() * answer.asked()) {
            return no(
                    console,
                    "the hit rate is " + answer.hitRate() + " %, less than the " + minHitRate.get()
                            + " % of --min-hit-rate");
        }
        return ExitCode.DONE;
    }

    private static ExitCode no(Console console, String what) {
        console.error(new Problem(ExitCode.ANSWER_NO, what, List.of()));
        return ExitCode.ANSWER_NO;
    }

    private static int percent(String text) {
        String number =
                text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text;
        try {
            int percent = Integer.parseInt(number);
            if (percent >= 0 && percent <= 100) {
                return percent;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is too large.
        }
        throw new UsageException(
                "--min-hit-rate is no percentage: \"" + text + "\"", "write a whole number from 0 to 100");
    }
}
