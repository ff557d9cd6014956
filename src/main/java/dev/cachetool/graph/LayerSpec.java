package dev.cachetool.graph;

import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.Digest;
import java.util.Optional;

/**
 * A layer of a result that came with the graph.
 *
 * @param digest of the blob
 * @param size of the blob in bytes
 * @param mediaType of the blob
 * @param diffId digest of the uncompressed layer
 * @param file where the blob lies, relative to the folder of the graph file
 */
public record LayerSpec(Digest digest, long size, String mediaType, Optional<DiffId> diffId, Optional<String> file) {}
