package dev.cachetool.solver;

import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.solver.EdgeInput.Fact;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An edge on its way from initial to complete. At each of its turns it takes in what happened to its inputs and tasks,
 * answers those who asked, and asks for what it needs next: no input is brought further than the wanted status needs,
 * inputs whose definition leads nowhere first.
 */
final class ActiveEdge {
    private static final int MANY_INPUTS = 64;

    final Edge edge;
    final ActiveVertex vertex;

    // The state that others see.
    EdgeStatus status = EdgeStatus.INITIAL;
    final List<ExportableCacheKey> keys = new ArrayList<>(1);

    @Nullable
    CachedResult result;

    final Askers askers = new Askers(this);

    // What the scheduler keeps here. Like all that is only needed until the edge is complete, nothing is made before it
    // is
    // needed: of a deep graph, most edges wait for their inputs at the same time.
    private List<Request> updatedRequests = List.of();
    private List<Task> endedTasks = List.of();
    private Set<Task> runningTasks = Set.of();
    int activeOutgoing;
    boolean queued;
    boolean keysDidChange;

    /** A key of an input of an edge that was merged into this one. */
    record AdoptedLink(int inputIndex, CacheKeyWithSelector key) {}

    private final List<AdoptedLink> adoptedLinks = new ArrayList<>(0);
    private @Nullable ActiveEdge mergedInto;
    private final SolveListener listener;

    private Map<Request, EdgeInput> requests = Map.of();
    private Map<Task, EdgeInput> contentTasks = Map.of();
    private EdgeInputs deps = EdgeInputs.NONE;
    private boolean depsMade;

    private @Nullable Task cacheMapTask;
    private @Nullable CacheMap cacheMap;
    private @Nullable Digest recordDigest;
    private boolean cacheMapDone;
    private int cacheMapIndex;
    private List<Digest> cacheMapDigests = List.of();
    private @Nullable Task execTask;
    private boolean execLoads;
    private @Nullable CacheRecord loading;
    private @Nullable Exception failure;
    private @Nullable Exception inputFailure;
    private boolean failureNoted;
    private Map<String, CacheRecord> records = Map.of();
    private Set<String> recordsTried = Set.of();
    private Set<String> keyIds = Set.of();
    private boolean noCacheMatchPossible;
    private boolean keysChangeNoted;
    private boolean depKeysChanged;
    private boolean candidatesPutOff;
    private @Nullable InputDemand lastDemand;

    ActiveEdge(Edge edge, ActiveVertex vertex, SolveListener listener) {
        this.edge = edge;
        this.vertex = vertex;
        this.listener = listener;
    }

    /** The edge that does this one's work: itself, or the one that it was merged into, or that one was. */
    ActiveEdge mergedInto() {
        ActiveEdge at = this;
        while (at.mergedInto != null) {
            at = at.mergedInto;
        }
        ActiveEdge end = at;
        for (at = this; at.mergedInto != null; ) {
            ActiveEdge next = at.mergedInto;
            at.mergedInto = end;
            at = next;
        }
        return end;
    }

    private boolean any(Fact fact) {
        return deps.any(fact);
    }

    /** Takes a change of an input into the counts. */
    private void recount(EdgeInput dep) {
        deps.recount(dep, dep.facts(cacheMap != null, contentFunction(dep) != null));
    }

    private @Nullable ContentFunction contentFunction(EdgeInput dep) {
        return cacheMap == null
                ? null
                : cacheMap.deps().get(dep.inputIndex).contentFunction().orElse(null);
    }

    private Optional<Digest> selector(int inputIndex) {
        return cacheMap == null
                ? Optional.empty()
                : cacheMap.deps().get(inputIndex).selector();
    }

    /** Whether this edge's vertex has the other's among what it stands on, or is the same. */
    boolean dependsOn(ActiveEdge other) {
        if (vertex == other.vertex) {
            return true;
        }
        Set<ActiveVertex> seen = new HashSet<>();
        Deque<ActiveVertex> open = new ArrayDeque<>(List.of(vertex));
        while (!open.isEmpty()) {
            ActiveVertex at = open.pop();
            for (int i = 0; i < at.inputCount(); i++) {
                ActiveVertex below = at.input(i);
                ActiveVertex solved = at.inputEdge(i).vertex;
                if (below == other.vertex || solved == other.vertex) {
                    return true;
                }
                if (below.depth > other.vertex.depth && seen.add(below)) {
                    open.push(below);
                }
                if (solved.depth > other.vertex.depth && seen.add(solved)) {
                    open.push(solved);
                }
            }
        }
        return false;
    }

    /**
     * Hands over to an edge with the same key: who asked for this one asks for that one from now on; what this one asked
     * for is cancelled. Gives back the tasks that still run, which then belong to the other.
     */
    List<Task> mergeInto(ActiveEdge target, Scheduler scheduler) {
        mergedInto = target;
        askers.moveTo(target);
        for (Request request : requests.keySet()) {
            if (!request.completed) {
                request.from = target;
                target.activeOutgoing++;
                scheduler.cancel(request);
            }
        }
        requests = Map.of();
        List<Task> tasks = List.copyOf(runningTasks);
        runningTasks = Set.of();
        endedTasks.forEach(Scheduler::release);
        endedTasks = List.of();
        activeOutgoing = 0;
        target.adoptLinksOf(this);
        return tasks;
    }

    /** Takes over the keys of the inputs of an edge that was merged into this one, for exports. */
    void adoptLinksOf(ActiveEdge source) {
        adoptedLinks.addAll(source.adoptedLinks);
        for (EdgeInput dep : source.deps) {
            for (ExportableCacheKey key : dep.keys()) {
                adoptedLinks.add(new AdoptedLink(
                        dep.inputIndex, new CacheKeyWithSelector(key, source.selector(dep.inputIndex))));
            }
            if (dep.contentKey != null) {
                adoptedLinks.add(
                        new AdoptedLink(dep.inputIndex, new CacheKeyWithSelector(dep.contentKey, Optional.empty())));
            }
            if (dep.result != null) {
                for (ExportableCacheKey key : dep.result.keys()) {
                    adoptedLinks.add(new AdoptedLink(
                            dep.inputIndex, new CacheKeyWithSelector(key, source.selector(dep.inputIndex))));
                }
            }
        }
    }

    /** The key that this edge has by what is known of its inputs now; null while an input has none. */
    @Nullable
    CacheKey currentKey() {
        CacheMap map = cacheMap;
        if (map == null) {
            return null;
        }
        List<List<CacheKeyWithSelector>> inputs = new ArrayList<>(deps.size());
        for (EdgeInput dep : deps) {
            if (dep.keyCount() == 0 && dep.result == null) {
                return null;
            }
            Set<CacheKeyWithSelector> alternatives = Set.of();
            for (ExportableCacheKey key : dep.keys()) {
                alternatives = Small.with(alternatives, new CacheKeyWithSelector(key, selector(dep.inputIndex)));
            }
            for (CacheKeyWithSelector key : resultKeys(dep)) {
                alternatives = Small.with(alternatives, key);
            }
            if (alternatives.isEmpty()) {
                return null;
            }
            inputs.add(List.copyOf(alternatives));
        }
        return key(map, inputs);
    }

    private CacheKey key(CacheMap map, List<? extends List<CacheKeyWithSelector>> inputs) {
        return CacheKey.of(map.digest(), edge.outputIndex(), Objects.requireNonNull(recordDigest), inputs);
    }

    /** The keys of an input whose result is there: those of the result, and the content key. */
    private List<CacheKeyWithSelector> resultKeys(EdgeInput dep) {
        List<CacheKeyWithSelector> out = new ArrayList<>(2);
        if (dep.result != null) {
            for (ExportableCacheKey key : dep.result.keys()) {
                out.add(new CacheKeyWithSelector(key, selector(dep.inputIndex)));
            }
        }
        if (dep.contentKey != null) {
            out.add(new CacheKeyWithSelector(dep.contentKey, Optional.empty()));
        }
        return out;
    }

    @Nullable
    Exception failure() {
        return failure;
    }

    boolean isComplete() {
        return failure != null || result != null;
    }

    private void fail(Exception cause) {
        if (failure == null) {
            failure = cause instanceof SolveException ? cause : new SolveException(vertex.vertex, cause);
        }
    }

    /** One turn. */
    void unpark(Scheduler scheduler) throws InterruptedException {
        if (mergedInto != null) {
            return;
        }
        takeIn();
        if (failure != null && !failureNoted) {
            failureNoted = true;
            scheduler.noteFailure();
        }
        EdgeStatus desired = askers.desired();
        if (!respond(scheduler)) {
            return;
        }
        if (inputFailure != null && execTask == null) {
            askRest(inputFailure, scheduler);
            return;
        }
        boolean asked = false;
        if (cacheMapTask == null && (cacheMap == null || records.isEmpty())) {
            int index = cacheMapIndex;
            Once<Op.CacheMapAnswer> once = vertex.cacheMapOnce(index);
            cacheMapTask =
                    scheduler.start(this, vertex.op.blocking(), canceled -> vertex.cacheMap(once, index, canceled));
            asked = true;
        }
        if (execTask == null && desired == EdgeStatus.COMPLETE && execIfPossible(scheduler)) {
            return;
        }
        if (execTask == null) {
            makeDeps();
            if (!askInputs(desired, scheduler, false) && activeOutgoing == 0 && !asked) {
                // Nothing is under way and nothing was asked for: bring every input to its end.
                if (!askInputs(desired, scheduler, true)) {
                    fail(new IllegalStateException(
                            "the solver is stuck at \"" + edge.vertex().name() + "\""));
                    scheduler.signal(this);
                }
            }
        }
    }

    private void takeIn() {
        boolean changed = false;
        if (!endedTasks.isEmpty()) {
            List<Task> tasks = endedTasks;
            endedTasks = List.of();
            for (Task task : tasks) {
                runningTasks = Small.without(runningTasks, task);
                changed |= takeTask(task);
            }
        }
        if (!updatedRequests.isEmpty()) {
            List<Request> updated = updatedRequests;
            updatedRequests = List.of();
            for (Request request : updated) {
                request.dirty = false;
                EdgeInput dep = requests.get(request);
                if (request.completed) {
                    requests = Small.without(requests, request);
                }
                if (dep != null) {
                    changed |= takeInput(dep, request);
                }
            }
        }
        if (changed || candidatesPutOff) {
            recompute();
        }
    }

    private boolean takeTask(Task task) {
        if (task == cacheMapTask) {
            takeCacheMap(task);
            return true;
        }
        if (task == execTask) {
            takeResult(task);
            return true;
        }
        EdgeInput dep = contentTasks.get(task);
        if (dep != null) {
            contentTasks = Small.without(contentTasks, task);
            takeContent(dep, task);
            return true;
        }
        // Of an edge that was merged into this one.
        Scheduler.release(task);
        return false;
    }

    /** Of a task that gave no value, notes why; cancelled ones are started again when they are wanted again. */
    private void noteFailure(Task task) {
        if (!task.wasCanceled()) {
            Throwable cause = task.failure();
            fail(cause instanceof Exception e ? e : new IllegalStateException("the call gave nothing", cause));
        }
    }

    private void takeCacheMap(Task task) {
        if (!(task.value() instanceof Op.CacheMapAnswer answer)) {
            cacheMapTask = null;
            noteFailure(task);
            return;
        }
        CacheMap map = answer.cacheMap();
        if (map.deps().size() != vertex.inputCount()) {
            fail(new IllegalStateException(
                    "the cache map has " + map.deps().size() + " inputs, the vertex " + vertex.inputCount()));
            return;
        }
        if (!answer.last() && vertex.inputCount() > 0) {
            fail(new IllegalStateException("only a vertex without inputs may have several cache maps"));
            return;
        }
        cacheMap = map;
        recordDigest = OutputKeys.of(map.digest(), edge.outputIndex());
        cacheMapDone = answer.last();
        cacheMapIndex++;
        makeDeps();
        if (deps.isEmpty()) {
            List<Digest> digests = new ArrayList<>(cacheMapDigests);
            digests.add(map.digest());
            cacheMapDigests = List.copyOf(digests);
            if (!vertex.ignoreCache()) {
                vertex.cache.queryRoot(map.digest(), edge.outputIndex()).ifPresent(this::addKey);
            }
            status = EdgeStatus.CACHE_SLOW;
        }
        for (EdgeInput dep : deps) {
            recount(dep);
        }
        if (!any(Fact.LACKS_KEYS)) {
            noteKeysChanged();
        }
        for (EdgeInput dep : deps) {
            probe(dep, withSelector(dep.keys(), selector(dep.inputIndex)));
            checkMatchPossible(dep);
        }
        if (!cacheMapDone) {
            cacheMapTask = null;
        }
    }

    private void addKey(CacheKey key) {
        List<CacheRecord> found = vertex.cache.records(key);
        for (CacheRecord record : found) {
            if (!recordsTried.contains(record.id())) {
                records = Small.with(records, record.id(), record);
            }
        }
        keys.add(exportable(key, found));
    }

    private ExportableCacheKey exportable(CacheKey key, List<CacheRecord> found) {
        return new ExportableCacheKey(key, List.of(new CacheExporter(key, vertex.vertex, null, found, adoptedLinks)));
    }

    private static List<CacheKeyWithSelector> withSelector(List<ExportableCacheKey> keys, Optional<Digest> selector) {
        List<CacheKeyWithSelector> out = new ArrayList<>(keys.size());
        for (ExportableCacheKey key : keys) {
            out.add(new CacheKeyWithSelector(key, selector));
        }
        return out;
    }

    /** Asks the cache whether keys of an input lead on from it, and gives back whether they do. */
    private boolean probe(EdgeInput dep, List<CacheKeyWithSelector> inputKeys) {
        if (inputKeys.isEmpty() || vertex.ignoreCache() || recordDigest == null) {
            return false;
        }
        boolean leads = vertex.cache.connect(inputKeys, dep.inputIndex, recordDigest);
        if (leads) {
            dep.addLeading(inputKeys);
            depKeysChanged = true;
            recount(dep);
        }
        return leads;
    }

    /** Notes when an input can lead nowhere any more, so that no cache can have this edge. */
    private void checkMatchPossible(EdgeInput dep) {
        boolean hasContent = contentFunction(dep) != null;
        boolean exhausted =
                hasContent ? dep.contentDone && !dep.contentMatched : !dep.status.below(EdgeStatus.CACHE_SLOW);
        if (exhausted && dep.lacksMatches()) {
            noCacheMatchPossible = true;
        }
    }

    private void takeResult(Task task) {
        if (task.value() instanceof CachedResult got) {
            result = got;
            status = EdgeStatus.COMPLETE;
            if (!execLoads && !vertex.ignoreCache()) {
                keys.addAll(got.keys());
            }
            return;
        }
        execTask = null;
        CacheRecord record = loading;
        if (!execLoads || record == null) {
            noteFailure(task);
        } else if (!task.wasCanceled()) {
            records = Small.without(records, record.id());
            Throwable cause = task.failure();
            listener.loadFailed(
                    edge, record, cause instanceof Exception e ? e : new IOException("the result is gone", cause));
        } else {
            recordsTried = Small.without(recordsTried, record.id());
        }
    }

    private boolean takeInput(EdgeInput dep, Request request) {
        if (request.completed && request.failure != null && !request.canceled) {
            dep.failed = true;
            if (!vertex.keepGoing) {
                fail(request.failure);
            } else if (inputFailure == null) {
                inputFailure = request.failure;
            }
        }
        boolean changed = false;
        ActiveEdge from = request.target;
        List<ExportableCacheKey> fresh = dep.takeKeys(from);
        if (!fresh.isEmpty()) {
            if (cacheMap != null) {
                probe(dep, withSelector(fresh, selector(dep.inputIndex)));
                recount(dep);
                if (!any(Fact.LACKS_KEYS)) {
                    noteKeysChanged();
                }
            }
            changed = true;
        }
        if (dep.status != EdgeStatus.COMPLETE && from.status == EdgeStatus.COMPLETE) {
            noteKeysChanged();
        }
        boolean moved = from.status != dep.status;
        dep.status = from.status;
        dep.result = from.result;
        recount(dep);
        if (moved && cacheMap != null) {
            checkMatchPossible(dep);
            changed = true;
        }
        return changed;
    }

    private void takeContent(EdgeInput dep, Task task) {
        if (!(task.value() instanceof Optional<?> digest)) {
            dep.contentTask = null;
            noteFailure(task);
            recount(dep);
            return;
        }
        if (dep.contentDone || cacheMap == null) {
            return;
        }
        if (digest.isPresent()) {
            CacheKey key = CacheKey.ofContent((Digest) digest.get());
            dep.contentKey = new ExportableCacheKey(
                    key, List.of(new CacheExporter(key, vertex.vertex, null, List.of(), List.of())));
            dep.contentMatched = probe(dep, List.of(new CacheKeyWithSelector(dep.contentKey, Optional.empty())));
            // From now on both lead where either led.
            if (!vertex.ignoreCache()
                    && recordDigest != null
                    && vertex.cache.connect(resultKeys(dep), dep.inputIndex, recordDigest)) {
                depKeysChanged = true;
            }
        }
        dep.contentDone = true;
        noteKeysChanged();
        recount(dep);
        checkMatchPossible(dep);
    }

    /**
     * Has an equal edge looked for. That costs as much as there are inputs, so with very many of them it is put off until
     * nothing is under way.
     */
    private void noteKeysChanged() {
        if (deps.size() <= MANY_INPUTS) {
            keysDidChange = true;
        } else {
            keysChangeNoted = true;
        }
    }

    /** Finds keys that all inputs lead to, and how far this edge has come. */
    private void recompute() {
        CacheMap map = cacheMap;
        if (map == null) {
            return;
        }
        candidatesPutOff = false;
        if (depKeysChanged && !deps.isEmpty() && !any(Fact.UNMATCHED)) {
            // That costs as much as there are inputs: with very many it is put off until nothing is under way.
            if (deps.size() <= MANY_INPUTS || activeOutgoing == 0) {
                depKeysChanged = false;
                findCandidates(map);
            } else {
                candidatesPutOff = true;
            }
        }
        if (!deps.isEmpty()) {
            EdgeStatus low = any(Fact.UNMATCHED_SLOW)
                    ? EdgeStatus.CACHE_SLOW
                    : any(Fact.UNMATCHED_FAST) ? EdgeStatus.CACHE_FAST : EdgeStatus.INITIAL;
            EdgeStatus high = any(Fact.EFFECTIVELY_INITIAL)
                    ? EdgeStatus.INITIAL
                    : any(Fact.EFFECTIVELY_FAST) ? EdgeStatus.CACHE_FAST : EdgeStatus.CACHE_SLOW;
            if (status.below(low)) {
                status = low;
            }
            if (status.below(high)) {
                status = high;
            }
        }
        if (!cacheMapDone && keys.isEmpty()) {
            status = EdgeStatus.INITIAL;
        }
        if (cacheMapDone && !any(Fact.BELOW_SLOW_UNMATCHED) && !records.isEmpty() && status == EdgeStatus.CACHE_FAST) {
            upgradeIfNothingIsOpen(map);
        }
    }

    /** Adds the keys that all inputs lead to. */
    private void findCandidates(CacheMap map) {
        List<CacheManager.InputKeys> leading = new ArrayList<>(deps.size());
        for (EdgeInput dep : deps) {
            leading.add(new CacheManager.InputKeys(dep.inputIndex, dep.leading()));
        }
        for (CacheKey found :
                vertex.cache.query(leading, map.digest(), edge.outputIndex(), keyIds, Integer.MAX_VALUE)) {
            for (CacheManager manager : found.managers()) {
                keyIds = Small.with(keyIds, found.idIn(manager).orElseThrow());
            }
            List<List<CacheKeyWithSelector>> inputs = new ArrayList<>(deps.size());
            for (EdgeInput dep : deps) {
                inputs.add(dep.result != null ? resultKeys(dep) : withSelector(dep.keys(), selector(dep.inputIndex)));
            }
            addKey(found.withInputs(inputs));
        }
    }

    /** With a record at hand, content keys are not waited for when no other key could still come of them. */
    private void upgradeIfNothingIsOpen(CacheMap map) {
        List<CacheManager.InputKeys> closed = new ArrayList<>(deps.size());
        for (EdgeInput dep : deps) {
            if (!dep.slowOpen(contentFunction(dep) != null)) {
                closed.add(new CacheManager.InputKeys(dep.inputIndex, dep.leading()));
            }
        }
        if (!closed.isEmpty()
                && vertex.cache
                        .query(closed, map.digest(), edge.outputIndex(), keyIds, 1)
                        .isEmpty()) {
            status = EdgeStatus.CACHE_SLOW;
        }
    }

    /** Answers requests as far as possible, and tells whether somebody waits for more. */
    private boolean respond(Scheduler scheduler) {
        boolean idle = activeOutgoing == 0;
        boolean open = askers.wantMore(idle);
        if (open) {
            askers.tell(scheduler, idle);
        } else if (idle) {
            askers.finishAll(scheduler);
        } else {
            cancelOutgoing(scheduler);
            askers.finishAllButOne(scheduler);
        }
        askers.sweep();
        return open;
    }

    private void cancelOutgoing(Scheduler scheduler) {
        for (Request request : requests.keySet()) {
            scheduler.cancel(request);
        }
        for (Task task : List.copyOf(runningTasks)) {
            scheduler.cancel(task);
        }
    }

    /** Loads or executes, if enough is known for it. */
    private boolean execIfPossible(Scheduler scheduler) throws InterruptedException {
        if (!records.isEmpty()) {
            if (postponed(scheduler)) {
                return true;
            }
            CacheRecord record = Collections.min(records.values(), CacheRecord.BEST_FIRST);
            recordsTried = Small.with(recordsTried, record.id());
            loading = record;
            execLoads = true;
            for (Request request : requests.keySet()) {
                scheduler.cancel(request);
            }
            execTask = scheduler.start(this, vertex.op.blocking(), canceled -> load(record));
            return true;
        }
        if (cacheMapDone && !any(Fact.INCOMPLETE)) {
            if (postponed(scheduler)) {
                return true;
            }
            execLoads = false;
            CacheMap map = Objects.requireNonNull(cacheMap);
            List<List<CacheKeyWithSelector>> inputKeys = new ArrayList<>(deps.size());
            List<Result> inputs = new ArrayList<>(deps.size());
            List<Integer> unmatched = new ArrayList<>(0);
            List<Integer> open = new ArrayList<>(0);
            boolean known = true;
            for (EdgeInput dep : deps) {
                if (dep.contentDone && dep.contentKey == null) {
                    open.add(dep.inputIndex);
                } else if (dep.lacksMatches()) {
                    unmatched.add(dep.inputIndex);
                }
                inputKeys.add(resultKeys(dep));
                CachedResult input = Objects.requireNonNull(dep.result);
                inputs.add(input.result());
                known &= !input.keys().isEmpty();
            }
            boolean inputsKnown = known;
            listener.missed(edge, new SolveListener.Miss(!keys.isEmpty(), unmatched, open));
            execTask = scheduler.start(
                    this, vertex.op.blocking(), canceled -> exec(map, inputKeys, inputsKnown, inputs, canceled));
            return true;
        }
        return false;
    }

    /** Where keys have changed, an equal edge is looked for before anything is loaded or executed. */
    private boolean postponed(Scheduler scheduler) throws InterruptedException {
        keysDidChange |= keysChangeNoted;
        keysChangeNoted = false;
        if (keysDidChange) {
            scheduler.start(this, false, canceled -> null);
        }
        return keysDidChange;
    }

    private @Nullable CachedResult load(CacheRecord record) throws Exception {
        Optional<Result> loaded = vertex.cache.load(record);
        if (loaded.isEmpty()) {
            return null;
        }
        listener.loaded(edge, record, loaded.get());
        CacheExporter exporter = new CacheExporter(record.key(), vertex.vertex, record, List.of(), adoptedLinks);
        return new CachedResult(
                new SharedResult(loaded.get()), List.of(new ExportableCacheKey(record.key(), List.of(exporter))));
    }

    /**
     * @param inputsKnown whether each input is known under a key; one that is distrusted is not, nor what hangs on it
     */
    private CachedResult exec(
            CacheMap map,
            List<List<CacheKeyWithSelector>> inputKeys,
            boolean inputsKnown,
            List<Result> inputs,
            BooleanSupplier canceled)
            throws Exception {
        SharedResult made = vertex.exec(inputs, edge.outputIndex(), canceled);
        boolean done = false;
        try {
            if (!inputsKnown || !made.result().isTrusted()) {
                done = true;
                return new CachedResult(made, List.of());
            }
            List<CacheKey> committed = new ArrayList<>(1);
            if (deps.isEmpty()) {
                for (Digest digest : cacheMapDigests) {
                    committed.add(CacheKey.of(digest, edge.outputIndex(), List.of()));
                }
            } else {
                committed.add(key(map, inputKeys));
            }
            List<CacheExporter> exporters = new ArrayList<>(committed.size());
            for (CacheKey key : committed) {
                CacheRecord record = made.result().isKept()
                        ? vertex.cache
                                .save(key, made.result(), made.result().createdAt())
                                .orElse(null)
                        : null;
                exporters.add(new CacheExporter(key, vertex.vertex, record, List.of(), adoptedLinks));
            }
            List<ExportableCacheKey> exportable = new ArrayList<>(committed.size());
            for (CacheKey key : committed) {
                exportable.add(new ExportableCacheKey(key, exporters));
            }
            done = true;
            return new CachedResult(made, exportable);
        } finally {
            if (!done) {
                made.release();
            }
        }
    }

    private void makeDeps() {
        if (depsMade) {
            return;
        }
        depsMade = true;
        deps = new EdgeInputs(vertex.inputCount());
        deps.forEach(this::recount);
    }

    /** Asks inputs to come as far as they are needed now; gives back whether anything was asked for. */
    private boolean askInputs(EdgeStatus desired, Scheduler scheduler, boolean force) throws InterruptedException {
        InputDemand demand = InputDemand.of(
                deps,
                force || noCacheMatchPossible,
                desired,
                cacheMap != null,
                cacheMapDone,
                keys.isEmpty(),
                records.isEmpty());
        List<EdgeInput> changed = deps.takeChanged();
        List<EdgeInput> looked = demand.equals(lastDemand) ? changed : deps;
        lastDemand = demand;
        boolean asked = false;
        for (EdgeInput dep : looked) {
            EdgeStatus wanted = demand.of(dep, contentFunction(dep) != null);
            if (dep.status.below(wanted)) {
                asked |= ask(dep, wanted, scheduler);
            }
            asked |= computeContent(dep, scheduler);
        }
        return asked;
    }

    /** Brings the inputs to their end that have not failed, though it is of no use to this edge, which fails then. */
    private void askRest(Exception cause, Scheduler scheduler) {
        for (EdgeInput dep : deps) {
            if (!dep.failed && dep.status != EdgeStatus.COMPLETE) {
                ask(dep, EdgeStatus.COMPLETE, scheduler);
            }
        }
        if (activeOutgoing == 0) {
            fail(cause);
            scheduler.signal(this);
        }
    }

    private boolean ask(EdgeInput dep, EdgeStatus wanted, Scheduler scheduler) {
        Request open = dep.request;
        if (open != null && !open.completed) {
            if (open.desired == wanted) {
                return false;
            }
            scheduler.cancel(open);
        }
        ActiveEdge target = vertex.inputEdge(dep.inputIndex);
        Request request = scheduler.request(target, this, wanted, dep.status, dep.keyCount());
        requests = Small.with(requests, request, dep);
        dep.request = request;
        return true;
    }

    private boolean computeContent(EdgeInput dep, Scheduler scheduler) throws InterruptedException {
        ContentFunction function = contentFunction(dep);
        CachedResult input = dep.result;
        if (function == null || dep.status != EdgeStatus.COMPLETE || dep.contentTask != null || input == null) {
            return false;
        }
        Once<Optional<Digest>> once = vertex.contentDigestOnce(dep.inputIndex);
        dep.contentTask = scheduler.start(
                this,
                vertex.op.blocking(),
                canceled -> vertex.contentDigest(once, dep.inputIndex, function, input.result(), canceled));
        contentTasks = Small.with(contentTasks, dep.contentTask, dep);
        return true;
    }

    void noteUpdated(Request request) {
        if (updatedRequests.isEmpty()) {
            updatedRequests = new ArrayList<>(1);
        }
        updatedRequests.add(request);
    }

    void noteEnded(Task task) {
        if (endedTasks.isEmpty()) {
            endedTasks = new ArrayList<>(1);
        }
        endedTasks.add(task);
    }

    void noteRunning(Task task) {
        runningTasks = Small.with(runningTasks, task);
    }

    /**
     * Lets go of what it needed on its way, once it has its result and nothing is under way: it only answers from then on,
     * and what it is told of an edge that was merged into it, it drops.
     */
    void forgetTheWay() {
        if (result == null || activeOutgoing > 0) {
            return;
        }
        deps = EdgeInputs.NONE;
        requests = Map.of();
        contentTasks = Map.of();
        cacheMapTask = null;
        execTask = null;
        cacheMap = null;
        loading = null;
        records = Map.of();
        recordsTried = Set.of();
        keyIds = Set.of();
        cacheMapDigests = List.of();
        lastDemand = null;
        candidatesPutOff = false;
    }

    /** Releases what it holds. */
    void release() {
        if (result != null) {
            result.release();
        }
        endedTasks.forEach(Scheduler::release);
    }

    @Override
    public String toString() {
        return "output " + edge.outputIndex() + " of \"" + edge.vertex().name() + "\"";
    }
}
