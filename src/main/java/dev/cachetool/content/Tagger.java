package dev.cachetool.content;

import java.io.IOException;

/** Publishes manifests under tags. */
public interface Tagger {
    /**
     * Makes the tag name the manifest, at once: a reader sees what was there before or this one. All that the manifest
     * refers to must have been ingested. For a place that is written as one file, this is what makes the file appear.
     *
     * @throws IOException if it cannot be written; the tag is then what it was
     */
    void tag(String tag, Manifest manifest) throws IOException;
}
