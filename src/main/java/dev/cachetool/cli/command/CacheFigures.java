package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Figures;
import dev.cachetool.inspect.CacheView;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is counted in a cache. */
final class CacheFigures {
    private CacheFigures() {}

    /** For the summary of an answer. */
    static Map<String, Long> summary(CacheView cache) {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("records", (long) cache.records().size());
        figures.put("links", cache.links());
        figures.put("results", (long) cache.recordsWithResult());
        figures.put("roots", (long) cache.roots());
        figures.put("leaves", (long) cache.leaves());
        figures.put("depth", (long) cache.depth());
        figures.put("layers", (long) cache.layers().size());
        figures.put("sharedLayers", (long) cache.sharedLayers());
        figures.put("bytes", cache.bytes());
        figures.put("configBytes", cache.configBytes());
        if (cache.manifestBytes().isPresent()) {
            figures.put("manifestBytes", cache.manifestBytes().getAsLong());
        }
        return figures;
    }

    /** In words, for a last line. */
    static String sentence(CacheView cache) {
        return Figures.count(cache.records().size(), "record") + ", "
                + Figures.count(cache.recordsWithResult(), "result") + ", "
                + Figures.count(cache.layers().size(), "layer") + ", " + Figures.size(cache.bytes());
    }
}
