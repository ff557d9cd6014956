package dev.cachetool.cli.service;

import dev.cachetool.cli.command.DiffAnswer;
import dev.cachetool.cli.command.DiffOptions;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.inspect.CacheDiff;
import dev.cachetool.inspect.CacheView;
import java.io.IOException;
import java.util.List;

/** Compares two caches. */
public final class DiffService implements Services.Differ {
    private final Places places;

    public DiffService(Places places) {
        this.places = places;
    }

    @Override
    public DiffAnswer diff(DiffOptions options, Reporter reporter) throws IOException, InterruptedException {
        try (Sources sources =
                Sources.open(places, List.of(options.a(), options.b()), options.access(), true, reporter)) {
            return new DiffAnswer(
                    sources.rows().get(0),
                    sources.rows().get(1),
                    CacheDiff.of(view(sources.all().get(0)), view(sources.all().get(1))));
        }
    }

    private static CacheView view(OpenSource source) {
        return CacheView.of(source.artifact(), source.chains());
    }
}
