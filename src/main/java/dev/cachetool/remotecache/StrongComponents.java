package dev.cachetool.remotecache;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Loops in links. A record's links are for every input its ways in, as {@link Alternative} has them. All of it works with stacks of its own, since chains are long.
 */
final class StrongComponents {
    private StrongComponents() {}

    private static int[] sources(long[][] inputs) {
        int size = 0;
        for (long[] alternatives : inputs) {
            size += alternatives.length;
        }
        int[] out = new int[size];
        int at = 0;
        for (long[] alternatives : inputs) {
            for (long alternative : alternatives) {
                out[at++] = Alternative.source(alternative);
            }
        }
        return out;
    }

    /** For every record in the list, the number of the strongly connected component that it is in (Tarjan's way). */
    static int[] of(long[][][] links, int[] records) {
        int size = links.length;
        int[] index = new int[size];
        int[] low = new int[size];
        int[] component = new int[size];
        Arrays.fill(component, -1);
        boolean[] onStack = new boolean[size];
        int[] next = new int[size];
        int[][] below = new int[size][];
        Deque<Integer> path = new ArrayDeque<>();
        Deque<Integer> stack = new ArrayDeque<>();
        int counter = 0;
        for (int start : records) {
            if (index[start] != 0) {
                continue;
            }
            path.push(start);
            while (!path.isEmpty()) {
                int k = path.element();
                if (index[k] == 0) {
                    index[k] = ++counter;
                    low[k] = counter;
                    stack.push(k);
                    onStack[k] = true;
                    below[k] = sources(links[k]);
                }
                if (next[k] < below[k].length) {
                    int source = below[k][next[k]++];
                    if (index[source] == 0) {
                        path.push(source);
                    } else if (onStack[source]) {
                        low[k] = Math.min(low[k], index[source]);
                    }
                    continue;
                }
                path.pop();
                if (!path.isEmpty()) {
                    int user = path.element();
                    low[user] = Math.min(low[user], low[k]);
                }
                if (low[k] == index[k]) {
                    int member;
                    do {
                        member = stack.pop();
                        onStack[member] = false;
                        component[member] = k;
                    } while (member != k);
                }
            }
        }
        return component;
    }

    /** The records in an order in which sources come first; the links must have no loop. */
    static int[] topological(long[][][] links, int[] records) {
        int[] out = new int[records.length];
        int size = 0;
        int[] next = new int[links.length];
        int[][] below = new int[links.length][];
        boolean[] done = new boolean[links.length];
        Deque<Integer> path = new ArrayDeque<>();
        for (int start : records) {
            if (done[start]) {
                continue;
            }
            path.push(start);
            while (!path.isEmpty()) {
                int k = path.element();
                if (below[k] == null) {
                    below[k] = sources(links[k]);
                }
                if (next[k] < below[k].length) {
                    int source = below[k][next[k]++];
                    if (!done[source]) {
                        path.push(source);
                    }
                    continue;
                }
                path.pop();
                if (!done[k]) {
                    done[k] = true;
                    out[size++] = k;
                }
            }
        }
        return out;
    }

    /** Whether the record, or one that it stands on in its component, is the wanted one. */
    static boolean reaches(int record, int wanted, long[][][] links, int[] component) {
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>();
        open.push(record);
        while (!open.isEmpty()) {
            int k = open.pop();
            if (k == wanted) {
                return true;
            }
            if (seen.add(k)) {
                for (int source : sources(links[k])) {
                    if (component[source] == component[wanted]) {
                        open.push(source);
                    }
                }
            }
        }
        return false;
    }
}
