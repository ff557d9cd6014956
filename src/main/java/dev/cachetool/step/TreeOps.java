package dev.cachetool.step;

import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.graph.FileOp;
import dev.cachetool.graph.MergeOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.store.ImmutableRef;
import dev.cachetool.store.MutableRef;
import dev.cachetool.store.RefMetadata;
import dev.cachetool.store.Refs;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Executes {@code file}, {@code merge} and {@code diff} vertices. What they give is settled on the trees of their inputs,
 * where no link leads out, and written then. Safe for several threads.
 */
public final class TreeOps {
    private final Refs refs;

    /**
     * @param refs where results are kept
     */
    public TreeOps(Refs refs) {
        this.refs = refs;
    }

    /**
     * The result of the vertex, held for the caller.
     *
     * @param inputs in the order of the vertex's inputs
     * @throws dev.cachetool.graph.GraphException if an action cannot be done
     * @throws dev.cachetool.content.FileChangedException if a file of an input is not what its tree says
     * @throws IOException if an input cannot be read, or the result not be kept
     */
    public ImmutableRef execute(Vertex vertex, List<StepInput> inputs) throws IOException {
        long begin = System.nanoTime();
        PlannedTree tree = new PlannedTree();
        if (vertex.op() instanceof FileOp op) {
            if (op.onBase()) {
                tree.lay(inputs.get(0), inputs.get(0).tree().entries());
            }
            new FileActions(vertex, inputs, tree).run(op);
        } else if (vertex.op() instanceof MergeOp) {
            for (StepInput input : inputs) {
                tree.lay(input, input.tree().entries());
            }
        } else {
            tree.lay(
                    inputs.get(1),
                    difference(inputs.get(0).tree(), inputs.get(1).tree()));
        }
        MutableRef ref = refs.create(vertex.name());
        boolean written = false;
        try {
            FileTree result = new TreeWriter(ref.folder()).write(tree);
            written = true;
            Instant now = Instant.now();
            return ref.commit(
                    result,
                    new RefMetadata(
                            vertex.name(),
                            Timestamp.of(now),
                            now,
                            OptionalLong.of((System.nanoTime() - begin) / 1_000_000)));
        } finally {
            if (!written) {
                ref.release();
            }
        }
    }

    /** What the upper tree has and the lower one has not, or has otherwise. What the upper one lacks leaves no trace. */
    private static List<TreeEntry> difference(FileTree lower, FileTree upper) {
        FileTree below = lower.withParents();
        Map<String, TreeEntry> entries = new LinkedHashMap<>();
        for (TreeEntry entry : upper.entries()) {
            if (below.find(entry.path()).equals(Optional.of(entry))) {
                continue;
            }
            // With the modes of the folders that it stands in.
            for (String path = entry.parent(); !path.isEmpty(); ) {
                Optional<TreeEntry> folder = upper.find(path);
                folder.ifPresent(above -> entries.putIfAbsent(above.path(), above));
                path = folder.isPresent()
                        ? folder.get().parent()
                        : path.substring(0, Math.max(0, path.lastIndexOf('/')));
            }
            entries.put(entry.path(), entry);
        }
        return List.copyOf(entries.values());
    }
}
