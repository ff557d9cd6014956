package dev.cachetool.cli.service;

import dev.cachetool.cachemap.CacheMaps;
import dev.cachetool.cachemap.LocalFiles;
import dev.cachetool.cachemap.RemoteSources;
import dev.cachetool.cachemap.Surroundings;
import dev.cachetool.cli.command.CommandFailedException;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Platform;
import dev.cachetool.step.ToolProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A graph that was loaded, with what computes its cache maps; one look at its workspace. */
record GraphSession(Definition definition, CacheMaps cacheMaps, LocalFiles localFiles) {
    /** How many files are hashed, or packed and unpacked, at once. */
    static final int THREADS = Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));

    /**
     * Loads a graph.
     *
     * @param environment variables by name, of which the graph names those that count
     * @param sources tells what sources hold that lie elsewhere
     * @throws IOException if the graph cannot be read or is none
     */
    static GraphSession open(Path graph, Path workspace, Map<String, String> environment, RemoteSources sources)
            throws IOException {
        if (Files.exists(graph) && !Files.isDirectory(workspace)) {
            throw new CommandFailedException(
                    ExitCode.NOT_FOUND,
                    "could not find the workspace " + workspace + ": "
                            + (Files.exists(workspace) ? "it is no directory" : "there is no such directory")
                            + "\n  name one that is there: --workspace DIR");
        }
        Definition definition = Definition.load(graph, workspace);
        LocalFiles files = LocalFiles.of(definition, THREADS);
        String folder = workspace.toRealPath().toString();
        Surroundings surroundings = new Surroundings(
                environment,
                Platform.ofThisMachine().toString(),
                new ToolProcesses(definition.workspace()),
                vertex -> folder,
                sources);
        return new GraphSession(definition, new CacheMaps(definition, surroundings, files), files);
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
