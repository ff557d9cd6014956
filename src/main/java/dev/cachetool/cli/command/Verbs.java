package dev.cachetool.cli.command;

import dev.cachetool.cli.options.UsageException;
import dev.cachetool.json.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The verbs by name. Only what is asked for is made, since that is most of what a start costs. */
final class Verbs {
    /** In the order of the help page. */
    static final List<String> NAMES = List.of(
            "run",
            "export",
            "import",
            "plan",
            "copy",
            "merge",
            "prune",
            "cachemap",
            "inspect",
            "ls",
            "diff",
            "explain",
            "verify",
            "extract",
            "store",
            "completion",
            "version");

    private final Supplier<String> version;

    Verbs(Supplier<String> version) {
        this.version = version;
    }

    /** The verb of the name; {@code help} is none, since it answers for the others. */
    Optional<Command> find(String name) {
        return switch (name) {
            case "run" -> Optional.of(new RunCommand());
            case "export" -> Optional.of(new ExportCommand());
            case "import" -> Optional.of(new ImportCommand());
            case "plan" -> Optional.of(new PlanCommand());
            case "copy" -> Optional.of(new CopyCommand());
            case "merge" -> Optional.of(new MergeCommand());
            case "prune" -> Optional.of(new PruneCommand());
            case "cachemap" -> Optional.of(new CacheMapCommand());
            case "inspect" -> Optional.of(new InspectCommand());
            case "ls" -> Optional.of(new LsCommand());
            case "diff" -> Optional.of(new DiffCommand());
            case "explain" -> Optional.of(new ExplainCommand());
            case "verify" -> Optional.of(new VerifyCommand());
            case "extract" -> Optional.of(new ExtractCommand());
            case "store" -> Optional.of(new StoreCommand());
            case "completion" -> Optional.of(new CompletionCommand(this));
            case "version" -> Optional.of(new VersionCommand(version));
            default -> Optional.empty();
        };
    }

    Command require(String name) {
        return find(name).orElseThrow(() -> {
            List<String> known = new ArrayList<>(NAMES);
            known.add("help");
            return new UsageException(
                    "unknown verb \"" + name + "\"",
                    Suggestion.nearest(name, known)
                            .map(near -> "did you mean \"" + near + "\"?")
                            .orElse("known: " + String.join(", ", known)));
        });
    }

    List<Usage> usages() {
        List<Usage> usages = new ArrayList<>();
        for (String name : NAMES) {
            usages.add(require(name).usage());
        }
        return usages;
    }

    /** The environment variables that stand for some verb's flag. */
    Set<String> twins() {
        Set<String> twins = new TreeSet<>();
        for (Usage usage : usages()) {
            for (Flag flag : usage.allFlags()) {
                twins.addAll(flag.twins());
            }
        }
        return twins;
    }
}
