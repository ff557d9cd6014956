package dev.cachetool.remotecache;

import dev.cachetool.content.InMemoryContentStore;
import dev.cachetool.content.Provider;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.CacheConfig.ConfigRecord;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.CacheExporterRecord;
import dev.cachetool.solver.CacheExporterTarget;
import dev.cachetool.solver.CacheLink;
import dev.cachetool.solver.Remote;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Collects the records of a cache, from an export, from configs that were read, or both, in any order in which sources
 * come before what they lead to. Not for several threads.
 */
public final class CacheChains implements CacheExporterTarget {
    private final List<Item> items = new ArrayList<>();
    private Item[] table = new Item[1 << 10];
    private final List<String> selectors = new ArrayList<>(List.of(""));
    private final Map<String, Integer> selectorNumbers = new HashMap<>(Map.of("", 0));

    /** A record as it was added, once. */
    static final class Item implements CacheExporterRecord {
        final CacheChains chains;
        final int index;
        final String digest;

        /** For every input the ways in, as {@link Alternative} has them. */
        final long[][] inputs;

        List<CacheExportResult> results = List.of();
        private final int hash;

        Item(CacheChains chains, int index, String digest, long[][] inputs, int hash) {
            this.chains = chains;
            this.index = index;
            this.digest = digest;
            this.inputs = inputs;
            this.hash = hash;
        }
    }

    @Override
    public Optional<CacheExporterRecord> add(
            Digest recordDigest, List<? extends List<CacheLink>> links, List<CacheExportResult> results) {
        long[][] inputs = new long[links.size()][];
        for (int i = 0; i < inputs.length; i++) {
            List<CacheLink> alternatives = links.get(i);
            inputs[i] = new long[alternatives.size()];
            for (int j = 0; j < inputs[i].length; j++) {
                CacheLink link = alternatives.get(j);
                if (!(link.source() instanceof Item item) || item.chains != this) {
                    throw new IllegalArgumentException("a link leads from a record of another cache");
                }
                inputs[i][j] = Alternative.of(item.index, selectorNumber(link.selector()));
            }
        }
        return addItem(recordDigest.toString(), inputs, results).map(item -> item);
    }

    private int selectorNumber(String selector) {
        if (selector.isEmpty()) {
            return 0;
        }
        return selectorNumbers.computeIfAbsent(selector, name -> {
            selectors.add(name);
            return selectors.size() - 1;
        });
    }

    private Optional<Item> addItem(String digest, long[][] inputs, List<CacheExportResult> results) {
        if (digest.startsWith("random:")) {
            return Optional.empty();
        }
        for (long[] alternatives : inputs) {
            if (alternatives.length == 0) {
                return Optional.empty();
            }
        }
        Item item = findOrAdd(digest, inputs);
        if (item.results.isEmpty()) {
            item.results = List.copyOf(results);
        } else if (!results.isEmpty()) {
            if (!(item.results instanceof ArrayList)) {
                item.results = new ArrayList<>(item.results);
            }
            item.results.addAll(results);
        }
        return Optional.of(item);
    }

    /** What is added again, from the same sources, is the record that stands here already. */
    private Item findOrAdd(String digest, long[][] inputs) {
        int hash = digest.hashCode();
        for (long[] alternatives : inputs) {
            hash = hash * 31 + Arrays.hashCode(alternatives);
        }
        hash *= 0x9E3779B1;
        int at = hash >>> 1 & table.length - 1;
        for (Item known = table[at]; known != null; known = table[at]) {
            if (known.hash == hash && known.digest.equals(digest) && Arrays.deepEquals(known.inputs, inputs)) {
                return known;
            }
            at = at + 1 & table.length - 1;
        }
        Item item = new Item(this, items.size(), digest, inputs, hash);
        items.add(item);
        table[at] = item;
        if (items.size() * 2 > table.length) {
            grow();
        }
        return item;
    }

    private void grow() {
        table = new Item[table.length * 2];
        for (Item item : items) {
            int at = item.hash >>> 1 & table.length - 1;
            while (table[at] != null) {
                at = at + 1 & table.length - 1;
            }
            table[at] = item;
        }
    }

    /**
     * Unites what is the same, drops what no importer could reach, breaks loops, and brings it all into its order
     * (docs/formats.md, "Normalisation"). What is added later does not show in it.
     */
    public NormalizedChains normalize() {
        LinkedRecords records = KeyUnion.of(items, selectors);
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

    /**
     * Adds every record of other chains.
     *
     * @param results what is taken of a result; itself where it stays what it is
     * @return what each record was added as, by its place in {@link NormalizedChains#records}
     */
    List<CacheExporterRecord> addAll(NormalizedChains others, UnaryOperator<CacheExportResult> results) {
        List<ChainRecord> records = others.records();
        Item[] added = new Item[records.size()];
        for (int index : others.sourcesFirst()) {
            ChainRecord record = records.get(index);
            long[][] inputs = new long[record.inputs().size()][];
            for (int i = 0; i < inputs.length; i++) {
                List<ChainLink> links = record.inputs().get(i);
                inputs[i] = new long[links.size()];
                for (int j = 0; j < inputs[i].length; j++) {
                    ChainLink link = links.get(j);
                    inputs[i][j] = Alternative.of(added[link.index()].index, selectorNumber(link.selector()));
                }
            }
            List<CacheExportResult> own = record.results().stream().map(results).toList();
            added[index] = addItem(record.digest(), inputs, own).orElseThrow();
        }
        return List.of(added);
    }

    /**
     * For every record of the config the first one that is the same key, by index; -1 for a random record.
     *
     * @throws InvalidCacheConfigException as {@link #addAll}; layers do not matter
     */
    public static int[] firstOfSameKey(CacheConfig config, String place) throws InvalidCacheConfigException {
        List<ConfigRecord> records = new ArrayList<>(config.records().size());
        for (ConfigRecord each : config.records()) {
            records.add(new ConfigRecord(each.digest(), List.of(), List.of(), each.inputs()));
        }
        CacheChains chains = new CacheChains();
        @Nullable
        Item[] read = chains
                .new ConfigReader(new CacheConfig(List.of(), records), place, Map.of(), new InMemoryContentStore())
                .run();
        int[] recordOfItem = KeyUnion.of(chains.items, chains.selectors).recordOfItem();
        int[] firsts = new int[recordOfItem.length];
        Arrays.fill(firsts, -1);
        int[] same = new int[read.length];
        for (int i = 0; i < read.length; i++) {
            int united = read[i] == null ? -1 : recordOfItem[read[i].index];
            if (united >= 0 && firsts[united] < 0) {
                firsts[united] = i;
            }
            same[i] = united < 0 ? -1 : firsts[united];
        }
        return same;
    }

    private final class ConfigReader {
        private final CacheConfig config;
        private final String place;
        private final Map<String, Descriptor> descriptors;
        private final Provider provider;
        private final @Nullable Item[] read;
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

        /** Adds the records; gives what each became, null for a random one. */
        @Nullable
        Item[] run() throws InvalidCacheConfigException {
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
            return read;
        }

        /** The next record that the frame's record has as an input; -1 at the end. */
        private int nextLink(int[] frame) throws InvalidCacheConfigException {
            List<List<ChainLink>> inputs = config.records().get(frame[0]).inputs();
            while (frame[1] < inputs.size()) {
                List<ChainLink> links = inputs.get(frame[1]);
                if (links.isEmpty()) {
                    throw invalid("input " + frame[1] + " of record " + frame[0] + " is empty");
                }
                if (frame[2] < links.size()) {
                    int link = links.get(frame[2]++).index();
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
            long[][] inputs = new long[record.inputs().size()][];
            for (int i = 0; i < inputs.length; i++) {
                List<ChainLink> links = record.inputs().get(i);
                inputs[i] = new long[links.size()];
                for (int j = 0; j < inputs[i].length; j++) {
                    Item source = read[links.get(j).index()];
                    if (source == null) {
                        throw invalid("record " + index + " links to record "
                                + links.get(j).index() + ", which has a random digest");
                    }
                    inputs[i][j] = Alternative.of(
                            source.index, selectorNumber(links.get(j).selector()));
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
            read[index] = addItem(record.digest(), inputs, results).orElse(null);
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
