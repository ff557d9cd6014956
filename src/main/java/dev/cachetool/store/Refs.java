package dev.cachetool.store;

import dev.cachetool.content.Provider;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The refs of a store. Safe for several threads. */
public interface Refs {
    /**
     * An empty folder to be filled.
     *
     * @throws IOException if it cannot be made
     */
    MutableRef create(String description) throws IOException;

    /**
     * A result whose layers lie elsewhere. The same layers give the same ref, which has its files already where anybody
     * read them before.
     *
     * @param layers lowest first; may be none, for an empty tree
     * @param provider opens them; used until the ref is released
     * @throws IOException if the store cannot be read
     */
    ImmutableRef remote(List<Descriptor> layers, Provider provider, RefMetadata metadata) throws IOException;

    /**
     * The ref with that id, held for the caller; empty where the store has none, or not its files.
     *
     * @throws IOException if the store cannot be read
     */
    Optional<ImmutableRef> find(String id) throws IOException;
}
