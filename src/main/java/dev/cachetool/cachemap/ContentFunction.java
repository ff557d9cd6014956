package dev.cachetool.cachemap;

import dev.cachetool.content.FileTree;
import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.util.Optional;

/** Computes the content-based key of an input from what is in it. */
public interface ContentFunction {
    /**
     * What of a tree counts, as canonical text: the same text gives the same digest of the same tree, so that a digest that
     * was written down can answer without the tree.
     */
    String selection();

    /** The digest where it needs no tree, because another builder computed it; empty where {@link #digestOf} is needed. */
    default Optional<Digest> known() {
        return Optional.empty();
    }

    /**
     * The digest of what counts of the tree.
     *
     * @throws IOException if the tree lacks something that must be in it
     */
    Digest digestOf(FileTree tree) throws IOException;

    /** The function that gives this digest for any input. */
    static ContentFunction constant(Digest digest) {
        return new ContentFunction() {
            @Override
            public String selection() {
                return "constant";
            }

            @Override
            public Optional<Digest> known() {
                return Optional.of(digest);
            }

            @Override
            public Digest digestOf(FileTree tree) {
                return digest;
            }
        };
    }
}
