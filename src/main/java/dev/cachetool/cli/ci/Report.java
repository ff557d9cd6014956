package dev.cachetool.cli.ci;

import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Console;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a CI system gets to know of one command: the outputs of a step and its summary on GitHub, where the variables
 * {@code GITHUB_OUTPUT} and {@code GITHUB_STEP_SUMMARY} name a file for them, and a dotenv report where one is asked for.
 * A file of GitHub's that cannot be written is a warning: a cache never breaks a build.
 */
public final class Report {
    private static final String OUTPUT = "GITHUB_OUTPUT";
    private static final String SUMMARY = "GITHUB_STEP_SUMMARY";

    private final Map<String, String> environment;
    private final Optional<Path> dotenv;
    private final Console console;
    private boolean told;

    /**
     * @param environment the variables by name
     * @param dotenv the dotenv report to write
     * @param console is told what could not be written
     */
    public Report(Map<String, String> environment, Optional<Path> dotenv, Console console) {
        this.environment = environment;
        this.dotenv = dotenv;
        this.console = console;
    }

    /**
     * Tells what the answer says, if its verb has something to tell.
     *
     * @throws IOException if the dotenv report cannot be written
     */
    public void tell(Answer answer) throws IOException {
        Outputs outputs = Outputs.of(answer);
        if (outputs.isEmpty()) {
            return;
        }
        told = true;
        append(OUTPUT, "outputs", size -> GitHubFile.lines(outputs));
        append(SUMMARY, "summary", size -> Summary.of(answer, console.warnings(), size));
        write(outputs);
    }

    /**
     * Tells that the verb gave no answer, so that nobody takes that for a hit; after {@link #tell} there is nothing more to
     * tell.
     *
     * @throws IOException if the dotenv report cannot be written
     */
    public void tellFailure(String verb) throws IOException {
        Outputs outputs = Outputs.ofFailure(verb);
        if (!told && !outputs.isEmpty()) {
            append(OUTPUT, "outputs", size -> GitHubFile.lines(outputs));
            write(outputs);
        }
    }

    private void append(String variable, String what, GitHubFile.Text text) {
        String file = environment.getOrDefault(variable, "");
        if (file.isEmpty()) {
            return;
        }
        try {
            new GitHubFile(Path.of(file)).append(text);
        } catch (IOException | InvalidPathException e) {
            console.warn("could not write the step's " + what + " to " + file + ", which " + variable + " names");
        }
    }

    private void write(Outputs outputs) throws IOException {
        if (dotenv.isPresent() && !new DotenvFile(dotenv.get()).write(outputs)) {
            console.warn("the names of what is missing are not in " + dotenv.get()
                    + ", which would be larger with them than GitLab takes"
                    + "\nto have them in a file: --print miss");
        }
    }
}
