package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.AnswerWriter;
import dev.cachetool.cli.output.Console;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Where an answer goes: to standard output as text or JSON, and as JSON to a file.
 *
 * @param console whose standard output it is
 * @param json whether it goes there as JSON
 * @param metadataFile the file, where one is asked for
 */
record Answers(Console console, boolean json, Optional<Path> metadataFile) {
    /** Writes an answer as text. */
    @FunctionalInterface
    interface Text {
        void write() throws IOException;
    }

    /** Writes the answer; the text of it where JSON is not asked for. */
    void write(Answer answer, Text text) throws IOException {
        console.endPhase();
        if (json) {
            AnswerWriter.write(answer, console.warnings(), console.out());
        } else {
            text.write();
        }
        console.out().flush();
        if (metadataFile.isPresent()) {
            writeFile(answer, metadataFile.get());
        }
    }

    /** Whole or not at all, as every file that cachetool writes. */
    private void writeFile(Answer answer, Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("could not write " + file + ": it is a directory");
        }
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(directory, ".cachetool-", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
                AnswerWriter.write(answer, console.warnings(), out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException cleanUp) {
                e.addSuppressed(cleanUp);
            }
            throw e;
        }
    }
}
