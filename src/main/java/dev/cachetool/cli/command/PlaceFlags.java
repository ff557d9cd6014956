package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.Placeholders;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.graph.ExecOp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what verbs have in common: places, the graph, the workspace. */
final class PlaceFlags {
    private PlaceFlags() {}

    /** The source that the SPEC names. */
    static Place source(String spec, Command.Context context) {
        return PlaceParser.source(spec, context.placeholders());
    }

    /** The sources that the flag names, in order. */
    static List<Place> sources(Arguments arguments, Flag flag, Command.Context context) {
        return sources(arguments.values(flag), flag.name(), context);
    }

    /**
     * The sources that the SPECs name, in order. Where two placeholders stand for the same branch, a place is one source.
     *
     * @param what what a SPEC of them is called
     */
    static List<Place> sources(List<String> specs, String what, Command.Context context) {
        List<Place> places = new ArrayList<>();
        boolean standardInput = false;
        for (String spec : specs) {
            Place place = source(spec, context);
            if (Placeholders.isIn(spec) && places.contains(place)) {
                continue;
            }
            if (place instanceof Place.Stream) {
                if (standardInput) {
                    throw new UsageException("standard input can be read only once", "name it in one " + what);
                }
                standardInput = true;
            }
            places.add(place);
        }
        return places;
    }

    /**
     * The targets that the SPECs name, in order. A job for a pull request from a fork may write to none but standard output,
     * unless {@code --allow-fork-writes} says so.
     */
    static List<TargetSpec> targets(List<String> specs, Arguments arguments, Command.Context context) {
        Optional<String> fork = specs.isEmpty() ? Optional.empty() : withheld(arguments, context);
        List<TargetSpec> targets = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (String spec : specs) {
            TargetSpec target = PlaceParser.target(spec, context.placeholders());
            if (seen.contains(target.place().spec())) {
                if (Placeholders.isIn(spec)) {
                    continue;
                }
                throw new UsageException(
                        "the target " + target.place().name() + " stands twice", "leave one of them out");
            }
            seen.add(target.place().spec());
            boolean withheld = fork.isPresent() && !(target.place() instanceof Place.Stream);
            targets.add(withheld ? target.withheldBecause(fork.get()) : target);
        }
        return targets;
    }

    /** Why this command may write no cache, as half a sentence; empty where it may. */
    static Optional<String> withheld(Arguments arguments, Command.Context context) {
        return arguments.isOn(Flags.ALLOW_FORK_WRITES)
                ? Optional.empty()
                : context.job().fork();
    }

    /** The graph's file, which is the first argument. */
    static Path graph(Arguments arguments) {
        return PlaceParser.path(arguments.positionals().get(0), "GRAPH");
    }

    /** The names of vertices behind the graph. */
    static List<String> targetNames(Arguments arguments) {
        return arguments.positionals().subList(1, arguments.positionals().size());
    }

    /** The workspace: what {@code --workspace} says, or else the graph's folder. */
    static Path workspace(Arguments arguments, Path graph) {
        if (arguments.has(Flags.WORKSPACE)) {
            return PlaceParser.path(arguments.value(Flags.WORKSPACE).orElse(""), "--workspace");
        }
        Path parent = graph.toAbsolutePath().getParent();
        return parent == null ? graph.toAbsolutePath() : parent;
    }

    /** What {@code --materialize} says. */
    static Materialize materialize(Arguments arguments, Flag flag, Materialize otherwise) {
        return arguments
                .word(flag)
                .map(word -> Materialize.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(otherwise);
    }

    /** What {@code --isolation} says. */
    static ExecOp.Isolation isolation(Arguments arguments) {
        return arguments
                .word(Flags.ISOLATION)
                .map(word -> ExecOp.Isolation.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(ExecOp.Isolation.AUTO);
    }
}
