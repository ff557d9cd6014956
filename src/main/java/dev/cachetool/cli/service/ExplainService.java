package dev.cachetool.cli.service;

import dev.cachetool.cli.command.ExplainAnswer;
import dev.cachetool.cli.command.ExplainOptions;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.graph.Edge;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.solver.SolveOptions;
import dev.cachetool.step.ImportedResult;
import dev.cachetool.step.Isolations;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells why vertices hit or miss; moves no layer. */
public final class ExplainService implements Services.Explainer {
    private final Places places;
    private final Map<String, String> environment;

    public ExplainService(Places places, Map<String, String> environment) {
        this.places = places;
        this.environment = environment;
    }

    @Override
    public ExplainAnswer explain(ExplainOptions options, Reporter reporter) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Optional<Store> store = StorePlace.find(options.store(), options.strict(), reporter);
        try (SourceOps elsewhere =
                places.sourceOps(options.workspace(), options.access(), store.map(Store::refs), reporter)) {
            GraphSession session = GraphSession.open(
                            options.graph(),
                            options.workspace(),
                            environment,
                            elsewhere,
                            store,
                            workspace -> new Isolations(
                                    workspace, Store.stepFolders(options.store(), workspace), options.isolation()))
                    .withTargets(options.vertices());
            return explain(options, session, store, begin, reporter);
        } finally {
            if (store.isPresent()) {
                store.get().close();
            }
        }
    }

    private ExplainAnswer explain(
            ExplainOptions options, GraphSession session, Optional<Store> store, long begin, Reporter reporter)
            throws IOException, InterruptedException {
        try (Sources sources = Sources.open(places, options.sources(), options.access(), options.strict(), reporter);
                Forecast forecast = new Forecast(
                        session,
                        sources.all(),
                        store,
                        SolveOptions.USUAL,
                        Optional.empty(),
                        options.strict(),
                        reporter)) {
            forecast.solve(false);
            while (dropIncomplete(session, forecast)) {
                forecast.solve(false);
            }
            List<ExplainAnswer.Explained> explained = new ArrayList<>();
            for (Edge edge : session.targets()) {
                explained.add(new ExplainAnswer.Explained(edge, forecast.row(edge.vertex()), forecast.explain(edge)));
            }
            return new ExplainAnswer(explained, sources.rows(), (System.nanoTime() - begin) / 1_000_000);
        }
    }

    /** Drops the hits of the vertices that are asked for, of which a layer is not there, as an import would. */
    private static boolean dropIncomplete(GraphSession session, Forecast forecast) throws IOException {
        boolean dropped = false;
        for (Edge edge : session.targets()) {
            Optional<Forecast.Hit> hit = forecast.hit(edge.vertex());
            if (hit.isPresent()
                    && hit.get().result() instanceof ImportedResult imported
                    && !(forecast.place(hit.get()) instanceof Place.ConfigFile)) {
                for (Descriptor layer : imported.remote().descriptors()) {
                    if (!imported.remote().provider().contains(layer)) {
                        forecast.drop(
                                hit.get(),
                                "layer " + layer.digest().shortText() + " of its result is not in "
                                        + forecast.placeOf(hit.get()));
                        dropped = true;
                        break;
                    }
                }
            }
        }
        return dropped;
    }
}
