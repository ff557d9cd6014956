package dev.cachetool.remotecache;

import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Provider;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.CacheConfig.ConfigRecord;
import dev.cachetool.remotecache.CacheConfig.LayerResult;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.CacheExporterRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chains in which nothing stands twice, acyclic, in the order of a config. The same records give the same, in whatever
 * order they were added.
 */
public final class NormalizedChains implements Provider {
    private final List<ChainRecord> records;
    private final CacheConfig config;
    private final List<Descriptor> layers;
    private final Map<Digest, Provider> providers;
    private final int[] recordOfItem;

    NormalizedChains(
            List<ChainRecord> records,
            CacheConfig config,
            List<Descriptor> layers,
            Map<Digest, Provider> providers,
            int[] recordOfItem) {
        this.records = List.copyOf(records);
        this.config = config;
        this.layers = List.copyOf(layers);
        this.providers = providers;
        this.recordOfItem = recordOfItem;
    }

    /**
     * Chains of records that are in their order already, with the config and the layers that come of them.
     *
     * @param recordOfItem the place of each record that was added, or -1
     */
    static NormalizedChains of(List<ChainRecord> records, int[] recordOfItem) {
        LayerTable layers = new LayerTable();
        int[] top = new int[records.size()];
        for (int p = 0; p < top.length; p++) {
            List<CacheExportResult> own = records.get(p).results();
            top[p] = own.isEmpty() ? -1 : layers.add(own.get(0));
        }
        layers.sort();
        List<ConfigRecord> written = new ArrayList<>(top.length);
        for (int p = 0; p < top.length; p++) {
            ChainRecord each = records.get(p);
            List<LayerResult> result = top[p] < 0
                    ? List.of()
                    : List.of(new LayerResult(
                            layers.place(top[p]), each.results().get(0).createdAt()));
            written.add(new ConfigRecord(each.digest(), result, List.of(), each.inputs()));
        }
        return new NormalizedChains(
                records,
                new CacheConfig(layers.layers(), written),
                layers.descriptors(),
                layers.providers,
                recordOfItem);
    }

    /** The records, at the indexes that they have in the config. */
    public List<ChainRecord> records() {
        return records;
    }

    /** The config that says all of it, with the preferred result of each record. */
    public CacheConfig config() {
        return config;
    }

    /** The descriptors of the config's layers, one by one, repeats included. */
    public List<Descriptor> layers() {
        return layers;
    }

    /** What a record that was added became; empty where it was dropped, or added later. */
    public Optional<ChainRecord> find(CacheExporterRecord added) {
        int item = ((CacheChains.Item) added).index;
        if (item >= recordOfItem.length || recordOfItem[item] < 0) {
            return Optional.empty();
        }
        return Optional.of(records.get(recordOfItem[item]));
    }

    /** The indexes of the records, each behind those of all that lead to it. */
    public int[] sourcesFirst() {
        int size = records.size();
        int[] missing = new int[size];
        int[] firstUse = new int[size + 1];
        for (int k = 0; k < size; k++) {
            for (List<ChainLink> links : records.get(k).inputs()) {
                missing[k] += links.size();
                for (ChainLink link : links) {
                    firstUse[link.index() + 1]++;
                }
            }
        }
        for (int k = 0; k < size; k++) {
            firstUse[k + 1] += firstUse[k];
        }
        int[] users = new int[firstUse[size]];
        int[] fill = firstUse.clone();
        int[] order = new int[size];
        int found = 0;
        for (int k = 0; k < size; k++) {
            for (List<ChainLink> links : records.get(k).inputs()) {
                for (ChainLink link : links) {
                    users[fill[link.index()]++] = k;
                }
            }
            if (missing[k] == 0) {
                order[found++] = k;
            }
        }
        for (int head = 0; head < found; head++) {
            for (int use = firstUse[order[head]]; use < firstUse[order[head] + 1]; use++) {
                if (--missing[users[use]] == 0) {
                    order[found++] = users[use];
                }
            }
        }
        return order;
    }

    /**
     * These chains with some of the results alone, and with every record on the way to one. What stays keeps its order, its
     * links and its identity, since all that leads to it stays too; linear.
     *
     * @param results the indexes of the records whose results stay
     */
    public NormalizedChains withResultsOf(BitSet results) {
        BitSet stay = new BitSet(records.size());
        stay.or(results);
        int[] order = sourcesFirst();
        for (int k = order.length - 1; k >= 0; k--) {
            if (stay.get(order[k])) {
                for (List<ChainLink> links : records.get(order[k]).inputs()) {
                    links.forEach(link -> stay.set(link.index()));
                }
            }
        }
        int[] place = new int[records.size()];
        int staying = 0;
        for (int k = 0; k < place.length; k++) {
            place[k] = stay.get(k) ? staying++ : -1;
        }
        List<ChainRecord> others = new ArrayList<>(staying);
        for (int k = stay.nextSetBit(0); k >= 0; k = stay.nextSetBit(k + 1)) {
            ChainRecord each = records.get(k);
            List<List<ChainLink>> inputs = new ArrayList<>(each.inputs().size());
            for (List<ChainLink> links : each.inputs()) {
                inputs.add(links.stream()
                        .map(link -> new ChainLink(link.selector(), place[link.index()]))
                        .toList());
            }
            others.add(new ChainRecord(
                    each.identity(), each.digest(), inputs, results.get(k) ? each.results() : List.of()));
        }
        int[] recordOf = recordOfItem.clone();
        Arrays.setAll(recordOf, r -> recordOf[r] < 0 ? -1 : place[recordOf[r]]);
        return of(others, recordOf);
    }

    /** These chains with another provider for all of their layers. */
    public NormalizedChains openedBy(Provider provider) {
        Map<Digest, Provider> all = new HashMap<>();
        for (Descriptor layer : layers) {
            all.put(layer.digest(), provider);
        }
        return new NormalizedChains(records, config, layers, all, recordOfItem);
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return provider(blob).open(blob);
    }

    @Override
    public boolean contains(Descriptor blob) throws IOException {
        Provider provider = providers.get(blob.digest());
        return provider != null && provider.contains(blob);
    }

    @Override
    public Blob blob(Descriptor blob) {
        Provider provider = providers.get(blob.digest());
        return provider == null ? Blob.in(this, blob) : provider.blob(blob);
    }

    private Provider provider(Descriptor blob) throws BlobNotFoundException {
        Provider provider = providers.get(blob.digest());
        if (provider == null) {
            throw new BlobNotFoundException(blob.digest(), "this cache");
        }
        return provider;
    }
}
