package dev.cachetool.step;

import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.digest.FieldWriter;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.PathPattern;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The scratch folder of a step while it runs, locked against other threads and processes, and removed when this is closed.
 * Its name says what the step does: the same in every run, whatever the step is called and whatever its inputs are.
 *
 * <p>Of a folder {@code x}, {@code x.lock} is the lock. A process that is killed leaves both and holds the lock no more;
 * whoever takes the folder next, or {@link #removeAbandoned}, removes what is in it. Lock files come and go under the lock
 * of the file {@code lock} alone, which is held for microseconds.
 */
final class StepFolder implements Closeable {
    private static final String LOCK = ".lock";
    private static final String GUARD = "lock";
    private static final int NAME_LENGTH = 16;
    /** How often a folder is asked for that another process has, in milliseconds. */
    private static final int INTERVAL = 20;

    /** The lock files that this process has open, since the system's locks do not hold between threads. */
    private static final Set<Path> OPEN = new HashSet<>();

    private final Path path;
    private final FileChannel lock;

    private StepFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** The name of the step's folder: of what its key counts, but of tools' output, variables' values, and inputs. */
    static String nameOf(ExecOp op) {
        return FieldWriter.of("cachetool.stepfolder.v1")
                .texts(op.args())
                .text(op.cwd())
                .map(op.env())
                .texts(op.keyEnv())
                .texts(op.tools())
                .texts(op.outputs().stream().map(PathPattern::path).toList())
                .optional(op.stdout())
                .text(op.salt())
                .optional(op.platform())
                .sha256()
                .encoded()
                .substring(0, NAME_LENGTH);
    }

    /**
     * The folder of that name, empty, as soon as nobody else has it.
     *
     * @param parent where step folders are
     * @throws IOException if it cannot be made, or what was left there not be removed
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    static StepFolder take(Path parent, String name) throws IOException, InterruptedException {
        while (true) {
            Optional<StepFolder> taken = tryTake(parent, name);
            if (taken.isPresent()) {
                return taken.get();
            }
            synchronized (OPEN) {
                OPEN.wait(INTERVAL);
            }
        }
    }

    /**
     * The first folder that nobody has of those of that name with a number behind, empty.
     *
     * @throws IOException if it cannot be made, or what was left there not be removed
     */
    static StepFolder takeAny(Path parent, String name) throws IOException {
        for (int number = 1; ; number++) {
            Optional<StepFolder> taken = tryTake(parent, name + "-" + number);
            if (taken.isPresent()) {
                return taken.get();
            }
        }
    }

    private static Optional<StepFolder> tryTake(Path parent, String name) throws IOException {
        Path path = parent.resolve(name);
        Optional<FileChannel> lock = tryLock(path);
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        StepFolder taken = new StepFolder(path, lock.get());
        try {
            TemporaryDirectory.deleteTree(path);
            Files.createDirectory(path);
            return Optional.of(taken);
        } catch (IOException e) {
            try {
                taken.unlock();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** The channel that has the lock; empty where somebody else has it. */
    private static Optional<FileChannel> tryLock(Path path) throws IOException {
        Path file = lockFile(path);
        return guarded(path, () -> {
            if (OPEN.contains(file)) {
                return Optional.empty();
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock locked = null;
            try {
                locked = channel.tryLock();
            } finally {
                if (locked == null) {
                    channel.close();
                }
            }
            if (locked == null) {
                return Optional.empty();
            }
            OPEN.add(file);
            return Optional.of(channel);
        });
    }

    private void unlock() throws IOException {
        guarded(path, () -> {
            try {
                Files.deleteIfExists(lockFile(path));
            } finally {
                lock.close();
                OPEN.remove(lockFile(path));
                OPEN.notifyAll();
            }
            return path;
        });
    }

    @FunctionalInterface
    private interface Guarded<T> {
        T run() throws IOException;
    }

    /** Runs what opens or removes lock files, while no other thread or process does. */
    private static <T> T guarded(Path path, Guarded<T> action) throws IOException {
        // Channels close themselves when their thread is interrupted, and the way out of a step goes through here.
        boolean interrupted = Thread.interrupted();
        synchronized (OPEN) {
            try (FileChannel channel = FileChannel.open(
                    path.resolveSibling(GUARD), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock();
                return action.run();
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private static Path lockFile(Path path) {
        return path.resolveSibling(Objects.requireNonNull(path.getFileName()) + LOCK);
    }

    /**
     * Removes the folders of processes that are no more.
     *
     * @throws IOException if they cannot be listed, or one not be removed
     */
    static void removeAbandoned(Path parent) throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent, "*" + LOCK)) {
            for (Path child : children) {
                String name = Objects.requireNonNull(child.getFileName()).toString();
                names.add(name.substring(0, name.length() - LOCK.length()));
            }
        }
        for (String name : names) {
            Optional<StepFolder> abandoned = tryTake(parent, name);
            if (abandoned.isPresent()) {
                abandoned.get().close();
            }
        }
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try {
            TemporaryDirectory.deleteTree(path);
        } finally {
            unlock();
        }
    }
}
