package dev.cachetool.step;

import dev.cachetool.cachemap.LocalFiles;
import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.pattern.PatternMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes results of what stands in the workspace, where that is proven: by the state file, or by its author's word
 * ({@code --from-workspace}), which still counts for nothing where an output is missing, belongs to another vertex as well,
 * or is older than an input or the graph. Safe for several threads.
 */
public final class WorkspaceResults {
    private final Definition definition;
    private final LocalFiles localFiles;
    private final ProvenOutputs proven;
    private final boolean fromWorkspace;
    private final Optional<Instant> sourceDateEpoch;
    private final BiConsumer<Vertex, String> leftOut;
    private final WorkspaceOutputs outputs;
    private final Map<Digest, WorkspaceOutputs.Found> found = new HashMap<>();
    private @Nullable Map<String, Set<Digest>> owners;

    /**
     * @param proven what was restored and still is there
     * @param fromWorkspace whether its author says that the outputs were just made
     * @param sourceDateEpoch when new results count as made, instead of when their files were
     * @param leftOut told why a vertex gives no result, where its author says that it should or it was restored before
     */
    public WorkspaceResults(
            Definition definition,
            LocalFiles localFiles,
            ProvenOutputs proven,
            boolean fromWorkspace,
            Optional<Instant> sourceDateEpoch,
            BiConsumer<Vertex, String> leftOut) {
        this.definition = definition;
        this.localFiles = localFiles;
        this.proven = proven;
        this.fromWorkspace = fromWorkspace;
        this.sourceDateEpoch = sourceDateEpoch;
        this.leftOut = leftOut;
        this.outputs = new WorkspaceOutputs(definition.workspace());
    }

    /**
     * The result of an exec vertex; empty where none is proven.
     *
     * @throws IOException if the workspace cannot be read
     */
    public synchronized Optional<TakenResult> take(Vertex vertex) throws IOException {
        Optional<StateFile.Entry> entry = proven.entry(vertex);
        String disproof = "";
        if (entry.isPresent()) {
            Optional<FileTree> tree = proven.of(vertex);
            if (tree.isPresent()) {
                return Optional.of(
                        new TakenResult(vertex, tree.get(), entry.get().createdAt()));
            }
            disproof = disproof(vertex, entry.get());
        }
        if (!fromWorkspace) {
            if (!disproof.isEmpty()) {
                leftOut.accept(vertex, disproof);
            }
            return Optional.empty();
        }
        WorkspaceOutputs.Found there = found(vertex);
        Optional<String> doubt = doubt(vertex, there);
        if (doubt.isPresent()) {
            leftOut.accept(vertex, doubt.get());
            return Optional.empty();
        }
        Instant made = sourceDateEpoch
                .or(there::newest)
                .orElse(newestInput(vertex).map(Newest::instant).orElse(Instant.EPOCH));
        return Optional.of(new TakenResult(vertex, outputs.withDigests(there.tree()), Timestamp.of(made)));
    }

    /** Why the state file does not prove what it says of the vertex. */
    private String disproof(Vertex vertex, StateFile.Entry entry) throws IOException {
        if (!proven.hasKeyOfNow(vertex, entry)) {
            return "its outputs were restored for other inputs than those of now";
        }
        return found(vertex)
                .missing()
                .map(path -> "nothing stands at its output " + path)
                .orElse("its outputs are not those that were restored");
    }

    private WorkspaceOutputs.Found found(Vertex vertex) throws IOException {
        WorkspaceOutputs.Found known = found.get(vertex.digest());
        if (known == null) {
            known = outputs.find(vertex);
            found.put(vertex.digest(), known);
        }
        return known;
    }

    /** Why the outputs may not be what the vertex makes of its inputs. */
    private Optional<String> doubt(Vertex vertex, WorkspaceOutputs.Found there) throws IOException {
        if (there.missing().isPresent()) {
            return Optional.of("nothing stands at its output " + there.missing().get());
        }
        Map<String, Set<Digest>> owned = owners();
        for (TreeEntry entry : there.tree().entries()) {
            if (entry.type() != EntryType.DIRECTORY
                    && owned.getOrDefault(entry.path(), Set.of()).size() > 1) {
                return Optional.of(FileNames.shown(entry.path()) + " is also an output of another vertex");
            }
        }
        Optional<Instant> oldest = there.oldest();
        if (oldest.isPresent()) {
            if (definition.file().isPresent()) {
                Instant graph =
                        Files.getLastModifiedTime(definition.file().get()).toInstant();
                if (oldest.get().isBefore(graph)) {
                    return Optional.of("an output is older than the graph file");
                }
            }
            Optional<Newest> input = newestInput(vertex);
            if (input.isPresent() && oldest.get().isBefore(input.get().instant())) {
                return Optional.of(
                        "an output is older than " + FileNames.shown(input.get().path()));
            }
        }
        return Optional.empty();
    }

    /** Whose outputs each path is; vertices with the same digest are one. */
    private Map<String, Set<Digest>> owners() throws IOException {
        Map<String, Set<Digest>> all = owners;
        if (all == null) {
            all = new HashMap<>();
            for (Vertex vertex : definition.order()) {
                if (vertex.op() instanceof ExecOp) {
                    for (TreeEntry entry : found(vertex).tree().entries()) {
                        Set<Digest> before = all.putIfAbsent(entry.path(), Set.of(vertex.digest()));
                        if (before != null && !before.contains(vertex.digest())) {
                            Set<Digest> both = new HashSet<>(before);
                            both.add(vertex.digest());
                            all.put(entry.path(), both);
                        }
                    }
                }
            }
            owners = all;
        }
        return all;
    }

    private record Newest(String path, Instant instant) {}

    /**
     * The newest file that the vertex takes from the workspace or from another vertex's outputs there. Of an input that
     * cachetool does not execute, such as a merge, it is what that one takes, without regard to {@code paths}.
     */
    private Optional<Newest> newestInput(Vertex vertex) throws IOException {
        Newest newest = null;
        Deque<Input> open = new ArrayDeque<>(vertex.inputs());
        Set<Integer> passed = new HashSet<>();
        while (!open.isEmpty()) {
            Input input = open.pop();
            Vertex from = input.edge().vertex();
            PatternMatcher matcher = input.paths().isEmpty()
                    ? null
                    : PatternMatcher.of(
                            input.paths().stream().map(PathPattern::path).toList());
            if (from.op() instanceof LocalOp) {
                for (TreeEntry entry : localFiles.treeOf(from).entries()) {
                    if (entry.type() == EntryType.DIRECTORY
                            || (matcher != null && !matcher.matchesOrParentMatches(entry.path()))) {
                        continue;
                    }
                    Path file = FileNames.resolve(definition.workspace(), entry.path());
                    newest = later(
                            newest,
                            entry.path(),
                            Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                                    .toInstant());
                }
            } else if (from.op() instanceof ExecOp) {
                WorkspaceOutputs.Found there = found(from);
                for (TreeEntry entry : there.tree().entries()) {
                    if (entry.type() != EntryType.DIRECTORY
                            && (matcher == null || matcher.matchesOrParentMatches(entry.path()))) {
                        newest =
                                later(newest, entry.path(), there.modified().getOrDefault(entry.path(), Instant.EPOCH));
                    }
                }
            } else if (passed.add(from.index())) {
                open.addAll(from.inputs());
            }
        }
        return Optional.ofNullable(newest);
    }

    private static Newest later(@Nullable Newest newest, String path, Instant instant) {
        return newest == null || instant.isAfter(newest.instant()) ? new Newest(path, instant) : newest;
    }
}
