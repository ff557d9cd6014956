package dev.cachetool.remotecache;

import dev.cachetool.remotecache.CacheChains.Item;
import dev.cachetool.solver.CacheExportResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one of records that are the same key, to a fixed point: their digests and numbers of inputs are the same, and every
 * input has a way in, source and selector, in common. This is congruence closure, with union-find and the smaller side's
 * users looked at again.
 */
final class KeyUnion {
    private final List<Item> items;
    private final int[] parent;
    private final int[] digestIds;
    private final List<String> selectors = new ArrayList<>(List.of(""));
    private final Map<String, Integer> selectorIds = new HashMap<>(Map.of("", 0));
    private final long[][][] inputs;

    private KeyUnion(List<Item> items) {
        this.items = items;
        this.parent = new int[items.size()];
        this.digestIds = new int[items.size()];
        this.inputs = new long[items.size()][][];
    }

    /** The records that the items become. */
    static LinkedRecords of(List<Item> items) {
        KeyUnion union = new KeyUnion(items);
        union.intern();
        union.uniteEqual();
        union.uniteContested();
        return union.records();
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
                        selectors.add(name);
                        return selectors.size() - 1;
                    });
                    own[i][j] = Alternative.of(item.sources[i][j].index, selector);
                }
            }
            inputs[r] = own;
        }
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
            out[j] = Alternative.of(find(Alternative.source(alternatives[j])), Alternative.selector(alternatives[j]));
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
                users.computeIfAbsent(find(Alternative.source(alternative)), unused -> new ArrayList<>(1))
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
    private LinkedRecords records() {
        int[] number = new int[parent.length];
        int size = 0;
        for (int r = 0; r < parent.length; r++) {
            number[r] = find(r) == r ? size++ : -1;
        }
        int[] item = new int[size];
        String[] digests = new String[size];
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
                digests[k] = items.get(r).digest;
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
                    int source = number[Alternative.source(alternative)];
                    if (source != k) {
                        own[i][kept++] = Alternative.of(source, Alternative.selector(alternative));
                    }
                }
                own[i] = Arrays.copyOf(own[i], kept);
            }
            links[k] = own;
        }
        return new LinkedRecords(digests, selectors, links, results, number);
    }
}
