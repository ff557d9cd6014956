package dev.cachetool.remotecache;

import dev.cachetool.content.Provider;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.CacheConfig.ConfigLink;
import dev.cachetool.remotecache.CacheConfig.ConfigRecord;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.CacheExporterRecord;
import dev.cachetool.solver.CacheExporterTarget;
import dev.cachetool.solver.CacheLink;
import dev.cachetool.solver.Remote;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Collects the records of a cache, from an export, from configs that were read, or both, in any order in which sources
 * come before what they lead to. Not for several threads.
 */
public final class CacheChains implements CacheExporterTarget {
    private final List<Item> items = new ArrayList<>();
    private final Map<String, Item> roots = new HashMap<>();

    /** A record as it was added. */
    static final class Item implements CacheExporterRecord {
        final CacheChains chains;
        final int index;
        final String digest;
        final Item[][] sources;
        final String[][] selectors;
        final List<CacheExportResult> results = new ArrayList<>(1);

        Item(CacheChains chains, int index, String digest, Item[][] sources, String[][] selectors) {
            this.chains = chains;
            this.index = index;
            this.digest = digest;
            this.sources = sources;
            this.selectors = selectors;
        }
    }

    @Override
    public Optional<CacheExporterRecord> add(
            Digest recordDigest, List<? extends List<CacheLink>> links, List<CacheExportResult> results) {
        Item[][] sources = new Item[links.size()][];
        String[][] selectors = new String[links.size()][];
        for (int i = 0; i < sources.length; i++) {
            List<CacheLink> alternatives = links.get(i);
            sources[i] = new Item[alternatives.size()];
            selectors[i] = new String[alternatives.size()];
            for (int j = 0; j < alternatives.size(); j++) {
                if (!(alternatives.get(j).source() instanceof Item item) || item.chains != this) {
                    throw new IllegalArgumentException("a link leads from a record of another cache");
                }
                sources[i][j] = item;
                selectors[i][j] = alternatives.get(j).selector();
            }
        }
        return addItem(recordDigest.toString(), sources, selectors, results).map(item -> item);
    }

    private Optional<Item> addItem(
            String digest, Item[][] sources, String[][] selectors, List<CacheExportResult> results) {
        if (digest.startsWith("random:")) {
            return Optional.empty();
        }
        for (Item[] alternatives : sources) {
            if (alternatives.length == 0) {
                return Optional.empty();
            }
        }
        Item item = sources.length == 0 ? roots.get(digest) : null;
        if (item == null) {
            item = new Item(this, items.size(), digest, sources, selectors);
            items.add(item);
            if (sources.length == 0) {
                roots.put(digest, item);
            }
        }
        item.results.addAll(results);
        return Optional.of(item);
    }

    /**
     * Unites what is the same, drops what no importer could reach, breaks loops, and brings it all into its order
     * (docs/formats.md, "Normalisation"). What is added later does not show in it.
     */
    public NormalizedChains normalize() {
        LinkedRecords records = KeyUnion.of(items);
        return Arrangement.of(records, LoopFreeOrder.of(records));
    }

    /**
     * Adds every record of a config, as an importer holds it: results whose blobs are not described are left out, and so
     * is a random record.
     *
     * @param place where the config is, for errors
     * @param descriptors the descriptor of a blob, empty where the manifest does not list it
     * @param provider opens the blobs
     * @throws InvalidCacheConfigException if records or layers loop, or an index leads nowhere; what was added before
     *     stays added
     */
    public void addAll(CacheConfig config, String place, Map<String, Descriptor> descriptors, Provider provider)
            throws InvalidCacheConfigException {
        new ConfigReader(config, place, descriptors, provider).run();
    }

    private final class ConfigReader {
        private final CacheConfig config;
        private final String place;
        private final Map<String, Descriptor> descriptors;
        private final Provider provider;
        private final Item[] read;
        private final BitSet done;
        private final BitSet open;

        ConfigReader(CacheConfig config, String place, Map<String, Descriptor> descriptors, Provider provider) {
            this.config = config;
            this.place = place;
            this.descriptors = descriptors;
            this.provider = provider;
            this.read = new Item[config.records().size()];
            this.done = new BitSet(read.length);
            this.open = new BitSet(read.length);
        }

        void run() throws InvalidCacheConfigException {
            Deque<int[]> stack = new ArrayDeque<>();
            for (int start = 0; start < read.length; start++) {
                if (done.get(start)) {
                    continue;
                }
                stack.push(new int[] {start, 0, 0});
                open.set(start);
                while (!stack.isEmpty()) {
                    int[] frame = stack.element();
                    int below = nextLink(frame);
                    if (below < 0) {
                        stack.pop();
                        finish(frame[0]);
                    } else if (!done.get(below)) {
                        if (open.get(below)) {
                            throw invalid("the records loop at record " + below);
                        }
                        open.set(below);
                        stack.push(new int[] {below, 0, 0});
                    }
                }
            }
        }

        /** The next record that the frame's record has as an input; -1 at the end. */
        private int nextLink(int[] frame) throws InvalidCacheConfigException {
            List<List<ConfigLink>> inputs = config.records().get(frame[0]).inputs();
            while (frame[1] < inputs.size()) {
                List<ConfigLink> links = inputs.get(frame[1]);
                if (links.isEmpty()) {
                    throw invalid("input " + frame[1] + " of record " + frame[0] + " is empty");
                }
                if (frame[2] < links.size()) {
                    int link = links.get(frame[2]++).link();
                    if (link < 0 || link >= read.length) {
                        throw invalid("record " + frame[0] + " links to record " + link + ", there are " + read.length);
                    }
                    return link;
                }
                frame[1]++;
                frame[2] = 0;
            }
            return -1;
        }

        private void finish(int index) throws InvalidCacheConfigException {
            ConfigRecord record = config.records().get(index);
            int size = record.inputs().size();
            Item[][] sources = new Item[size][];
            String[][] selectors = new String[size][];
            for (int i = 0; i < size; i++) {
                List<ConfigLink> links = record.inputs().get(i);
                sources[i] = new Item[links.size()];
                selectors[i] = new String[links.size()];
                for (int j = 0; j < links.size(); j++) {
                    Item source = read[links.get(j).link()];
                    if (source == null) {
                        throw invalid("record " + index + " links to record "
                                + links.get(j).link() + ", which has a random digest");
                    }
                    sources[i][j] = source;
                    selectors[i][j] = links.get(j).selector();
                }
            }
            List<CacheExportResult> results = new ArrayList<>(1);
            for (CacheConfig.LayerResult result : record.results()) {
                Optional<List<Descriptor>> chain = withParents(index, result.layer());
                if (chain.isPresent()) {
                    results.add(new CacheExportResult(result.createdAt(), new Remote(chain.get(), provider)));
                }
            }
            for (CacheConfig.ChainResult result : record.chains()) {
                Optional<List<Descriptor>> chain = listed(index, result.layers());
                if (chain.isPresent()) {
                    results.add(new CacheExportResult(result.createdAt(), new Remote(chain.get(), provider)));
                }
            }
            done.set(index);
            open.clear(index);
            read[index] = addItem(record.digest(), sources, selectors, results).orElse(null);
        }

        /** The layer with all its parents, lowest first; empty where a blob is not described. Looked at from the top. */
        private Optional<List<Descriptor>> withParents(int record, int top) throws InvalidCacheConfigException {
            List<Descriptor> chain = new ArrayList<>();
            BitSet seen = new BitSet();
            int layer = top;
            do {
                checkRange(record, layer);
                if (seen.get(layer)) {
                    throw invalid("a result of record " + record + ": the layers loop at layer " + layer);
                }
                seen.set(layer);
                Descriptor descriptor =
                        descriptors.get(config.layers().get(layer).blob());
                if (descriptor == null) {
                    return Optional.empty();
                }
                chain.add(descriptor);
                layer = config.layers().get(layer).parent();
            } while (layer != -1);
            Collections.reverse(chain);
            return Optional.of(chain);
        }

        private Optional<List<Descriptor>> listed(int record, List<Integer> layers) throws InvalidCacheConfigException {
            List<Descriptor> chain = new ArrayList<>();
            for (int layer : layers) {
                checkRange(record, layer);
                Descriptor descriptor =
                        descriptors.get(config.layers().get(layer).blob());
                if (descriptor == null) {
                    return Optional.empty();
                }
                chain.add(descriptor);
            }
            return Optional.of(chain);
        }

        private void checkRange(int record, int layer) throws InvalidCacheConfigException {
            int size = config.layers().size();
            if (layer < 0 || layer >= size) {
                throw invalid(
                        "a result of record " + record + ": layer " + layer + " is out of range, there are " + size);
            }
        }

        private InvalidCacheConfigException invalid(String problem) {
            return new InvalidCacheConfigException(place, problem);
        }
    }
}
