package dev.cachetool.page;

import dev.cachetool.digest.Digest;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.LayerView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Caches that nobody built, the same each time. */
public final class TestCaches {
    private static final String TYPE = "application/vnd.oci.image.layer.v1.tar+zstd";
    private static final Instant NEWEST = Instant.parse("2026-11-20T12:00:00Z");
    private static final int A_YEAR = 365 * 24 * 3600;
    /** Records take from those so many places before them. */
    private static final int REACH = 60;

    private TestCaches() {}

    /**
     * A cache of so many records, as a large build makes them: a fifth roots, the others with one to three inputs and mostly
     * with a result of their own layer, a tenth on the layer of the record below; half of them with names.
     */
    public static CacheView ofSize(int size) {
        Random random = new Random(size);
        List<RecordView> records = new ArrayList<>(size);
        List<Descriptor> layers = new ArrayList<>();
        List<Integer> users = new ArrayList<>();
        int[] stoodOn = new int[size];
        List<List<List<ChainLink>>> inputs = new ArrayList<>(size);
        int[] depths = new int[size];
        for (int i = 0; i < size; i++) {
            List<List<ChainLink>> each = new ArrayList<>();
            int count = i < 3 || random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(3);
            depths[i] = 1;
            for (int input = 0; input < count; input++) {
                int source = i - 1 - random.nextInt(Math.min(i, REACH));
                stoodOn[source]++;
                depths[i] = Math.max(depths[i], depths[source] + 1);
                each.add(List.of(new ChainLink(
                        random.nextInt(3) == 0 ? Digest.sha256("selector " + i).toString() : "", source)));
            }
            inputs.add(each);
        }
        List<List<Integer>> stacks = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            boolean result = !inputs.get(i).isEmpty() && random.nextInt(5) > 0;
            List<Integer> stack = new ArrayList<>();
            if (result) {
                int below = inputs.get(i).get(0).get(0).index();
                if (random.nextInt(10) == 0 && !stacks.get(below).isEmpty()) {
                    stack.add(stacks.get(below).get(0));
                }
                stack.add(layers.size());
                long bytes = (long) Math.exp(6 + 12 * random.nextDouble());
                layers.add(Descriptor.of(TYPE, Digest.sha256("layer " + i), bytes)
                        .withAnnotation(
                                "containerd.io/uncompressed",
                                Digest.sha256("plain " + i).toString()));
                users.add(0);
                stack.forEach(layer -> users.set(layer, users.get(layer) + 1));
            }
            stacks.add(stack);
        }
        for (int i = 0; i < size; i++) {
            List<ResultView> results = new ArrayList<>();
            if (!stacks.get(i).isEmpty()) {
                long bytes = 0;
                long own = 0;
                for (int layer : stacks.get(i)) {
                    bytes += layers.get(layer).size();
                    own += users.get(layer) == 1 ? layers.get(layer).size() : 0;
                }
                results.add(new ResultView(
                        stacks.get(i),
                        bytes,
                        own,
                        Timestamp.of(NEWEST.minusSeconds((long) (A_YEAR * Math.pow(random.nextDouble(), 3)))),
                        OptionalLong.of(random.nextInt(60_000))));
            }
            List<String> names = random.nextBoolean() ? List.of("step-" + i) : List.of();
            records.add(record("record " + i, names, new TreeMap<>(), inputs.get(i), depths[i], stoodOn[i], results));
        }
        List<LayerView> views = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            views.add(new LayerView(layers.get(i), users.get(i), Math.min(users.get(i), 1)));
        }
        return cache(records, views);
    }

    /** A cache of one record without a result that stands on nothing, by these names and with these parts. */
    public static CacheView ofOne(String digest, List<String> names, SortedMap<String, String> parts) {
        return cache(
                List.of(new RecordView(Digest.sha256("one"), digest, names, parts, List.of(), 1, 0, List.of())),
                List.of());
    }

    /** A cache of a record and two on it that have the same digest, as they differ in a selector. */
    public static CacheView ofTwins() {
        List<RecordView> records = new ArrayList<>();
        records.add(record("root", List.of(), new TreeMap<>(), List.of(), 1, 2, List.of()));
        for (String selector : List.of("a", "b")) {
            records.add(new RecordView(
                    Digest.sha256("identity of " + selector),
                    Digest.sha256("twin").toString(),
                    List.of(),
                    new TreeMap<>(),
                    List.of(List.of(new ChainLink(selector, 0))),
                    2,
                    0,
                    List.of()));
        }
        return cache(records, List.of());
    }

    private static RecordView record(
            String seed,
            List<String> names,
            SortedMap<String, String> parts,
            List<List<ChainLink>> inputs,
            int depth,
            int users,
            List<ResultView> results) {
        return new RecordView(
                Digest.sha256("identity of " + seed),
                Digest.sha256(seed).toString(),
                names,
                parts,
                inputs,
                depth,
                users,
                results);
    }

    private static CacheView cache(List<RecordView> records, List<LayerView> layers) {
        return new CacheView(
                Digest.sha256("cache"),
                ArtifactForm.IMAGE_MANIFEST,
                Optional.of(true),
                123_456,
                OptionalLong.of(234_567),
                true,
                records,
                layers);
    }
}
