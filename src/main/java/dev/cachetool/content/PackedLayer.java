package dev.cachetool.content;

import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A layer that was packed into a file, which belongs to whoever had it packed.
 *
 * @param descriptor with the annotation {@code containerd.io/uncompressed}
 * @param diffId the digest of the uncompressed archive
 * @param path the file that holds exactly the layer's bytes
 * @param tree what was packed, folders that are implied included, with digests where they were asked for or known
 */
public record PackedLayer(Descriptor descriptor, DiffId diffId, Path path, FileTree tree) implements Blob {
    @Override
    public InputStream open() throws IOException {
        return new VerifyingInputStream(Files.newInputStream(path), descriptor.digest(), descriptor.size());
    }

    @Override
    public Optional<Path> file() {
        return Optional.of(path);
    }
}
