package dev.cachetool.step;

import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.ExecOp.Isolation;
import dev.cachetool.graph.PathPattern;
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
import java.util.TreeSet;
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
    private final Store store;
    private final StepSettings settings;
    private final Isolations isolations;
    private final AtomicBoolean begun = new AtomicBoolean();

    /** Starts nothing yet; all of them stay the caller's. */
    public StepRunner(Store store, StepSettings settings, Isolations isolations) {
        this.store = store;
        this.settings = settings;
        this.isolations = isolations;
    }

    @Override
    public StepOutcome run(Vertex vertex, List<StepInput> inputs, StepListener listener)
            throws StepFailedException, IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            ExecOp op = (ExecOp) vertex.op();
            Isolation isolation = isolations.of(op);
            begin(isolation, listener);
            Path parent = store.stepFolders(settings.workspace());
            String name = StepFolder.nameOf(op);
            // Only a folder that the step sees has to be the same each time.
            try (StepFolder folder = isolation == Isolation.NAMESPACE
                            ? StepFolder.takeAny(store, parent, name)
                            : StepFolder.take(store, parent, name);
                    CacheFolders caches = CacheFolders.take(store, op);
                    StepPlace place = placeOf(vertex, isolation, folder, name, caches)) {
                return new Run(vertex, op, folder.path(), caches, place, listener).run(PlacedInputs.of(inputs));
            }
        } catch (ClosedByInterruptException | InterruptedIOException e) {
            // Files close themselves when their thread is interrupted.
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException("interrupted while a step was prepared");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /** Before the first step: removes what a killed process left, and tells how steps run. */
    private void begin(Isolation isolation, StepListener listener) throws IOException {
        if (begun.compareAndSet(false, true)) {
            StepFolder.removeAbandoned(store, store.stepFolders(settings.workspace()));
            if (isolation == Isolation.FOLDER && !isolations.reason().isEmpty()) {
                listener.noted("steps run in scratch folders: namespaces are not to be had here (" + isolations.reason()
                        + ")");
            }
        }
    }

    private StepPlace placeOf(Vertex vertex, Isolation isolation, StepFolder folder, String name, CacheFolders caches)
            throws StepFailedException, IOException {
        if (isolation == Isolation.FOLDER) {
            return new InFolder(folder.path(), settings.threads());
        }
        if (isolation == Isolation.NONE) {
            return new InWorkspace(settings.workspace(), vertex.name(), name, settings.threads());
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

    /** One run of one step. */
    private final class Run {
        private final Vertex vertex;
        private final ExecOp op;
        private final Path stepFolder;
        private final StepPlace place;
        private final StepListener listener;
        private final DeclaredPaths declared;
        private final StepEnvironment environment;
        private final StepOutput output;

        Run(Vertex vertex, ExecOp op, Path stepFolder, CacheFolders caches, StepPlace place, StepListener listener) {
            this.vertex = vertex;
            this.op = op;
            this.stepFolder = stepFolder;
            this.place = place;
            this.listener = listener;
            declared = new DeclaredPaths(op);
            environment = StepEnvironment.of(op, settings.environment(), place.folder(), caches.byVariable());
            output = new StepOutput(line -> listener.printed(vertex, line));
        }

        StepOutcome run(PlacedInputs inputs) throws StepFailedException, IOException, InterruptedException {
            Optional<String> problem = CommandCheck.problemOf(op, environment, place, inputs);
            if (problem.isPresent()) {
                throw failed(problem.get(), -1);
            }
            BroughtInputs brought = place.bring(inputs, declared, folders());
            Path script = stepFolder.resolve("script");
            Files.write(script, StepScript.of(op, environment, place));
            StepProcess.Ended ended =
                    StepProcess.run(stepFolder, script, place.namespace(), environment.passed(), op.timeout(), output);
            if (!Files.exists(stepFolder.resolve(StepScript.STARTED))) {
                throw new IOException("could not set up the folder of the step \"" + vertex.name() + "\" in "
                        + stepFolder + ": " + String.join("; ", output.lastLines()));
            }
            if (ended.exitCode().isEmpty()) {
                throw failed("it did not end within " + shown(op.timeout().orElseThrow()), -1);
            }
            int code = ended.exitCode().get();
            if (code != 0) {
                throw failed("it ended with exit code " + code + meaning(code), code);
            }
            Optional<String> distrust = distrust(brought);
            Made made = place.made(declared, brought);
            if (made.missing().isPresent()) {
                throw failed(
                        "it made nothing that its output \"" + made.missing().get() + "\" matches", 0);
            }
            for (String path : made.left()) {
                warn(path, "is neither file, folder nor link, and is not kept");
            }
            for (String path : made.special()) {
                warn(path, "is set-uid or set-gid, which is not kept");
            }
            ImmutableRef outputs = take(made, ended);
            place.keep();
            return new StepOutcome(outputs, ended.time().toMillis(), output.printed(), distrust);
        }

        private ImmutableRef take(Made made, StepProcess.Ended ended) throws IOException {
            MutableRef ref = store.refs().create(vertex.name());
            boolean done = false;
            try {
                FileTree tree = place.take(made, ref.folder());
                Instant now = Instant.now();
                ImmutableRef committed = ref.commit(
                        tree,
                        new RefMetadata(
                                vertex.name(),
                                settings.createdAt().orElseGet(() -> Timestamp.of(now)),
                                now,
                                OptionalLong.of(ended.time().toMillis())));
                done = true;
                return committed;
            } finally {
                if (!done) {
                    ref.release();
                }
            }
        }

        /** Why the result may not be that of the inputs that its key names. */
        private Optional<String> distrust(BroughtInputs brought) throws IOException {
            if (brought.stale().isPresent()) {
                return Optional.of(FileNames.shown(brought.stale().get()) + " changed after it was hashed");
            }
            Optional<String> changed = place.firstChanged(declared, brought);
            if (changed.isPresent()) {
                return Optional.of("it changed its input " + FileNames.shown(changed.get()));
            }
            return brought.firstChangedSource().map(path -> FileNames.shown(path) + " changed while it ran");
        }

        /** The folders that must be there: where it runs, and where its outputs go. */
        private Set<String> folders() {
            Set<String> folders = new TreeSet<>();
            if (!op.cwd().equals(".")) {
                folders.add(op.cwd());
            }
            for (PathPattern output : op.outputs()) {
                folderOf(output).ifPresent(folders::add);
            }
            op.stdout()
                    .map(PlacedInputs::parentOf)
                    .filter(path -> !path.isEmpty())
                    .ifPresent(folders::add);
            return folders;
        }

        private StepFailedException failed(String problem, int code) throws IOException {
            return new StepFailedException(vertex.name(), problem, code, lastLines(), byHand());
        }

        /** What it printed last; also into the file that is gone now. */
        private List<String> lastLines() throws IOException {
            List<String> lines = new ArrayList<>();
            if (op.stdout().isPresent()) {
                Path file = FileNames.resolve(place.written(), op.stdout().get());
                if (Files.isRegularFile(file)) {
                    lines.addAll(StepOutput.lastLinesOf(file));
                }
            }
            lines.addAll(output.lastLines());
            return lines.subList(Math.max(0, lines.size() - StepOutput.LINES), lines.size());
        }

        private String byHand() {
            StringBuilder text = new StringBuilder("cd ");
            String workspace = settings.workspace().toString();
            text.append(ShellText.quote(op.cwd().equals(".") ? workspace : workspace + "/" + op.cwd()));
            text.append(" &&");
            op.env()
                    .forEach((name, value) -> text.append(' ')
                            .append(name)
                            .append('=')
                            .append(ShellText.quote(StepEnvironment.expand(value, workspace))));
            text.append(' ')
                    .append(ShellText.join(op.args().stream()
                            .map(word -> StepEnvironment.expand(word, workspace))
                            .toList()));
            op.stdout().ifPresent(path -> text.append(" > ").append(ShellText.quote(workspace + "/" + path)));
            return text.toString();
        }

        private void warn(String path, String problem) {
            listener.warned(vertex, FileNames.shown(path) + " " + problem);
        }
    }

    /** The folder that an output goes into, as far as its pattern names it. */
    private static Optional<String> folderOf(PathPattern output) {
        if (output.isException()) {
            return Optional.empty();
        }
        String path = output.literal().orElse(output.path().strip());
        StringBuilder folder = new StringBuilder();
        String[] names = path.split("/", -1);
        for (int i = 0; i < names.length - 1; i++) {
            if (PathPattern.of(names[i].isEmpty() ? "." : names[i]).literal().isEmpty()) {
                break;
            }
            if (!names[i].isEmpty() && !names[i].equals(".")) {
                folder.append(folder.length() == 0 ? "" : "/").append(names[i]);
            }
        }
        return folder.length() == 0 ? Optional.empty() : Optional.of(folder.toString());
    }

    private static String shown(java.time.Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    /** What shells mean by an exit code. */
    private static String meaning(int code) {
        return switch (code) {
            case 126 -> " (what is run cannot be executed)";
            case 127 -> " (what is run was not found)";
            default -> code > 128 && code <= 192 ? " (signal " + (code - 128) + ")" : "";
        };
    }
}
