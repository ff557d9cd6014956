package dev.cachetool.cli.command;

import dev.cachetool.cli.ci.Report;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.AnswerWriter;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an answer goes: to standard output or a file, in the format that was asked for, as JSON to another file, and to a CI
 * system.
 *
 * @param console whose standard output it is
 * @param format the word of {@code --format}
 * @param output the file that the answer goes to in place of standard output, where one is asked for
 * @param metadataFile the file that it goes to as JSON, where one is asked for
 * @param report what a CI system gets to know of it
 */
record Answers(Console console, String format, Optional<Path> output, Optional<Path> metadataFile, Report report) {
    /** Writes an answer in a format that is not JSON, to {@link Console#out}. */
    @FunctionalInterface
    interface Text {
        void write() throws IOException;
    }

    /** Whether it goes there as JSON. */
    boolean json() {
        return format.equals("json");
    }

    /** Writes the answer; the text of it where JSON is not asked for. */
    void write(Answer answer, Text text) throws IOException {
        console.endPhase();
        report.tell(answer);
        if (output.isPresent()) {
            WholeFile.write(output.get(), out -> {
                console.divert(out);
                writeOut(answer, text);
            });
        } else {
            writeOut(answer, text);
        }
        if (metadataFile.isPresent()) {
            WholeFile.write(metadataFile.get(), out -> AnswerWriter.write(answer, console.warnings(), out));
        }
    }

    private void writeOut(Answer answer, Text text) throws IOException {
        if (json()) {
            AnswerWriter.write(answer, console.warnings(), console.out());
        } else {
            text.write();
        }
        console.out().flush();
    }
}
