package dev.cachetool.step;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Git work tree around a folder, asked through the git program for the names of its branches. */
public final class GitCheckout {
    private static final String REMOTE = "origin/";
    private static final int LIMIT = 1 << 16;

    private final Path folder;
    private final Map<String, String> environment;

    /**
     * @param folder one in the work tree, or in none
     * @param environment variables by name, the PATH among them
     */
    public GitCheckout(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /**
     * The branch that is checked out, also one without commits; empty where that is none, no work tree is around the folder, or
     * git cannot be run.
     *
     * @throws InterruptedIOException if the thread is interrupted
     */
    public Optional<String> branch() throws InterruptedIOException {
        return symbolicRef("HEAD");
    }

    /**
     * The branch that the remote {@code origin} had as its own when it was cloned; empty where that is not known.
     *
     * @throws InterruptedIOException if the thread is interrupted
     */
    public Optional<String> defaultBranch() throws InterruptedIOException {
        return symbolicRef("refs/remotes/origin/HEAD")
                .map(name -> name.startsWith(REMOTE) ? name.substring(REMOTE.length()) : name);
    }

    private Optional<String> symbolicRef(String name) throws InterruptedIOException {
        Optional<String> program = Wrappers.find("git", environment.getOrDefault("PATH", ""), folder);
        if (program.isEmpty()) {
            return Optional.empty();
        }
        // In a container the files often belong to another user. Nothing that is configured there runs for this
        // question.
        List<String> command = new ArrayList<>(
                List.of(program.get(), "-c", "safe.directory=*", "symbolic-ref", "--quiet", "--short", name));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toAbsolutePath().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try {
                process.getOutputStream().close();
                String said = new String(process.getInputStream().readNBytes(LIMIT), StandardCharsets.UTF_8).strip();
                return process.waitFor() == 0 && !said.isEmpty() ? Optional.of(said) : Optional.empty();
            } finally {
                process.destroy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while git ran");
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
