package dev.cachetool.cli.command;

import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.content.BadLayerException;
import dev.cachetool.content.BadTarException;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobTooLargeException;
import dev.cachetool.content.DamagedDataException;
import dev.cachetool.content.IncompleteTransferException;
import dev.cachetool.content.UnsafeEntryException;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.graph.GraphException;
import dev.cachetool.graph.GraphNotFoundException;
import dev.cachetool.json.JsonException;
import dev.cachetool.layout.NoLayoutException;
import dev.cachetool.layout.NotALayoutException;
import dev.cachetool.pattern.InvalidPatternException;
import dev.cachetool.registry.CredentialException;
import dev.cachetool.registry.NoSuchImageException;
import dev.cachetool.registry.RegistryException;
import dev.cachetool.remotecache.DoesNotFitException;
import dev.cachetool.remotecache.InvalidCacheConfigException;
import dev.cachetool.remotecache.NotACacheException;
import dev.cachetool.remotecache.OccupiedTagException;
import dev.cachetool.remotecache.TagConflictException;
import dev.cachetool.solver.SolveException;
import dev.cachetool.step.GitException;
import dev.cachetool.step.UndeclaredOutputException;
import dev.cachetool.store.DamagedRefException;
import dev.cachetool.store.NotAStoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What a person is told of an exception, and its exit code. */
public final class Problems {
    private Problems() {}

    /** The problem behind the exception. */
    public static Problem of(Throwable thrown) {
        Throwable e = unwrapped(thrown);
        if (e instanceof CommandFailedException failed) {
            return failed.problem();
        }
        if (e instanceof UsageException usage) {
            return Problem.of(
                    ExitCode.USAGE,
                    usage.problem() + usage.nextStep().map(next -> "\n" + next).orElse(""));
        }
        if (e instanceof SolveException solve && solve.getCause() != null) {
            return Problem.of(of(solve.getCause()).code(), message(solve));
        }
        if (e instanceof GraphException
                || e instanceof InvalidPatternException
                || e instanceof BadEnvironmentException) {
            return Problem.of(ExitCode.USAGE, message(e));
        }
        if (e instanceof GraphNotFoundException
                || e instanceof NoLayoutException
                || e instanceof NoSuchCacheException
                || e instanceof NoSuchLayerFileException) {
            return Problem.of(ExitCode.NOT_FOUND, message(e));
        }
        if (e instanceof RegistryException registry) {
            return Problem.of(code(registry.kind()), message(e));
        }
        if (e instanceof NoSuchImageException) {
            return Problem.of(ExitCode.NOT_FOUND, message(e));
        }
        if (e instanceof GitException git) {
            return Problem.of(code(git.kind()), message(e));
        }
        if (e instanceof CredentialException) {
            return Problem.of(ExitCode.REFUSED, message(e));
        }
        if (e instanceof DoesNotFitException) {
            return Problem.of(ExitCode.ANSWER_NO, message(e));
        }
        if (e instanceof TagConflictException) {
            return Problem.of(ExitCode.PARTLY, message(e));
        }
        if (e instanceof IncompleteTransferException incomplete) {
            Problem problem = of(incomplete.failure());
            String there = incomplete.there() + " of " + incomplete.all() + " layers are there";
            return new Problem(
                    problem.code(),
                    problem.what(),
                    List.of(
                            problem.code() == ExitCode.INTEGRITY
                                    ? there
                                            + "; to see what else is damaged where they come from: cachetool verify SPEC --deep"
                                    : there + "; the same command goes on from there"));
        }
        if (isDamage(e)) {
            return Problem.of(ExitCode.INTEGRITY, message(e));
        }
        if (e instanceof InterruptedException
                || e instanceof InterruptedIOException
                || e instanceof ClosedByInterruptException) {
            return Problem.of(ExitCode.INTERRUPTED, "interrupted; nothing was half-published");
        }
        if (e instanceof FileSystemException file) {
            return file(file);
        }
        if (e instanceof IOException) {
            return Problem.of(ExitCode.LOCAL_IO, message(e));
        }
        if (e instanceof OutOfMemoryError) {
            return new Problem(
                    ExitCode.INTERNAL,
                    "the memory that Java may use is too small for this",
                    List.of("give it more: JAVA_TOOL_OPTIONS=-Xmx2g"));
        }
        return new Problem(
                ExitCode.INTERNAL,
                "an error inside cachetool: " + e.getClass().getSimpleName()
                        + (e.getMessage() == null ? "" : ": " + e.getMessage()),
                List.of("to see where, and to report it: the same command with --debug"));
    }

    private static ExitCode code(RegistryException.Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> ExitCode.NOT_FOUND;
            case REFUSED -> ExitCode.REFUSED;
            case UNREACHABLE -> ExitCode.UNREACHABLE;
            case FORM_REJECTED -> ExitCode.FORM_REJECTED;
            case DAMAGED -> ExitCode.INTEGRITY;
        };
    }

    private static ExitCode code(GitException.Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> ExitCode.NOT_FOUND;
            case UNREACHABLE -> ExitCode.UNREACHABLE;
            case NO_PROGRAM -> ExitCode.LOCAL_IO;
        };
    }

    /** What people write has exceptions of its own: a document that cannot be read came out of a cache. */
    private static boolean isDamage(Throwable e) {
        return e instanceof JsonException
                || e instanceof DigestMismatchException
                || e instanceof BlobNotFoundException
                || e instanceof BlobTooLargeException
                || e instanceof DamagedDataException
                || e instanceof BadTarException
                || e instanceof BadLayerException
                || e instanceof UnsafeEntryException
                || e instanceof InvalidCacheConfigException
                || e instanceof NotACacheException
                || e instanceof OccupiedTagException
                || e instanceof NotALayoutException
                || e instanceof DamagedCacheException
                || e instanceof UndeclaredOutputException
                || e instanceof NotAStoreException
                || e instanceof DamagedRefException;
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable e = thrown;
        while (e.getCause() != null
                && (e instanceof UncheckedIOException
                        || e instanceof CompletionException
                        || e instanceof ExecutionException)) {
            e = e.getCause();
        }
        return e;
    }

    /** The JDK's exceptions of files say the path, and the cause only by their type. */
    private static Problem file(FileSystemException e) {
        String path = e.getFile() == null ? "a file" : e.getFile();
        if (e instanceof NoSuchFileException) {
            return new Problem(ExitCode.NOT_FOUND, "could not find " + path, List.of());
        }
        String cause;
        if (e instanceof AccessDeniedException) {
            cause = "no permission";
        } else if (e instanceof FileAlreadyExistsException) {
            cause = "it exists already";
        } else if (e instanceof NotDirectoryException) {
            cause = "it is no directory";
        } else if (e instanceof DirectoryNotEmptyException) {
            cause = "the directory is not empty";
        } else {
            cause = e.getReason() == null ? "the system says no more" : e.getReason();
        }
        return new Problem(ExitCode.LOCAL_IO, "could not use " + path + ": " + cause, List.of(remedy(cause)));
    }

    private static String remedy(String cause) {
        if (cause.equals("No space left on device") || cause.equals("Disk quota exceeded")) {
            return "make room on that file system, or name another place (temporary files are where TMPDIR says)";
        }
        if (cause.equals("Read-only file system") || cause.equals("no permission")) {
            return "name another place, or let yourself write there";
        }
        if (cause.equals("its folder does not exist")) {
            return "make the folder, or name another place";
        }
        if (cause.equals("File name too long")) {
            return "use a file system, or a folder, where longer names are possible";
        }
        return "look at what stands there, or name another place";
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
