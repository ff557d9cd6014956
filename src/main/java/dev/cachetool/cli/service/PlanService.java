package dev.cachetool.cli.service;

import dev.cachetool.cli.command.Materialize;
import dev.cachetool.cli.command.PlanOptions;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.command.SolveAnswer;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.solver.SolveOptions;
import dev.cachetool.step.Isolations;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells what an import would find, without moving a layer. */
public final class PlanService implements Services.Planner {
    private final Places places;
    private final Map<String, String> environment;

    public PlanService(Places places, Map<String, String> environment) {
        this.places = places;
        this.environment = environment;
    }

    @Override
    public SolveAnswer plan(PlanOptions options, Reporter reporter) throws IOException, InterruptedException {
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
                    .withTargets(options.targets());
            return plan(options, session, store, begin, reporter);
        } finally {
            if (store.isPresent()) {
                store.get().close();
            }
        }
    }

    private SolveAnswer plan(
            PlanOptions options, GraphSession session, Optional<Store> store, long begin, Reporter reporter)
            throws IOException, InterruptedException {
        try (Sources sources = Sources.open(places, options.sources(), options.access(), options.strict(), reporter);
                Forecast forecast = new Forecast(
                        session,
                        sources.all(),
                        store,
                        new SolveOptions(IgnoredCaches.of(session, options.reuse()), false),
                        Optional.empty(),
                        options.strict(),
                        reporter)) {
            forecast.solve(options.materialize() == Materialize.ALL);
            List<VertexRow> rows = forecast.rows();
            List<LayerRow> layers = forecast.layers();
            long bytes = layers.stream().mapToLong(layer -> layer.blob().size()).sum();
            return new SolveAnswer(rows, sources.rows(), layers, bytes, (System.nanoTime() - begin) / 1_000_000);
        }
    }
}
