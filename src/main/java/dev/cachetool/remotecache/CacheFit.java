package dev.cachetool.remotecache;

import dev.cachetool.content.Blob;
import dev.cachetool.digest.Digest;
import dev.cachetool.remotecache.CachePrunePolicy.Dropped;
import dev.cachetool.remotecache.CachePrunePolicy.Reason;
import dev.cachetool.remotecache.CacheResults.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes a cache small enough for those who read no config and no manifest above a size, as BuildKit does
 * ({@link CacheConfig#BUILDKIT_LIMIT}): records that lead to no result go, and the oldest results, among equals the largest,
 * with the records that then lead to none, until both documents are within the size.
 *
 * @param cache what is left
 * @param contents what is published of it; empty where nothing is left
 * @param dropped the results that went, in order
 * @param records how many records went, those of these results and those that led to none
 * @param fits whether both documents are within the size now: not where what may not go is too much already, nor where
 *     any result is
 */
public record CacheFit(
        NotedChains cache, Optional<CacheContents> contents, List<Dropped> dropped, int records, boolean fits) {
    public CacheFit {
        dropped = List.copyOf(dropped);
    }

    /** Fits the cache, of which any result may go. */
    public static CacheFit of(NotedChains cache, CacheArtifactWriter writer, long limit) {
        return of(cache, writer, limit, row -> false);
    }

    /**
     * Fits the cache.
     *
     * @param writer wraps it
     * @param limit the most bytes of the config, and of the manifest
     * @param kept the results that may not go
     */
    public static CacheFit of(NotedChains cache, CacheArtifactWriter writer, long limit, Predicate<Row> kept) {
        CacheResults results = CacheResults.of(cache);
        CacheFit all = fit(cache, cache, writer, limit, results, List.of());
        if (all.fits()) {
            return all;
        }
        List<Row> mayGo = results.rows().stream().filter(kept.negate()).toList();
        // How many have to go: what is left shrinks with each that goes. Records that led to none go in any case.
        int tooFew = -1;
        int enough = mayGo.size();
        CacheFit found = without(cache, writer, limit, results, mayGo);
        boolean least = found.fits() || found.contents().isEmpty();
        while (least && enough - tooFew > 1) {
            int middle = (tooFew + enough) >>> 1;
            CacheFit tried = without(cache, writer, limit, results, mayGo.subList(0, middle));
            if (tried.fits()) {
                enough = middle;
                found = tried;
            } else {
                tooFew = middle;
            }
        }
        return found;
    }

    private static CacheFit without(
            NotedChains cache, CacheArtifactWriter writer, long limit, CacheResults results, List<Row> dropped) {
        return fit(cache, cache.withResultsOf(results.without(dropped)), writer, limit, results, dropped);
    }

    private static CacheFit fit(
            NotedChains all,
            NotedChains left,
            CacheArtifactWriter writer,
            long limit,
            CacheResults results,
            List<Row> dropped) {
        Optional<CacheContents> contents = writer.contents(left);
        Map<Digest, Reason> going = new HashMap<>();
        dropped.forEach(row -> going.put(row.identity(), Reason.FIT));
        return new CacheFit(
                left,
                contents,
                CachePrunePolicy.inOrder(results, going),
                all.chains().records().size() - left.chains().records().size(),
                contents.isPresent() ? isWithin(contents.get(), limit) : dropped.isEmpty());
    }

    private static boolean isWithin(CacheContents contents, long limit) {
        for (Blob document : contents.documents()) {
            if (contents.isConfig(document) && document.descriptor().size() > limit) {
                return false;
            }
        }
        return contents.manifest().bytes().length <= limit;
    }
}
