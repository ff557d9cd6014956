package dev.cachetool.cli.ci;

import dev.cachetool.cli.options.Placeholders;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.step.GitCheckout;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the variables of GitHub Actions and GitLab CI say of the job that runs, and where they say nothing, Git. Nothing is
 * read or run before it is asked for. Not for several threads.
 */
public final class Job implements Placeholders.Names {
    private static final List<String> BRANCH =
            List.of("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME");
    private static final String DEFAULT_BRANCH = "CI_DEFAULT_BRANCH";
    private static final String EVENT = "GITHUB_EVENT_PATH";

    /** What is read of an event at most; GitHub sends none of more than 25 MB. */
    private static final int EVENT_LIMIT = 32 << 20;

    private final Map<String, String> environment;
    private final GitCheckout git;
    private Optional<JsonValue> event = Optional.empty();
    private boolean eventIsRead;

    /**
     * @param environment the variables by name
     * @param folder a folder in the work tree that Git is asked about
     */
    public Job(Map<String, String> environment, Path folder) {
        this.environment = environment;
        this.git = new GitCheckout(folder, environment);
    }

    @Override
    public Optional<Placeholders.Name> branch() {
        for (String variable : BRANCH) {
            Optional<Placeholders.Name> name = named(variable);
            if (name.isPresent()) {
                return name;
            }
        }
        return asked(git::branch).map(name -> new Placeholders.Name(name, "checked out"));
    }

    @Override
    public Optional<Placeholders.Name> defaultBranch() {
        Optional<Placeholders.Name> name = named(DEFAULT_BRANCH);
        if (name.isPresent()) {
            return name;
        }
        Optional<String> ofEvent = text("repository", "default_branch");
        return ofEvent.isPresent()
                ? ofEvent.map(text -> new Placeholders.Name(text, EVENT))
                : asked(git::defaultBranch).map(text -> new Placeholders.Name(text, "origin/HEAD"));
    }

    private Optional<Placeholders.Name> named(String variable) {
        String value = environment.getOrDefault(variable, "");
        return value.isBlank() ? Optional.empty() : Optional.of(new Placeholders.Name(value.strip(), variable));
    }

    private interface Question {
        Optional<String> ask() throws InterruptedIOException;
    }

    private static Optional<String> asked(Question question) {
        try {
            return question.ask();
        } catch (InterruptedIOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whose code the job works on, where it is a fork's that asks to be pulled: half a sentence. A pull request of which that
     * cannot be told counts as one.
     */
    public Optional<String> fork() {
        String source = environment.getOrDefault("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "");
        String project = environment.getOrDefault("CI_MERGE_REQUEST_PROJECT_PATH", "");
        if (!source.isEmpty() && !project.isEmpty() && !source.equals(project)) {
            return Optional.of("this job is for a merge request from the fork " + source + " into " + project
                    + ", and such a job only reads caches");
        }
        if (!environment.getOrDefault("GITHUB_EVENT_NAME", "").startsWith("pull_request")) {
            return Optional.empty();
        }
        Optional<String> base = text("pull_request", "base", "repo", "full_name");
        if (base.isEmpty()) {
            return Optional.of("this job is for a pull request, and the file of " + EVENT
                    + " does not tell whether it comes from a fork, whose jobs only read caches");
        }
        // A fork that was deleted has no name any more.
        String head = text("pull_request", "head", "repo", "full_name").orElse("that is gone");
        return head.equals(base.get())
                ? Optional.empty()
                : Optional.of("this job is for a pull request from the fork " + head + " into " + base.get()
                        + ", and such a job only reads caches");
    }

    /** The text at the path in the event that began the job; empty where there is none. */
    private Optional<String> text(String... path) {
        Optional<JsonValue> at = event();
        try {
            for (String name : path) {
                at = at.isPresent() && at.get().isObject() ? at.get().get(name) : Optional.empty();
            }
            return at.isPresent() && at.get().isString() && !at.get().asString().isBlank()
                    ? Optional.of(at.get().asString())
                    : Optional.empty();
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    private Optional<JsonValue> event() {
        if (!eventIsRead) {
            event = read(environment.getOrDefault(EVENT, ""));
            eventIsRead = true;
        }
        return event;
    }

    private static Optional<JsonValue> read(String file) {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(EVENT_LIMIT + 1);
            return bytes.length > EVENT_LIMIT ? Optional.empty() : Optional.of(JsonDocument.asGoReads(bytes, file));
        } catch (IOException | InvalidPathException e) {
            // What it would say is not known then, and whoever asks says so.
            return Optional.empty();
        }
    }
}
