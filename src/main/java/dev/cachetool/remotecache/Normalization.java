package dev.cachetool.remotecache;

import dev.cachetool.content.Provider;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.remotecache.CacheChains.Item;
import dev.cachetool.remotecache.CacheConfig.ConfigLink;
import dev.cachetool.remotecache.CacheConfig.ConfigRecord;
import dev.cachetool.remotecache.CacheConfig.LayerResult;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import dev.cachetool.solver.CacheExportResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Normalises chains (docs/formats.md, "Normalisation"):
 *
 * <ol>
 *   <li>Records that are the same key become one, to a fixed point. Two are the same when their digests and numbers of
 *       inputs are and every input has a link (source, selector) in common; this is congruence closure, with union-find
 *       and the smaller side's users looked at again.
 *   <li>Records that cannot be reached from roots are dropped; the others get the rank at which they are reached.
 *   <li>Links that close a loop are dropped. Those that lead to a higher rank cannot, so no input becomes empty.
 *   <li>Identities are computed, and all is sorted by content.
 * </ol>
 *
 * An alternative of an input is one long: the source's number, then the selector's.
 */
final class Normalization {
    /** Loops through more records than this keep none of the links that might close them. */
    private static final int LARGE_LOOP = 2_000;

    private final List<Item> items;
    private final int[] parent;
    private final int[] digestIds;
    private final List<String> selectorNames = new ArrayList<>(List.of(""));
    private final Map<String, Integer> selectorIds = new HashMap<>(Map.of("", 0));
    private final long[][][] inputs;

    Normalization(CacheChains chains) {
        this.items = chains.items();
        int n = items.size();
        this.parent = new int[n];
        this.digestIds = new int[n];
        this.inputs = new long[n][][];
    }

    NormalizedChains run() {
        intern();
        uniteEqual();
        uniteContested();
        return arrange();
    }

    private void intern() {
        Map<String, Integer> ids = new HashMap<>(items.size() * 2);
        for (Item item : items) {
            int r = item.index;
            parent[r] = r;
            digestIds[r] = ids.computeIfAbsent(item.digest, unused -> ids.size());
            long[][] own = new long[item.sources.length][];
            for (int i = 0; i < own.length; i++) {
                own[i] = new long[item.sources[i].length];
                for (int j = 0; j < own[i].length; j++) {
                    int selector = selectorIds.computeIfAbsent(item.selectors[i][j], name -> {
                        selectorNames.add(name);
                        return selectorNames.size() - 1;
                    });
                    own[i][j] = alternative(item.sources[i][j].index, selector);
                }
            }
            inputs[r] = own;
        }
    }

    private static long alternative(int source, int selector) {
        return (long) source << 32 | selector;
    }

    private static int source(long alternative) {
        return (int) (alternative >> 32);
    }

    private static int selector(long alternative) {
        return (int) alternative;
    }

    private int find(int r) {
        int root = r;
        while (parent[root] != root) {
            root = parent[root];
        }
        int at = r;
        while (parent[at] != root) {
            int next = parent[at];
            parent[at] = root;
            at = next;
        }
        return root;
    }

    /** The alternatives with sources as they are united now, sorted, each once. */
    private long[] canonical(long[] alternatives) {
        long[] out = new long[alternatives.length];
        for (int j = 0; j < out.length; j++) {
            out[j] = alternative(find(source(alternatives[j])), selector(alternatives[j]));
        }
        if (out.length == 1) {
            return out;
        }
        Arrays.sort(out);
        int size = 0;
        for (int j = 0; j < out.length; j++) {
            if (j == 0 || out[j] != out[j - 1]) {
                out[size++] = out[j];
            }
        }
        return size == out.length ? out : Arrays.copyOf(out, size);
    }

    private long[][] canonical(long[][] all) {
        long[][] out = new long[all.length][];
        for (int i = 0; i < out.length; i++) {
            out[i] = canonical(all[i]);
        }
        return out;
    }

    /** What two records have alike when their inputs say the very same. */
    private static final class Signature {
        private final int digest;
        private final long[][] inputs;
        private final int hash;

        Signature(int digest, long[][] inputs) {
            this.digest = digest;
            this.inputs = inputs;
            int h = digest;
            for (long[] input : inputs) {
                h = h * 31 + Arrays.hashCode(input);
            }
            this.hash = h * 0x9E3779B1;
        }

        @Override
        public boolean equals(Object o) {
            if (!(o instanceof Signature that) || digest != that.digest || inputs.length != that.inputs.length) {
                return false;
            }
            for (int i = 0; i < inputs.length; i++) {
                if (!Arrays.equals(inputs[i], that.inputs[i])) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** One pass in the order of adding unites records that were simply added again. */
    private void uniteEqual() {
        Map<Signature, Integer> seen = new HashMap<>(items.size() * 2);
        for (int r = 0; r < parent.length; r++) {
            inputs[r] = canonical(inputs[r]);
            Integer first = seen.putIfAbsent(new Signature(digestIds[r], inputs[r]), r);
            if (first != null) {
                parent[r] = first;
            }
        }
    }

    private record Group(int digest, int inputs) {}

    private record Bucket(int digest, int inputs, int inputIndex, long alternative) {}

    /** Records of the same digest and number of inputs may share alternatives without being equal. */
    private void uniteContested() {
        Map<Group, List<Integer>> groups = new LinkedHashMap<>();
        Map<Group, Integer> firsts = new HashMap<>(parent.length * 2);
        for (int r = 0; r < parent.length; r++) {
            if (find(r) != r || inputs[r].length == 0) {
                continue;
            }
            Group group = new Group(digestIds[r], inputs[r].length);
            Integer first = firsts.putIfAbsent(group, r);
            if (first != null) {
                groups.computeIfAbsent(group, unused -> new ArrayList<>(List.of(first)))
                        .add(r);
            }
        }
        if (groups.isEmpty()) {
            return;
        }
        Map<Bucket, List<Integer>> buckets = new HashMap<>();
        Map<Integer, List<Integer>> users = new HashMap<>();
        Deque<Integer> queue = new ArrayDeque<>();
        boolean[] queued = new boolean[parent.length];
        for (List<Integer> group : groups.values()) {
            for (int r : group) {
                enter(r, buckets, users);
                queue.add(r);
                queued[r] = true;
            }
        }
        while (!queue.isEmpty()) {
            int taken = queue.poll();
            queued[taken] = false;
            int r = find(taken);
            int other = match(r, buckets);
            if (other < 0) {
                continue;
            }
            List<Integer> usersOfR = users.getOrDefault(r, List.of());
            List<Integer> usersOfOther = users.getOrDefault(other, List.of());
            int winner = usersOfR.size() >= usersOfOther.size() ? r : other;
            int loser = winner == r ? other : r;
            parent[loser] = winner;
            for (int i = 0; i < inputs[winner].length; i++) {
                long[] both = Arrays.copyOf(inputs[winner][i], inputs[winner][i].length + inputs[loser][i].length);
                System.arraycopy(inputs[loser][i], 0, both, inputs[winner][i].length, inputs[loser][i].length);
                inputs[winner][i] = canonical(both);
            }
            List<Integer> moved = users.remove(loser);
            List<Integer> again = new ArrayList<>(List.of(winner));
            if (moved != null) {
                users.computeIfAbsent(winner, unused -> new ArrayList<>()).addAll(moved);
                for (int user : moved) {
                    int u = find(user);
                    inputs[u] = canonical(inputs[u]);
                    again.add(u);
                }
            }
            for (int u : again) {
                enterBuckets(u, buckets);
                if (!queued[u]) {
                    queued[u] = true;
                    queue.add(u);
                }
            }
        }
    }

    private void enter(int r, Map<Bucket, List<Integer>> buckets, Map<Integer, List<Integer>> users) {
        enterBuckets(r, buckets);
        for (long[] alternatives : inputs[r]) {
            for (long alternative : alternatives) {
                users.computeIfAbsent(find(source(alternative)), unused -> new ArrayList<>(1))
                        .add(r);
            }
        }
    }

    private void enterBuckets(int r, Map<Bucket, List<Integer>> buckets) {
        for (int i = 0; i < inputs[r].length; i++) {
            for (long alternative : inputs[r][i]) {
                List<Integer> bucket = buckets.computeIfAbsent(
                        new Bucket(digestIds[r], inputs[r].length, i, alternative), unused -> new ArrayList<>(1));
                if (bucket.isEmpty() || bucket.get(bucket.size() - 1) != r) {
                    bucket.add(r);
                }
            }
        }
    }

    /** Another record that is the same key as this one; -1 where there is none. */
    private int match(int r, Map<Bucket, List<Integer>> buckets) {
        inputs[r] = canonical(inputs[r]);
        int best = -1;
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < inputs[r].length; i++) {
            int candidates = 0;
            for (long alternative : inputs[r][i]) {
                candidates += bucket(r, i, alternative, buckets).size();
            }
            if (candidates < fewest) {
                fewest = candidates;
                best = i;
            }
        }
        for (long alternative : inputs[r][best]) {
            for (int candidate : bucket(r, best, alternative, buckets)) {
                int other = find(candidate);
                if (other != r && sharesAll(r, other)) {
                    return other;
                }
            }
        }
        return -1;
    }

    private List<Integer> bucket(int r, int inputIndex, long alternative, Map<Bucket, List<Integer>> buckets) {
        return buckets.getOrDefault(new Bucket(digestIds[r], inputs[r].length, inputIndex, alternative), List.of());
    }

    private boolean sharesAll(int r, int other) {
        inputs[other] = canonical(inputs[other]);
        for (int i = 0; i < inputs[r].length; i++) {
            if (!intersects(inputs[r][i], inputs[other][i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether two sorted lists have a member in common. */
    private static boolean intersects(long[] a, long[] b) {
        int i = 0;
        int j = 0;
        while (i < a.length && j < b.length) {
            if (a[i] == b[j]) {
                return true;
            }
            if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        return false;
    }

    /** The records that are left after uniting, numbered anew, with their links. */
    private NormalizedChains arrange() {
        int[] number = new int[parent.length];
        int size = 0;
        for (int r = 0; r < parent.length; r++) {
            number[r] = find(r) == r ? size++ : -1;
        }
        int[] item = new int[size];
        long[][][] links = new long[size][][];
        List<List<CacheExportResult>> results = new ArrayList<>(size);
        for (int k = 0; k < size; k++) {
            results.add(List.of());
        }
        for (int r = 0; r < parent.length; r++) {
            int root = find(r);
            int k = number[root];
            number[r] = k;
            if (root == r) {
                item[k] = r;
            }
            List<CacheExportResult> own = items.get(r).results;
            if (!own.isEmpty()) {
                if (results.get(k).isEmpty()) {
                    results.set(k, own);
                } else {
                    List<CacheExportResult> both = new ArrayList<>(results.get(k));
                    both.addAll(own);
                    results.set(k, both);
                }
            }
        }
        for (int k = 0; k < size; k++) {
            long[][] own = canonical(inputs[item[k]]);
            for (int i = 0; i < own.length; i++) {
                int kept = 0;
                for (long alternative : own[i]) {
                    int source = number[source(alternative)];
                    if (source != k) {
                        own[i][kept++] = alternative(source, selector(alternative));
                    }
                }
                own[i] = Arrays.copyOf(own[i], kept);
            }
            links[k] = own;
        }
        int[] order = acyclicOrder(item, links);
        return new Arrangement(item, links, results, order, number).build();
    }

    /**
     * Drops records that cannot be reached and links that close loops, and gives the rest in an order in which sources
     * come first.
     */
    private int[] acyclicOrder(int[] item, long[][][] links) {
        int size = item.length;
        // Who uses a record: a list in two arrays.
        int[] firstUse = new int[size + 1];
        for (long[][] own : links) {
            for (long[] alternatives : own) {
                for (long alternative : alternatives) {
                    firstUse[source(alternative) + 1]++;
                }
            }
        }
        for (int k = 0; k < size; k++) {
            firstUse[k + 1] += firstUse[k];
        }
        int[] useRecord = new int[firstUse[size]];
        int[] useInput = new int[firstUse[size]];
        int[] fill = Arrays.copyOf(firstUse, size);
        for (int k = 0; k < size; k++) {
            for (int i = 0; i < links[k].length; i++) {
                for (long alternative : links[k][i]) {
                    int at = fill[source(alternative)]++;
                    useRecord[at] = k;
                    useInput[at] = i;
                }
            }
        }
        // Rank: roots have 0, another the one after that of its last input to be reached.
        int[] rank = new int[size];
        Arrays.fill(rank, -1);
        int[] missing = new int[size];
        boolean[][] reached = new boolean[size][];
        int[] order = new int[size];
        int tail = 0;
        for (int k = 0; k < size; k++) {
            missing[k] = links[k].length;
            if (missing[k] == 0) {
                rank[k] = 0;
                order[tail++] = k;
            } else {
                reached[k] = new boolean[missing[k]];
            }
        }
        for (int head = 0; head < tail; head++) {
            int source = order[head];
            for (int u = firstUse[source]; u < firstUse[source + 1]; u++) {
                int k = useRecord[u];
                if (!reached[k][useInput[u]]) {
                    reached[k][useInput[u]] = true;
                    if (--missing[k] == 0) {
                        rank[k] = rank[source] + 1;
                        order[tail++] = k;
                    }
                }
            }
        }
        boolean descending = false;
        for (int h = 0; h < tail; h++) {
            int k = order[h];
            for (int i = 0; i < links[k].length; i++) {
                long[] own = links[k][i];
                int kept = 0;
                for (long alternative : own) {
                    int from = rank[source(alternative)];
                    if (from >= 0) {
                        own[kept++] = alternative;
                        descending |= from >= rank[k];
                    }
                }
                links[k][i] = kept == own.length ? own : Arrays.copyOf(own, kept);
            }
        }
        int[] found = Arrays.copyOf(order, tail);
        return descending ? withoutLoops(found, rank, links, item) : found;
    }

    /** Breaks loops: of the links inside one, those to a higher rank stay, others as long as they close none. */
    private int[] withoutLoops(int[] order, int[] rank, long[][][] links, int[] item) {
        int[] component = StrongComponents.of(links, order);
        Map<Integer, List<Integer>> members = new LinkedHashMap<>();
        for (int k : order) {
            members.computeIfAbsent(component[k], unused -> new ArrayList<>(1)).add(k);
        }
        for (List<Integer> loop : members.values()) {
            if (loop.size() > 1) {
                breakLoop(loop, component, rank, links, item);
            }
        }
        return StrongComponents.topological(links, order);
    }

    private record Closing(int record, int inputIndex, long alternative) {}

    private void breakLoop(List<Integer> loop, int[] component, int[] rank, long[][][] links, int[] item) {
        List<Closing> closing = new ArrayList<>();
        for (int k : loop) {
            for (int i = 0; i < links[k].length; i++) {
                int kept = 0;
                long[] own = links[k][i];
                for (long alternative : own) {
                    int source = source(alternative);
                    if (component[source] == component[k] && rank[source] >= rank[k]) {
                        closing.add(new Closing(k, i, alternative));
                    } else {
                        own[kept++] = alternative;
                    }
                }
                links[k][i] = Arrays.copyOf(own, kept);
            }
        }
        if (loop.size() > LARGE_LOOP) {
            return;
        }
        Comparator<Closing> byContent = Comparator.<Closing>comparingInt(c -> rank[c.record()])
                .thenComparing(c -> items.get(item[c.record()]).digest)
                .thenComparingInt(Closing::inputIndex)
                .thenComparing(c -> selectorNames.get(selector(c.alternative())))
                .thenComparing(c -> items.get(item[source(c.alternative())]).digest);
        closing.sort(byContent);
        for (Closing c : closing) {
            if (!StrongComponents.reaches(source(c.alternative()), c.record(), links, component)) {
                long[] own = links[c.record()][c.inputIndex()];
                long[] more = Arrays.copyOf(own, own.length + 1);
                more[own.length] = c.alternative();
                links[c.record()][c.inputIndex()] = more;
            }
        }
    }

    /** The better of two results first: one with layers, then the newer, then by content. */
    static final Comparator<CacheExportResult> BEST_FIRST = (a, b) -> {
        boolean aHas = !a.remote().descriptors().isEmpty();
        boolean bHas = !b.remote().descriptors().isEmpty();
        if (aHas != bHas) {
            return aHas ? -1 : 1;
        }
        int byTime = b.createdAt().compareTo(a.createdAt());
        if (byTime != 0) {
            return byTime;
        }
        List<Descriptor> x = a.remote().descriptors();
        List<Descriptor> y = b.remote().descriptors();
        for (int i = 0; i < x.size() && i < y.size(); i++) {
            int byBlob = x.get(i).digest().compareTo(y.get(i).digest());
            if (byBlob != 0) {
                return byBlob;
            }
        }
        return Integer.compare(x.size(), y.size());
    };

    /** Identities, sorting, layers, and the config that comes of it. */
    private final class Arrangement {
        private final int[] item;
        private final long[][][] links;
        private final List<List<CacheExportResult>> results;
        private final int[] order;
        private final int[] recordOfItem;
        private final byte[][] identities;
        private final MessageDigest sha256 = Algorithm.SHA256.newMessageDigest();

        Arrangement(
                int[] item, long[][][] links, List<List<CacheExportResult>> results, int[] order, int[] recordOfItem) {
            this.item = item;
            this.links = links;
            this.results = results;
            this.order = order;
            this.recordOfItem = recordOfItem;
            this.identities = new byte[item.length][];
        }

        private String digest(int k) {
            return items.get(item[k]).digest;
        }

        private int compareLinks(long a, long b) {
            int bySelector = selectorNames.get(selector(a)).compareTo(selectorNames.get(selector(b)));
            if (bySelector != 0) {
                return bySelector;
            }
            int byDigest = digest(source(a)).compareTo(digest(source(b)));
            return byDigest != 0 ? byDigest : Arrays.compareUnsigned(identities[source(a)], identities[source(b)]);
        }

        private int compareRecords(int a, int b) {
            int c = digest(a).compareTo(digest(b));
            if (c != 0) {
                return c;
            }
            c = Integer.compare(links[a].length, links[b].length);
            for (int i = 0; c == 0 && i < links[a].length; i++) {
                c = Integer.compare(links[a][i].length, links[b][i].length);
            }
            for (int i = 0; c == 0 && i < links[a].length; i++) {
                for (int j = 0; c == 0 && j < links[a][i].length; j++) {
                    c = compareLinks(links[a][i][j], links[b][i][j]);
                }
            }
            return c != 0 ? c : Arrays.compareUnsigned(identities[a], identities[b]);
        }

        private void put(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            putNumber(bytes.length);
            sha256.update(bytes);
        }

        private void putNumber(int number) {
            sha256.update((byte) (number >> 24));
            sha256.update((byte) (number >> 16));
            sha256.update((byte) (number >> 8));
            sha256.update((byte) number);
        }

        private void identify(int k) {
            put(digest(k));
            putNumber(links[k].length);
            for (int i = 0; i < links[k].length; i++) {
                long[] own = links[k][i];
                if (own.length > 1) {
                    Long[] boxed = Arrays.stream(own).boxed().toArray(Long[]::new);
                    Arrays.sort(boxed, this::compareLinks);
                    for (int j = 0; j < own.length; j++) {
                        own[j] = boxed[j];
                    }
                }
                putNumber(own.length);
                for (long alternative : own) {
                    put(selectorNames.get(selector(alternative)));
                    sha256.update(identities[source(alternative)]);
                }
            }
            identities[k] = sha256.digest();
        }

        NormalizedChains build() {
            for (int k : order) {
                identify(k);
            }
            Integer[] sorted = Arrays.stream(order).boxed().toArray(Integer[]::new);
            Arrays.sort(sorted, this::compareRecords);
            int[] place = new int[item.length];
            Arrays.fill(place, -1);
            for (int p = 0; p < sorted.length; p++) {
                place[sorted[p]] = p;
            }
            LayerTable layers = new LayerTable();
            List<ChainRecord> records = new ArrayList<>(sorted.length);
            int[] top = new int[sorted.length];
            for (int p = 0; p < sorted.length; p++) {
                int k = sorted[p];
                List<CacheExportResult> own = distinct(results.get(k));
                top[p] = own.isEmpty() ? -1 : layers.add(own.get(0));
                List<List<ChainLink>> inputs = new ArrayList<>(links[k].length);
                for (long[] alternatives : links[k]) {
                    List<ChainLink> sources = new ArrayList<>(alternatives.length);
                    for (long alternative : alternatives) {
                        sources.add(
                                new ChainLink(selectorNames.get(selector(alternative)), place[source(alternative)]));
                    }
                    if (sources.size() > 1) {
                        sources.sort(Comparator.comparingInt(ChainLink::index).thenComparing(ChainLink::selector));
                    }
                    inputs.add(sources);
                }
                records.add(new ChainRecord(Digest.ofSha256(identities[k]), digest(k), inputs, own));
            }
            layers.sort();
            List<ConfigRecord> written = new ArrayList<>(records.size());
            for (int p = 0; p < records.size(); p++) {
                ChainRecord chain = records.get(p);
                List<List<ConfigLink>> inputs = new ArrayList<>(chain.inputs().size());
                for (List<ChainLink> alternatives : chain.inputs()) {
                    List<ConfigLink> out = new ArrayList<>(alternatives.size());
                    for (ChainLink link : alternatives) {
                        out.add(new ConfigLink(link.selector(), link.index()));
                    }
                    inputs.add(out);
                }
                List<LayerResult> result = top[p] < 0
                        ? List.of()
                        : List.of(new LayerResult(
                                layers.place(top[p]), chain.results().get(0).createdAt()));
                written.add(new ConfigRecord(chain.digest(), result, List.of(), inputs));
            }
            int[] recordOf = new int[recordOfItem.length];
            for (int r = 0; r < recordOf.length; r++) {
                recordOf[r] = place[recordOfItem[r]];
            }
            return new NormalizedChains(
                    records,
                    new CacheConfig(layers.layers(), written),
                    layers.descriptors(),
                    layers.providers,
                    recordOf);
        }

        private static List<CacheExportResult> distinct(List<CacheExportResult> all) {
            if (all.size() < 2) {
                return all;
            }
            List<CacheExportResult> sorted = new ArrayList<>(all);
            sorted.sort(BEST_FIRST);
            List<CacheExportResult> out = new ArrayList<>(1);
            for (CacheExportResult result : sorted) {
                if (out.isEmpty() || BEST_FIRST.compare(out.get(out.size() - 1), result) != 0) {
                    out.add(result);
                }
            }
            return out;
        }
    }

    /** Layers, each once on each parent. */
    private static final class LayerTable {
        private record Key(int parent, Digest blob) {}

        private final Map<Key, Integer> numbers = new HashMap<>();
        private final List<Key> keys = new ArrayList<>();
        private final Map<Digest, Descriptor> descriptors = new HashMap<>();
        final Map<Digest, Provider> providers = new HashMap<>();
        private int[] places = new int[0];
        private List<Integer> sorted = List.of();

        /** The number of the result's topmost layer; -1 where it has none. */
        int add(CacheExportResult result) {
            int below = -1;
            for (Descriptor layer : result.remote().descriptors()) {
                Key key = new Key(below, layer.digest());
                Integer number = numbers.get(key);
                if (number == null) {
                    number = keys.size();
                    keys.add(key);
                    numbers.put(key, number);
                }
                below = number;
                descriptors.merge(layer.digest(), published(layer), LayerTable::better);
                providers.putIfAbsent(layer.digest(), result.remote().provider());
            }
            return below;
        }

        /** The descriptor as it may be published: OCI type, and nothing about where it was pulled from. */
        private static Descriptor published(Descriptor layer) {
            Descriptor oci = layer.withMediaType(MediaTypes.toOci(layer.mediaType()));
            boolean tells = false;
            for (String key : layer.annotations().keySet()) {
                tells |= key.startsWith(Annotations.DISTRIBUTION_SOURCE);
            }
            if (!tells) {
                return oci;
            }
            Map<String, String> kept = new TreeMap<>(layer.annotations());
            kept.keySet().removeIf(key -> key.startsWith(Annotations.DISTRIBUTION_SOURCE));
            return oci.withAnnotations(kept);
        }

        /** Of two descriptors of one blob, the one that says more; then by content. */
        private static Descriptor better(Descriptor a, Descriptor b) {
            if (a.equals(b)) {
                return a;
            }
            if (a.diffId().isPresent() != b.diffId().isPresent()) {
                return a.diffId().isPresent() ? a : b;
            }
            return a.toString().compareTo(b.toString()) <= 0 ? a : b;
        }

        void sort() {
            List<Integer> all = new ArrayList<>(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                all.add(i);
            }
            all.sort(this::compare);
            sorted = all;
            places = new int[all.size()];
            for (int p = 0; p < places.length; p++) {
                places[all.get(p)] = p;
            }
        }

        /** By blob, then by the blobs below, from the top. */
        private int compare(int a, int b) {
            int x = a;
            int y = b;
            while (x >= 0 && y >= 0) {
                if (x == y) {
                    return 0;
                }
                int byBlob = keys.get(x).blob().compareTo(keys.get(y).blob());
                if (byBlob != 0) {
                    return byBlob;
                }
                x = keys.get(x).parent();
                y = keys.get(y).parent();
            }
            return Boolean.compare(x >= 0, y >= 0);
        }

        int place(int number) {
            return places[number];
        }

        List<CacheConfig.Layer> layers() {
            List<CacheConfig.Layer> out = new ArrayList<>(sorted.size());
            for (int number : sorted) {
                Key key = keys.get(number);
                out.add(new CacheConfig.Layer(key.blob().toString(), key.parent() < 0 ? -1 : places[key.parent()]));
            }
            return out;
        }

        List<Descriptor> descriptors() {
            List<Descriptor> out = new ArrayList<>(sorted.size());
            for (int number : sorted) {
                out.add(descriptors.get(keys.get(number).blob()));
            }
            return out;
        }
    }
}
