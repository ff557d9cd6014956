package dev.cachetool.cli.service;

import dev.cachetool.cli.options.Place;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import dev.cachetool.inspect.CacheCheck;
import dev.cachetool.inspect.Finding;
import dev.cachetool.inspect.Finding.Kind;
import dev.cachetool.inspect.RawCache;
import dev.cachetool.json.JsonException;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.CacheListing;
import dev.cachetool.remotecache.InlineCache;
import dev.cachetool.remotecache.NotACacheException;
import dev.cachetool.remotecache.Notes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the documents of a cache, and goes on where one of them is damaged. */
final class RawCaches {
    private final Source source;
    private final List<Finding> damage = new ArrayList<>();

    private RawCaches(Source source) {
        this.source = source;
    }

    /** A bare config. */
    static RawCache of(Places places, Place.ConfigFile config) throws IOException {
        return new RawCache(
                Optional.empty(),
                ArtifactForm.CONFIG,
                true,
                List.of(new RawCache.Part(
                        "cache config", Optional.of(places.configFile(config)), List.of(), Optional.empty())),
                Optional.empty(),
                List.of());
    }

    /**
     * The cache of the manifest.
     *
     * @throws NotACacheException if it is none of a cache
     * @throws IOException if the manifest is malformed, or the place cannot be read
     */
    static RawCache of(Source source, Manifest manifest) throws IOException {
        return new RawCaches(source).read(manifest);
    }

    private RawCache read(Manifest manifest) throws IOException {
        CacheListing listing = CacheListing.of(source, manifest);
        List<RawCache.Part> parts = new ArrayList<>();
        Optional<byte[]> notes = Optional.empty();
        if (listing.config().isPresent()) {
            Optional<byte[]> bytes = document("cache config", listing.config().get(), CacheArtifact.CONFIG_LIMIT);
            parts.add(new RawCache.Part("cache config", bytes, listing.layers(), Optional.empty()));
            if (listing.notes().isPresent()) {
                notes = document("notes", listing.notes().get(), Notes.LIMIT);
            }
        } else {
            for (Descriptor missing : listing.missing()) {
                damage.add(new Finding(
                        Kind.DOCUMENT_MISSING, "manifest", Optional.of(missing.digest()), "the index lists it"));
            }
            for (CacheListing.Image image : listing.images()) {
                if (image.isRunnable()) {
                    inline(image).ifPresent(parts::add);
                }
            }
            if (parts.isEmpty() && damage.isEmpty()) {
                throw NotACacheException.of(source, manifest, listing);
            }
        }
        return new RawCache(Optional.of(manifest), listing.form(), listing.ociMediaTypes(), parts, notes, damage);
    }

    private Optional<RawCache.Part> inline(CacheListing.Image image) throws IOException {
        Descriptor config = image.image().config();
        Optional<byte[]> bytes = document("image config", config, CacheArtifact.CONFIG_LIMIT);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<InlineCache> inline = InlineCache.of(image, bytes.get(), "image config");
            if (inline.isEmpty()) {
                return Optional.empty();
            }
            InlineCache cache = inline.get();
            if (cache.diffIds() != cache.layers().size()) {
                damage.add(new Finding(
                        Kind.IMAGE_MISMATCH,
                        "image config",
                        Optional.of(config.digest()),
                        "it has " + cache.diffIds() + " diffIDs, the manifest has "
                                + cache.layers().size() + " layers"));
            }
            return Optional.of(new RawCache.Part(
                    "inline cache", Optional.of(cache.records()), cache.descriptors(), Optional.of(cache.layers())));
        } catch (JsonException e) {
            damage.add(new Finding(
                    Kind.CONFIG_MALFORMED, "image config", Optional.of(config.digest()), String.valueOf(e.problem())));
            return Optional.empty();
        }
    }

    /** The bytes of a document; empty where they are not what they should be. */
    private Optional<byte[]> document(String name, Descriptor document, long limit) throws IOException {
        try {
            return Optional.of(source.readAll(document, limit));
        } catch (IOException e) {
            Optional<Finding> finding = CacheCheck.unreadable(name, document, true, e);
            if (finding.isEmpty()) {
                throw e;
            }
            // Notes are no document of BuildKit's, which goes on without them.
            damage.add(
                    document.mediaType().equals(MediaTypes.NOTES)
                            ? new Finding(
                                    Kind.NOTES_UNREADABLE,
                                    name,
                                    finding.get().digest(),
                                    e instanceof BlobNotFoundException
                                            ? "they are not there"
                                            : finding.get().what())
                            : finding.get());
            return Optional.empty();
        }
    }
}
