package dev.cachetool.step;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.content.FileTree;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.ExecOp.Isolation;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.store.ImmutableRef;
import dev.cachetool.store.MutableRef;
import dev.cachetool.store.RefMetadata;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs exec vertices as processes of their own (docs/architecture.md, "Running steps"): brings their inputs in, runs the
 * command with its variables and nothing else of cachetool's, and takes what it made into the store.
 *
 * <p>The folder that a command runs in is made if it is not there, and so are the folders that its outputs go into. Of inputs
 * of the workspace the content is compared with the digests of their trees, so that a result is never that of other
 * content than its key says.
 *
 * <p>Where a step runs in the workspace itself (isolation {@code none}), all inputs have to stand there, those from the store
 * too: whoever calls this restores them before.
 */
public final class StepRunner implements Steps {
    /** What is behind the name of a folder where a step runs a second time. */
    private static final String AGAIN = "-again";

    private final Store store;
    private final StepSettings settings;
    private final Isolations isolations;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();

    /** Starts nothing yet; all of them stay the caller's. */
    public StepRunner(Store store, StepSettings settings, Isolations isolations) {
        this.store = store;
        this.settings = settings;
        this.isolations = isolations;
    }

    @Override
    public StepOutcome run(Vertex vertex, List<StepInput> inputs, StepListener listener)
            throws StepFailedException, IOException, InterruptedException {
        ExecOp op = (ExecOp) vertex.op();
        Isolation isolation = isolations.of(op);
        begin();
        isolations
                .fallback(op)
                .filter(reason -> told.compareAndSet(false, true))
                .ifPresent(reason -> listener.noted(
                        "steps run in scratch folders: namespaces are not to be had here (" + reason + ")"));
        return interruptibly(() -> {
            Path parent = store.stepFolders(settings.workspace());
            String name = StepFolder.nameOf(op);
            // Only a folder that the step sees has to be the same each time.
            try (StepFolder folder = isolation == Isolation.NAMESPACE
                            ? StepFolder.takeAny(store, parent, name)
                            : StepFolder.take(store, parent, name);
                    CacheFolders caches = CacheFolders.take(store, op);
                    StepPlace place = placeOf(vertex, isolation, folder, name, caches)) {
                StepRun.Done done = new StepRun(settings, vertex, folder.path(), caches, place, listener)
                        .execute(PlacedInputs.of(inputs));
                ImmutableRef outputs = take(vertex, place, done);
                place.keep();
                return new StepOutcome(outputs, done.milliseconds(), done.printed(), done.distrust());
            }
        });
    }

    /**
     * Runs the step in another folder, with everything of the workspace in it, and keeps nothing of it.
     *
     * @throws IOException as {@link #run}
     * @throws InterruptedException as {@link #run}
     */
    SecondRun runAgain(Vertex vertex, List<StepInput> inputs)
            throws StepFailedException, IOException, InterruptedException {
        ExecOp op = (ExecOp) vertex.op();
        return interruptibly(() -> {
            Path parent = store.stepFolders(settings.workspace());
            try (StepFolder folder = StepFolder.takeAny(store, parent, StepFolder.nameOf(op) + AGAIN);
                    CacheFolders caches = CacheFolders.take(store, op)) {
                AmongEverything place =
                        new AmongEverything(folder.path(), settings.workspace(), store.folder(), settings.threads());
                try {
                    StepRun.Done done = new StepRun(settings, vertex, folder.path(), caches, place, StepListener.NONE)
                            .execute(PlacedInputs.of(inputs));
                    FileTree outputs = new WorkspaceOutputs(place.written())
                            .withDigests(FileTree.of(done.made().entries()));
                    List<String> reads = place.undeclaredReads();
                    return new SecondRun(
                            Optional.empty(),
                            outputs,
                            place.naming(outputs),
                            reads,
                            place.leftovers(new DeclaredPaths(op), done.brought()));
                } catch (StepFailedException e) {
                    return new SecondRun(
                            Optional.of(String.valueOf(e.getMessage())),
                            FileTree.empty(),
                            Set.of(),
                            place.undeclaredReads(),
                            List.of());
                }
            }
        });
    }

    @FunctionalInterface
    private interface Interruptible<T> {
        T run() throws StepFailedException, IOException, InterruptedException;
    }

    private static <T> T interruptibly(Interruptible<T> action)
            throws StepFailedException, IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before a step");
        }
        try {
            return action.run();
        } catch (ClosedByInterruptException | InterruptedIOException e) {
            // Files close themselves when their thread is interrupted.
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException("interrupted while a step was prepared");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /** Before the first step: removes what killed processes left. */
    private void begin() throws IOException {
        if (begun.compareAndSet(false, true)) {
            StepFolder.removeAbandoned(store, store.stepFolders(settings.workspace()));
        }
    }

    private StepPlace placeOf(Vertex vertex, Isolation isolation, StepFolder folder, String name, CacheFolders caches)
            throws StepFailedException, IOException {
        FileDigests memory = store.fileDigests(settings.workspace());
        if (isolation == Isolation.FOLDER) {
            return new InFolder(folder.path(), memory, settings.threads());
        }
        if (isolation == Isolation.NONE) {
            return new InWorkspace(settings.workspace(), vertex.name(), name, memory, settings.threads());
        }
        Namespace namespace = isolations
                .namespace()
                .orElseThrow(() -> new StepFailedException(
                        vertex.name(),
                        "it could not be started in a namespace, which this machine does not allow ("
                                + isolations.reason() + "); --isolation=folder does without",
                        -1,
                        List.of(),
                        ""));
        return new InNamespace(
                namespace,
                folder.path(),
                settings.workspace(),
                isolations.overlay(folder.path()),
                visible(caches),
                memory,
                settings.threads());
    }

    /** The folders that a step is told of by its variables. */
    private List<Path> visible(CacheFolders caches) {
        List<Path> visible = new ArrayList<>(caches.byVariable().values());
        for (String variable : List.of("HOME", "TMPDIR")) {
            String value = settings.environment().getOrDefault(variable, "");
            if (value.startsWith("/") && Files.isDirectory(Path.of(value))) {
                visible.add(Path.of(value).normalize());
            }
        }
        return visible;
    }

    private ImmutableRef take(Vertex vertex, StepPlace place, StepRun.Done step) throws IOException {
        MutableRef ref = store.refs().create(vertex.name());
        boolean done = false;
        try {
            FileTree tree = place.take(step.made(), ref.folder());
            Instant now = Instant.now();
            ImmutableRef committed = ref.commit(
                    tree,
                    new RefMetadata(
                            vertex.name(),
                            settings.createdAt().orElseGet(() -> Timestamp.of(now)),
                            now,
                            OptionalLong.of(step.milliseconds())));
            done = true;
            return committed;
        } finally {
            if (!done) {
                ref.release();
            }
        }
    }
}
