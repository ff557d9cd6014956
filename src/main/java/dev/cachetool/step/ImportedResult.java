package dev.cachetool.step;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.LayerReader;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.Result;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A result in a cache that was imported. Its layers are only read when its content is wanted and was not noted beside the
 * cache, and not at all where nothing may be moved.
 */
public final class ImportedResult implements Result {
    private final String id;
    private final Timestamp createdAt;
    private final Remote remote;
    private final Map<String, Digest> content;
    private final OptionalLong milliseconds;
    private final boolean mayRead;
    private final Damage damaged;
    private @Nullable FileTree tree;
    private boolean unreadable;

    /**
     * @param content digests that were noted beside the cache, by what was selected
     * @param milliseconds how long it took to make, where that was noted
     * @param mayRead whether layers may be read
     * @param damaged told when they cannot be; the content is then not at hand
     */
    public ImportedResult(
            String id,
            Timestamp createdAt,
            Remote remote,
            Map<String, Digest> content,
            OptionalLong milliseconds,
            boolean mayRead,
            Damage damaged) {
        this.id = id;
        this.createdAt = createdAt;
        this.remote = remote;
        this.content = Map.copyOf(content);
        this.milliseconds = milliseconds;
        this.mayRead = mayRead;
        this.damaged = damaged;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Timestamp createdAt() {
        return createdAt;
    }

    /** Is told that the layers cannot be read. */
    @FunctionalInterface
    public interface Damage {
        /**
         * Takes what went wrong.
         *
         * @throws IOException if that is not to be passed over
         */
        void found(IOException cause) throws IOException;
    }

    /** How long it took to make, where that was noted. */
    public OptionalLong milliseconds() {
        return milliseconds;
    }

    /** Its layers. */
    public Remote remote() {
        return remote;
    }

    /**
     * What its layers give, which are read when this is asked for the first time.
     *
     * @throws IOException if they cannot be read, or are not what they should be
     */
    public synchronized FileTree tree() throws IOException {
        FileTree known = tree;
        if (known == null) {
            known = new LayerReader(remote.provider(), warning -> {}).read(remote.descriptors());
            tree = known;
        }
        return known;
    }

    @Override
    public synchronized Optional<Digest> contentDigest(ContentFunction function) throws IOException {
        if (function.known().isPresent()) {
            return function.known();
        }
        Digest noted = content.get(function.selection());
        if (noted != null) {
            return Optional.of(noted);
        }
        if (!mayRead || unreadable) {
            return Optional.empty();
        }
        FileTree read;
        try {
            read = tree();
        } catch (IOException e) {
            unreadable = true;
            damaged.found(e);
            return Optional.empty();
        }
        return Optional.of(function.digestOf(read));
    }

    @Override
    public void release() {}
}
