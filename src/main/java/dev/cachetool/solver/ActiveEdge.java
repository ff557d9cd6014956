package dev.cachetool.solver;

import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An edge on its way from initial to complete. At each of its turns it takes in what happened to its inputs and tasks,
 * answers those who asked, and asks for what it needs next: no input is brought further than the wanted status needs,
 * inputs whose definition leads nowhere first.
 */
final class ActiveEdge {
    private static final int MANY_INPUTS = 64;
    private static final List<EdgeStatus> STATUSES = List.of(EdgeStatus.values());

    final Edge edge;
    final ActiveVertex vertex;

    // The state that others see.
    EdgeStatus status = EdgeStatus.INITIAL;
    final List<ExportableCacheKey> keys = new ArrayList<>(2);

    @Nullable
    CachedResult result;

    // What the scheduler keeps here.
    final List<Request> updatedRequests = new ArrayList<>(2);
    final List<Task> endedTasks = new ArrayList<>(1);
    final Set<Task> runningTasks = new LinkedHashSet<>(2);
    int activeOutgoing;
    boolean queued;
    boolean keysDidChange;

    /** A key of an input of an edge that was merged into this one. */
    record AdoptedLink(int inputIndex, CacheKeyWithSelector key) {}

    private final List<AdoptedLink> adoptedLinks = new ArrayList<>(0);
    private @Nullable ActiveEdge mergedInto;
    private final SolveListener listener;

    // Who asked. Those that are answered are swept out now and then.
    private List<Request> incoming = new ArrayList<>(2);
    private final List<Request> unseenRequests = new ArrayList<>(2);
    private final int[] wanted = new int[EdgeStatus.COUNT];
    private int answered;
    private EdgeStatus toldStatus = EdgeStatus.INITIAL;
    private int toldKeys = -1;
    private boolean toldIdle;

    private final Map<Request, Dep> requests = new LinkedHashMap<>(4);
    private final Map<Task, Dep> contentTasks = new HashMap<>(2);
    private final List<Dep> dirtyDeps = new ArrayList<>(2);
    private List<Dep> deps = List.of();
    private boolean depsMade;
    private final int[] counts = new int[Dep.FLAGS];

    private @Nullable Task cacheMapTask;
    private @Nullable CacheMap cacheMap;
    private @Nullable Digest recordDigest;
    private boolean cacheMapDone;
    private int cacheMapIndex;
    private final List<Digest> cacheMapDigests = new ArrayList<>(1);
    private @Nullable Task execTask;
    private boolean execLoads;
    private @Nullable CacheRecord loading;
    private @Nullable Exception failure;
    private boolean failureNoted;
    private final Map<String, CacheRecord> records = new LinkedHashMap<>(2);
    private final Set<String> recordsTried = new HashSet<>(2);
    private final Set<String> keyIds = new HashSet<>(2);
    private boolean noCacheMatchPossible;
    private boolean keysChangeNoted;
    private boolean depKeysChanged;
    private boolean candidatesPutOff;
    private long lastAsked = -1;

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

    void addIncoming(Request request) {
        incoming.add(request);
        if (!request.canceled) {
            wanted[request.desired.level]++;
        }
        noteUnseen(request);
    }

    void noteCanceled(Request request) {
        request.canceled = true;
        wanted[request.desired.level]--;
        noteUnseen(request);
    }

    private void noteUnseen(Request request) {
        if (!request.unseen) {
            request.unseen = true;
            unseenRequests.add(request);
        }
    }

    /** An input as this edge sees it. */
    private static final class Dep {
        static final int BELOW_FAST = 0;
        static final int SLOW_OPEN = 1;
        static final int NOT_COMPLETED_SLOW = 2;
        static final int NOT_STATE_SLOW = 3;
        static final int NOT_COMPLETED = 4;
        static final int UNMATCHED_FAST = 5;
        static final int UNMATCHED_SLOW = 6;
        static final int EFFECTIVE_INITIAL = 7;
        static final int EFFECTIVE_FAST = 8;
        static final int PHASE1_SLOW = 9;
        static final int PHASE1_FAST = 10;
        static final int LACKS_KEYS = 11;
        static final int LACKS_MATCHES = 12;
        static final int UNMATCHED = 13;
        static final int FLAGS = 14;

        final int inputIndex;

        @Nullable
        Request request;

        /** The edge whose keys are counted. */
        @Nullable
        ActiveEdge seen;

        EdgeStatus status = EdgeStatus.INITIAL;
        List<ExportableCacheKey> keys = List.of();
        int keyCount;

        @Nullable
        CachedResult result;

        /** The keys that lead on from it in the cache. */
        final List<CacheKeyWithSelector> leading = new ArrayList<>(2);

        @Nullable
        Task contentTask;

        boolean contentDone;
        boolean contentMatched;

        @Nullable
        ExportableCacheKey contentKey;

        int flags;
        boolean dirty;

        Dep(int inputIndex) {
            this.inputIndex = inputIndex;
        }

        List<ExportableCacheKey> keys() {
            return keys.subList(0, keyCount);
        }

        boolean lacksMatches() {
            return leading.isEmpty();
        }

        boolean slowOpen(boolean hasContent) {
            return hasContent && (status == EdgeStatus.CACHE_SLOW || (status == EdgeStatus.COMPLETE && !contentDone));
        }

        int computeFlags(boolean knowsCacheMap, boolean hasContent) {
            boolean unmatched = leading.isEmpty();
            boolean slowOpen = slowOpen(hasContent);
            EdgeStatus effective = slowOpen ? EdgeStatus.CACHE_FAST : status;
            boolean contentOpen = !contentDone && hasContent;
            int f = 0;
            f |= bit(BELOW_FAST, status.below(EdgeStatus.CACHE_FAST));
            f |= bit(SLOW_OPEN, slowOpen);
            f |= bit(NOT_COMPLETED_SLOW, slowOpen || status.below(EdgeStatus.CACHE_SLOW));
            f |= bit(NOT_STATE_SLOW, status.below(EdgeStatus.CACHE_SLOW) && unmatched);
            f |= bit(NOT_COMPLETED, slowOpen || status.below(EdgeStatus.COMPLETE));
            f |= bit(UNMATCHED_FAST, unmatched && !slowOpen && status == EdgeStatus.CACHE_FAST);
            f |= bit(UNMATCHED_SLOW, unmatched && !slowOpen && !status.below(EdgeStatus.CACHE_SLOW));
            f |= bit(EFFECTIVE_INITIAL, effective == EdgeStatus.INITIAL);
            f |= bit(EFFECTIVE_FAST, effective == EdgeStatus.CACHE_FAST);
            f |= bit(PHASE1_SLOW, (contentOpen || status.below(EdgeStatus.CACHE_SLOW)) && unmatched);
            f |= bit(
                    PHASE1_FAST,
                    !knowsCacheMap
                            || (unmatched && (contentOpen || (status.below(EdgeStatus.COMPLETE) && !hasContent))));
            f |= bit(LACKS_KEYS, keyCount == 0 && contentKey == null && result == null);
            f |= bit(LACKS_MATCHES, unmatched && contentKey == null && result == null);
            f |= bit(UNMATCHED, unmatched);
            return f;
        }

        private static int bit(int number, boolean set) {
            return set ? 1 << number : 0;
        }
    }

    private boolean any(int flag) {
        return counts[flag] > 0;
    }

    /** Takes a change of an input into the counts. */
    private void recount(Dep dep) {
        int now = dep.computeFlags(cacheMap != null, contentFunction(dep) != null);
        int changed = now ^ dep.flags;
        for (int flag = 0; changed >> flag != 0; flag++) {
            if ((changed >> flag & 1) != 0) {
                counts[flag] += (now >> flag & 1) != 0 ? 1 : -1;
            }
        }
        dep.flags = now;
        if (!dep.dirty) {
            dep.dirty = true;
            dirtyDeps.add(dep);
        }
    }

    private @Nullable ContentFunction contentFunction(Dep dep) {
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
        for (Request request : incoming) {
            if (!request.completed) {
                request.target = target;
                request.unseen = false;
                target.addIncoming(request);
            }
        }
        incoming = new ArrayList<>(0);
        unseenRequests.clear();
        Arrays.fill(wanted, 0);
        for (Request request : requests.keySet()) {
            if (!request.completed) {
                request.from = target;
                target.activeOutgoing++;
                scheduler.cancel(request);
            }
        }
        requests.clear();
        List<Task> tasks = List.copyOf(runningTasks);
        runningTasks.clear();
        endedTasks.forEach(Scheduler::release);
        endedTasks.clear();
        activeOutgoing = 0;
        target.adoptLinksOf(this);
        return tasks;
    }

    /** Takes over the keys of the inputs of an edge that was merged into this one, for exports. */
    void adoptLinksOf(ActiveEdge source) {
        adoptedLinks.addAll(source.adoptedLinks);
        for (Dep dep : source.deps) {
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

    List<AdoptedLink> adoptedLinks() {
        return Collections.unmodifiableList(adoptedLinks);
    }

    /** The key that this edge has by what is known of its inputs now; null while an input has none. */
    @Nullable
    CacheKey currentKey() {
        CacheMap map = cacheMap;
        if (map == null) {
            return null;
        }
        List<List<CacheKeyWithSelector>> inputs = new ArrayList<>(deps.size());
        for (Dep dep : deps) {
            if (dep.keyCount == 0 && dep.result == null) {
                return null;
            }
            Set<CacheKeyWithSelector> alternatives = new LinkedHashSet<>(4);
            for (ExportableCacheKey key : dep.keys()) {
                alternatives.add(new CacheKeyWithSelector(key, selector(dep.inputIndex)));
            }
            if (dep.result != null) {
                alternatives.addAll(resultKeys(dep));
            }
            inputs.add(List.copyOf(alternatives));
        }
        return key(map, inputs);
    }

    private CacheKey key(CacheMap map, List<? extends List<CacheKeyWithSelector>> inputs) {
        return CacheKey.of(map.digest(), edge.outputIndex(), Objects.requireNonNull(recordDigest), inputs);
    }

    /** The keys of an input whose result is there: those of the result, and the content key. */
    private List<CacheKeyWithSelector> resultKeys(Dep dep) {
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
        Answer answer = respond(scheduler);
        sweep();
        if (answer.done()) {
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
        if (execTask == null && answer.desired() == EdgeStatus.COMPLETE && execIfPossible(scheduler)) {
            return;
        }
        if (execTask == null) {
            makeDeps();
            if (!askInputs(answer.desired(), scheduler, false) && activeOutgoing == 0 && !asked) {
                // Nothing is under way and nothing was asked for: bring every input to its end.
                if (!askInputs(answer.desired(), scheduler, true)) {
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
            List<Task> tasks = List.copyOf(endedTasks);
            endedTasks.clear();
            for (Task task : tasks) {
                runningTasks.remove(task);
                changed |= takeTask(task);
            }
        }
        if (!updatedRequests.isEmpty()) {
            List<Request> updated = List.copyOf(updatedRequests);
            updatedRequests.clear();
            for (Request request : updated) {
                request.dirty = false;
                Dep dep = request.completed ? requests.remove(request) : requests.get(request);
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
        Dep dep = contentTasks.remove(task);
        if (dep != null) {
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
            cacheMapDigests.add(map.digest());
            if (!vertex.ignoreCache()) {
                vertex.cache.queryRoot(map.digest(), edge.outputIndex()).ifPresent(this::addKey);
            }
            status = EdgeStatus.CACHE_SLOW;
        }
        for (Dep dep : deps) {
            recount(dep);
        }
        if (!any(Dep.LACKS_KEYS)) {
            noteKeysChanged();
        }
        for (Dep dep : deps) {
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
                records.put(record.id(), record);
            }
        }
        keys.add(exportable(key, found));
    }

    private ExportableCacheKey exportable(CacheKey key, List<CacheRecord> found) {
        return new ExportableCacheKey(key, List.of(new CacheExporter(key, vertex.vertex, null, found, this)));
    }

    private static List<CacheKeyWithSelector> withSelector(List<ExportableCacheKey> keys, Optional<Digest> selector) {
        List<CacheKeyWithSelector> out = new ArrayList<>(keys.size());
        for (ExportableCacheKey key : keys) {
            out.add(new CacheKeyWithSelector(key, selector));
        }
        return out;
    }

    /** Asks the cache whether keys of an input lead on from it, and gives back whether they do. */
    private boolean probe(Dep dep, List<CacheKeyWithSelector> inputKeys) {
        if (inputKeys.isEmpty() || vertex.ignoreCache() || recordDigest == null) {
            return false;
        }
        boolean leads = vertex.cache.connect(inputKeys, dep.inputIndex, recordDigest);
        if (leads) {
            dep.leading.addAll(inputKeys);
            depKeysChanged = true;
            recount(dep);
        }
        return leads;
    }

    /** Notes when an input can lead nowhere any more, so that no cache can have this edge. */
    private void checkMatchPossible(Dep dep) {
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
            records.remove(record.id());
            Throwable cause = task.failure();
            listener.loadFailed(
                    edge, record, cause instanceof Exception e ? e : new IOException("the result is gone", cause));
        } else {
            recordsTried.remove(record.id());
        }
    }

    private boolean takeInput(Dep dep, Request request) {
        if (request.completed && request.failure != null && !request.canceled) {
            fail(request.failure);
        }
        boolean changed = false;
        ActiveEdge from = request.target;
        if (dep.seen != from) {
            // Merged into another, which may know other keys.
            dep.seen = from;
            dep.keys = from.keys;
            dep.keyCount = 0;
        }
        if (dep.keyCount < from.keys.size()) {
            List<ExportableCacheKey> fresh = List.copyOf(from.keys.subList(dep.keyCount, from.keys.size()));
            dep.keyCount = from.keys.size();
            if (cacheMap != null) {
                probe(dep, withSelector(fresh, selector(dep.inputIndex)));
                recount(dep);
                if (!any(Dep.LACKS_KEYS)) {
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

    private void takeContent(Dep dep, Task task) {
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
            dep.contentKey =
                    new ExportableCacheKey(key, List.of(new CacheExporter(key, vertex.vertex, null, List.of(), null)));
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
        if (depKeysChanged && !deps.isEmpty() && !any(Dep.UNMATCHED)) {
            // That costs as much as there are inputs: with very many it is put off until nothing is under way.
            if (deps.size() <= MANY_INPUTS || activeOutgoing == 0) {
                depKeysChanged = false;
                findCandidates(map);
            } else {
                candidatesPutOff = true;
            }
        }
        if (!deps.isEmpty()) {
            EdgeStatus low = any(Dep.UNMATCHED_SLOW)
                    ? EdgeStatus.CACHE_SLOW
                    : any(Dep.UNMATCHED_FAST) ? EdgeStatus.CACHE_FAST : EdgeStatus.INITIAL;
            EdgeStatus high = any(Dep.EFFECTIVE_INITIAL)
                    ? EdgeStatus.INITIAL
                    : any(Dep.EFFECTIVE_FAST) ? EdgeStatus.CACHE_FAST : EdgeStatus.CACHE_SLOW;
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
        if (cacheMapDone && !any(Dep.NOT_STATE_SLOW) && !records.isEmpty() && status == EdgeStatus.CACHE_FAST) {
            upgradeIfNothingIsOpen(map);
        }
    }

    /** Adds the keys that all inputs lead to. */
    private void findCandidates(CacheMap map) {
        List<CacheManager.InputKeys> leading = new ArrayList<>(deps.size());
        for (Dep dep : deps) {
            leading.add(new CacheManager.InputKeys(dep.inputIndex, dep.leading));
        }
        for (CacheKey found :
                vertex.cache.query(leading, map.digest(), edge.outputIndex(), keyIds, Integer.MAX_VALUE)) {
            for (CacheManager manager : found.managers()) {
                keyIds.add(found.idIn(manager).orElseThrow());
            }
            List<List<CacheKeyWithSelector>> inputs = new ArrayList<>(deps.size());
            for (Dep dep : deps) {
                inputs.add(dep.result != null ? resultKeys(dep) : withSelector(dep.keys(), selector(dep.inputIndex)));
            }
            addKey(found.withInputs(inputs));
        }
    }

    /** With a record at hand, content keys are not waited for when no other key could still come of them. */
    private void upgradeIfNothingIsOpen(CacheMap map) {
        List<CacheManager.InputKeys> closed = new ArrayList<>(deps.size());
        for (Dep dep : deps) {
            if (!dep.slowOpen(contentFunction(dep) != null)) {
                closed.add(new CacheManager.InputKeys(dep.inputIndex, dep.leading));
            }
        }
        if (!closed.isEmpty()
                && vertex.cache
                        .query(closed, map.digest(), edge.outputIndex(), keyIds, 1)
                        .isEmpty()) {
            status = EdgeStatus.CACHE_SLOW;
        }
    }

    private record Answer(EdgeStatus desired, boolean done) {}

    /** Answers requests as far as possible. */
    private Answer respond(Scheduler scheduler) {
        boolean complete = isComplete();
        boolean idle = activeOutgoing == 0;
        EdgeStatus highest = null;
        for (EdgeStatus each : STATUSES) {
            if (wanted[each.level] > 0) {
                highest = each;
            }
        }
        EdgeStatus desired = !complete && highest != null && status.below(highest) ? highest : status;
        boolean open = false;
        if (!complete && highest != null) {
            open = status.below(desired) && (!idle || desired == EdgeStatus.COMPLETE || someoneLearnsNothing());
            // What is under way may still find the first key.
            open |= status.below(EdgeStatus.COMPLETE) && keys.isEmpty() && !idle;
        }
        if (!open && !idle) {
            cancelOutgoing(scheduler);
            finishAllButOne(scheduler);
            return new Answer(desired, true);
        }
        if (!open) {
            for (Request request : incoming) {
                finish(scheduler, request);
            }
            return new Answer(desired, true);
        }
        // Those that have seen the state as it is now hear nothing new.
        boolean news = status != toldStatus || keys.size() != toldKeys || idle != toldIdle;
        for (Request request : news ? incoming : unseenRequests) {
            if (request.canceled || (idle && !status.below(request.desired))) {
                finish(scheduler, request);
            } else if (!request.completed && request.hasNews()) {
                scheduler.notify(request);
            }
        }
        toldStatus = status;
        toldKeys = keys.size();
        toldIdle = idle;
        return new Answer(desired, false);
    }

    /** Whether an answer now would tell someone nothing that had not been seen before. */
    private boolean someoneLearnsNothing() {
        EdgeStatus most = status;
        for (Request request : incoming) {
            if (!request.canceled && !request.completed && most.below(request.desired)) {
                most = request.desired;
                if (request.seenKeys == keys.size()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Answers all but one request, which stays open until what was cancelled has ended. */
    private void finishAllButOne(Scheduler scheduler) {
        Request left = null;
        for (Request request : incoming) {
            if (!request.completed && (left == null || (left.canceled && !request.canceled))) {
                left = request;
            }
        }
        for (Request request : incoming) {
            if (request != left) {
                finish(scheduler, request);
            }
        }
    }

    private void finish(Scheduler scheduler, Request request) {
        if (!request.completed) {
            if (!request.canceled) {
                wanted[request.desired.level]--;
            }
            answered++;
            scheduler.finish(request, failure == null && request.canceled ? new CancellationException() : failure);
        }
    }

    /** Forgets requests that are answered. */
    private void sweep() {
        for (Request request : unseenRequests) {
            request.unseen = false;
        }
        unseenRequests.clear();
        if (answered * 2 > incoming.size()) {
            incoming.removeIf(request -> request.completed);
            answered = 0;
        }
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
            recordsTried.add(record.id());
            loading = record;
            execLoads = true;
            for (Request request : requests.keySet()) {
                scheduler.cancel(request);
            }
            execTask = scheduler.start(this, vertex.op.blocking(), canceled -> load(record));
            return true;
        }
        if (cacheMapDone && !any(Dep.NOT_COMPLETED)) {
            if (postponed(scheduler)) {
                return true;
            }
            execLoads = false;
            CacheMap map = Objects.requireNonNull(cacheMap);
            List<List<CacheKeyWithSelector>> inputKeys = new ArrayList<>(deps.size());
            List<Result> inputs = new ArrayList<>(deps.size());
            List<Integer> unmatched = new ArrayList<>(0);
            List<Integer> open = new ArrayList<>(0);
            for (Dep dep : deps) {
                if (dep.contentDone && dep.contentKey == null) {
                    open.add(dep.inputIndex);
                } else if (dep.lacksMatches()) {
                    unmatched.add(dep.inputIndex);
                }
                inputKeys.add(resultKeys(dep));
                inputs.add(Objects.requireNonNull(dep.result).result());
            }
            listener.missed(edge, new SolveListener.Miss(!keys.isEmpty(), unmatched, open));
            execTask = scheduler.start(this, vertex.op.blocking(), canceled -> exec(map, inputKeys, inputs, canceled));
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
        CacheExporter exporter = new CacheExporter(record.key(), vertex.vertex, record, List.of(), this);
        return new CachedResult(
                new SharedResult(loaded.get()), List.of(new ExportableCacheKey(record.key(), List.of(exporter))));
    }

    private CachedResult exec(
            CacheMap map, List<List<CacheKeyWithSelector>> inputKeys, List<Result> inputs, BooleanSupplier canceled)
            throws Exception {
        SharedResult made = vertex.exec(inputs, edge.outputIndex(), canceled);
        boolean done = false;
        try {
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
                CacheRecord record = made.result().isPending()
                        ? null
                        : vertex.cache
                                .save(key, made.result(), made.result().createdAt())
                                .orElse(null);
                exporters.add(new CacheExporter(key, vertex.vertex, record, List.of(), this));
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
        int size = vertex.inputCount();
        deps = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Dep dep = new Dep(i);
            deps.add(dep);
            recount(dep);
        }
    }

    /** Asks inputs to come as far as they are needed now; gives back whether anything was asked for. */
    private boolean askInputs(EdgeStatus desired, Scheduler scheduler, boolean force) throws InterruptedException {
        // What an input is asked for depends on itself and on a few facts about all of them: while those stay the same,
        // only inputs that changed are looked at, so that an edge with many inputs costs no square of their number.
        long facts = 0;
        for (boolean fact : new boolean[] {
            force,
            noCacheMatchPossible,
            cacheMap != null,
            cacheMapDone,
            any(Dep.BELOW_FAST),
            keys.isEmpty(),
            any(Dep.LACKS_MATCHES),
            any(Dep.PHASE1_FAST),
            any(Dep.PHASE1_SLOW),
            any(Dep.NOT_COMPLETED_SLOW),
            records.isEmpty(),
            desired == EdgeStatus.CACHE_FAST,
            desired == EdgeStatus.CACHE_SLOW,
            desired == EdgeStatus.COMPLETE
        }) {
            facts = facts << 1 | (fact ? 1 : 0);
        }

        List<Dep> looked = facts != lastAsked ? deps : List.copyOf(dirtyDeps);
        lastAsked = facts;
        for (Dep dep : dirtyDeps) {
            dep.dirty = false;
        }
        dirtyDeps.clear();
        boolean asked = false;
        for (Dep dep : looked) {
            EdgeStatus wanted = wanted(dep, desired, force);
            if (dep.status.below(wanted)) {
                asked |= ask(dep, wanted, scheduler);
            }
            asked |= computeContent(dep, scheduler);
        }
        return asked;
    }

    private EdgeStatus wanted(Dep dep, EdgeStatus desired, boolean force) {
        if (noCacheMatchPossible || force) {
            return EdgeStatus.COMPLETE;
        }
        boolean hasContent = contentFunction(dep) != null;
        switch (dep.status) {
            case INITIAL -> {
                return dep.status.below(desired) ? EdgeStatus.CACHE_FAST : dep.status;
            }
            case CACHE_FAST -> {
                boolean allFast = cacheMapDone && !any(Dep.BELOW_FAST);
                boolean useful = (allFast && keys.isEmpty())
                        || dep.lacksMatches()
                        || (cacheMap != null && !any(Dep.LACKS_MATCHES));
                if (dep.status.below(desired) && useful && cacheMap != null && !waitsForFast(dep)) {
                    return EdgeStatus.CACHE_SLOW;
                }
                return dep.status;
            }
            case CACHE_SLOW -> {
                if (cacheMap == null) {
                    return dep.status;
                }
                boolean mayGoOn = dep.lacksMatches() || !waitsForSlow(dep);
                if (desired == EdgeStatus.COMPLETE) {
                    boolean useful = dep.lacksMatches()
                            || (cacheMapDone && !any(Dep.NOT_COMPLETED_SLOW))
                            || (!waitsForFast(dep) && hasContent);
                    return useful && records.isEmpty() && mayGoOn ? EdgeStatus.COMPLETE : dep.status;
                }
                if (desired == EdgeStatus.CACHE_SLOW && hasContent) {
                    return mayGoOn ? EdgeStatus.COMPLETE : dep.status;
                }
                return dep.status;
            }
            default -> {
                return dep.status;
            }
        }
    }

    /** An input that leads somewhere waits while another one that does not can still come to know keys. */
    private boolean waitsForFast(Dep dep) {
        return any(Dep.PHASE1_FAST) && !dep.lacksMatches();
    }

    private boolean waitsForSlow(Dep dep) {
        return any(Dep.PHASE1_SLOW) && !dep.contentDone && contentFunction(dep) != null && !dep.lacksMatches();
    }

    private boolean ask(Dep dep, EdgeStatus wanted, Scheduler scheduler) {
        Request open = dep.request;
        if (open != null && !open.completed) {
            if (open.desired == wanted) {
                return false;
            }
            scheduler.cancel(open);
        }
        ActiveEdge target = vertex.inputEdge(dep.inputIndex);
        Request request = scheduler.request(target, this, wanted, dep.status, dep.keyCount);
        requests.put(request, dep);
        dep.request = request;
        return true;
    }

    private boolean computeContent(Dep dep, Scheduler scheduler) throws InterruptedException {
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
        contentTasks.put(dep.contentTask, dep);
        return true;
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
