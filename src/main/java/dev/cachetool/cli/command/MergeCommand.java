package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.util.List;

/** {@code merge}: makes one cache of several. */
final class MergeCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "merge",
                "make one cache of several, which has all of their results",
                List.of(Positional.some("SPEC", Value.SOURCE)),
                "--to SPEC…",
                "cachetool merge example.com/app:pr-7 example.com/app:main --to oci:both",
                AccessFlags.copying(Flags.TO, Flags.FIT, Flags.DRY_RUN, Flags.ALLOW_MISSING, Flags.DOTENV),
                Note.texts(
                        "Records that are the same key become one; of several results of it the newest is kept.",
                        "A target may be one of the sources; what else stands there is replaced.",
                        "compression= in a target's SPEC compresses layers anew; else they stay as they are."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        List<Place> sources = PlaceFlags.sources(arguments.positionals(), "SPEC", context);
        for (Place source : sources) {
            if (source instanceof Place.ConfigFile) {
                throw new UsageException(
                        source.name() + " is a bare config: it has no layers to take along",
                        "name the cache that it is of");
            }
        }
        List<TargetSpec> targets = PlaceFlags.targets(arguments.values(Flags.TO), arguments, context);
        if (targets.isEmpty()) {
            throw new UsageException("merge has nowhere to write to", "add --to SPEC");
        }
        for (TargetSpec target : targets) {
            if (target.says("mode")) {
                throw new UsageException(
                        "merge takes every result that the caches have, but the SPEC of "
                                + target.place().name() + " has a mode",
                        "leave out mode=");
            }
        }
        boolean standardOutputIsTaken = PublishText.standardOutputIsTaken(targets, context);
        boolean dryRun = arguments.isOn(Flags.DRY_RUN);
        Access access = AccessFlags.read(arguments, context, sources);
        MergeOptions options = new MergeOptions(
                sources,
                targets,
                access,
                dryRun,
                arguments.isOn(Flags.ALLOW_MISSING),
                Amounts.size(arguments, Flags.FIT),
                AccessFlags.onConflict(arguments));
        context.console().keepItems();

        PublishAnswer answer = context.services().merger().merge(options, context.console());

        if (dryRun) {
            context.console().note("nothing was moved: --dry-run");
        }
        return new PublishText("merge", answer, "the caches have no layer", context).tell(standardOutputIsTaken);
    }
}
