package dev.cachetool.solver;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Results that know when somebody forgets to release them, and a storage of them that can be told to fail. */
public final class TestResults implements CacheResultStorage {
    private final Map<String, TestResult> stored = new ConcurrentHashMap<>();
    private final Set<TestResult> held = new HashSet<>();
    private final Set<String> damaged = new HashSet<>();
    private final Set<String> gone = new HashSet<>();
    private final Set<String> unreadable = new HashSet<>();
    private final Set<String> distrusted = new HashSet<>();
    private final String prefix;
    private boolean full;
    private int lastId;

    public TestResults() {
        this("result-");
    }

    /**
     * @param prefix of the ids of its results
     */
    public TestResults(String prefix) {
        this.prefix = prefix;
    }

    /** A result: some text. */
    public final class TestResult implements Result {
        private final String id;
        private final String content;
        private final Timestamp createdAt;
        private final boolean pending;
        private final boolean withoutLayers;
        private boolean kept = true;

        TestResult(String id, String content, Timestamp createdAt, boolean pending, boolean withoutLayers) {
            this.id = id;
            this.content = content;
            this.createdAt = createdAt;
            this.pending = pending;
            this.withoutLayers = withoutLayers;
        }

        /** Makes it one that no cache keeps. */
        TestResult notKept() {
            kept = false;
            return this;
        }

        /** What is in it. */
        public String content() {
            return content;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Timestamp createdAt() {
            return createdAt;
        }

        @Override
        public Optional<Digest> contentDigest(ContentFunction function) throws IOException {
            if (unreadable.contains(content)) {
                throw new IOException("could not read " + content);
            }
            return pending ? Optional.empty() : Optional.of(TestGraph.digest(content));
        }

        @Override
        public boolean isKept() {
            return kept && !pending && isTrusted();
        }

        @Override
        public boolean isTrusted() {
            return !distrusted.contains(content);
        }

        @Override
        public void release() {
            synchronized (TestResults.this) {
                if (!held.remove(this)) {
                    throw new IllegalStateException("released twice: " + this);
                }
            }
        }

        /** The layers that it could be exported as. */
        public List<Remote> remotes() {
            return withoutLayers ? List.of() : List.of(remoteOf(content));
        }

        @Override
        public String toString() {
            return id + " (" + content + ")";
        }
    }

    /** One layer that stands for a text. */
    public static Remote remoteOf(String content) {
        return new Remote(
                List.of(Descriptor.of(MediaTypes.OCI_LAYER, TestGraph.digest("layer of " + content), content.length())
                        .withAnnotation(
                                Annotations.UNCOMPRESSED,
                                TestGraph.digest("diff of " + content).toString())),
                OpaqueOps.NO_BLOBS);
    }

    synchronized TestResult make(String content, Timestamp createdAt, boolean pending, boolean withoutLayers) {
        return held(new TestResult(prefix + ++lastId, content, createdAt, pending, withoutLayers));
    }

    private TestResult held(TestResult result) {
        held.add(result);
        return result;
    }

    /** One more of it, held by who asks. */
    synchronized TestResult again(TestResult result) {
        return held(new TestResult(result.id, result.content, result.createdAt, result.pending, result.withoutLayers));
    }

    /** Those that nobody released. */
    public synchronized Set<TestResult> held() {
        return Set.copyOf(held);
    }

    /** Results with this content cannot be read from now on. */
    void damage(String content) {
        damaged.add(content);
    }

    /** Results with this content are gone, and only a look at them tells. */
    void lose(String content) {
        gone.add(content);
    }

    /** Results with this content are not what their keys say. */
    void distrust(String content) {
        distrusted.add(content);
    }

    /** Nobody can tell a content key of results with this content from now on. */
    void makeUnreadable(String content) {
        unreadable.add(content);
    }

    /** Nothing can be kept from now on. */
    void fill() {
        full = true;
    }

    /** Forgets every result. */
    void clear() {
        stored.clear();
    }

    /** The contents of what is kept. */
    Set<String> kept() {
        Set<String> contents = new HashSet<>();
        stored.values().forEach(result -> contents.add(result.content));
        return contents;
    }

    @Override
    public CacheResult save(Result result, Timestamp createdAt) throws IOException {
        if (full) {
            throw new IOException("could not save " + result.id() + ": the disk is full");
        }
        stored.putIfAbsent(result.id(), (TestResult) result);
        return new CacheResult(result.id(), createdAt);
    }

    @Override
    public Optional<Result> load(CacheResult result) throws IOException {
        TestResult found = stored.get(result.id());
        if (found == null || gone.contains(found.content)) {
            return Optional.empty();
        }
        if (damaged.contains(found.content)) {
            throw new IOException("could not read " + found);
        }
        return Optional.of(again(found));
    }

    @Override
    public List<Remote> loadRemotes(CacheResult result) {
        return List.of();
    }

    @Override
    public boolean exists(String resultId) {
        return stored.containsKey(resultId);
    }

    /** Makes test results transferable. */
    public static List<Remote> transfer(Result result) {
        return ((TestResult) result).remotes();
    }

    /** A cache on this storage. */
    StorageCacheManager manager(String name, boolean local) {
        Map<String, Integer> last = new HashMap<>();
        return new StorageCacheManager(
                name, local, new InMemoryCacheKeyStorage(), this, () -> name + "-" + last.merge("id", 1, Integer::sum));
    }
}
