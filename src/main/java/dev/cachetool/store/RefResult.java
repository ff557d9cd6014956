package dev.cachetool.store;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.content.FileTree;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.Result;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A ref as the result of an edge; releasing the one releases the other. */
public final class RefResult implements Result {
    private final ImmutableRef ref;
    private final Map<String, Digest> content;

    /**
     * @param ref held by the caller until now, by this from now on
     * @param content digests of its content that were noted elsewhere, by what was selected
     */
    public RefResult(ImmutableRef ref, Map<String, Digest> content) {
        this.ref = ref;
        this.content = Map.copyOf(content);
    }

    /** The same, to be released on its own. */
    public RefResult again() {
        return new RefResult(ref.clone(), content);
    }

    /** What it holds. */
    public ImmutableRef ref() {
        return ref;
    }

    @Override
    public String id() {
        return ref.id();
    }

    @Override
    public Timestamp createdAt() {
        return ref.metadata().createdAt();
    }

    @Override
    public Optional<Digest> contentDigest(ContentFunction function) throws IOException {
        if (function.known().isPresent()) {
            return function.known();
        }
        Digest noted = content.get(function.selection());
        return Optional.of(noted == null ? function.digestOf(tree()) : noted);
    }

    /**
     * The digest that the function gives for its content, where nothing has to be pulled for that.
     *
     * @throws IOException if what is here cannot be read
     */
    public Optional<Digest> contentAtHand(ContentFunction function) throws IOException {
        boolean lazy = ref instanceof RemoteImmutableRef remote && remote.isLazy();
        return lazy && !content.containsKey(function.selection()) ? function.known() : contentDigest(function);
    }

    /**
     * Its files, with digests; pulled if they have to be.
     *
     * @throws UnreadableRefException if they cannot be had
     */
    public FileTree tree() throws IOException {
        return read(ref::tree);
    }

    /**
     * The folder that holds its files, for reading alone; pulled if they have to be.
     *
     * @throws UnreadableRefException if they cannot be had
     */
    public Path mount() throws IOException {
        return read(ref::mount);
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> T read(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (ClosedByInterruptException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadableRefException(id(), e);
        }
    }

    @Override
    public void release() {
        ref.release();
    }
}
