package dev.cachetool.cli.service;

import dev.cachetool.cli.output.Reporter;
import dev.cachetool.content.LayerScan;
import dev.cachetool.content.Provider;
import dev.cachetool.content.UnsafeEntryException;
import dev.cachetool.digest.Digest;
import dev.cachetool.inspect.CacheCheck;
import dev.cachetool.inspect.Finding;
import dev.cachetool.oci.Descriptor;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Looks for blobs, and into them, several at once. Closing it ends what is under way. */
final class BlobChecks implements Closeable {
    private static final int ASKING = 8;
    private static final int READING = 4;

    private final Provider provider;
    private final Reporter reporter;
    private final ExecutorService workers;
    private final List<Finding> findings = new ArrayList<>();
    private final boolean deep;

    /**
     * @param deep whether blobs are read, else only looked for
     */
    BlobChecks(Provider provider, boolean deep, Reporter reporter) {
        this.provider = provider;
        this.deep = deep;
        this.reporter = reporter;
        this.workers = Executors.newFixedThreadPool(deep ? READING : ASKING, Threads.named("verify"));
    }

    /** What is wrong with the blobs of the cache. */
    List<Finding> run(CacheCheck check) throws IOException, InterruptedException {
        if (deep) {
            read(check);
        } else {
            find(check.blobs());
        }
        return findings;
    }

    private void find(List<Descriptor> blobs) throws IOException, InterruptedException {
        reporter.phase("looking for blobs", "blob", blobs.size(), 0);
        List<Future<OptionalLong>> sizes = new ArrayList<>(blobs.size());
        for (Descriptor blob : blobs) {
            sizes.add(workers.submit(() -> provider.sizeOf(blob)));
        }
        for (int i = 0; i < blobs.size(); i++) {
            Descriptor blob = blobs.get(i);
            OptionalLong size = Threads.result(sizes.get(i));
            if (size.isEmpty()) {
                findings.add(CacheCheck.missing(blob));
            } else if (size.getAsLong() != blob.size()) {
                findings.add(CacheCheck.otherSize(blob, size.getAsLong()));
            }
        }
    }

    /** What became of reading a layer. */
    private record Read(Optional<LayerScan> scan, List<Finding> findings) {}

    /**
     * Reads every blob once, in the order of the stacks that they are in. Of what was read, headers are kept until the last
     * stack was looked at that has them; no more than twice as many blobs as threads are read ahead.
     */
    private void read(CacheCheck check) throws IOException, InterruptedException {
        List<List<Descriptor>> stacks = new ArrayList<>(check.stacks());
        int ofResults = stacks.size();
        Map<Digest, Descriptor> order = new LinkedHashMap<>();
        stacks.forEach(stack -> stack.forEach(layer -> order.putIfAbsent(layer.digest(), layer)));
        for (Descriptor blob : check.blobs()) {
            if (order.putIfAbsent(blob.digest(), blob) == null) {
                stacks.add(List.of(blob));
            }
        }
        Map<Digest, Integer> uses = new HashMap<>();
        stacks.forEach(stack -> stack.forEach(layer -> uses.merge(layer.digest(), 1, Integer::sum)));
        reporter.phase(
                "reading layers",
                "layer",
                order.size(),
                order.values().stream().mapToLong(Descriptor::size).sum());
        Deque<Descriptor> rest = new ArrayDeque<>(order.values());
        Map<Digest, Future<Read>> reading = new HashMap<>();
        Map<Digest, Read> done = new HashMap<>();
        Set<List<Object>> told = new HashSet<>();
        for (int i = 0; i < stacks.size(); i++) {
            List<Descriptor> stack = stacks.get(i);
            List<LayerScan> scans = new ArrayList<>();
            for (Descriptor layer : stack) {
                while (reading.size() < 2 * READING && !rest.isEmpty()) {
                    Descriptor next = rest.remove();
                    reading.put(next.digest(), workers.submit(reading(next)));
                }
                Future<Read> future = reading.remove(layer.digest());
                if (future != null) {
                    Read read = Threads.result(future);
                    findings.addAll(read.findings());
                    done.put(layer.digest(), read);
                }
                Read read = done.get(layer.digest());
                if (read != null) {
                    read.scan().ifPresent(scans::add);
                }
            }
            // What no result has lacks what it stands on, so that only its tar can be judged.
            if (i < ofResults && scans.size() == stack.size()) {
                for (UnsafeEntryException refusal : LayerScan.refusals(scans)) {
                    if (told.add(List.of(refusal.layer(), refusal.entry(), refusal.reason()))) {
                        findings.add(CacheCheck.unsafe(refusal));
                    }
                }
            }
            for (Descriptor layer : stack) {
                if (uses.merge(layer.digest(), -1, Integer::sum) == 0) {
                    done.remove(layer.digest());
                }
            }
        }
    }

    private Callable<Read> reading(Descriptor layer) {
        return () -> {
            try {
                LayerScan scan = LayerScan.read(provider, layer);
                return new Read(
                        Optional.of(scan),
                        CacheCheck.otherDiffId(layer, scan.diffId()).stream().toList());
            } catch (IOException e) {
                Optional<Finding> finding = CacheCheck.unreadable("layer", layer, false, e);
                if (finding.isEmpty()) {
                    throw e;
                }
                return new Read(Optional.empty(), List.of(finding.get()));
            } finally {
                reporter.advanced(layer.size());
            }
        };
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
