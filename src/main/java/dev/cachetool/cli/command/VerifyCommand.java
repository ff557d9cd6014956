package dev.cachetool.cli.command;

import dev.cachetool.cli.command.VerifyAnswer.Verdict;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.inspect.Audience;
import dev.cachetool.inspect.Finding.Severity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code verify}: what is wrong with caches. */
final class VerifyCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "verify",
                "find what importers and registries would trip over in a cache",
                List.of(Positional.some("SPEC", Value.SOURCE)),
                "",
                "cachetool verify example.com/app:cache --deep",
                AccessFlags.reading(Flags.VERIFY_DEEP, Flags.FOR),
                Note.texts(
                        "An error is what BuildKit or cachetool refuses, or loses something by; with one the exit code"
                                + " is 10. A warning is what somebody should know, and 0. Each says what BuildKit does"
                                + " with it, and what to do."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        List<Place> places = PlaceFlags.sources(arguments.positionals(), "SPEC", context);
        List<Audience> audiences =
                arguments.words(Flags.FOR).stream().map(Audience::of).toList();
        VerifyOptions options = new VerifyOptions(
                places,
                arguments.isOn(Flags.VERIFY_DEEP),
                audiences,
                context.console().now(),
                AccessFlags.read(arguments, context, places));

        VerifyAnswer answer = context.services().verifier().verify(options, context.console());

        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("sources", (long) answer.caches().size());
        figures.put(
                "records", answer.caches().stream().mapToLong(Verdict::records).sum());
        figures.put("blobs", answer.caches().stream().mapToLong(Verdict::blobs).sum());
        figures.put("bytes", answer.caches().stream().mapToLong(Verdict::bytes).sum());
        figures.put("errors", answer.count(Severity.ERROR));
        figures.put("warnings", answer.count(Severity.WARNING));
        context.answers()
                .write(
                        Answer.of("verify")
                                .sources(answer.caches().stream()
                                        .map(Verdict::source)
                                        .toList())
                                .section("findings", new FindingsWriter(answer))
                                .summary(figures),
                        () -> new VerifyText(answer, options, context.console()).print());
        return code(answer, context.console());
    }

    /** What could not be judged ends it; else whether something is wrong. */
    private static ExitCode code(VerifyAnswer answer, Console console) {
        List<Problem> failures = new ArrayList<>();
        for (Verdict each : answer.caches()) {
            Optional<Problem> problem = each.source().problem();
            problem.ifPresent(failures::add);
        }
        failures.forEach(console::error);
        if (!failures.isEmpty()) {
            return failures.get(0).code();
        }
        long errors = answer.count(Severity.ERROR);
        if (errors == 0) {
            return ExitCode.DONE;
        }
        long bad = answer.caches().stream()
                .filter(each -> each.count(Severity.ERROR) > 0)
                .count();
        console.error(new Problem(
                ExitCode.ANSWER_NO,
                VerifyText.counted(errors, Severity.ERROR) + " in "
                        + (answer.caches().size() == 1
                                ? answer.caches().get(0).source().place().name()
                                : bad + " of " + answer.caches().size() + " caches"),
                List.of()));
        return ExitCode.ANSWER_NO;
    }
}
