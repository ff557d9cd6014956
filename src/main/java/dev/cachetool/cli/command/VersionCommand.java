package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code version}. */
final class VersionCommand implements Command {
    private final Supplier<String> version;

    VersionCommand(Supplier<String> version) {
        this.version = version;
    }

    @Override
    public Usage usage() {
        return new Usage("version", "print the version", List.of(), "", "cachetool version", List.of(), List.of());
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", version.get());
        facts.put("java", System.getProperty("java.version", ""));
        facts.put("platform", System.getProperty("os.name", "") + "/" + System.getProperty("os.arch", ""));
        context.answers().write(Answer.of("version").facts(facts), () -> {
            context.console().out().line("cachetool " + facts.get("version"));
            if (context.console().isVerbose()) {
                context.console().out().line("Java " + facts.get("java") + ", " + facts.get("platform"));
            }
        });
        return ExitCode.DONE;
    }
}
