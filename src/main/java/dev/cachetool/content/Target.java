package dev.cachetool.content;

/**
 * A place that caches are written to. Write blobs first and the tag last. Closing it without a tag written leaves the
 * place as a reader saw it before.
 */
public interface Target extends Source, Ingester, Tagger {}
