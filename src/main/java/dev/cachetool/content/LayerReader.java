package dev.cachetool.content;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the tree that a stack of layers gives, without unpacking anything. Memory is that of the tree, not of the contents.
 * What {@link LayerExtractor} refuses is refused here too.
 */
public final class LayerReader {
    private final Provider provider;
    private final Consumer<LayerWarning> warnings;

    /**
     * @param provider to read the layers from
     * @param warnings takes what of the layers is no part of the tree
     */
    public LayerReader(Provider provider, Consumer<LayerWarning> warnings) {
        this.provider = provider;
        this.warnings = warnings;
    }

    /**
     * The tree of the layers, lowest first, with the digest of every file; set-uid and set-gid bits left out.
     *
     * @throws UnsafeEntryException if an entry leads out, or cannot stand where it says
     * @throws BadLayerException if a layer's bytes are no layer
     * @throws dev.cachetool.digest.DigestMismatchException if a layer's bytes are not those of its descriptor or diffID
     * @throws BlobNotFoundException if a layer is not there
     * @throws IOException if a layer cannot be read
     */
    public FileTree read(List<Descriptor> layers) throws IOException {
        LayerApplier applier = new LayerApplier(new Digesting(), false, warnings);
        applier.apply(provider, layers, false);
        return applier.tree().toFileTree();
    }

    /** Contents are digested. */
    private static final class Digesting implements LayerApplier.Contents {
        private final MessageDigest digest = Algorithm.SHA256.newMessageDigest();
        private final byte[] buffer = new byte[64 * 1024];

        @Override
        public void fileAdded(LayerTree.Node node, LayerEntries content) throws IOException {
            int n = content.read(buffer, 0, buffer.length);
            while (n >= 0) {
                digest.update(buffer, 0, n);
                n = content.read(buffer, 0, buffer.length);
            }
            node.digest = Digest.ofSha256(digest.digest());
        }
    }
}
