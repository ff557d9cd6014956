package dev.cachetool.step;

import dev.cachetool.content.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The way into a mount namespace and a process namespace of one's own: all that runs there ends with the first process, and
 * that ends with its parent. By {@code unshare} of util-linux; who is not root gets a user namespace on top, in which every
 * user and group is the same as outside, and the step has no more rights than outside.
 *
 * @param command what goes in front of the command that runs inside
 * @param dropping what goes in front of the step's own command, so that it has no rights that only mounting needs
 * @param mount the program
 */
record Namespace(List<String> command, List<String> dropping, String mount) {
    Namespace {
        command = List.copyOf(command);
        dropping = List.copyOf(dropping);
    }

    /**
     * What a machine says.
     *
     * @param namespace empty where it allows none
     * @param reason why not; empty where it does
     */
    record Answer(Optional<Namespace> namespace, String reason) {}

    /**
     * Finds out whether the machine lets a folder be mounted at that place, by doing it.
     *
     * @param place absolute
     */
    static Answer at(Path place) {
        Optional<String> unshare = Wrappers.program("unshare");
        Optional<String> mount = Wrappers.program("mount");
        if (unshare.isEmpty() || mount.isEmpty()) {
            return new Answer(Optional.empty(), "there is no program " + (unshare.isEmpty() ? "unshare" : "mount"));
        }
        if (place.getParent() == null) {
            return new Answer(Optional.empty(), "the workspace is /");
        }
        List<String> plain =
                List.of(unshare.get(), "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--");
        Namespace asRoot = new Namespace(plain, List.of(), mount.get());
        Optional<String> problem = asRoot.problemAt(place);
        if (problem.isEmpty()) {
            return new Answer(Optional.of(asRoot), "");
        }
        List<String> withUser = new ArrayList<>(plain);
        withUser.addAll(1, List.of("--user", "--map-current-user", "--keep-caps"));
        Optional<String> setpriv = Wrappers.program("setpriv");
        if (isRoot()) {
            setpriv = Optional.empty();
        } else if (setpriv.isEmpty()) {
            return new Answer(Optional.empty(), problem.get());
        }
        Namespace asUser = new Namespace(
                withUser,
                setpriv.map(program ->
                                List.of(program, "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all", "--"))
                        .orElse(List.of()),
                mount.get());
        problem = asUser.problemAt(place);
        return problem.isEmpty()
                ? new Answer(Optional.of(asUser), "")
                : new Answer(Optional.empty(), problem.get().lines().findFirst().orElse(""));
    }

    private Optional<String> problemAt(Path place) {
        String folder = ShellText.quote(place.toString());
        List<String> trial = new ArrayList<>(dropping);
        trial.add("true");
        return tries(ShellText.quote(mount) + " --bind " + folder + " " + folder + " && " + ShellText.join(trial));
    }

    /**
     * Whether an {@link Overlay} can be mounted at that place, and takes what is written.
     *
     * @param scratch an empty folder of the file system that is to hold it; empty again after that
     */
    boolean overlaysAt(Path place, Path scratch) throws IOException {
        Path trial = Files.createDirectory(scratch.resolve("trial"));
        for (String name : List.of(Overlay.LOWER, Overlay.UPPER, Overlay.WORK)) {
            Files.createDirectory(trial.resolve(name));
        }
        Files.createFile(trial.resolve(Overlay.LOWER).resolve("file"));
        String target = ShellText.quote(place.toString());
        Optional<String> problem = tries("cd " + ShellText.quote(trial.toString()) + " && " + ShellText.quote(mount)
                + " -t overlay -o " + Overlay.OPTIONS + " overlay " + target + " && cd " + target
                + " && echo x >> file && mkdir folder");
        boolean written = Files.exists(trial.resolve(Overlay.UPPER).resolve("file"));
        TemporaryDirectory.deleteTree(trial);
        return problem.isEmpty() && written;
    }

    private Optional<String> tries(String script) {
        List<String> trial = new ArrayList<>(command);
        trial.addAll(List.of("/bin/sh", "-c", script));
        return Wrappers.tries(trial);
    }

    /** Whether this process's effective user is root. */
    private static boolean isRoot() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.startsWith("Uid:") && "0".equals(line.split("\t", 4)[2]));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
