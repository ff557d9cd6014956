package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.util.Optional;

/** Publishes manifests under tags. */
public interface Tagger {
    /**
     * Makes the tag name the manifest, at once: a reader sees what was there before or this one. All that the manifest
     * refers to must have been ingested. For a place that is written as one file, this is what makes the file appear.
     *
     * @throws IOException if it cannot be written; the tag is then what it was
     */
    void tag(String tag, Manifest manifest) throws IOException;

    /**
     * Makes the tag name the manifest as {@link #tag} does, but only if it still names what the caller saw. Where the place
     * can, it compares and writes at once; else it compares right before it writes.
     *
     * @param seen the digest of the manifest that the tag named ({@link Target#standing})
     * @return whether the tag names the manifest; if not, another writer was there first and nothing was written
     * @throws IOException if it cannot be written; the tag is then what it was
     */
    boolean tagIf(String tag, Manifest manifest, Optional<Digest> seen) throws IOException;
}
