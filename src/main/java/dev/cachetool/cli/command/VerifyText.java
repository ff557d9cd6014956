package dev.cachetool.cli.command;

import dev.cachetool.cli.command.VerifyAnswer.Verdict;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.SafeText;
import dev.cachetool.cli.output.Wrapped;
import dev.cachetool.inspect.Finding;
import dev.cachetool.inspect.Finding.Severity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Prints what is wrong with caches: what is alike together, the worst first. */
final class VerifyText {
    /** How many findings of a kind are told. */
    private static final int MOST = 10;

    private static final String COMMAND = "cachetool ";

    private final VerifyAnswer answer;
    private final VerifyOptions options;
    private final Console console;

    VerifyText(VerifyAnswer answer, VerifyOptions options, Console console) {
        this.answer = answer;
        this.options = options;
        this.console = console;
    }

    /** The cure of a finding in the cache of the SPEC. */
    static String cure(Finding finding, String spec) {
        return finding.cure().replace("SPEC", spec);
    }

    static String counted(long number, Severity severity) {
        return Figures.count(number, severity.word());
    }

    void print() throws IOException {
        for (Verdict verdict : answer.caches()) {
            if (verdict.source().problem().isEmpty()) {
                print(verdict);
            } else {
                line(verdict.source().place().name() + " could not be verified");
            }
        }
        if (answer.caches().size() > 1) {
            long fine = answer.caches().stream()
                    .filter(each -> each.source().problem().isEmpty() && each.count(Severity.ERROR) == 0)
                    .count();
            line(Figures.count(fine) + " of " + Figures.count(answer.caches().size(), "cache") + " fine");
        }
    }

    private void print(Verdict verdict) throws IOException {
        String name = verdict.source().place().name();
        long errors = verdict.count(Severity.ERROR);
        long warnings = verdict.count(Severity.WARNING);
        String problems = (errors == 0 ? "" : counted(errors, Severity.ERROR))
                + (errors == 0 || warnings == 0 ? "" : ", ")
                + (warnings == 0 ? "" : counted(warnings, Severity.WARNING));
        line(name + (errors > 0 ? " is not fine: " : warnings > 0 ? " is fine, with " : " is fine") + problems);
        Map<Finding.Kind, List<Finding>> kinds = new EnumMap<>(Finding.Kind.class);
        verdict.findings()
                .forEach(finding -> kinds.computeIfAbsent(finding.kind(), kind -> new ArrayList<>())
                        .add(finding));
        for (Map.Entry<Finding.Kind, List<Finding>> entry : kinds.entrySet()) {
            print(entry.getKey(), entry.getValue(), verdict.source().place().spec());
        }
        line(Figures.count(verdict.records(), "record") + ", " + Figures.count(verdict.blobs(), "layer") + " "
                + (options.deep() ? "read (" + Figures.size(verdict.bytes()) + ")" : "looked for (--deep reads them)")
                + ": " + (problems.isEmpty() ? "nothing is wrong" : problems));
    }

    private void print(Finding.Kind kind, List<Finding> findings, String spec) throws IOException {
        String word = kind.severity().word();
        console.out()
                .line(console.style().paint(word, word) + "  " + kind.title()
                        + (findings.size() == 1 ? "" : " (" + Figures.count(findings.size()) + ")"));
        int told = 0;
        for (Finding finding : findings) {
            if (told++ < MOST || console.isVerbose()) {
                wrapped("  ", object(finding) + ": " + finding.what());
            }
        }
        if (told > MOST && !console.isVerbose()) {
            line("  and " + Figures.count(told - MOST) + " more (all of them: --verbose)");
        }
        if (!kind.effect().isEmpty()) {
            wrapped("  BuildKit: ", kind.effect());
        }
        for (String cure :
                findings.stream().map(finding -> cure(finding, spec)).distinct().toList()) {
            cure(cure);
        }
    }

    private void cure(String cure) throws IOException {
        int command = cure.indexOf(COMMAND);
        if (command > 0) {
            // What is to be typed stays on one line, however long it is.
            wrapped("  cure: ", cure.substring(0, command).strip());
            line("    " + cure.substring(command));
        } else if (!cure.isEmpty()) {
            wrapped("  cure: ", cure);
        }
    }

    private static String object(Finding finding) {
        return finding.object()
                + finding.digest().map(digest -> " " + digest.shortText()).orElse("");
    }

    private void wrapped(String begin, String text) throws IOException {
        for (String line : Wrapped.lines(console.columns(), begin, SafeText.of(text), "    ")) {
            console.out().line(line);
        }
    }

    private void line(String text) throws IOException {
        console.out().line(SafeText.of(text));
    }
}
