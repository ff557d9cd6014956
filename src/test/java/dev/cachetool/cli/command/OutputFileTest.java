package dev.cachetool.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.page.TestCaches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -o}: an answer goes to a file, and there in the same bytes as to standard output. */
class OutputFileTest {
    private final ProgramRun run = new ProgramRun();

    @TempDir
    private Path folder;

    @BeforeEach
    void answer() {
        CacheView cache = TestCaches.ofSize(50);
        run.services.answering(new InspectAnswer(
                new SourceRow(
                        PlaceParser.source("oci:x"),
                        Optional.of(cache.digest()),
                        Optional.of(cache.form()),
                        SourceRow.Status.READ,
                        Optional.empty()),
                cache,
                List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json", "dot", "tree", "html"})
    void output_whenAFileIsNamed_isThereInsteadOfStandardOutput(String format) throws IOException {
        Path file = folder.resolve("new").resolve("answer");
        assertEquals(ExitCode.DONE, run.run("inspect", "oci:x", "--format", format));
        String printed = run.out();

        run.terminal = true;
        assertEquals(ExitCode.DONE, run.run("inspect", "oci:x", "--format", format, "-o", file.toString()));

        assertEquals("", run.out());
        assertEquals(printed, Files.readString(file));
        assertEquals(List.of("answer"), names(folder.resolve("new")));
    }

    @Test
    void html_whenStandardOutputIsATerminal_isRefused_beforeAnythingIsRead() {
        run.terminal = true;

        String error = run.usageError("inspect", "oci:x", "--format=html");

        assertTrue(error.contains("a page is for a browser, not for a terminal"), error);
        assertTrue(error.contains("--format html -o cache.html"), error);
    }

    @Test
    void output_whenTheFileCannotBeWritten_isALocalError_andLeavesNothing() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("taken"));

        assertEquals(ExitCode.LOCAL_IO, run.run("inspect", "oci:x", "-o", taken.toString()), run::err);

        assertTrue(run.err().contains(taken.toString()), run::err);
        assertEquals("", run.out());
        assertEquals(List.of("taken"), names(folder));
    }

    @Test
    void html_ofAVerbThatHasNone_isWrongUsage() {
        String error = run.usageError("copy", "oci:x", "oci:y", "--format", "html");

        assertTrue(error.contains("known: text, json"), error);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(path -> String.valueOf(path.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
