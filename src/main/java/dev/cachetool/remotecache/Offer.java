package dev.cachetool.remotecache;

import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A cache that is to be published at a place, and how that wraps whatever it is united with there. */
public interface Offer {
    /**
     * The cache itself.
     *
     * @throws IOException if what it is made of cannot be read
     */
    NotedChains cache() throws IOException;

    /**
     * What is published where nothing of what stands there is to stay; empty where there is nothing to publish.
     *
     * @throws IOException if what it is made of cannot be read
     */
    default Optional<CacheContents> alone() throws IOException {
        return wrapped(kept(cache()));
    }

    /** What of a cache is published: all of it, unless the place is to have less. The same cache gives the same. */
    default NotedChains kept(NotedChains cache) {
        return cache;
    }

    /**
     * A cache, wrapped as the place wants it; empty where it has no layer.
     *
     * @throws DoesNotFitException if the place is to have less than any result takes
     */
    Optional<CacheContents> wrapped(NotedChains cache) throws DoesNotFitException;

    /**
     * A cache of the source as {@link CacheContents#of} copies it.
     *
     * @param form how it is wrapped; empty for the form that it has, or an image manifest where it has none of these
     * @param conversion compresses layers in another way; empty where they stay what they are
     */
    static Offer ofCopy(
            Source source,
            Manifest manifest,
            CacheArtifact artifact,
            Optional<CacheContents.Form> form,
            Optional<NotedChains.Conversion> conversion) {
        CacheArtifactWriter writer = form.or(() -> CacheContents.Form.of(artifact))
                .orElse(CacheContents.Form.IMAGE_MANIFEST)
                .writer();
        return new Offer() {
            private Optional<CacheContents> contents = Optional.empty();

            @Override
            public NotedChains cache() throws IOException {
                NotedChains cache = NotedChains.of(artifact, source.name());
                return conversion.isPresent() ? cache.converted(conversion.get()) : cache;
            }

            @Override
            public Optional<CacheContents> alone() throws IOException {
                if (contents.isEmpty()) {
                    contents = Optional.of(CacheContents.of(source, manifest, artifact, form, conversion));
                }
                return contents;
            }

            @Override
            public Optional<CacheContents> wrapped(NotedChains cache) {
                return writer.contents(cache);
            }
        };
    }

    /**
     * What is not published, since all of it would not fit.
     *
     * @param results in the order in which they went
     * @param records how many records, those of these results and those that led to none
     */
    record LeftOut(List<CachePrunePolicy.Dropped> results, int records) {
        /** Where all is published. */
        public static final LeftOut NOTHING = new LeftOut(List.of(), 0);

        public LeftOut {
            results = List.copyOf(results);
        }
    }

    /** What was left out of what was wrapped last. */
    default LeftOut leftOut() {
        return LeftOut.NOTHING;
    }

    /**
     * A cache that the writer wraps, and that is to fit.
     *
     * @param fit the most bytes of config and manifest ({@link CacheFit}); empty where they may be of any size
     */
    static Offer of(NotedChains cache, CacheArtifactWriter writer, OptionalLong fit) {
        return fit.isEmpty() ? of(cache, writer) : new FittingOffer(cache, writer, fit.getAsLong());
    }

    /** A cache that the writer wraps. */
    static Offer of(NotedChains cache, CacheArtifactWriter writer) {
        return new Offer() {
            @Override
            public NotedChains cache() {
                return cache;
            }

            @Override
            public Optional<CacheContents> wrapped(NotedChains other) {
                return writer.contents(other);
            }
        };
    }
}
