package dev.cachetool.cli.command;

import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.Vertex;
import dev.cachetool.json.Suggestion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code completion}: what shells complete command lines with. */
final class CompletionCommand implements Command {
    private final Verbs verbs;

    CompletionCommand(Verbs verbs) {
        this.verbs = verbs;
    }

    @Override
    public Usage usage() {
        return new Usage(
                "completion",
                "print the script that makes a shell complete command lines",
                List.of(Positional.optional("bash|zsh|fish", Value.word(Completions.Shell.WORDS))),
                "",
                "cachetool completion bash",
                List.of(Flags.VERTICES),
                List.of(
                        new Note(
                                "bash",
                                "eval \"$(cachetool completion bash)\" in ~/.bashrc, or into"
                                        + " ~/.local/share/bash-completion/completions/cachetool"),
                        new Note("zsh", "into a file _cachetool in a folder of $fpath"),
                        new Note("fish", "into ~/.config/fish/completions/cachetool.fish")));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException {
        if (arguments.has(Flags.VERTICES) && arguments.positionals().isEmpty()) {
            names(arguments.value(Flags.VERTICES).orElse(""), context);
            return ExitCode.DONE;
        }
        Completions.Shell shell = shell(arguments);
        String script = Completions.script(verbs, shell);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("shell", shell.word());
        facts.put("script", script);
        context.answers().write(Answer.of("completion").facts(facts), () -> {
            context.console().out().write(script.getBytes(StandardCharsets.UTF_8));
            context.console().out().flush();
        });
        return ExitCode.DONE;
    }

    private static void names(String graph, Context context) throws IOException {
        List<String> names = Definition.load(PlaceParser.path(graph, Flags.VERTICES.name())).vertices().stream()
                .map(Vertex::name)
                .toList();
        Answer answer = Answer.of("completion").section("names", json -> {
            json.beginArray();
            for (String name : names) {
                json.value(name);
            }
            json.endArray();
        });
        context.answers().write(answer, () -> {
            for (String name : names) {
                context.console().out().line(name);
            }
        });
    }

    private static Completions.Shell shell(Arguments arguments) {
        List<String> known = Completions.Shell.WORDS;
        if (arguments.positionals().isEmpty()) {
            throw new UsageException("completion needs the name of a shell", "known: " + String.join(", ", known));
        }
        if (arguments.has(Flags.VERTICES)) {
            throw new UsageException("--vertices prints names and no script", "leave out the shell or --vertices");
        }
        String word = arguments.positionals().get(0);
        if (!known.contains(word)) {
            throw new UsageException(
                    "unknown shell \"" + word + "\"",
                    Suggestion.nearest(word, known)
                            .map(near -> "did you mean \"" + near + "\"?")
                            .orElse("known: " + String.join(", ", known)));
        }
        return Completions.Shell.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
