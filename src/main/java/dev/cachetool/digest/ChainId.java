package dev.cachetool.digest;

import java.util.List;

/** The digest of a stack of layers, lowest first (OCI image-spec, config.md, "Layer ChainID"). */
public record ChainId(Digest digest) {
    /**
     * The chainID of the digest.
     *
     * @throws InvalidDigestException if the digest is random, and so names no bytes
     */
    public ChainId {
        if (digest.isRandom()) {
            throw new InvalidDigestException(digest.toString(), "a random digest names no bytes");
        }
    }

    /**
     * The chainID of the layers, lowest first.
     *
     * @throws IllegalArgumentException if there is no layer
     */
    public static ChainId of(List<DiffId> layers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a chainID needs a layer");
        }
        Digest chain = layers.get(0).digest();
        for (DiffId layer : layers.subList(1, layers.size())) {
            chain = Digest.sha256(chain + " " + layer);
        }
        return new ChainId(chain);
    }

    @Override
    public String toString() {
        return digest.toString();
    }
}
