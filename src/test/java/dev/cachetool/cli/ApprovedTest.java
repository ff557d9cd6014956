package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How approved outputs are compared, and that each is. */
final class ApprovedTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void skipWhileApproving() {
        assumeFalse(Boolean.getBoolean(Approved.APPROVE), "outputs are being approved");
    }

    private String failure(String approved, String actual) throws IOException {
        Files.writeString(folder.resolve("a.txt"), approved);
        return assertThrows(AssertionError.class, () -> Approved.at(folder).hold("a.txt", actual))
                .getMessage();
    }

    @Test
    void hold_whenNothingIsApproved_failsAndShowsWhatCameOut() {
        String message = assertThrows(
                        AssertionError.class, () -> Approved.at(folder).hold("none.txt", "one\n"))
                .getMessage();
        assertTrue(message.startsWith("nothing is approved in " + folder.resolve("none.txt")), message);
        assertTrue(message.contains("\none\n"), message);
        assertTrue(Files.notExists(folder.resolve("none.txt")));
    }

    @Test
    void hold_whenItIsTheSame_passes() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "one\ntwo\n");
        assertDoesNotThrow(() -> Approved.at(folder).hold("a.txt", "one\ntwo\n"));
    }

    @Test
    void hold_whenLinesDiffer_showsThemAndThoseAround() throws IOException {
        String message = failure("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\nten\n");
        assertTrue(message.contains("(+):\n…\n  3\n  4\n- 5\n+ five\n  6\n  7\n  8\n  9\n+ ten\n  \n\nif"), message);
    }

    @Test
    void hold_whenOnlyTheLastLineEndDiffers_fails() throws IOException {
        assertTrue(failure("1\n", "1").contains("  1\n- \n"));
    }

    @Test
    void requireOnly_whenAFileIsNoTests_namesIt() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "");
        Files.writeString(folder.resolve("b.txt"), "");
        assertDoesNotThrow(() -> Approved.at(folder).requireOnly(List.of("a.txt", "b.txt")));
        String message = assertThrows(
                        AssertionError.class, () -> Approved.at(folder).requireOnly(List.of("a.txt")))
                .getMessage();
        assertTrue(message.contains(folder.resolve("b.txt").toString()), message);
    }

    /** Whether each file in such a folder is compared, {@link Approved#requireOnly} says in that test. */
    @Test
    void folders_ofApprovedOutputs_areEachNamedInATestThatListsTheirFiles() throws IOException {
        TreeSet<String> folders = new TreeSet<>();
        if (Files.isDirectory(Approved.ROOT)) {
            try (Stream<Path> found = Files.list(Approved.ROOT)) {
                found.forEach(each -> folders.add(each.getFileName().toString()));
            }
        }
        try (Stream<Path> sources = Files.walk(Path.of("src", "test", "java"))) {
            for (Path source : sources.filter(each -> each.toString().endsWith("Test.java"))
                    .toList()) {
                String text = Files.readString(source);
                if (text.contains(".requireOnly(")) {
                    folders.removeIf(name -> text.contains("Approved.in(\"" + name + "\")"));
                }
            }
        }
        assertEquals(List.of(), List.copyOf(folders), "folders of approved outputs that no test names");
    }
}
