package dev.cachetool.content;

import java.io.IOException;
import java.util.Optional;

/** The entries of a layer, one after the other, with the contents of those that are files. Not for several threads. */
interface LayerEntries {
    /**
     * Goes to the next entry, whatever was read of the one before; empty at the end.
     *
     * @throws IOException if the layer cannot be read, or is none
     */
    Optional<TarEntry> next() throws IOException;

    /**
     * Reads content of the entry that {@link #next} gave last.
     *
     * @return how many bytes, or -1 at the end of the entry
     * @throws IOException if it cannot be read, or is cut off
     */
    int read(byte[] buffer, int offset, int length) throws IOException;
}
