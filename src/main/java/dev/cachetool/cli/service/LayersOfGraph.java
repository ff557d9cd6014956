package dev.cachetool.cli.service;

import dev.cachetool.cli.command.NoSuchLayerFileException;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Provider;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.graph.LayerSpec;
import dev.cachetool.graph.ResultSpec;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.Remote;
import dev.cachetool.step.GivenResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The results that came with a graph, whose layers lie in files beside it or in other places by digest. */
final class LayersOfGraph implements Provider {
    private final String name;
    private final Map<Digest, LayerFile> files = new HashMap<>();
    private final Map<String, String> mediaTypes = new ConcurrentHashMap<>();
    private final List<? extends Provider> content;

    /** A layer of a result that has a file: where in the graph it stands, and where the file lies. */
    private record LayerFile(Vertex vertex, int result, int layer, String name, Path path) {
        NoSuchLayerFileException missing(Digest digest) {
            return new NoSuchLayerFileException(vertex.error(
                    "could not find the layer file " + name + " of \"" + vertex.name() + "\"",
                    "put it there, relative to the graph, or name a place that has " + digest + " with --content",
                    "results",
                    result,
                    "layers",
                    layer,
                    "file"));
        }
    }

    /**
     * @param content where layers are looked for that have no file
     */
    LayersOfGraph(GraphSession session, List<? extends Provider> content) {
        this.name = session.definition().place();
        this.content = List.copyOf(content);
        for (Vertex vertex : session.definition().vertices()) {
            List<ResultSpec> results = vertex.results();
            for (int result = 0; result < results.size(); result++) {
                List<LayerSpec> layers = results.get(result).layers();
                for (int layer = 0; layer < layers.size(); layer++) {
                    Optional<String> file = layers.get(layer).file();
                    if (file.isPresent()) {
                        Path path = session.definition().folder().resolve(file.get());
                        files.putIfAbsent(
                                layers.get(layer).digest(), new LayerFile(vertex, result, layer, file.get(), path));
                    }
                }
            }
        }
    }

    /** The result of the output that stands in the graph; empty where none does. */
    Optional<GivenResult> result(Vertex vertex, int outputIndex) {
        for (ResultSpec spec : vertex.results()) {
            if (spec.outputIndex() == outputIndex) {
                List<Descriptor> layers = new ArrayList<>(spec.layers().size());
                for (LayerSpec layer : spec.layers()) {
                    Map<String, String> annotations = layer.diffId().isEmpty()
                            ? Map.of()
                            : Map.of(
                                    Annotations.UNCOMPRESSED,
                                    layer.diffId().get().toString());
                    // A graph has very many layers of very few types.
                    String mediaType = mediaTypes.computeIfAbsent(layer.mediaType(), type -> type);
                    layers.add(new Descriptor(mediaType, layer.digest(), layer.size(), annotations, Optional.empty()));
                }
                return Optional.of(GivenResult.of(
                        vertex,
                        outputIndex,
                        spec.createdAt().map(Timestamp::new).orElse(Timestamp.ZERO),
                        new Remote(layers, this),
                        spec.remote()));
            }
        }
        return Optional.empty();
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        LayerFile file = files.get(blob.digest());
        if (file != null) {
            try {
                return new VerifyingInputStream(Files.newInputStream(file.path()), blob.digest(), blob.size());
            } catch (NoSuchFileException e) {
                // It may lie elsewhere.
            }
        }
        for (Provider provider : content) {
            if (provider.contains(blob)) {
                return provider.open(blob);
            }
        }
        if (file != null) {
            throw file.missing(blob.digest());
        }
        throw new BlobNotFoundException(blob.digest(), "the places that " + name + " is given");
    }

    @Override
    public boolean contains(Descriptor blob) throws IOException {
        LayerFile file = files.get(blob.digest());
        if (file != null && Files.isRegularFile(file.path())) {
            return true;
        }
        for (Provider provider : content) {
            if (provider.contains(blob)) {
                return true;
            }
        }
        return false;
    }
}
