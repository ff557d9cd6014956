package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.SafeText;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.Labels;
import dev.cachetool.inspect.RecordView;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The chains of a cache as a tree, from the records that nothing stands on down to those that stand on nothing. What
 * several records stand on is shown once; what lies very deep is shown as a tree of its own further down.
 */
final class TreeText {
    /** How many levels one tree has: two columns each. */
    private static final int LEVELS = 12;

    private final CacheView cache;
    private final int limit;
    private final Console console;
    private final Labels labels;
    private final boolean[] shown;
    private final boolean[] waits;
    private final Deque<Integer> trees = new ArrayDeque<>();
    private int lines;

    /**
     * @param limit the most lines, 0 for any number
     */
    TreeText(CacheView cache, int limit, Console console) {
        this.cache = cache;
        this.limit = limit == 0 ? Integer.MAX_VALUE : limit;
        this.console = console;
        this.labels = new Labels(cache);
        this.shown = new boolean[cache.records().size()];
        this.waits = new boolean[cache.records().size()];
    }

    /** A line that is still to come: the record, what stands before it, what stands before those below it. */
    private record Node(int record, String before, String below, int level) {}

    void print() throws IOException {
        List<Integer> leaves = new ArrayList<>();
        for (int i = 0; i < cache.records().size(); i++) {
            if (cache.records().get(i).isLeaf()) {
                leaves.add(i);
            }
        }
        leaves.sort(Comparator.<Integer, Boolean>comparing(
                        leaf -> cache.records().get(leaf).names().isEmpty())
                .thenComparing(leaf -> cache.records().get(leaf).label())
                .thenComparing(Comparator.naturalOrder()));
        for (int leaf : leaves) {
            trees.add(leaf);
            while (!trees.isEmpty() && lines < limit) {
                tree(trees.remove());
            }
        }
        int left = 0;
        for (boolean each : shown) {
            left += each ? 0 : 1;
        }
        if (left > 0) {
            console.out().line("…and " + Figures.count(left) + " more records (--limit 0 shows all)");
        }
        console.out().line(CacheFigures.sentence(cache));
    }

    private void tree(int top) throws IOException {
        Deque<Node> nodes = new ArrayDeque<>();
        nodes.push(new Node(top, "", "", 1));
        while (!nodes.isEmpty() && lines < limit) {
            Node node = nodes.pop();
            RecordView record = cache.records().get(node.record());
            List<List<Integer>> inputs = cache.inputs(record);
            String remark = "";
            if (!inputs.isEmpty()) {
                if (shown[node.record()]) {
                    remark = "   (above)";
                } else if (waits[node.record()] && node.level() > 1) {
                    remark = "   (below)";
                } else if (node.level() == LEVELS) {
                    waits[node.record()] = true;
                    trees.add(node.record());
                    remark = "   (below)";
                }
            }
            console.out().line(node.before() + SafeText.of(said(record)) + remark);
            lines++;
            if (remark.isEmpty()) {
                shown[node.record()] = true;
                push(inputs, node, nodes);
            }
        }
    }

    private static void push(List<List<Integer>> inputs, Node node, Deque<Node> nodes) {
        List<Node> children = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            for (int j = 0; j < inputs.get(i).size(); j++) {
                boolean last = i == inputs.size() - 1 && j == inputs.get(i).size() - 1;
                children.add(new Node(
                        inputs.get(i).get(j),
                        node.below() + (last ? "└ " : "├ ") + (j > 0 ? "or " : ""),
                        node.below() + (last ? "  " : "│ "),
                        node.level() + 1));
            }
        }
        Collections.reverse(children);
        children.forEach(nodes::push);
    }

    private String said(RecordView record) {
        String digest = labels.shortDigest(record);
        String label = record.names().isEmpty() ? digest : String.join(", ", record.names()) + "   " + digest;
        return record.result()
                .map(result -> label + "   " + Figures.size(result.bytes()))
                .orElse(label);
    }
}
