package dev.cachetool.step;

import dev.cachetool.cachemap.TreeDigest;
import dev.cachetool.content.FileTree;
import dev.cachetool.graph.Vertex;
import java.io.IOException;
import java.util.Optional;

/**
 * What of a workspace the state file proves to be a result: what was restored for the key that the vertex has now, and
 * still is as it was. Other files may stand beside it. Not for several threads.
 */
public final class ProvenOutputs {
    private final WorkspaceOutputs outputs;
    private final StateFile state;
    private final DefinitionKeys keys;

    public ProvenOutputs(WorkspaceOutputs outputs, StateFile state, DefinitionKeys keys) {
        this.outputs = outputs;
        this.state = state;
        this.keys = keys;
    }

    /**
     * The result of an exec vertex, files with their digests; empty where none is proven.
     *
     * @throws IOException if the workspace cannot be read
     */
    public Optional<FileTree> of(Vertex vertex) throws IOException {
        StateFile.Entry entry = entry(vertex).orElse(null);
        if (entry == null || !hasKeyOfNow(vertex, entry)) {
            return Optional.empty();
        }
        FileTree tree = outputs.withDigests(outputs.at(entry.paths()));
        return TreeDigest.of(tree).equals(entry.tree()) ? Optional.of(tree) : Optional.empty();
    }

    /** What was restored for the vertex, whether it still proves anything or not. */
    Optional<StateFile.Entry> entry(Vertex vertex) {
        return state.find(vertex.name());
    }

    /** Whether it was restored for the key that the vertex has now. */
    boolean hasKeyOfNow(Vertex vertex, StateFile.Entry entry) throws IOException {
        return entry.key().equals(keys.of(vertex));
    }
}
