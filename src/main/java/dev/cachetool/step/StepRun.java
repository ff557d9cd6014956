package dev.cachetool.step;

import dev.cachetool.content.FileNames;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.graph.Vertex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One run of one step, in the place that it was given: from its inputs to what it made, which nobody has taken yet. */
final class StepRun {
    private final StepSettings settings;
    private final Vertex vertex;
    private final ExecOp op;
    private final Path stepFolder;
    private final StepPlace place;
    private final StepListener listener;
    private final DeclaredPaths declared;
    private final StepEnvironment environment;
    private final StepOutput output;

    StepRun(
            StepSettings settings,
            Vertex vertex,
            Path stepFolder,
            CacheFolders caches,
            StepPlace place,
            StepListener listener) {
        this.settings = settings;
        this.vertex = vertex;
        this.op = (ExecOp) vertex.op();
        this.stepFolder = stepFolder;
        this.place = place;
        this.listener = listener;
        declared = new DeclaredPaths(op);
        environment = StepEnvironment.of(op, settings.environment(), place.folder(), caches.byVariable());
        output = new StepOutput(line -> listener.printed(vertex, line));
    }

    /**
     * What came of it.
     *
     * @param brought the inputs as they were before
     * @param milliseconds how long it ran
     * @param printed what it printed
     * @param distrust why it may not be the result of what its key names
     */
    record Done(Made made, BroughtInputs brought, long milliseconds, byte[] printed, Optional<String> distrust) {}

    /** Brings the inputs in, runs the command to its end, and looks at what it made; throws as {@link Steps#run}. */
    Done execute(PlacedInputs inputs) throws StepFailedException, IOException, InterruptedException {
        Optional<String> problem = CommandCheck.problemOf(op, environment, place, inputs)
                .or(() -> CommandCheck.problemOfWay("cwd", op.cwd(), place, inputs))
                .or(() -> op.stdout().flatMap(path -> CommandCheck.problemOfWay("stdout", path, place, inputs)));
        if (problem.isPresent()) {
            throw failed(problem.get(), -1);
        }
        BroughtInputs brought = place.bring(inputs, declared, folders());
        Path script = stepFolder.resolve("script");
        Files.write(script, StepScript.of(op, environment, place));
        StepProcess.Ended ended =
                StepProcess.run(stepFolder, script, place.namespace(), environment.passed(), op.timeout(), output);
        if (!Files.exists(stepFolder.resolve(StepScript.STARTED))) {
            throw new IOException("could not set up the folder of the step \"" + vertex.name() + "\" in " + stepFolder
                    + ": " + String.join("; ", output.lastLines()));
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
            throw failed("it made nothing that its output \"" + made.missing().get() + "\" matches", 0);
        }
        for (String path : made.left()) {
            warn(path, "is neither file, folder nor link, and is not kept");
        }
        for (String path : made.special()) {
            warn(path, "is set-uid or set-gid, which is not kept");
        }
        return new Done(made, brought, ended.time().toMillis(), output.printed(), distrust);
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
        op.stdout().map(PlacedInputs::parentOf).filter(path -> !path.isEmpty()).ifPresent(folders::add);
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

    /** The folder that an output goes into, as far as its pattern names it. */
    private static Optional<String> folderOf(PathPattern output) {
        if (output.isException()) {
            return Optional.empty();
        }
        String path = output.literal().orElse(output.path().strip());
        StringBuilder folder = new StringBuilder();
        String[] names = path.split("/", -1);
        if (List.of(names).contains("..")) {
            return Optional.empty();
        }
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

    private static String shown(Duration time) {
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
