package dev.cachetool.step;

import dev.cachetool.content.FileTree;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.Vertex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose results hold a path of the workspace, where several steps declare it ({@code build} after configure). Results are
 * only asked for when such a path is looked at. Not for several threads.
 */
public final class OutputOwners {
    private final Definition definition;
    private final Results results;
    private final Map<Digest, Optional<FileTree>> trees = new HashMap<>();
    private @Nullable Index index;

    /** Gives the results that there are. */
    @FunctionalInterface
    public interface Results {
        /**
         * What the exec vertex gave; empty where it has no result.
         *
         * @throws IOException if that cannot be read
         */
        Optional<FileTree> of(Vertex vertex) throws IOException;
    }

    public OutputOwners(Definition definition, Results results) {
        this.definition = definition;
        this.results = results;
    }

    /**
     * Whether the result of another vertex holds the path, or something below it.
     *
     * @throws IOException if a result cannot be read
     */
    boolean isOfAnother(Vertex vertex, String path) throws IOException {
        return isHeld(vertex, path, -1);
    }

    /**
     * Whether the result of a vertex that comes later in the graph's order holds the path, or something below it.
     *
     * @throws IOException if a result cannot be read
     */
    boolean isOfLater(Vertex vertex, String path) throws IOException {
        return isHeld(vertex, path, index().placeOf(vertex));
    }

    private boolean isHeld(Vertex vertex, String path, int after) throws IOException {
        for (int place : index().declaring(path)) {
            Vertex other = definition.order().get(place);
            if (place > after
                    && !other.digest().equals(vertex.digest())
                    && tree(other).flatMap(tree -> tree.find(path)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private Optional<FileTree> tree(Vertex vertex) throws IOException {
        Optional<FileTree> tree = trees.get(vertex.digest());
        if (tree == null) {
            tree = results.of(vertex).map(FileTree::withParents);
            trees.put(vertex.digest(), tree);
        }
        return tree;
    }

    private Index index() {
        Index known = index;
        if (known == null) {
            known = new Index(definition);
            index = known;
        }
        return known;
    }

    private record Step(DeclaredPaths declared, int place) {}

    /** The places in the graph's order of the steps that declare a path. */
    private static final class Index {
        private final Map<Digest, Integer> places = new HashMap<>();
        private final Map<String, List<Integer>> plain = new HashMap<>();
        private final List<Step> others = new ArrayList<>();

        Index(Definition definition) {
            List<Vertex> order = definition.order();
            for (int place = 0; place < order.size(); place++) {
                Vertex vertex = order.get(place);
                if (vertex.op() instanceof ExecOp op && places.putIfAbsent(vertex.digest(), place) == null) {
                    add(new DeclaredPaths(op), place);
                }
            }
        }

        private void add(DeclaredPaths declared, int place) {
            if (!declared.isPlain()) {
                others.add(new Step(declared, place));
                return;
            }
            for (String path : declared.plainPaths()) {
                plain.computeIfAbsent(path, unused -> new ArrayList<>(1)).add(place);
            }
        }

        int placeOf(Vertex vertex) {
            return Optional.ofNullable(places.get(vertex.digest())).orElseThrow();
        }

        List<Integer> declaring(String path) {
            List<Integer> found = new ArrayList<>(plain.getOrDefault(".", List.of()));
            for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
                found.addAll(plain.getOrDefault(path.substring(0, end), List.of()));
            }
            for (Step step : others) {
                if (step.declared().has(path)) {
                    found.add(step.place());
                }
            }
            return found;
        }
    }
}
