package dev.cachetool.cli.service;

import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.step.DefinitionKeys;
import dev.cachetool.step.OutputOwners;
import dev.cachetool.step.ProvenOutputs;
import dev.cachetool.step.Restorer;
import dev.cachetool.step.StateFile;
import dev.cachetool.store.RefResult;
import dev.cachetool.store.RemoteImmutableRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Brings results of exec vertices into the workspace, and notes in the state file whose they are. For several threads. */
final class Materializer {
    private final GraphSession session;
    private final Path workspace;
    private final Restorer restorer;
    private final StateFile state;
    private final ProvenOutputs proven;
    private final DefinitionKeys keys;
    private final Map<Digest, TreeSet<String>> names;
    private final Map<Digest, Effort> efforts = new HashMap<>();

    /** What restoring a vertex took. */
    record Effort(long milliseconds, long files) {}

    Materializer(GraphSession session, Restorer restorer, StateFile state, ProvenOutputs proven, DefinitionKeys keys) {
        this.session = session;
        this.workspace = session.definition().workspace();
        this.restorer = restorer;
        this.state = state;
        this.proven = proven;
        this.keys = keys;
        this.names = session.namesByDigest();
    }

    /** Gives the results that there are of this run. */
    @FunctionalInterface
    interface Results {
        Optional<RefResult> of(Vertex vertex);
    }

    /**
     * Restores the results of vertices, inputs first; those that have none, or no outputs in the workspace, are passed over.
     *
     * @throws dev.cachetool.store.UnreadableRefException if one cannot be read; those before it are in place
     * @throws IOException if the workspace cannot be written
     */
    synchronized void restore(List<Vertex> wanted, Results results) throws IOException {
        OutputOwners owners = new OutputOwners(session.definition(), vertex -> treeOf(vertex, results));
        for (Vertex vertex : wanted) {
            Optional<RefResult> result = results.of(vertex);
            if (vertex.op() instanceof ExecOp && result.isPresent() && !efforts.containsKey(vertex.digest())) {
                efforts.put(vertex.digest(), restore(vertex, result.get(), owners));
            }
        }
    }

    private Optional<FileTree> treeOf(Vertex vertex, Results results) throws IOException {
        Optional<RefResult> result = results.of(vertex);
        return result.isPresent() ? Optional.of(result.get().tree()) : proven.of(vertex);
    }

    private Effort restore(Vertex vertex, RefResult result, OutputOwners owners) throws IOException {
        long begin = System.nanoTime();
        boolean lazy = result.ref() instanceof RemoteImmutableRef remote && remote.isLazy();
        if (lazy && restorer.stands(vertex, result.createdAt(), proven, owners)) {
            return new Effort(0, 0);
        }
        TreeSet<String> own = names.getOrDefault(vertex.digest(), new TreeSet<>());
        Optional<StateFile.Entry> before = state.find(vertex.name());
        // Until all is in place, nothing of it is proven to be a result.
        Restorer.Restored restored =
                restorer.restore(vertex, result, () -> newestInput(vertex), owners, () -> forget(own));
        StateFile.Entry entry = StateFile.Entry.of(keys.of(vertex), restored.tree(), result.createdAt());
        if (!before.equals(Optional.of(entry)) || restored.changed() > 0) {
            own.forEach(name -> state.put(name, entry));
            state.write();
        }
        return new Effort((System.nanoTime() - begin) / 1_000_000, restored.changed());
    }

    private void forget(Set<String> own) throws IOException {
        if (own.stream().anyMatch(name -> state.find(name).isPresent())) {
            own.forEach(state::remove);
            state.write();
        }
    }

    /** What was done for a vertex. */
    synchronized Optional<Effort> effort(Vertex vertex) {
        return Optional.ofNullable(efforts.get(vertex.digest()));
    }

    /** When the newest file was modified that the vertex takes from the workspace. */
    private Instant newestInput(Vertex vertex) throws IOException {
        Instant newest = Instant.EPOCH;
        for (Input input : vertex.inputs()) {
            Vertex from = input.edge().vertex();
            if (!(from.op() instanceof LocalOp)) {
                continue;
            }
            for (TreeEntry entry : session.localFiles().treeOf(from).entries()) {
                Path file = FileNames.resolve(workspace, entry.path());
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    Instant modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                            .toInstant();
                    newest = modified.isAfter(newest) ? modified : newest;
                }
            }
        }
        return newest;
    }
}
