package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.AnswerWriter;
import dev.cachetool.cli.output.Console;
import dev.cachetool.content.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an answer goes: to standard output or a file, in the format that was asked for, and as JSON to another file.
 *
 * @param console whose standard output it is
 * @param format the word of {@code --format}
 * @param output the file that the answer goes to in place of standard output, where one is asked for
 * @param metadataFile the file that it goes to as JSON, where one is asked for
 */
record Answers(Console console, String format, Optional<Path> output, Optional<Path> metadataFile) {
    /** Writes an answer in a format that is not JSON, to {@link Console#out}. */
    @FunctionalInterface
    interface Text {
        void write() throws IOException;
    }

    /** Writes to a stream and leaves it open. */
    @FunctionalInterface
    private interface Body {
        void write(OutputStream out) throws IOException;
    }

    /** Whether it goes there as JSON. */
    boolean json() {
        return format.equals("json");
    }

    /** Writes the answer; the text of it where JSON is not asked for. */
    void write(Answer answer, Text text) throws IOException {
        console.endPhase();
        if (output.isPresent()) {
            writeFile(output.get(), out -> {
                console.divert(out);
                writeOut(answer, text);
            });
        } else {
            writeOut(answer, text);
        }
        if (metadataFile.isPresent()) {
            writeFile(metadataFile.get(), out -> AnswerWriter.write(answer, console.warnings(), out));
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

    /** Whole or not at all, as every file that cachetool writes. */
    private static void writeFile(Path file, Body body) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("could not write " + file + ": it is a directory");
        }
        Files.createDirectories(directory);
        try (AtomicFile whole = AtomicFile.create(file)) {
            OutputStream out = new BufferedOutputStream(whole.stream());
            body.write(out);
            out.flush();
            whole.commit();
        }
    }
}
