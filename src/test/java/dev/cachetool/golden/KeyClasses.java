package dev.cachetool.golden;

import dev.cachetool.golden.ParsedConfig.Entry;
import dev.cachetool.golden.ParsedConfig.Link;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Unites nodes that are the same key, to a fixed point: they have the same digest and number of inputs, and for every input
 * share at least one alternative, which is a selector and a united source. The links of a class are those of all its nodes;
 * links from a class to itself are dropped.
 */
final class KeyClasses {
    private final List<Entry> nodes;
    private final int[] parent;
    /** Of each class by its first node: the alternatives of each input. */
    private Map<Integer, List<Set<Link>>> links = new TreeMap<>();

    private KeyClasses(List<Entry> nodes) {
        this.nodes = nodes;
        this.parent = new int[nodes.size()];
        Arrays.setAll(parent, i -> i);
    }

    /** The classes of the nodes, whose links are by index in the list; fast if most come after those that they link to. */
    static KeyClasses of(List<Entry> nodes) {
        KeyClasses classes = new KeyClasses(nodes);
        do {
            classes.links = classes.linksOfClasses();
        } while (classes.unite());
        for (Map.Entry<Integer, List<Set<Link>>> each : classes.links.entrySet()) {
            each.getValue().forEach(input -> input.removeIf(link -> link.record() == each.getKey()));
        }
        return classes;
    }

    /** The class of the node, named by the first of its nodes. */
    int classOf(int node) {
        int root = node;
        while (parent[root] != root) {
            root = parent[root];
        }
        for (int at = node; parent[at] != root; ) {
            int next = parent[at];
            parent[at] = root;
            at = next;
        }
        return root;
    }

    /** Every class, with the alternatives of its inputs by class. */
    Map<Integer, List<Set<Link>>> links() {
        return links;
    }

    private Map<Integer, List<Set<Link>>> linksOfClasses() {
        Map<Integer, List<Set<Link>>> all = new TreeMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            List<List<Link>> inputs = nodes.get(i).inputs();
            List<Set<Link>> merged = all.computeIfAbsent(classOf(i), c -> {
                List<Set<Link>> none = new ArrayList<>();
                inputs.forEach(input -> none.add(new HashSet<>()));
                return none;
            });
            for (int input = 0; input < inputs.size(); input++) {
                for (Link link : inputs.get(input)) {
                    merged.get(input).add(new Link(link.selector(), classOf(link.record())));
                }
            }
        }
        return all;
    }

    private record First(String digest, int inputs, Link link) {}

    /** One round; whether anything was united. */
    private boolean unite() {
        boolean any = false;
        Map<First, List<Integer>> byFirstInput = new HashMap<>();
        for (Map.Entry<Integer, List<Set<Link>>> each : links.entrySet()) {
            int node = each.getKey();
            // By the classes as they are now, so that one round unites a whole chain.
            List<Set<Link>> inputs = each.getValue();
            inputs.replaceAll(this::byClass);
            Set<Link> firsts = inputs.isEmpty() ? Set.of(new Link("", -1)) : inputs.get(0);
            for (Link link : firsts) {
                List<Integer> others = byFirstInput.computeIfAbsent(
                        new First(nodes.get(node).digest(), inputs.size(), link), f -> new ArrayList<>());
                for (int other : others) {
                    int a = classOf(node);
                    int b = classOf(other);
                    if (a != b && sharesEveryInput(inputs, links.get(other))) {
                        parent[Math.max(a, b)] = Math.min(a, b);
                        any = true;
                    }
                }
                others.add(node);
            }
        }
        return any;
    }

    private Set<Link> byClass(Set<Link> input) {
        Set<Link> now = new HashSet<>();
        input.forEach(link -> now.add(new Link(link.selector(), classOf(link.record()))));
        return now;
    }

    private static boolean sharesEveryInput(List<Set<Link>> a, List<Set<Link>> b) {
        for (int input = 0; input < a.size(); input++) {
            Set<Link> theirs = b.get(input);
            if (a.get(input).stream().noneMatch(theirs::contains)) {
                return false;
            }
        }
        return true;
    }
}
