package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.graph.ExecOp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads what verbs have in common: places, the graph, the workspace. */
final class PlaceFlags {
    private PlaceFlags() {}

    /** The sources that the flag names, in order. */
    static List<Place> sources(Arguments arguments, Flag flag) {
        return sources(arguments.values(flag), flag.name());
    }

    /**
     * The sources that the SPECs name, in order.
     *
     * @param what what a SPEC of them is called
     */
    static List<Place> sources(List<String> specs, String what) {
        List<Place> places = new ArrayList<>();
        boolean standardInput = false;
        for (String spec : specs) {
            Place place = PlaceParser.source(spec);
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

    /** The targets that the SPECs name, in order. */
    static List<TargetSpec> targets(List<String> specs) {
        List<TargetSpec> targets = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (String spec : specs) {
            TargetSpec target = PlaceParser.target(spec);
            if (seen.contains(target.place().spec())) {
                throw new UsageException(
                        "the target " + target.place().name() + " stands twice", "leave one of them out");
            }
            seen.add(target.place().spec());
            targets.add(target);
        }
        return targets;
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
