package dev.cachetool.cli.service;

import dev.cachetool.cli.command.DamagedCacheException;
import dev.cachetool.cli.command.ExplainAnswer;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.content.BlobSpool;
import dev.cachetool.content.UnsafeEntryException;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.inspect.Explanation;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.ImportedCache;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.CacheManager;
import dev.cachetool.solver.CacheRecord;
import dev.cachetool.solver.CachedResult;
import dev.cachetool.solver.CombinedCacheManager;
import dev.cachetool.solver.InMemoryCacheKeyStorage;
import dev.cachetool.solver.InMemoryCacheResultStorage;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.Result;
import dev.cachetool.solver.SolveException;
import dev.cachetool.solver.SolveListener;
import dev.cachetool.solver.SolveOptions;
import dev.cachetool.solver.Solver;
import dev.cachetool.solver.StorageCacheManager;
import dev.cachetool.step.ImportedResult;
import dev.cachetool.step.PendingResult;
import dev.cachetool.step.VertexOps;
import dev.cachetool.store.RefResult;
import dev.cachetool.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Solves a graph against caches without executing anything: which vertices hit, which miss, which hang on a missing one.
 * Not for several threads.
 */
final class Forecast implements Closeable {
    /** How many of the vertices are named that a hit hangs on. */
    private static final int MOST_NAMED = 3;

    private final GraphSession session;
    private final List<OpenSource> sources;
    private final Reporter reporter;
    private final List<ImportedCache> caches = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();
    private final MissReasons reasons;

    private final Map<Digest, Hit> hits = new ConcurrentHashMap<>();
    private final Map<Digest, SolveListener.Miss> misses = new ConcurrentHashMap<>();
    private final Map<Digest, String> lost = new HashMap<>();
    private final boolean strict;
    private final Optional<Store> store;
    private final Optional<RemainingResults> stored;
    private final SolveOptions how;

    /** A result that was found for a vertex: in a cache that was read, or in the store. */
    record Hit(Vertex vertex, CacheRecord record, Result result) {
        /** The layers that would be moved. */
        List<Descriptor> layers() {
            return result instanceof ImportedResult imported ? imported.remote().descriptors() : List.of();
        }

        /** How long it took once to make it, where that is noted. */
        OptionalLong milliseconds() {
            return result instanceof RefResult ref
                    ? ref.ref().metadata().milliseconds()
                    : result instanceof ImportedResult imported ? imported.milliseconds() : OptionalLong.empty();
        }

        /** The size of its layers, or what it takes of the store. */
        long bytes() throws IOException {
            if (result instanceof RefResult ref) {
                return ref.ref().size();
            }
            return layers().stream().mapToLong(Descriptor::size).sum();
        }
    }

    /**
     * @param store looked into as well, where there is one
     * @param how what of the caches counts
     * @param spool keeps what is read of layers where a content key wants them; empty where none may be read
     * @param strict whether a layer that cannot be read ends it all
     */
    Forecast(
            GraphSession session,
            List<OpenSource> sources,
            Optional<Store> store,
            SolveOptions how,
            Optional<BlobSpool> spool,
            boolean strict,
            Reporter reporter) {
        this.strict = strict;
        this.store = store;
        this.stored = store.map(of -> new RemainingResults(of.results()));
        this.how = how;
        this.session = session;
        this.sources = sources;
        this.reporter = reporter;
        this.reasons = new MissReasons(
                session,
                sources,
                store.isPresent(),
                how.ignoreCache(),
                new PartsFile(session.definition().workspace()));
        for (OpenSource source : sources) {
            Notes notes = source.artifact().notes();
            caches.add(new ImportedCache(source.chains(), (id, result, record) -> {
                Optional<Notes.ResultNotes> noted = notes.record(record.identity())
                        .flatMap(of -> of.result(result.remote().descriptors()));
                return new ImportedResult(
                        id,
                        result.createdAt(),
                        spool.isEmpty()
                                ? result.remote()
                                : new Remote(
                                        result.remote().descriptors(),
                                        spool.get().over(result.remote().provider())),
                        noted.<Map<String, Digest>>map(Notes.ResultNotes::content)
                                .orElse(Map.of()),
                        noted.map(Notes.ResultNotes::milliseconds).orElse(OptionalLong.empty()),
                        spool.isPresent(),
                        cause -> damaged(source.place(), id, cause));
            }));
        }
    }

    /** A layer that leads out of its target, or any where all is strict, is not passed over. */
    private void damaged(Place place, String resultId, IOException cause) throws IOException {
        if (strict || cause instanceof UnsafeEntryException) {
            throw new DamagedCacheException(place.name(), String.valueOf(cause.getMessage()), cause);
        }
        for (ImportedCache cache : caches) {
            cache.drop(resultId);
        }
        reporter.warn(
                "could not read a layer in " + place.name() + ", going on without that result: " + cause.getMessage());
    }

    /** Does not find this result any more; unless there is another one, its vertex misses for the reason. */
    void drop(Hit hit, String reason) {
        for (ImportedCache cache : caches) {
            cache.drop(hit.record().id());
        }
        stored.ifPresent(results -> results.drop(hit.record().id()));
        lost.put(hit.vertex().digest(), reason);
    }

    /** The cache of the first source. */
    ImportedCache firstCache() {
        return caches.get(0);
    }

    /** Why no cache has the vertex; empty where one has, or nobody needs it. */
    Optional<SolveListener.Miss> miss(Vertex vertex) {
        return Optional.ofNullable(misses.get(vertex.digest()));
    }

    /**
     * Solves the targets, and every other vertex too where all are wanted.
     *
     * @throws IOException if a cache map cannot be computed
     */
    void solve(boolean all) throws IOException, InterruptedException {
        solve(all ? session.allEdges() : List.of());
    }

    /**
     * Solves the targets, and other edges too.
     *
     * @throws IOException if a cache map cannot be computed
     */
    void solve(List<Edge> more) throws IOException, InterruptedException {
        close();
        misses.clear();
        AtomicLong ids = new AtomicLong();
        StorageCacheManager local = new StorageCacheManager(
                "this run",
                true,
                new InMemoryCacheKeyStorage(),
                new InMemoryCacheResultStorage(result -> List.of()),
                () -> "run:" + ids.incrementAndGet());
        List<CacheManager> remote = new ArrayList<>();
        for (int i = 0; i < caches.size(); i++) {
            String name = "source " + i;
            places.put(name, sources.get(i).place());
            remote.add(caches.get(i).manager(name));
        }
        if (store.isPresent()) {
            Place.LocalStore place = new Place.LocalStore(store.get().folder());
            places.put(place.name(), place);
            remote.add(new StorageCacheManager(
                    place.name(), true, store.get().keys(), stored.orElseThrow(), store.get()::newId));
        }
        CacheManager cache = new CombinedCacheManager(local, remote);
        VertexOps ops = new VertexOps(
                session.definition(),
                session.cacheMaps(),
                session.localFiles(),
                (vertex, outputIndex, inputs) -> new PendingResult(vertex, outputIndex));
        ExecutorService workers = Executors.newFixedThreadPool(GraphSession.THREADS, Threads.named("solve"));
        SolveListener listener = new SolveListener() {
            @Override
            public void loaded(Edge edge, CacheRecord record, Result result) {
                if (result instanceof ImportedResult || result instanceof RefResult) {
                    hits.computeIfAbsent(
                            edge.vertex().digest(),
                            unused -> new Hit(
                                    edge.vertex(), record, result instanceof RefResult ref ? ref.again() : result));
                }
            }

            @Override
            public void loadFailed(Edge edge, CacheRecord record, Exception cause) {
                reporter.warn("could not load a result for \"" + edge.vertex().name() + "\", going on without it: "
                        + cause.getMessage());
            }

            @Override
            public void missed(Edge edge, SolveListener.Miss miss) {
                misses.putIfAbsent(edge.vertex().digest(), miss);
            }
        };
        try (Solver solver = new Solver(ops::of, vertex -> cache, how, workers, listener)) {
            for (Edge target : session.targets()) {
                build(solver, target);
            }
            Map<Digest, SolveListener.Miss> needed = new LinkedHashMap<>(misses);
            for (Edge edge : more) {
                if (!(edge.vertex().op() instanceof LocalOp)) {
                    build(solver, edge);
                }
            }
            // What was only looked at for more hits, and has none, nobody needs.
            misses.keySet().retainAll(needed.keySet());
        } finally {
            workers.shutdownNow();
        }
    }

    private static void build(Solver solver, Edge edge) throws IOException, InterruptedException {
        try {
            CachedResult result = solver.build(edge);
            result.release();
        } catch (SolveException e) {
            throw Failures.unwrapped(e);
        }
    }

    /** What was found for the vertex. */
    Optional<Hit> hit(Vertex vertex) {
        return Optional.ofNullable(hits.get(vertex.digest()));
    }

    /** What people call the place that the hit comes from. */
    String placeOf(Hit hit) {
        String manager = hit.record().manager().name();
        Place place = places.get(manager);
        return place == null ? manager : place.name();
    }

    /** The place that the hit comes from. */
    Place place(Hit hit) {
        return Objects.requireNonNull(places.get(hit.record().manager().name()));
    }

    /** How an output stands to each cache that was read, the nearest first, and to the last run here. */
    List<ExplainAnswer.InCache> explain(Edge edge) throws IOException {
        List<ExplainAnswer.InCache> caches = new ArrayList<>();
        List<Explanation> explanations = reasons.explain(edge);
        for (int i = 0; i < explanations.size(); i++) {
            caches.add(new ExplainAnswer.InCache(
                    Optional.of(sources.get(i).place()),
                    !sources.get(i).artifact().notes().records().isEmpty(),
                    explanations.get(i)));
        }
        caches.sort((one, other) -> one.explanation().isNearerThan(other.explanation())
                ? -1
                : other.explanation().isNearerThan(one.explanation()) ? 1 : 0);
        reasons.explainByLastRun(edge)
                .ifPresent(last -> caches.add(new ExplainAnswer.InCache(Optional.empty(), true, last)));
        return caches;
    }

    /** Whether the vertex has to be executed. */
    boolean missed(Vertex vertex) {
        return misses.containsKey(vertex.digest());
    }

    /** The rows of all vertices, in the graph's order. */
    List<VertexRow> rows() throws IOException {
        List<VertexRow> rows = new ArrayList<>(session.definition().size());
        for (Vertex vertex : session.definition().vertices()) {
            rows.add(row(vertex));
        }
        return rows;
    }

    /** The row of a vertex. */
    VertexRow row(Vertex vertex) throws IOException {
        String op = vertex.op().kind();
        Hit hit = hits.get(vertex.digest());
        if (vertex.op() instanceof LocalOp) {
            return VertexRow.of(vertex.name(), op, Status.SOURCE).withVertex(vertex.digest());
        }
        if (hit != null) {
            Timestamp createdAt = hit.record().createdAt();
            return VertexRow.of(vertex.name(), op, Status.HIT)
                    .withVertex(vertex.digest())
                    .withResult(
                            Optional.ofNullable(
                                    places.get(hit.record().manager().name())),
                            hit.bytes(),
                            hit.layers().size(),
                            createdAt.equals(Timestamp.ZERO) ? Optional.empty() : Optional.of(createdAt))
                    .withSaved(hit.milliseconds());
        }
        String loss = lost.get(vertex.digest());
        if (loss != null) {
            return VertexRow.of(vertex.name(), op, Status.MISS)
                    .withVertex(vertex.digest())
                    .withReason(loss);
        }
        SolveListener.Miss miss = misses.get(vertex.digest());
        if (miss == null) {
            return VertexRow.of(vertex.name(), op, Status.UNNEEDED).withVertex(vertex.digest());
        }
        boolean known = reasons.isKnown(vertex);
        if (!miss.open().isEmpty()
                && miss.unmatched().isEmpty()
                && known
                && !vertex.options().ignoreCache()) {
            return VertexRow.of(vertex.name(), op, Status.MAYBE)
                    .withVertex(vertex.digest())
                    .withReason("a hit if " + makeTheSame(vertex, miss.open()));
        }
        return VertexRow.of(vertex.name(), op, Status.MISS)
                .withVertex(vertex.digest())
                .withReason(reasons.of(new Edge(vertex, 0), miss));
    }

    /** What has to be for a vertex to hit, of whose inputs at these places the content is not known yet. */
    private String makeTheSame(Vertex vertex, List<Integer> inputs) {
        List<Vertex> open = inputs.stream()
                .map(input -> vertex.inputs().get(input).edge().vertex())
                .toList();
        List<Vertex> missing =
                open.stream().filter(each -> !hits.containsKey(each.digest())).toList();
        List<String> names = (missing.isEmpty() ? open : missing)
                .stream().map(Vertex::name).distinct().toList();
        if (names.size() == 1) {
            return names.get(0) + " makes what it made before";
        }
        int named = names.size() <= MOST_NAMED ? names.size() - 1 : MOST_NAMED - 1;
        String last = names.size() <= MOST_NAMED ? names.get(named) : Figures.count(names.size() - named) + " more";
        return String.join(", ", names.subList(0, named)) + " and " + last + " make what they made before";
    }

    /** The layers of all hits, each once. */
    List<LayerRow> layers() {
        Map<Digest, LayerRow> layers = new LinkedHashMap<>();
        for (Vertex vertex : session.definition().vertices()) {
            Hit hit = hits.get(vertex.digest());
            if (hit != null) {
                for (Descriptor layer : hit.layers()) {
                    layers.putIfAbsent(layer.digest(), LayerRow.of(layer));
                }
            }
        }
        return List.copyOf(layers.values());
    }

    /** Lets go of what was found. */
    @Override
    public void close() {
        hits.values().forEach(hit -> hit.result().release());
        hits.clear();
    }
}
