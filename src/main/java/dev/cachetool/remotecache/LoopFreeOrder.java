package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Brings records into an order in which sources come first. Records that cannot be reached from roots are left out of it;
 * links that close a loop are taken out of the records. Every other record has a rank: a root 0, another one more than the
 * input that is reached last, an input being reached by its first source. Links to a higher rank close no loop and stay, so
 * that no input becomes empty.
 */
final class LoopFreeOrder {
    /** Loops through more records than this keep none of the links that might close them. */
    private static final int LARGE_LOOP = 2_000;

    private final LinkedRecords records;
    private final long[][][] links;
    private final int[] rank;
    private Digest[] skeletons = {};

    private LoopFreeOrder(LinkedRecords records) {
        this.records = records;
        this.links = records.links();
        this.rank = new int[records.size()];
    }

    /** The numbers of the records that can be reached, sources first. */
    static int[] of(LinkedRecords records) {
        return new LoopFreeOrder(records).order();
    }

    /**
     * Drops records that cannot be reached and links that close loops, and gives the rest in an order in which sources
     * come first.
     */
    private int[] order() {
        int size = links.length;
        // Who uses a record: a list in two arrays.
        int[] firstUse = new int[size + 1];
        for (long[][] own : links) {
            for (long[] alternatives : own) {
                for (long alternative : alternatives) {
                    firstUse[Alternative.source(alternative) + 1]++;
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
                    int at = fill[Alternative.source(alternative)]++;
                    useRecord[at] = k;
                    useInput[at] = i;
                }
            }
        }
        // Rank: roots have 0, another the one after that of its last input to be reached.
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
                    int from = rank[Alternative.source(alternative)];
                    if (from >= 0) {
                        own[kept++] = alternative;
                        descending |= from >= rank[k];
                    }
                }
                links[k][i] = kept == own.length ? own : Arrays.copyOf(own, kept);
            }
        }
        int[] found = Arrays.copyOf(order, tail);
        return descending ? withoutLoops(found) : found;
    }

    /** Breaks loops: of the links inside one, those to a higher rank stay, others as long as they close none. */
    private int[] withoutLoops(int[] order) {
        int[] component = StrongComponents.of(links, order);
        Map<Integer, List<Integer>> members = new LinkedHashMap<>();
        for (int k : order) {
            members.computeIfAbsent(component[k], unused -> new ArrayList<>(1)).add(k);
        }
        for (List<Integer> loop : members.values()) {
            if (loop.size() > 1) {
                breakLoop(loop, component, order);
            }
        }
        return StrongComponents.topological(links, order);
    }

    private record Closing(int record, int inputIndex, long alternative) {}

    private void breakLoop(List<Integer> loop, int[] component, int[] order) {
        List<Closing> closing = new ArrayList<>();
        for (int k : loop) {
            for (int i = 0; i < links[k].length; i++) {
                int kept = 0;
                long[] own = links[k][i];
                for (long alternative : own) {
                    int source = Alternative.source(alternative);
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
        closing.sort(byContent(skeletons(order)));
        for (Closing c : closing) {
            if (!StrongComponents.reaches(Alternative.source(c.alternative()), c.record(), links, component)) {
                long[] own = links[c.record()][c.inputIndex()];
                long[] more = Arrays.copyOf(own, own.length + 1);
                more[own.length] = c.alternative();
                links[c.record()][c.inputIndex()] = more;
            }
        }
    }

    /** A total order that depends on nothing but content: no two records have the same skeleton. */
    private Comparator<Closing> byContent(Digest[] skeletons) {
        return Comparator.<Closing>comparingInt(c -> rank[c.record()])
                .thenComparing(c -> records.digest(c.record()))
                .thenComparingInt(Closing::inputIndex)
                .thenComparing(c -> records.selector(c.alternative()))
                .thenComparing(c -> records.digest(Alternative.source(c.alternative())))
                .thenComparing(c -> skeletons[c.record()])
                .thenComparing(c -> skeletons[Alternative.source(c.alternative())]);
    }

    /**
     * A digest of every record that can be reached, over its digest and its links from lower ranks: every input has one.
     * Records with the same one would share a way into every input, and so be one record.
     */
    private Digest[] skeletons(int[] order) {
        if (skeletons.length > 0) {
            return skeletons;
        }
        skeletons = new Digest[links.length];
        for (int k : order) {
            StringBuilder text = new StringBuilder(records.digest(k));
            for (long[] alternatives : links[k]) {
                SortedSet<String> ways = new TreeSet<>();
                for (long alternative : alternatives) {
                    int source = Alternative.source(alternative);
                    if (rank[source] < rank[k]) {
                        String selector = records.selector(alternative);
                        ways.add(selector.length() + ":" + selector + skeletons[source]);
                    }
                }
                text.append(ways);
            }
            skeletons[k] = Digest.sha256(text.toString());
        }
        return skeletons;
    }
}
