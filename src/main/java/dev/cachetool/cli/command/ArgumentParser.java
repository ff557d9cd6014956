package dev.cachetool.cli.command;

import dev.cachetool.cli.options.UsageException;
import dev.cachetool.json.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * Reads the command line of one verb with picocli, and completes it from the environment. The model is given to picocli as
 * values: annotations would be read by reflection at every start.
 */
final class ArgumentParser {
    private static final List<String> TRUE = List.of("true", "1", "yes", "on");
    private static final List<String> FALSE = List.of("false", "0", "no", "off", "");

    private final Verbs verbs;
    private final Usage usage;
    private final Map<String, String> environment;

    ArgumentParser(Verbs verbs, Usage usage, Map<String, String> environment) {
        this.verbs = verbs;
        this.usage = usage;
        this.environment = environment;
    }

    /**
     * Reads the arguments behind the verb's name. What the command line says of a flag goes before what the environment
     * says.
     *
     * @throws UsageException if they are not as the usage says
     */
    Arguments parse(List<String> args) {
        ParseResult parsed = parseWithPicocli(args);
        List<String> positionals = new ArrayList<>();
        if (parsed.hasMatchedPositional(0)) {
            positionals.addAll(parsed.matchedPositional(0).stringValues());
        }
        Arguments arguments = new Arguments(positionals);
        for (Flag flag : usage.allFlags()) {
            if (parsed.hasMatchedOption(flag.name())) {
                List<String> values = parsed.matchedOption(flag.name()).stringValues();
                arguments.put(flag, flag.kind() == Flag.Kind.SWITCH ? List.of(last(values)) : values);
            } else {
                fromEnvironment(flag, arguments);
            }
        }
        if (!arguments.isOn(Flags.HELP)) {
            requireCount(positionals);
        }
        return arguments;
    }

    private ParseResult parseWithPicocli(List<String> args) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(null).name(usage.verb());
        for (Flag flag : usage.allFlags()) {
            OptionSpec.Builder option = OptionSpec.builder(flag.names().toArray(new String[0]));
            spec.addOption(
                    switch (flag.kind()) {
                        case SWITCH -> option.type(boolean.class).build();
                        case VALUE -> option.type(String.class).arity("1").build();
                        case VALUES -> option.type(String[].class).arity("1").build();
                    });
        }
        spec.addPositional(PositionalParamSpec.builder()
                .type(String[].class)
                .index("0..*")
                .arity("0..*")
                .build());
        spec.parser().caseInsensitiveEnumValuesAllowed(false).trimQuotes(false);
        CommandLine line = new CommandLine(spec)
                .setExpandAtFiles(false)
                .setInterpolateVariables(false)
                .setOverwrittenOptionsAllowed(false)
                .setUnmatchedOptionsArePositionalParams(false);
        try {
            return line.parseArgs(args.toArray(new String[0]));
        } catch (CommandLine.UnmatchedArgumentException e) {
            throw unmatched(e.getUnmatched());
        } catch (CommandLine.MissingParameterException e) {
            throw missing(e);
        } catch (CommandLine.OverwrittenOptionException e) {
            throw new UsageException(nameOf(e.getOverwritten()) + " stands twice", "leave one of them out");
        } catch (CommandLine.ParameterException e) {
            String name = e.getArgSpec() == null ? "a flag" : nameOf(e.getArgSpec());
            String value = e.getValue() == null ? "" : " with \"" + e.getValue() + "\"";
            throw new UsageException("could not read " + name + value + ": it is true or false", seeHelp());
        }
    }

    private void fromEnvironment(Flag flag, Arguments arguments) {
        List<String> values = new ArrayList<>();
        for (String twin : flag.twins()) {
            String text = environment.get(twin);
            if (text == null) {
                continue;
            }
            switch (flag.kind()) {
                case SWITCH -> values.add(toggle(twin, text));
                case VALUE -> {
                    if (!text.isEmpty()) {
                        values.add(text);
                    }
                }
                case VALUES -> {
                    for (String line : text.split("\\R", -1)) {
                        if (!line.isBlank()) {
                            values.add(line.strip());
                        }
                    }
                }
            }
        }
        if (!values.isEmpty()) {
            arguments.put(flag, flag.kind() == Flag.Kind.SWITCH ? List.of(last(values)) : values);
        }
    }

    private static String toggle(String twin, String text) {
        if (TRUE.contains(text)) {
            return "true";
        }
        if (FALSE.contains(text)) {
            return "false";
        }
        throw new UsageException(
                "the environment variable " + twin + " is neither true nor false: \"" + text + "\"",
                "set it to true or false, or unset it");
    }

    private void requireCount(List<String> positionals) {
        int most = 0;
        for (Positional positional : usage.positionals()) {
            if (positionals.size() < most + positional.least()) {
                throw new UsageException(
                        usage.verb() + " needs " + positional.label(), "write cachetool " + usage.synopsis());
            }
            most = positional.repeats() ? Integer.MAX_VALUE : most + positional.most();
        }
        if (positionals.size() > most) {
            throw new UsageException(
                    "unexpected argument \"" + positionals.get(most) + "\"", "write cachetool " + usage.synopsis());
        }
    }

    private UsageException unmatched(List<String> words) {
        String word = words.isEmpty() ? "" : words.get(0);
        if (!word.startsWith("-")) {
            return new UsageException("unexpected argument \"" + word + "\"", seeHelp());
        }
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        String says = "unknown flag " + name + " of " + usage.verb();
        List<String> users = new ArrayList<>();
        for (Usage other : verbs.usages()) {
            for (Flag flag : other.flags()) {
                if (flag.names().contains(name)) {
                    users.add(other.verb());
                }
            }
        }
        if (!users.isEmpty()) {
            return new UsageException(says, "it is a flag of " + String.join(" and ", users));
        }
        List<String> known = new ArrayList<>();
        for (Flag flag : usage.allFlags()) {
            for (String each : flag.names()) {
                if (each.startsWith("--")) {
                    known.add(each);
                }
            }
        }
        Optional<String> near = name.length() > 2 ? Suggestion.nearest(name, known) : Optional.empty();
        return new UsageException(
                says, near.map(flag -> "did you mean " + flag + "?").orElse(seeHelp()));
    }

    private UsageException missing(CommandLine.MissingParameterException e) {
        for (ArgSpec missing : e.getMissing()) {
            for (Flag flag : usage.allFlags()) {
                if (missing.isOption() && ((OptionSpec) missing).longestName().equals(longest(flag))) {
                    return new UsageException(
                            flag.name() + " needs a value", "write " + flag.name() + " " + flag.label());
                }
            }
        }
        return new UsageException("a flag lacks its value", seeHelp());
    }

    private static String longest(Flag flag) {
        String longest = "";
        for (String name : flag.names()) {
            longest = name.length() > longest.length() ? name : longest;
        }
        return longest;
    }

    private String nameOf(ArgSpec arg) {
        if (arg instanceof OptionSpec option) {
            for (Flag flag : usage.allFlags()) {
                if (flag.names().contains(option.longestName())) {
                    return flag.name();
                }
            }
        }
        return "an argument";
    }

    private String seeHelp() {
        return "see cachetool " + usage.verb() + " --help";
    }

    private static String last(List<String> values) {
        return values.get(values.size() - 1);
    }
}
