package dev.cachetool.step;

import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.digest.FieldWriter;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The scratch folder of a step while it runs, locked against other threads and processes, and removed when this is closed.
 * Its name says what the step does: the same in every run, whatever the step is called and whatever its inputs are.
 *
 * <p>A process that is killed leaves its folder, and has its lock no more; whoever takes the folder next, or
 * {@link #removeAbandoned}, removes what is in it.
 */
final class StepFolder implements Closeable {
    private static final int NAME_LENGTH = 16;

    private final Path path;
    private final Store.Lock lock;

    private StepFolder(Path path, Store.Lock lock) {
        this.path = path;
        this.lock = lock;
    }

    /** The name of the step's folder (docs/formats.md, "Folders of steps"). */
    static String nameOf(ExecOp op) {
        return FieldWriter.of("cachetool.stepfolder.v1")
                .texts(op.args())
                .text(op.cwd())
                .map(op.env())
                .texts(op.outputs().stream().map(PathPattern::path).toList())
                .optional(op.stdout())
                .text(op.salt())
                .sha256()
                .encoded()
                .substring(0, NAME_LENGTH);
    }

    /**
     * The folder of that name, empty, as soon as nobody else has it.
     *
     * @param parent where step folders are
     * @throws java.io.InterruptedIOException if the thread was interrupted while it waited
     * @throws IOException if it cannot be made, or what was left there not be removed
     */
    static StepFolder take(Store store, Path parent, String name) throws IOException {
        Path path = parent.resolve(name);
        return emptied(path, store.lockStep(path));
    }

    /**
     * The first folder that nobody has of those of that name with a number behind, empty.
     *
     * @throws IOException if it cannot be made, or what was left there not be removed
     */
    static StepFolder takeAny(Store store, Path parent, String name) throws IOException {
        for (int number = 1; ; number++) {
            Path path = parent.resolve(name + "-" + number);
            Optional<Store.Lock> lock = store.tryLockStep(path);
            if (lock.isPresent()) {
                return emptied(path, lock.get());
            }
        }
    }

    private static StepFolder emptied(Path path, Store.Lock lock) throws IOException {
        StepFolder folder = new StepFolder(path, lock);
        try {
            TemporaryDirectory.deleteTree(path);
            Files.createDirectory(path);
            return folder;
        } catch (IOException e) {
            try (lock) {
                throw e;
            }
        }
    }

    /**
     * Removes the folders of processes that are no more.
     *
     * @throws IOException if they cannot be listed, or one not be removed
     */
    static void removeAbandoned(Store store, Path parent) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent)) {
            children.forEach(folders::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        for (Path folder : folders) {
            Optional<Store.Lock> lock = store.tryLockStep(folder);
            if (lock.isPresent()) {
                StepFolder abandoned = new StepFolder(folder, lock.get());
                abandoned.close();
            }
        }
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    /** Removes it; what cannot be, since somebody still writes there, is removed by whoever takes the folder next. */
    @Override
    public void close() throws IOException {
        try (lock) {
            TemporaryDirectory.deleteTree(path);
        } catch (DirectoryNotEmptyException e) {
            return;
        }
    }
}
