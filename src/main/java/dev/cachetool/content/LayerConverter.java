package dev.cachetool.content;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestingInputStream;
import dev.cachetool.digest.DigestingOutputStream;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Compresses layers in another way, into files of a folder that belongs to whoever made it. What a layer is uncompressed,
 * and so its diffID, stays the same. Each layer is converted once. Not for several threads.
 */
public final class LayerConverter {
    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final Compression compression;
    private final int level;
    private final int threads;
    private final Map<Digest, Blob> converted = new HashMap<>();

    /**
     * @param compression what layers get that have another one
     * @param level its level
     * @param threads how many compress at once
     */
    public LayerConverter(Path folder, Compression compression, int level, int threads) {
        this.folder = folder;
        this.compression = compression;
        this.level = level;
        this.threads = threads;
    }

    /**
     * The layer in that compression; the layer itself where it has it already, or is none that is known.
     *
     * @throws IOException if it cannot be read or written
     */
    public Blob convert(Blob layer) throws IOException {
        Descriptor from = layer.descriptor();
        Optional<Compression> is = Compression.ofMediaType(from.mediaType());
        if (is.isEmpty() || is.get() == compression) {
            return layer;
        }
        Blob known = converted.get(from.digest());
        if (known != null) {
            return known;
        }
        Path file = Files.createTempFile(folder, "converted-", "");
        Digest digest;
        long size;
        Digest diffId;
        try (InputStream raw = layer.open();
                DigestingInputStream plain =
                        new DigestingInputStream(Compression.decompressAny(raw), Algorithm.SHA256);
                DigestingOutputStream out = new DigestingOutputStream(
                        new BufferedOutputStream(NamedOutputStream.open(file), BUFFER), Algorithm.SHA256)) {
            try (OutputStream compressed = compression.compress(out, level, threads)) {
                plain.transferTo(compressed);
            }
            out.flush();
            digest = out.digest();
            size = out.size();
            diffId = plain.digest();
        }
        Map<String, String> annotations = new HashMap<>(from.annotations());
        annotations.put(Annotations.UNCOMPRESSED, diffId.toString());
        Blob made = new Converted(
                Descriptor.of(compression.layerMediaType(), digest, size).withAnnotations(annotations), file);
        converted.put(from.digest(), made);
        return made;
    }

    private record Converted(Descriptor descriptor, Path path) implements Blob {
        @Override
        public InputStream open() throws IOException {
            return new VerifyingInputStream(Files.newInputStream(path), descriptor.digest(), descriptor.size());
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(path);
        }
    }
}
