package dev.cachetool.cli.service;

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

/** The results that came with a graph, whose layers lie in files beside it or in other places by digest. */
final class LayersOfGraph implements Provider {
    private final String name;
    private final Map<Digest, Path> files = new HashMap<>();
    private final List<? extends Provider> content;

    /**
     * @param content where layers are looked for that have no file
     */
    LayersOfGraph(GraphSession session, List<? extends Provider> content) {
        this.name = session.definition().place();
        this.content = List.copyOf(content);
        for (Vertex vertex : session.definition().vertices()) {
            for (ResultSpec result : vertex.results()) {
                for (LayerSpec layer : result.layers()) {
                    layer.file()
                            .ifPresent(file -> files.putIfAbsent(
                                    layer.digest(),
                                    session.definition().folder().resolve(file)));
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
                    Descriptor descriptor = Descriptor.of(layer.mediaType(), layer.digest(), layer.size());
                    layers.add(
                            layer.diffId().isEmpty()
                                    ? descriptor
                                    : descriptor.withAnnotation(
                                            Annotations.UNCOMPRESSED,
                                            layer.diffId().get().toString()));
                }
                return Optional.of(new GivenResult(
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
        Path file = files.get(blob.digest());
        if (file != null) {
            try {
                return new VerifyingInputStream(Files.newInputStream(file), blob.digest(), blob.size());
            } catch (NoSuchFileException e) {
                // It may lie elsewhere.
            }
        }
        for (Provider provider : content) {
            if (provider.contains(blob)) {
                return provider.open(blob);
            }
        }
        throw new BlobNotFoundException(
                blob.digest(), file == null ? "the places that " + name + " is given" : file.toString());
    }

    @Override
    public boolean contains(Descriptor blob) throws IOException {
        Path file = files.get(blob.digest());
        if (file != null && Files.isRegularFile(file)) {
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
