package dev.cachetool.cli.service;

import dev.cachetool.cachemap.CacheMaps;
import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.cachemap.LocalFiles;
import dev.cachetool.cachemap.RemoteSources;
import dev.cachetool.cachemap.StepFolders;
import dev.cachetool.cachemap.Surroundings;
import dev.cachetool.cli.command.CommandFailedException;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Vertex;
import dev.cachetool.json.Suggestion;
import dev.cachetool.oci.Platform;
import dev.cachetool.step.ToolProcesses;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A graph that was loaded, with what computes its cache maps; one look at its workspace.
 *
 * @param targets what is wanted of it
 */
record GraphSession(Definition definition, CacheMaps cacheMaps, LocalFiles localFiles, List<Edge> targets) {
    /** How many files are hashed, or packed and unpacked, at once. */
    static final int THREADS = Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));

    /** Loads a graph whose steps are run in the workspace, by whoever does that. */
    static GraphSession open(Path graph, Path workspace, Map<String, String> environment, RemoteSources sources)
            throws IOException {
        return open(graph, workspace, environment, sources, Optional.empty(), GraphSession::inWorkspace);
    }

    private static StepFolders inWorkspace(Path workspace) {
        String folder = workspace.toString();
        return vertex -> folder;
    }

    /**
     * Loads a graph.
     *
     * @param environment variables by name, of which the graph names those that count
     * @param sources tells what sources hold that lie elsewhere
     * @param store remembers the digests of files
     * @param folders gives what tells where steps run in a workspace, which is absolute and without links
     * @throws IOException if the graph cannot be read or is none
     */
    static GraphSession open(
            Path graph,
            Path workspace,
            Map<String, String> environment,
            RemoteSources sources,
            Optional<Store> store,
            Function<Path, ? extends StepFolders> folders)
            throws IOException {
        if (Files.exists(graph) && !Files.isDirectory(workspace)) {
            throw new CommandFailedException(
                    ExitCode.NOT_FOUND,
                    "could not find the workspace " + workspace + ": "
                            + (Files.exists(workspace) ? "it is no directory" : "there is no such directory")
                            + "\n  name one that is there: --workspace DIR");
        }
        Definition definition = Definition.load(graph, workspace);
        FileDigests digests = store.isPresent() ? store.get().fileDigests(definition.workspace()) : FileDigests.NONE;
        LocalFiles files = LocalFiles.of(definition, THREADS, digests);
        Surroundings surroundings = new Surroundings(
                environment,
                Platform.ofThisMachine().toString(),
                new ToolProcesses(definition.workspace()),
                folders.apply(workspace.toRealPath()),
                sources);
        return new GraphSession(
                definition, new CacheMaps(definition, surroundings, files), files, definition.targets());
    }

    /**
     * The same, with what a person names as what is wanted: names of vertices, with {@code @} and the number of the output
     * where that is not the first. Without any, it is what the graph says.
     *
     * @throws UsageException if there is no such vertex or output
     */
    GraphSession withTargets(List<String> names) {
        if (names.isEmpty()) {
            return this;
        }
        Set<Edge> wanted = new LinkedHashSet<>();
        for (String name : names) {
            wanted.add(target(name));
        }
        return new GraphSession(definition, cacheMaps, localFiles, List.copyOf(wanted));
    }

    private Edge target(String name) {
        Optional<Vertex> vertex = definition.find(name);
        if (vertex.isPresent()) {
            return new Edge(vertex.get(), 0);
        }
        int at = name.lastIndexOf('@');
        Optional<Vertex> before = at < 0 ? Optional.empty() : definition.find(name.substring(0, at));
        if (before.isPresent()) {
            for (int output = 0; output < before.get().outputCount(); output++) {
                if (name.substring(at + 1).equals(Integer.toString(output))) {
                    return new Edge(before.get(), output);
                }
            }
            throw new UsageException(
                    "\"" + before.get().name() + "\" has no output \"" + name.substring(at + 1) + "\"",
                    "it has " + Figures.count(before.get().outputCount(), "output") + ", counted from 0");
        }
        List<String> known = definition.vertices().stream().map(Vertex::name).toList();
        throw new UsageException(
                "the graph has no vertex \"" + name + "\"",
                Suggestion.nearest(name, known)
                        .map(near -> "did you mean \"" + near + "\"?")
                        .orElse("see which there are: cachetool plan"));
    }

    /** The vertices that the wanted ones stand on, these included, inputs first. */
    List<Vertex> reachable() {
        Set<Vertex> wanted = new HashSet<>();
        Deque<Vertex> open = new ArrayDeque<>();
        targets.forEach(target -> open.push(target.vertex()));
        while (!open.isEmpty()) {
            Vertex vertex = open.pop();
            if (wanted.add(vertex)) {
                vertex.inputs().forEach(input -> open.push(input.edge().vertex()));
            }
        }
        return definition.order().stream().filter(wanted::contains).toList();
    }

    /** The names of vertices by digest: those with the same digest are one. */
    Map<Digest, TreeSet<String>> namesByDigest() {
        Map<Digest, TreeSet<String>> names = new HashMap<>();
        for (Vertex vertex : definition.vertices()) {
            names.computeIfAbsent(vertex.digest(), unused -> new TreeSet<>()).add(vertex.name());
        }
        return names;
    }

    /** One edge for every output of every vertex that something takes or that is a target, inputs first. */
    List<Edge> allEdges() {
        Map<String, Edge> edges = new LinkedHashMap<>();
        for (Vertex vertex : definition.order()) {
            for (int i = 0; i < vertex.outputCount(); i++) {
                edges.putIfAbsent(vertex.digest() + "@" + i, new Edge(vertex, i));
            }
        }
        return List.copyOf(edges.values());
    }
}
