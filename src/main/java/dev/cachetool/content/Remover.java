package dev.cachetool.content;

import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A place that can let go of blobs and manifests. What others need is never touched: a place looks at all of its tags, and at
 * the manifests that it lists without one, and where one of them cannot be read or understood, nothing goes.
 */
public interface Remover {
    /**
     * Removes those of the candidates that are there and that nothing in the place needs: manifests first, since these need
     * the others.
     *
     * @param candidates manifests by their media types, and blobs
     * @throws UnclearManifestException as {@link Resolver#needed}; nothing was removed then
     * @throws IOException if the place cannot be asked, or something cannot be removed; other things may have been
     */
    Removal remove(List<Descriptor> candidates) throws IOException;

    /**
     * What became of candidates.
     *
     * @param removed what is not there any more
     * @param refused what nothing needs, and the place does not let go of
     * @param refusal why not; empty where nothing was refused
     * @param freed whether the room that the removed ones took is free now; else the place does that in its own time
     */
    record Removal(List<Descriptor> removed, List<Descriptor> refused, Optional<String> refusal, boolean freed) {
        public Removal {
            removed = List.copyOf(removed);
            refused = List.copyOf(refused);
        }
    }
}
