package dev.cachetool.remotecache;

import java.util.IdentityHashMap;
import java.util.Optional;

/** A cache of which as much is published as fits. Not for several threads. */
final class FittingOffer implements Offer {
    private final NotedChains cache;
    private final CacheArtifactWriter writer;
    private final long limit;
    private final IdentityHashMap<NotedChains, CacheFit> byWhole = new IdentityHashMap<>();
    private final IdentityHashMap<NotedChains, CacheFit> byKept = new IdentityHashMap<>();
    private LeftOut leftOut = LeftOut.NOTHING;

    /**
     * @param limit the most bytes of the config, and of the manifest
     */
    FittingOffer(NotedChains cache, CacheArtifactWriter writer, long limit) {
        this.cache = cache;
        this.writer = writer;
        this.limit = limit;
    }

    @Override
    public NotedChains cache() {
        return cache;
    }

    @Override
    public NotedChains kept(NotedChains whole) {
        CacheFit fit = byWhole.computeIfAbsent(whole, all -> CacheFit.of(all, writer, limit));
        byKept.put(fit.cache(), fit);
        return fit.cache();
    }

    @Override
    public Optional<CacheContents> wrapped(NotedChains kept) throws DoesNotFitException {
        CacheFit fit = byKept.getOrDefault(kept, byWhole.get(kept));
        if (fit == null) {
            throw new IllegalArgumentException("only what fits is wrapped");
        }
        if (!fit.fits()) {
            throw new DoesNotFitException(limit);
        }
        leftOut = new LeftOut(fit.dropped(), fit.records());
        return fit.contents();
    }

    @Override
    public LeftOut leftOut() {
        return leftOut;
    }
}
