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
    private final List<String> selectors;
    private final long[][][] inputs;

    private KeyUnion(List<Item> items, List<String> selectors) {
        this.items = items;
        this.selectors = selectors;
        this.parent = new int[items.size()];
        this.digestIds = new int[items.size()];
        this.inputs = new long[items.size()][][];
    }

    /**
     * The records that the items become.
     *
     * @param selectors by the number that {@link Alternative} has for them
     */
    static LinkedRecords of(List<Item> items, List<String> selectors) {
        KeyUnion union = new KeyUnion(List.copyOf(items), List.copyOf(selectors));
        union.uniteEqual();
        union.uniteContested();
        return union.records();
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

    /** The alternatives with sources as they are united now, sorted, each once; the same array where it is so already. */
    private long[] canonical(long[] alternatives) {
        boolean same = true;
        for (int j = 0; same && j < alternatives.length; j++) {
            int source = Alternative.source(alternatives[j]);
            same = find(source) == source && (j == 0 || alternatives[j] > alternatives[j - 1]);
        }
        if (same) {
            return alternatives;
        }
        long[] out = new long[alternatives.length];
        for (int j = 0; j < out.length; j++) {
            out[j] = Alternative.of(find(Alternative.source(alternatives[j])), Alternative.selector(alternatives[j]));
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
        long[][] out = all;
        for (int i = 0; i < all.length; i++) {
            long[] own = canonical(all[i]);
            if (own != all[i]) {
                out = out == all ? all.clone() : out;
                out[i] = own;
            }
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

    /** One pass in the order of adding numbers digests, and unites records whose inputs say the very same by now. */
    private void uniteEqual() {
        Map<String, Integer> numbers = new HashMap<>(items.size() * 2);
        Map<Signature, Integer> seen = new HashMap<>();
        for (int r = 0; r < parent.length; r++) {
            Item item = items.get(r);
            parent[r] = r;
            Integer number = numbers.putIfAbsent(item.digest, r);
            digestIds[r] = number == null ? r : number;
            inputs[r] = canonical(item.inputs);
            if (number != null) {
                // The first of the digest is entered when there is a second.
                seen.putIfAbsent(new Signature(number, inputs[number]), number);
                Integer first = seen.putIfAbsent(new Signature(number, inputs[r]), r);
                if (first != null) {
                    parent[r] = first;
                }
            }
        }
    }

    private record Group(int digest, int inputs) {}

    private record Bucket(int digest, int inputs, int inputIndex, long alternative) {}

    /** Records of the same digest and number of inputs may share alternatives without being equal. */
    private void uniteContested() {
        Map<Group, List<Integer>> groups = new LinkedHashMap<>();
        boolean[] entered = new boolean[parent.length];
        for (int r = 0; r < parent.length; r++) {
            // A digest's number is the first record that has it.
            int first = digestIds[r];
            if (first == r || find(r) != r || inputs[r].length == 0) {
                continue;
            }
            if (!entered[first] && inputs[first].length > 0) {
                entered[first] = true;
                group(groups, first).add(first);
            }
            group(groups, r).add(r);
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
            long[][] united = new long[inputs[winner].length][];
            for (int i = 0; i < united.length; i++) {
                long[] both = Arrays.copyOf(inputs[winner][i], inputs[winner][i].length + inputs[loser][i].length);
                System.arraycopy(inputs[loser][i], 0, both, inputs[winner][i].length, inputs[loser][i].length);
                united[i] = canonical(both);
            }
            inputs[winner] = united;
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

    private List<Integer> group(Map<Group, List<Integer>> groups, int r) {
        return groups.computeIfAbsent(new Group(digestIds[r], inputs[r].length), unused -> new ArrayList<>(2));
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
            long[][] united = canonical(inputs[item[k]]);
            long[][] own = new long[united.length][];
            for (int i = 0; i < own.length; i++) {
                long[] left = new long[united[i].length];
                int kept = 0;
                for (long alternative : united[i]) {
                    int source = number[Alternative.source(alternative)];
                    if (source != k) {
                        left[kept++] = Alternative.of(source, Alternative.selector(alternative));
                    }
                }
                own[i] = kept == left.length ? left : Arrays.copyOf(left, kept);
            }
            links[k] = own;
        }
        return new LinkedRecords(digests, selectors, links, results, number);
    }
}
