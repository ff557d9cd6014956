package dev.cachetool.cli.service;

import dev.cachetool.cli.command.InspectAnswer;
import dev.cachetool.cli.command.InspectOptions;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.inspect.CacheView;
import java.io.IOException;

/** Looks into a cache. */
public final class InspectService implements Services.Inspector {
    private final Places places;

    public InspectService(Places places) {
        this.places = places;
    }

    @Override
    public InspectAnswer inspect(InspectOptions options, Reporter reporter) throws IOException {
        try (Registries registries = places.registries(options.access());
                OpenSource source = Sources.read(places, registries, options.place(), reporter)) {
            return new InspectAnswer(
                    SourceRow.read(source.place(), source.artifact()),
                    CacheView.of(source.artifact(), source.chains()));
        }
    }
}
