package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One export: of solved targets, one after the other, into one export target. Every record below a target is added once,
 * inputs before what uses them, in the mode of the first path that reaches it; in mode min each target starts anew. Not for
 * several threads.
 */
public final class CacheExport {
    private final CacheExporterTarget target;
    private final CacheExportOptions options;
    private final BiConsumer<CacheExporter, CacheExporterRecord> onRecord;
    private final IdentityHashMap<CacheExporter, List<CacheExporterRecord>> exported = new IdentityHashMap<>();
    private final IdentityHashMap<StorageCacheManager, Map<String, List<CacheExporterRecord>>> backlinks =
            new IdentityHashMap<>();

    /**
     * @param onRecord told of every record with the exporter that it came from
     */
    public CacheExport(
            CacheExporterTarget target,
            CacheExportOptions options,
            BiConsumer<CacheExporter, CacheExporterRecord> onRecord) {
        this.target = target;
        this.options = options;
        this.onRecord = onRecord;
    }

    /**
     * Exports a solved target with everything below it.
     *
     * @throws IOException if a result cannot be read or made transferable
     */
    public void add(CachedResult result) throws IOException {
        if (options.mode() == ExportMode.MIN) {
            exported.clear();
        }
        if (!result.keys().isEmpty()) {
            for (CacheExporter exporter : result.keys().get(0).exporters()) {
                export(exporter, options.mode());
            }
        }
    }

    private record Child(int inputIndex, Optional<Digest> selector, CacheExporter exporter) {}

    private static final class Frame {
        final CacheExporter exporter;
        final ExportMode modeBelow;
        final List<CacheExportResult> results;
        final @Nullable CacheRecord record;
        final List<Child> children;
        final List<List<CacheLink>> links = new ArrayList<>();
        int next;

        Frame(
                CacheExporter exporter,
                ExportMode modeBelow,
                List<CacheExportResult> results,
                @Nullable CacheRecord record,
                List<Child> children) {
            this.exporter = exporter;
            this.modeBelow = modeBelow;
            this.results = results;
            this.record = record;
            this.children = children;
            for (int i = 0; i < exporter.key().inputs().size(); i++) {
                links.add(new ArrayList<>(2));
            }
        }
    }

    private static String text(Optional<Digest> selector) {
        return selector.map(Digest::toString).orElse("");
    }

    private void export(CacheExporter top, ExportMode mode) throws IOException {
        if (exported.containsKey(top)) {
            return;
        }
        Deque<Frame> stack = new ArrayDeque<>();
        stack.push(enter(top, mode));
        while (!stack.isEmpty()) {
            Frame frame = stack.element();
            if (frame.next == frame.children.size()) {
                stack.pop();
                leave(frame);
                continue;
            }
            Child child = frame.children.get(frame.next);
            List<CacheExporterRecord> records = exported.get(child.exporter());
            if (records == null) {
                stack.push(enter(child.exporter(), frame.modeBelow));
                continue;
            }
            frame.next++;
            for (CacheExporterRecord record : records) {
                frame.links.get(child.inputIndex()).add(new CacheLink(record, text(child.selector())));
            }
        }
    }

    private Frame enter(CacheExporter exporter, ExportMode mode) throws IOException {
        exported.put(exporter, List.of());
        CacheKey key = exporter.key();
        List<CacheExportResult> results = List.of();
        CacheRecord record = exporter.record();
        ExportMode below = mode;
        if ((options.exportRoots() || !key.isRoot()) && exporter.mayExportResult()) {
            List<CacheRecord> candidates = new ArrayList<>();
            if (record != null) {
                candidates.add(record);
            }
            candidates.addAll(exporter.records());
            record = null;
            for (CacheRecord candidate : candidates) {
                StorageCacheManager manager = candidate.manager();
                Optional<CacheResult> found = manager.keys().load(manager.id(candidate.key()), candidate.id());
                if (found.isPresent()) {
                    record = candidate;
                    List<Remote> remotes = remotes(manager, found.get(), mode);
                    if (!remotes.isEmpty()) {
                        results = List.of(new CacheExportResult(candidate.createdAt(), remotes.get(0)));
                        if (mode == ExportMode.MIN) {
                            below = ExportMode.REMOTE_ONLY;
                        }
                    }
                    break;
                }
            }
        }
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < key.inputs().size(); i++) {
            for (CacheKeyWithSelector input : key.inputs().get(i)) {
                addChildren(children, i, input);
            }
        }
        for (ActiveEdge.AdoptedLink link : exporter.adoptedLinks()) {
            if (link.inputIndex() < key.inputs().size()) {
                addChildren(children, link.inputIndex(), link.key());
            }
        }
        return new Frame(exporter, below, results, record, children);
    }

    private static void addChildren(List<Child> children, int inputIndex, CacheKeyWithSelector input) {
        for (CacheExporter exporter : input.key().exporters()) {
            children.add(new Child(inputIndex, input.selector(), exporter));
        }
    }

    private List<Remote> remotes(StorageCacheManager manager, CacheResult result, ExportMode mode) throws IOException {
        List<Remote> remotes = manager.results().loadRemotes(result);
        if (!remotes.isEmpty() || mode == ExportMode.REMOTE_ONLY) {
            return remotes;
        }
        Optional<Result> loaded = manager.results().load(result);
        if (loaded.isEmpty()) {
            return List.of();
        }
        try {
            return options.transfer().remotesOf(loaded.get());
        } finally {
            loaded.get().release();
        }
    }

    private void leave(Frame frame) {
        CacheKey key = frame.exporter.key();
        if (!options.ignoreBacklinks()) {
            for (CacheManager manager : key.managers()) {
                if (manager instanceof StorageCacheManager storage) {
                    addBacklinks(storage, key.idIn(manager).orElseThrow());
                }
            }
        }
        for (List<CacheLink> alternatives : frame.links) {
            if (alternatives.isEmpty()) {
                return;
            }
        }
        if (frame.record != null && key.isRoot()) {
            addRootsWithSameResult(frame.record, frame.results);
        }
        Optional<CacheExporterRecord> added = target.add(key.recordDigest(), frame.links, frame.results);
        if (added.isPresent()) {
            exported.put(frame.exporter, List.of(added.get()));
            onRecord.accept(frame.exporter, added.get());
        }
    }

    private void addRootsWithSameResult(CacheRecord record, List<CacheExportResult> results) {
        CacheKeyStorage keys = record.manager().keys();
        String own = record.manager().id(record.key());
        keys.walkIdsByResult(record.id(), id -> {
            boolean[] isRoot = {!id.equals(own)};
            keys.walkBacklinks(id, (source, link) -> isRoot[0] = false);
            if (isRoot[0]) {
                Digest.tryParse(id).ifPresent(digest -> target.add(digest, List.of(), results));
            }
        });
    }

    private record BackLink(String source, CacheInfoLink link) {}

    /** Adds everything that leads to the key in its storage, once. */
    private void addBacklinks(StorageCacheManager manager, String top) {
        Map<String, List<CacheExporterRecord>> done = backlinks.computeIfAbsent(manager, unused -> new HashMap<>());
        Map<String, List<BackLink>> entered = new HashMap<>();
        Deque<String> stack = new ArrayDeque<>();
        if (!done.containsKey(top)) {
            stack.push(top);
        }
        while (!stack.isEmpty()) {
            String id = stack.element();
            List<BackLink> leading = entered.get(id);
            if (leading == null) {
                if (done.containsKey(id)) {
                    stack.pop();
                    continue;
                }
                // While its own sources are worked on it counts as one that leads nowhere: a loop gives no link.
                done.put(id, List.of());
                List<BackLink> found = new ArrayList<>();
                manager.keys().walkBacklinks(id, (source, link) -> found.add(new BackLink(source, link)));
                entered.put(id, found);
                for (BackLink back : found) {
                    if (!done.containsKey(back.source())) {
                        stack.push(back.source());
                    }
                }
                continue;
            }
            stack.pop();
            entered.remove(id);
            done.put(id, addFromBacklinks(id, leading, done));
        }
    }

    private List<CacheExporterRecord> addFromBacklinks(
            String id, List<BackLink> leading, Map<String, List<CacheExporterRecord>> done) {
        List<CacheExporterRecord> records = new ArrayList<>(1);
        if (leading.isEmpty()) {
            Digest.tryParse(id)
                    .flatMap(digest -> target.add(digest, List.of(), List.of()))
                    .ifPresent(records::add);
            return records;
        }
        Map<Digest, List<List<CacheLink>>> byDigest = new LinkedHashMap<>();
        for (BackLink back : leading) {
            List<List<CacheLink>> links =
                    byDigest.computeIfAbsent(back.link().recordDigest(), unused -> new ArrayList<>());
            while (links.size() <= back.link().inputIndex()) {
                links.add(new ArrayList<>(2));
            }
            for (CacheExporterRecord source : done.getOrDefault(back.source(), List.of())) {
                links.get(back.link().inputIndex())
                        .add(new CacheLink(source, text(back.link().selector())));
            }
        }
        byDigest.forEach((digest, links) -> {
            if (links.stream().noneMatch(List::isEmpty)) {
                target.add(digest, links, List.of()).ifPresent(records::add);
            }
        });
        return records;
    }
}
