package dev.cachetool.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.content.BadTarException;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobTooLargeException;
import dev.cachetool.content.UnsafeEntryException;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.graph.Definition;
import dev.cachetool.json.JsonException;
import dev.cachetool.remotecache.InvalidCacheConfigException;
import dev.cachetool.remotecache.NotACacheException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ProblemsTest {
    private static final Digest BLOB = Digest.sha256("blob");

    static Stream<Arguments> thrown() {
        return Stream.of(
                Arguments.of(new UsageException("bad", ""), ExitCode.USAGE, "bad"),
                Arguments.of(new JsonException("c.json", 1, 2, "bad"), ExitCode.INTEGRITY, "c.json:1:2: bad"),
                Arguments.of(
                        new BadTarException(512, "bad"),
                        ExitCode.INTEGRITY,
                        "the tar archive is not readable at byte 512: bad"),
                Arguments.of(
                        new UnsafeEntryException(BLOB, "../x", "bad"),
                        ExitCode.INTEGRITY,
                        "could not unpack \"../x\" from layer " + BLOB + ": bad"),
                Arguments.of(new InvalidCacheConfigException("c.tar", "bad"), ExitCode.INTEGRITY, "c.tar: bad"),
                Arguments.of(
                        new NotACacheException("c.tar", "an image", "name another"),
                        ExitCode.INTEGRITY,
                        "c.tar holds no build cache, but an image"),
                Arguments.of(
                        DigestMismatchException.size(BLOB, 12, 11, false),
                        ExitCode.INTEGRITY,
                        "blob " + BLOB + " has 11 bytes, its descriptor says 12"),
                Arguments.of(
                        new BlobNotFoundException(BLOB, "c.tar"),
                        ExitCode.INTEGRITY,
                        "blob " + BLOB + " is not in c.tar"),
                Arguments.of(
                        new BlobTooLargeException(BLOB, 5, 4),
                        ExitCode.INTEGRITY,
                        "blob " + BLOB + " has 5 bytes, more than the 4 that are read"),
                Arguments.of(new NoSuchFileException("g.json"), ExitCode.NOT_FOUND, "could not find g.json"),
                Arguments.of(
                        new AccessDeniedException("g.json"), ExitCode.LOCAL_IO, "could not use g.json: no permission"),
                Arguments.of(
                        new FileAlreadyExistsException("x"), ExitCode.LOCAL_IO, "could not use x: it exists already"),
                Arguments.of(new NotDirectoryException("x"), ExitCode.LOCAL_IO, "could not use x: it is no directory"),
                Arguments.of(
                        new FileSystemException("x", null, "No space left on device"),
                        ExitCode.LOCAL_IO,
                        "could not use x: No space left on device"),
                Arguments.of(new IOException("disk trouble"), ExitCode.LOCAL_IO, "disk trouble"),
                Arguments.of(
                        new CompletionException(new UncheckedIOException(new NoSuchFileException("y"))),
                        ExitCode.NOT_FOUND,
                        "could not find y"),
                Arguments.of(
                        new ExecutionException(new CommandFailedException(ExitCode.REFUSED, "no\nlog in")),
                        ExitCode.REFUSED,
                        "no"),
                Arguments.of(
                        new OutOfMemoryError("heap"),
                        ExitCode.INTERNAL,
                        "the memory that Java may use is too small for this"),
                Arguments.of(
                        new StackOverflowError(), ExitCode.INTERNAL, "an error inside cachetool: StackOverflowError"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void of_whenThrown_hasItsCodeAndMessage(Throwable thrown, ExitCode code, String what) {
        Problem problem = Problems.of(thrown);
        assertEquals(code, problem.code());
        assertEquals(what, problem.what());
    }

    @Test
    void of_whenTheGraphIsWrong_isUsageWithItsNextStep(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("g.json"), "{\"schemaVersion\": 1, \"verticez\": []}");
        Problem wrong = Problems.of(assertThrows(IOException.class, () -> Definition.load(file, dir)));
        assertEquals(ExitCode.USAGE, wrong.code());
        assertTrue(wrong.what().startsWith(file + ":1:"), wrong.what());
        assertFalse(wrong.next().isEmpty());
        Problem missing =
                Problems.of(assertThrows(IOException.class, () -> Definition.load(dir.resolve("none.json"), dir)));
        assertEquals(ExitCode.NOT_FOUND, missing.code());
    }

    @Test
    void of_whenTheMessageHasMoreLines_theyAreWhatToDo() {
        assertEquals(
                new Problem(ExitCode.INTEGRITY, "g.json:1:1: unknown field \"nme\"", List.of("did you mean \"name\"?")),
                Problems.of(new JsonException("g.json", 1, 1, "unknown field \"nme\"\n  did you mean \"name\"?")));
    }
}
