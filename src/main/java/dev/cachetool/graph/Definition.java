package dev.cachetool.graph;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.FieldWriter;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A build graph that was read and found right: acyclic, every name known, every path within the workspace. Immutable,
 * safe for several threads. Vertices are numbered from 0 in the order in which they stand in the graph.
 */
public final class Definition {
    private final GraphSource source;
    private final @Nullable Path file;
    private final Path workspace;
    private final Parts parts;
    private final Map<String, Tool> tools;
    private byte @Nullable [] digests;

    /** What a definition is made of. */
    static final class Parts {
        Interner names = new Interner();
        Interner ops = new Interner();
        Interner pathLists = new Interner();
        Interner optionSets = new Interner();
        Interner resultLists = new Interner();

        /** By number of the name: the vertex, or -1. */
        int[] vertexOfName = {};

        int[] nameOf = {};
        int[] opOf = {};

        /** Where the inputs of a vertex begin; the last one is where all end. */
        int[] inputsFrom = {0};

        int[] inputVertex = {};

        /** Empty where every input is of output 0. */
        int[] inputOutput = {};

        /** Number of the list of paths and 1, or 0 for none; empty where no input has any. */
        int[] inputPaths = {};

        /** Number of the options and 1, or 0 for none; empty where no vertex has any. */
        int[] optionsOf = {};

        /** Number of the results and 1, or 0 for none; empty where no vertex has any. */
        int[] resultsOf = {};

        int[] targetVertex = {};
        int[] targetOutput = {};

        /** The highest output of a vertex that anything names; empty where none but output 0 is named. */
        int[] highestOutput = {};

        /** Inputs first; empty where that is how the vertices stand. */
        int[] order = {};

        int size() {
            return nameOf.length;
        }

        int kindOf(int vertex) {
            return ops.read(opOf[vertex]).octet();
        }

        int outputOfInput(int input) {
            return inputOutput.length == 0 ? 0 : inputOutput[input];
        }

        String name(int vertex) {
            return nameOfNumber(nameOf[vertex]);
        }

        String nameOfNumber(int number) {
            return names.read(number).text();
        }

        List<ResultSpec> results(int vertex) {
            int number = resultsOf.length == 0 ? 0 : resultsOf[vertex];
            if (number == 0) {
                return List.of();
            }
            FieldReader reader = resultLists.read(number - 1);
            int count = reader.count();
            List<ResultSpec> results = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int output = reader.count();
                Optional<OffsetDateTime> createdAt =
                        reader.flag() ? Optional.of(CreatedAt.read(reader)) : Optional.empty();
                boolean remote = reader.flag();
                int layerCount = reader.count();
                List<LayerSpec> layers = new ArrayList<>(layerCount);
                for (int k = 0; k < layerCount; k++) {
                    layers.add(new LayerSpec(
                            reader.digest(),
                            reader.number(),
                            reader.text(),
                            reader.optionalDigest().map(DiffId::new),
                            reader.optionalText()));
                }
                results.add(new ResultSpec(output, createdAt, remote, layers));
            }
            return results;
        }
    }

    Definition(GraphSource source, @Nullable Path file, Path workspace, Parts parts, Map<String, Tool> tools) {
        this.source = source;
        this.file = file;
        this.workspace = workspace;
        this.parts = parts;
        this.tools = tools;
    }

    /**
     * Loads the graph of a file; the workspace is the folder of the file.
     *
     * @param file YAML if its name ends in {@code .yaml} or {@code .yml}, else JSON
     * @throws GraphNotFoundException if there is no such file
     * @throws GraphException if the graph is wrong
     * @throws IOException if the file cannot be read
     */
    public static Definition load(Path file) throws IOException {
        return load(file, folderOf(file));
    }

    /**
     * Loads the graph of a file.
     *
     * @param file YAML if its name ends in {@code .yaml} or {@code .yml}, else JSON
     * @param workspace the folder that the paths of the graph are relative to
     * @throws GraphNotFoundException if there is no such file
     * @throws GraphException if the graph is wrong
     * @throws IOException if the file cannot be read
     */
    public static Definition load(Path file, Path workspace) throws IOException {
        try {
            return GraphReader.read(GraphSource.of(file), absolute(file), absolute(workspace));
        } catch (GraphException | GraphNotFoundException | FileSystemException e) {
            throw e;
        } catch (IOException e) {
            // What fails while a file is read does not say of which file it is.
            FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    /**
     * Parses a graph.
     *
     * @param document YAML if the place ends in {@code .yaml} or {@code .yml}, else JSON
     * @param place where the document is, as a person knows it, for errors
     * @param workspace the folder that the paths of the graph are relative to
     * @throws GraphException if the graph is wrong
     */
    public static Definition parse(byte[] document, String place, Path workspace) throws GraphException {
        try {
            return GraphReader.read(GraphSource.of(document, place), null, absolute(workspace));
        } catch (GraphException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to be read", e);
        }
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static Path folderOf(Path file) {
        Path folder = absolute(file).getParent();
        return folder == null ? absolute(file) : folder;
    }

    /** Where the graph came from, as a person knows it. */
    public String place() {
        return source.place();
    }

    /** The graph file, absolute; empty where the graph was no file. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    /** The folder of the graph file, to which {@link LayerSpec#file} is relative; the workspace where there is no file. */
    public Path folder() {
        return file == null ? workspace : folderOf(file);
    }

    /** The folder that all other paths of the graph are relative to, absolute. */
    public Path workspace() {
        return workspace;
    }

    /** The tools by name, in the order in which they stand in the graph. */
    public Map<String, Tool> tools() {
        return tools;
    }

    /**
     * An error of the graph that shows when it is used, such as a pattern that matches nothing; reads the graph again to
     * tell its line and column.
     *
     * @param problem what is wrong, as half a sentence
     * @param nextStep what to do, or an empty text
     * @param pointer where in the document it is: names of fields and numbers of items, as far as they lead
     */
    public GraphException error(String problem, String nextStep, Object... pointer) {
        return Locator.at(source, problem, nextStep, pointer);
    }

    /** How many vertices there are. */
    public int size() {
        return parts.size();
    }

    /** The vertex of the number. */
    public Vertex vertex(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("vertex " + index + " of " + size());
        }
        return new Vertex(this, index);
    }

    /** The vertex of the name; empty where there is none. */
    public Optional<Vertex> find(String name) {
        int number = parts.names.find(new FieldWriter().text(name));
        return number < 0 ? Optional.empty() : Optional.of(new Vertex(this, parts.vertexOfName[number]));
    }

    /** All vertices by number; a view. */
    public List<Vertex> vertices() {
        return new Vertices(new int[0]);
    }

    /** All vertices, each after all of its inputs; the order depends on the graph alone. A view. */
    public List<Vertex> order() {
        return new Vertices(parts.order);
    }

    /** What is wanted: the targets of the graph, or, where it names none, output 0 of every vertex that no other uses. */
    public List<Edge> targets() {
        List<Edge> targets = new ArrayList<>(parts.targetVertex.length);
        for (int i = 0; i < parts.targetVertex.length; i++) {
            targets.add(new Edge(new Vertex(this, parts.targetVertex[i]), parts.targetOutput[i]));
        }
        return targets;
    }

    private final class Vertices extends AbstractList<Vertex> implements RandomAccess {
        private final int[] order;

        Vertices(int[] order) {
            this.order = order;
        }

        @Override
        public Vertex get(int index) {
            Vertex vertex = vertex(index);
            return order.length == 0 ? vertex : new Vertex(Definition.this, order[index]);
        }

        @Override
        public int size() {
            return parts.size();
        }
    }

    String nameOf(int vertex) {
        return parts.name(vertex);
    }

    OpSpec opOf(int vertex) {
        return OpReader.decode(parts.ops.read(parts.opOf[vertex]), inputCountOf(vertex));
    }

    int inputCountOf(int vertex) {
        return parts.inputsFrom[vertex + 1] - parts.inputsFrom[vertex];
    }

    int outputCountOf(int vertex) {
        return parts.highestOutput.length == 0 ? 1 : parts.highestOutput[vertex] + 1;
    }

    List<Input> inputsOf(int vertex) {
        int from = parts.inputsFrom[vertex];
        int to = parts.inputsFrom[vertex + 1];
        List<Input> inputs = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            int paths = parts.inputPaths.length == 0 ? 0 : parts.inputPaths[i];
            inputs.add(new Input(
                    new Edge(new Vertex(this, parts.inputVertex[i]), parts.outputOfInput(i)),
                    paths == 0 ? List.of() : parts.pathLists.read(paths - 1).patterns()));
        }
        return inputs;
    }

    VertexOptions optionsOf(int vertex) {
        int options = parts.optionsOf.length == 0 ? 0 : parts.optionsOf[vertex];
        if (options == 0) {
            return VertexOptions.NONE;
        }
        FieldReader reader = parts.optionSets.read(options - 1);
        return new VertexOptions(reader.flag(), reader.flag(), reader.map());
    }

    List<ResultSpec> resultsOf(int vertex) {
        return parts.results(vertex);
    }

    Digest digestOf(int vertex) {
        return Digest.of(Algorithm.SHA256, digests(), vertex * 32);
    }

    private synchronized byte[] digests() {
        if (digests == null) {
            digests = VertexDigests.compute(parts, tools);
        }
        return digests;
    }
}
