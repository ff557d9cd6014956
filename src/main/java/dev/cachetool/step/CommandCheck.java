package dev.cachetool.step;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.graph.ExecOp;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Looks for the program of a step before it is started, so that a missing one is told of by name and with a cure. */
final class CommandCheck {
    private CommandCheck() {}

    /** Why the command cannot be started, as half a sentence with what to do; empty where nothing is known against it. */
    static Optional<String> problemOf(ExecOp op, StepEnvironment environment, StepPlace place, PlacedInputs inputs) {
        String program = StepEnvironment.expand(op.args().get(0), place.folder());
        try {
            Path workspace = Path.of(place.folder());
            Path folder = workspace.resolve(op.cwd()).normalize();
            if (program.indexOf('/') < 0) {
                return problemOfName(program, environment.find("PATH").orElse(""), folder, workspace);
            }
            Path file = folder.resolve(program).normalize();
            return file.startsWith(workspace)
                    ? problemOfInput(program, workspace.relativize(file).toString(), file, place, inputs)
                    : problemOfFile(program, file);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> problemOfName(String program, String path, Path folder, Path workspace) {
        for (String entry : path.split(":", -1)) {
            if (folder.resolve(entry).normalize().startsWith(workspace)) {
                return Optional.empty();
            }
        }
        return Wrappers.find(program, path, folder).isPresent()
                ? Optional.empty()
                : Optional.of("it could not be started: no folder of PATH has a program \"" + program
                        + "\"; install it, or give the step another PATH in env");
    }

    private static Optional<String> problemOfFile(String program, Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.of("it could not be started: there is no file " + program);
        }
        return Files.isExecutable(file)
                ? Optional.empty()
                : Optional.of("it could not be started: " + program + " is not executable; try: chmod +x " + program);
    }

    /** Of a file that the step sees only if it is an input. */
    private static Optional<String> problemOfInput(
            String program, String path, Path file, StepPlace place, PlacedInputs inputs) {
        Optional<TreeEntry> entry = inputs.find(path);
        if (entry.isPresent()) {
            return entry.get().type() == EntryType.FILE && !entry.get().isExecutable()
                    ? Optional.of("it could not be started: " + program + " is not executable; try: chmod +x " + path)
                    : Optional.empty();
        }
        if (inputs.inTheWayOf(path)
                .filter(link -> link.type() == EntryType.SYMLINK)
                .isPresent()) {
            return Optional.empty();
        }
        return place instanceof InWorkspace && Files.exists(file)
                ? Optional.empty()
                : Optional.of("it could not be started: " + program + " is none of its inputs; add " + path
                        + " to its inputs");
    }

    /**
     * The link by which a path of the step leads out of the workspace, as half a sentence.
     *
     * @param what the path is, for people
     */
    static Optional<String> problemOfWay(String what, String path, StepPlace place, PlacedInputs inputs) {
        Optional<TreeEntry> link = inputs.inTheWayOf(path).filter(entry -> entry.type() == EntryType.SYMLINK);
        if (link.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path workspace = Path.of(place.folder());
            Path at = workspace.resolve(link.get().path());
            Path target = at.resolveSibling(link.get().linkTarget()).normalize();
            return target.startsWith(workspace)
                    ? Optional.empty()
                    : Optional.of("it could not be started: its " + what + " goes through the link "
                            + FileNames.shown(link.get().path()) + ", which leads out of the workspace");
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
