package dev.cachetool.cli.command;

import dev.cachetool.cli.ci.Job;
import dev.cachetool.cli.ci.Report;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.Placeholders;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.ProgressMode;
import dev.cachetool.cli.output.Streams;
import dev.cachetool.json.Suggestion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** One run of {@code cachetool}: from the words of a command line to an exit code. */
public final class Program {
    private static final String TWIN_PREFIX = "CACHETOOL_";

    private final Streams streams;
    private final Map<String, String> environment;
    private final Services services;
    private final Verbs verbs;
    private final InstantSource clock;
    private final Set<String> ownVariables;
    private volatile Console console;
    private volatile boolean silent;

    /**
     * @param streams the standard streams
     * @param environment the environment variables
     * @param ownVariables variables whose names begin with {@code CACHETOOL_} and that are no twin of a flag
     * @param services what answers
     * @param version what {@code version} says
     */
    public Program(
            Streams streams,
            Map<String, String> environment,
            Set<String> ownVariables,
            Services services,
            Supplier<String> version,
            InstantSource clock) {
        this.streams = streams;
        this.environment = Map.copyOf(environment);
        this.ownVariables = Set.copyOf(ownVariables);
        this.services = services;
        this.verbs = new Verbs(version);
        this.clock = clock;
        this.console = new Console(streams, Console.Settings.USUAL, environment, clock);
    }

    /**
     * Runs one command. Throws nothing: whatever goes wrong is told on standard error.
     *
     * @return what the process is to end with
     */
    public ExitCode run(String... args) {
        ExitCode code;
        try {
            code = dispatch(List.of(args));
            console.close();
        } catch (Throwable e) {
            code = failed(e, List.of(args));
        }
        return code;
    }

    /** Prints nothing more of what {@link #run} says, since a signal ends it; from any thread. */
    public void silence() {
        silent = true;
        console.silence();
    }

    /**
     * Tells that a signal ended it; from any thread.
     *
     * @param cleanly whether everything was put back
     */
    public void interrupted(boolean cleanly) {
        console.lastWord(
                cleanly
                        ? "cachetool: interrupted; nothing was half-published"
                        : "cachetool: interrupted; nothing was half-published, but temporary files may be left");
    }

    private ExitCode failed(Throwable e, List<String> args) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        Problem problem = Problems.of(e);
        console.error(problem);
        if (args.contains(Flags.DEBUG.name()) || environment.containsKey(Flag.twin(Flags.DEBUG.name()))) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            console.trace(trace.toString());
        }
        try {
            console.close();
        } catch (IOException onClose) {
            // What could be told was told already.
            return problem.code();
        }
        return problem.code();
    }

    private ExitCode dispatch(List<String> args) throws IOException, InterruptedException {
        int verbAt = 0;
        while (verbAt < args.size()
                && args.get(verbAt).startsWith("-")
                && args.get(verbAt).length() > 1) {
            verbAt += takesNext(args.get(verbAt)) ? 2 : 1;
        }
        List<String> before = args.subList(0, Math.min(verbAt, args.size()));
        if (verbAt >= args.size()) {
            return withoutVerb(before);
        }
        String verb = args.get(verbAt);
        List<String> rest = new ArrayList<>(before);
        rest.addAll(args.subList(verbAt + 1, args.size()));
        if (verb.equals("help")) {
            return help(rest);
        }
        Command command = verbs.require(verb);
        Report report = new Report(environment, Optional.empty(), console);
        try {
            Arguments arguments = new ArgumentParser(verbs, command.usage(), environment).parse(rest);
            if (arguments.isOn(Flags.HELP)) {
                return print(HelpPages.verb(verbs, command.usage()));
            }
            Answers answers = settle(command, arguments);
            report = answers.report();
            warnOfUnknownVariables();
            Job job = new Job(environment, Path.of(""));
            Placeholders placeholders = new Placeholders(job, console::detail);
            return command.run(
                    arguments,
                    new Command.Context(console, services, answers, environment, streams.in(), job, placeholders));
        } catch (IOException | InterruptedException | RuntimeException e) {
            try {
                report.tellFailure(verb);
            } catch (IOException onReport) {
                e.addSuppressed(onReport);
            }
            throw e;
        }
    }

    /** Whether the flag in front of the verb has its value in the next word. */
    private static boolean takesNext(String word) {
        for (Flag flag : Flags.COMMON) {
            if (flag.kind() != Flag.Kind.SWITCH && flag.names().contains(word)) {
                return true;
            }
        }
        return false;
    }

    private ExitCode withoutVerb(List<String> flags) throws IOException {
        for (String flag : flags) {
            if (flag.equals("--help") || flag.equals("-h")) {
                return print(HelpPages.program(verbs));
            }
            if (flag.equals("--version") || flag.equals("-V")) {
                return dispatchVersion();
            }
        }
        String wrong = flags.isEmpty() ? "" : flags.get(0);
        requireCommon(wrong);
        throw new UsageException(
                wrong.isEmpty() ? "a verb is missing" : "a verb is missing behind " + wrong,
                "known: " + String.join(", ", Verbs.NAMES) + ", help");
    }

    /** Refuses a word in front of the verb that is no flag of every verb. */
    private static void requireCommon(String word) {
        if (word.isEmpty()) {
            return;
        }
        String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        List<String> known = new ArrayList<>(List.of("--version"));
        for (Flag flag : Flags.COMMON) {
            if (flag.names().contains(name)) {
                return;
            }
            known.add(flag.name());
        }
        throw new UsageException(
                "unknown flag " + name,
                Suggestion.nearest(name, known)
                        .map(near -> "did you mean " + near + "?")
                        .orElse("see cachetool --help"));
    }

    private ExitCode dispatchVersion() throws IOException {
        try {
            return dispatch(List.of("version"));
        } catch (InterruptedException e) {
            throw new IllegalStateException("printing the version waits for nothing", e);
        }
    }

    private ExitCode help(List<String> words) throws IOException {
        List<String> names = new ArrayList<>();
        for (String word : words) {
            if (!word.startsWith("-")) {
                names.add(word);
            }
        }
        if (names.size() > 1) {
            throw new UsageException("unexpected argument \"" + names.get(1) + "\"", "write cachetool help VERB");
        }
        return print(names.isEmpty() ? HelpPages.program(verbs) : HelpPages.named(verbs, names.get(0)));
    }

    private ExitCode print(List<String> page) throws IOException {
        for (String line : page) {
            console.out().line(line);
        }
        return ExitCode.DONE;
    }

    /** Makes the console that the flags ask for. */
    private Answers settle(Command command, Arguments arguments) {
        boolean quiet = arguments.isOn(Flags.QUIET);
        boolean verbose = arguments.isOn(Flags.VERBOSE);
        if (quiet && verbose) {
            throw new UsageException("--quiet and --verbose say the opposite", "leave one of them out");
        }
        console = new Console(streams, new Console.Settings(progress(arguments), quiet, verbose), environment, clock);
        if (silent) {
            console.silence();
        }
        Flag formats = command.usage().flag(Flags.FORMAT.name());
        String format = arguments.word(formats).orElse(formats.value().words().get(0));
        return new Answers(
                console,
                format,
                file(arguments, Flags.OUTPUT),
                file(arguments, Flags.METADATA_FILE),
                new Report(environment, file(arguments, Flags.DOTENV), console));
    }

    private static Optional<Path> file(Arguments arguments, Flag flag) {
        return arguments.value(flag).map(file -> PlaceParser.path(file, flag.name()));
    }

    private ProgressMode progress(Arguments arguments) {
        Optional<String> word = arguments.word(Flags.PROGRESS);
        // BuildKit's own variable may hold words that cachetool has no use for.
        String chosen = word.orElse(environment.getOrDefault("BUILDKIT_PROGRESS", ""));
        for (ProgressMode mode : ProgressMode.values()) {
            if (mode.word().equals(chosen)) {
                return mode;
            }
        }
        return ProgressMode.AUTO;
    }

    private void warnOfUnknownVariables() {
        List<String> ours = new ArrayList<>();
        for (String name : new TreeMap<>(environment).keySet()) {
            if (name.startsWith(TWIN_PREFIX) && !ownVariables.contains(name) && !AccessFlags.VARIABLES.contains(name)) {
                ours.add(name);
            }
        }
        if (ours.isEmpty()) {
            return;
        }
        Set<String> known = verbs.twins();
        for (String name : ours) {
            if (!known.contains(name)) {
                console.warn("unknown environment variable " + name
                        + Suggestion.nearest(name, known)
                                .map(near -> "\ndid you mean " + near + "?")
                                .orElse(""));
            }
        }
    }
}
