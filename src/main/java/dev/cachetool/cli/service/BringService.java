package dev.cachetool.cli.service;

import dev.cachetool.cli.command.BringAnswer;
import dev.cachetool.cli.command.BringOptions;
import dev.cachetool.cli.command.DamagedCacheException;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.content.UnsafeEntryException;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.registry.RegistryException;
import dev.cachetool.remotecache.ChainKeys;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.NormalizedChains;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.CacheKey;
import dev.cachetool.solver.StorageCacheManager;
import dev.cachetool.store.RefResult;
import dev.cachetool.store.RemoteImmutableRef;
import dev.cachetool.store.Store;
import dev.cachetool.store.UnreadableRefException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Brings whole caches into the store. A result is pulled, then saved with the chain below it: what is interrupted goes on
 * where it was, and what was saved is complete.
 */
public final class BringService implements Services.Bringer {
    /** How many results are pulled at once. */
    private static final int PULLS = 4;

    private final Places places;

    public BringService(Places places) {
        this.places = places;
    }

    @Override
    public BringAnswer bring(BringOptions options, Reporter reporter) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (Sources sources = Sources.open(places, options.sources(), options.access(), options.strict(), reporter);
                Store store = Store.open(options.store(), reporter::warn)) {
            Bringing bringing = new Bringing(options, store, reporter);
            for (OpenSource source : sources.all()) {
                bringing.bring(source);
            }
            return bringing.answer(sources, (System.nanoTime() - begin) / 1_000_000);
        }
    }

    /** A result that is wanted, and the key that it has. */
    private record Wanted(CacheKey key, RefResult result, List<Descriptor> layers, boolean fresh) {}

    private static final class Bringing {
        private final BringOptions options;
        private final Store store;
        private final Reporter reporter;
        private final StorageCacheManager manager;
        private final Map<Digest, LayerRow> layers = new LinkedHashMap<>();
        private final Set<String> brought = new HashSet<>();
        private final Set<String> lost = new HashSet<>();
        private long records;
        private long fresh;

        Bringing(BringOptions options, Store store, Reporter reporter) {
            this.options = options;
            this.store = store;
            this.reporter = reporter;
            this.manager = new StorageCacheManager("the store", true, store.keys(), store.results(), store::newId);
        }

        void bring(OpenSource source) throws IOException, InterruptedException {
            NormalizedChains chains = source.chains();
            records += chains.records().size();
            List<Wanted> wanted = new ArrayList<>();
            ExecutorService pulling = Executors.newFixedThreadPool(PULLS, Threads.named("pull"));
            try {
                collect(source, chains, wanted);
                Map<String, Long> missing = new LinkedHashMap<>();
                wanted.stream()
                        .filter(Wanted::fresh)
                        .forEach(one -> missing.put(
                                one.result().id(),
                                one.layers().stream()
                                        .mapToLong(Descriptor::size)
                                        .sum()));
                reporter.phase(
                        "bringing",
                        "result",
                        missing.size(),
                        missing.values().stream().mapToLong(Long::longValue).sum());
                List<Future<?>> pulls = new ArrayList<>();
                for (Wanted one : wanted) {
                    pulls.add(pulling.submit(() -> {
                        one.result().mount();
                        return null;
                    }));
                }
                for (int i = 0; i < wanted.size(); i++) {
                    save(source, wanted.get(i), pulls.get(i));
                }
            } finally {
                pulling.shutdownNow();
                wanted.forEach(one -> one.result().release());
            }
        }

        /** Finds the results whose key can be reached, each with its key. */
        private void collect(OpenSource source, NormalizedChains chains, List<Wanted> wanted) throws IOException {
            ChainKeys keys = ChainKeys.of(chains);
            for (int i = 0; i < chains.records().size(); i++) {
                ChainRecord record = chains.records().get(i);
                Optional<CacheKey> key = keys.of(i);
                if (key.isEmpty()) {
                    continue;
                }
                for (CacheExportResult result : record.results()) {
                    RefResult opened = CacheRefs.open(store, source, result, record);
                    boolean lazy = opened.ref() instanceof RemoteImmutableRef remote && remote.isLazy();
                    wanted.add(new Wanted(key.get(), opened, result.remote().descriptors(), lazy));
                }
            }
        }

        private void save(OpenSource source, Wanted one, Future<?> pull) throws IOException, InterruptedException {
            String id = one.result().id();
            try {
                pull.get();
            } catch (ExecutionException e) {
                if (lost.add(id)) {
                    judge(source, e);
                }
                return;
            }
            manager.save(one.key(), one.result(), one.result().createdAt());
            if (brought.add(id) && one.fresh()) {
                fresh++;
                for (Descriptor layer : one.layers()) {
                    layers.putIfAbsent(
                            layer.digest(), new LayerRow(layer, layer.diffId(), Optional.of(LayerRow.Status.PULLED)));
                    reporter.advanced(layer.size());
                }
                reporter.finished("pulled", one.result().ref().metadata().description(), 0, "");
            }
        }

        /** Goes on without a result where that is no error. */
        private void judge(OpenSource source, ExecutionException e) throws IOException {
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            IOException cause = e.getCause() instanceof UnreadableRefException unreadable
                    ? unreadable.failure()
                    : e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            boolean pulled = cause instanceof RegistryException;
            if (cause instanceof UnsafeEntryException || (options.strict() && GraphRun.isLoss(cause) && !pulled)) {
                throw new DamagedCacheException(source.place().name(), String.valueOf(cause.getMessage()), cause);
            }
            if (options.strict() || !GraphRun.isLoss(cause)) {
                throw cause;
            }
            reporter.warn("could not bring a result from " + source.place().name() + ", going on without it: "
                    + Failures.problem(cause).what());
        }

        BringAnswer answer(Sources sources, long milliseconds) {
            return new BringAnswer(
                    sources.rows(),
                    records,
                    brought.size(),
                    fresh,
                    lost.size(),
                    List.copyOf(layers.values()),
                    milliseconds);
        }
    }
}
