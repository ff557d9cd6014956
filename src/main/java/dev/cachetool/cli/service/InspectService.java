package dev.cachetool.cli.service;

import dev.cachetool.cli.command.InspectAnswer;
import dev.cachetool.cli.command.InspectOptions;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.SharedLayers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Looks into a cache. */
public final class InspectService implements Services.Inspector {
    private final Places places;

    public InspectService(Places places) {
        this.places = places;
    }

    @Override
    public InspectAnswer inspect(InspectOptions options, Reporter reporter) throws IOException, InterruptedException {
        List<Place> wanted = new ArrayList<>();
        wanted.add(options.place());
        wanted.addAll(options.sharedWith());
        try (Sources sources = Sources.open(places, wanted, options.access(), true, reporter)) {
            CacheView cache = view(sources, 0);
            List<InspectAnswer.Other> others = new ArrayList<>();
            for (int i = 1; i < wanted.size(); i++) {
                SharedLayers shared = SharedLayers.of(cache, view(sources, i));
                others.add(new InspectAnswer.Other(sources.rows().get(i), shared));
            }
            return new InspectAnswer(sources.rows().get(0), cache, others);
        }
    }

    private static CacheView view(Sources sources, int index) {
        OpenSource source = sources.all().get(index);
        return CacheView.of(source.artifact(), source.chains());
    }
}
