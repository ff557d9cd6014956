package dev.cachetool.remotecache;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import dev.cachetool.solver.CacheExportResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Gives records their identities, sorts them by content, and makes the config that says all of it. */
final class Arrangement {
    private final LinkedRecords records;
    private final long[][][] links;
    private final int[] order;
    private final byte[][] identities;
    private final MessageDigest sha256 = Algorithm.SHA256.newMessageDigest();

    private Arrangement(LinkedRecords records, int[] order) {
        this.records = records;
        this.links = records.links();
        this.order = order;
        this.identities = new byte[records.size()][];
    }

    /**
     * The chains of the records.
     *
     * @param order those that stay, sources first
     */
    static NormalizedChains of(LinkedRecords records, int[] order) {
        return new Arrangement(records, order).build();
    }

    private String digest(int k) {
        return records.digest(k);
    }

    private int compareLinks(long a, long b) {
        int bySelector = records.selector(a).compareTo(records.selector(b));
        if (bySelector != 0) {
            return bySelector;
        }
        int byDigest = digest(Alternative.source(a)).compareTo(digest(Alternative.source(b)));
        return byDigest != 0
                ? byDigest
                : Arrays.compareUnsigned(identities[Alternative.source(a)], identities[Alternative.source(b)]);
    }

    private int compareRecords(int a, int b) {
        int c = digest(a).compareTo(digest(b));
        if (c != 0) {
            return c;
        }
        c = Integer.compare(links[a].length, links[b].length);
        for (int i = 0; c == 0 && i < links[a].length; i++) {
            c = Integer.compare(links[a][i].length, links[b][i].length);
        }
        for (int i = 0; c == 0 && i < links[a].length; i++) {
            for (int j = 0; c == 0 && j < links[a][i].length; j++) {
                c = compareLinks(links[a][i][j], links[b][i][j]);
            }
        }
        return c != 0 ? c : Arrays.compareUnsigned(identities[a], identities[b]);
    }

    private void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        putNumber(bytes.length);
        sha256.update(bytes);
    }

    private void putNumber(int number) {
        sha256.update((byte) (number >> 24));
        sha256.update((byte) (number >> 16));
        sha256.update((byte) (number >> 8));
        sha256.update((byte) number);
    }

    private void identify(int k) {
        put(digest(k));
        putNumber(links[k].length);
        for (int i = 0; i < links[k].length; i++) {
            long[] own = links[k][i];
            if (own.length > 1) {
                Long[] boxed = Arrays.stream(own).boxed().toArray(Long[]::new);
                Arrays.sort(boxed, this::compareLinks);
                for (int j = 0; j < own.length; j++) {
                    own[j] = boxed[j];
                }
            }
            putNumber(own.length);
            for (long alternative : own) {
                put(records.selector(alternative));
                sha256.update(identities[Alternative.source(alternative)]);
            }
        }
        identities[k] = sha256.digest();
    }

    private NormalizedChains build() {
        for (int k : order) {
            identify(k);
        }
        int[] sorted = DigestSort.sorted(order, this::digest, this::compareRecords);
        int[] place = new int[links.length];
        Arrays.fill(place, -1);
        for (int p = 0; p < sorted.length; p++) {
            place[sorted[p]] = p;
        }
        List<ChainRecord> chains = new ArrayList<>(sorted.length);
        for (int k : sorted) {
            List<List<ChainLink>> inputs = new ArrayList<>(links[k].length);
            for (long[] alternatives : links[k]) {
                List<ChainLink> sources = new ArrayList<>(alternatives.length);
                for (long alternative : alternatives) {
                    sources.add(new ChainLink(records.selector(alternative), place[Alternative.source(alternative)]));
                }
                if (sources.size() > 1) {
                    sources.sort(Comparator.comparingInt(ChainLink::index).thenComparing(ChainLink::selector));
                }
                inputs.add(sources);
            }
            List<CacheExportResult> own = distinct(records.results().get(k));
            chains.add(new ChainRecord(Digest.ofSha256(identities[k]), digest(k), inputs, own));
        }
        int[] recordOf = new int[records.recordOfItem().length];
        for (int r = 0; r < recordOf.length; r++) {
            recordOf[r] = place[records.recordOfItem()[r]];
        }
        return NormalizedChains.of(chains, recordOf);
    }

    /** The better of two results first: one with layers, then the newer, then by content. */
    static final Comparator<CacheExportResult> BEST_FIRST = (a, b) -> {
        boolean aHas = !a.remote().descriptors().isEmpty();
        boolean bHas = !b.remote().descriptors().isEmpty();
        if (aHas != bHas) {
            return aHas ? -1 : 1;
        }
        int byTime = b.createdAt().compareTo(a.createdAt());
        if (byTime != 0) {
            return byTime;
        }
        List<Descriptor> x = a.remote().descriptors();
        List<Descriptor> y = b.remote().descriptors();
        for (int i = 0; i < x.size() && i < y.size(); i++) {
            int byBlob = x.get(i).digest().compareTo(y.get(i).digest());
            if (byBlob != 0) {
                return byBlob;
            }
        }
        return Integer.compare(x.size(), y.size());
    };

    private static List<CacheExportResult> distinct(List<CacheExportResult> all) {
        if (all.size() < 2) {
            return all;
        }
        List<CacheExportResult> sorted = new ArrayList<>(all);
        sorted.sort(BEST_FIRST);
        List<CacheExportResult> out = new ArrayList<>(1);
        for (CacheExportResult result : sorted) {
            if (out.isEmpty() || BEST_FIRST.compare(out.get(out.size() - 1), result) != 0) {
                out.add(result);
            }
        }
        return out;
    }
}
