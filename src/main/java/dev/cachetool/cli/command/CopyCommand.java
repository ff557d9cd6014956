package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.Compression;
import dev.cachetool.remotecache.CacheContents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code copy}: brings a cache from one place to others. */
final class CopyCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "copy",
                "copy a cache from one place to others, in any form",
                List.of(Positional.one("SPEC", Value.SOURCE), Positional.any("SPEC", Value.TARGET)),
                "",
                "cachetool copy registry.example.com/team/app:cache oci-archive:cache.tar",
                AccessFlags.copying(Flags.COPY_TO, Flags.FORM, Flags.REPAIR, Flags.DRY_RUN, Flags.DOTENV),
                Note.texts(
                        "The first SPEC is read, the others are written; each layer is read once.",
                        "Nothing is changed that is not asked for: the digest stays the same.",
                        "compression= in a target's SPEC compresses its layers anew."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        List<String> specs = arguments.positionals();
        Place source = PlaceFlags.source(specs.get(0), context);
        if (source instanceof Place.ConfigFile) {
            throw new UsageException(
                    source.name() + " is a bare config: it has no layers to copy", "name the cache that it is of");
        }
        List<String> wanted = new ArrayList<>(specs.subList(1, specs.size()));
        wanted.addAll(arguments.values(Flags.COPY_TO));
        if (wanted.isEmpty()) {
            throw new UsageException("copy has nowhere to copy to", "add the SPEC of a target");
        }
        Optional<CacheContents.Form> form = form(arguments);
        List<CopyOptions.To> targets = new ArrayList<>();
        for (TargetSpec target : PlaceFlags.targets(wanted, arguments, context)) {
            targets.add(to(target, form));
        }
        boolean standardOutputIsTaken = PublishText.standardOutputIsTaken(
                targets.stream().map(CopyOptions.To::target).toList(), context);
        boolean dryRun = arguments.isOn(Flags.DRY_RUN);
        Access access = AccessFlags.read(arguments, context, List.of(source));
        CopyOptions options = new CopyOptions(
                source, targets, access, dryRun, arguments.isOn(Flags.REPAIR), AccessFlags.onConflict(arguments));
        context.console().keepItems();

        PublishAnswer answer = context.services().copier().copy(options, context.console());

        if (dryRun) {
            context.console().note("nothing was moved: --dry-run");
        }
        return new PublishText("copy", answer, "the cache has no layer", context).tell(standardOutputIsTaken);
    }

    private static Optional<CacheContents.Form> form(Arguments arguments) {
        return arguments.word(Flags.FORM).map(word -> switch (word) {
            case "image-manifest" -> CacheContents.Form.IMAGE_MANIFEST;
            case "index" -> CacheContents.Form.INDEX;
            default -> CacheContents.Form.DOCKER;
        });
    }

    /** What the SPEC says goes before what the flag says. */
    private static CopyOptions.To to(TargetSpec target, Optional<CacheContents.Form> flag) {
        Optional<CacheContents.Form> form = flag;
        if (target.says("image-manifest") || target.says("oci-mediatypes")) {
            form = Optional.of(
                    target.imageManifest()
                            ? CacheContents.Form.IMAGE_MANIFEST
                            : target.ociMediaTypes() ? CacheContents.Form.INDEX : CacheContents.Form.DOCKER);
        }
        if (target.says("mode")) {
            throw new UsageException(
                    "copy takes every result that the cache has, but the SPEC of "
                            + target.place().name() + " has a mode",
                    "leave out mode=");
        }
        Optional<Compression> compression =
                target.says("compression") ? Optional.of(target.compression().kind()) : Optional.empty();
        return new CopyOptions.To(
                target, form, compression, target.compression().level());
    }
}
