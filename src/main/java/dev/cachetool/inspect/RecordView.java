package dev.cachetool.inspect;

import dev.cachetool.digest.Digest;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A record in a cache.
 *
 * @param identity two caches have the same record where the identities are equal
 * @param digest its output key, as it stands in the config
 * @param names of the vertices that have it as their key, sorted; empty where the cache notes none
 * @param parts what went into its key, by name; empty where the cache does not note it
 * @param inputs for every input the records that lead here, by their index in {@link CacheView#records}
 * @param depth how many records the longest way down to a root has, this one included
 * @param users how many records stand on it
 * @param results its results, the preferred one first; most caches have one at most
 */
public record RecordView(
        Digest identity,
        String digest,
        List<String> names,
        SortedMap<String, String> parts,
        List<List<ChainLink>> inputs,
        int depth,
        int users,
        List<ResultView> results) {
    public RecordView {
        names = List.copyOf(names);
        inputs = List.copyOf(inputs);
        results = List.copyOf(results);
    }

    /** What it is called among people: its names, or the first digits of its digest. */
    public String label() {
        return names.isEmpty() ? shortDigest() : String.join(", ", names);
    }

    /** The first digits of its digest; of its identity where it has none that is well-formed. */
    public String shortDigest() {
        return Digest.tryParse(digest).orElse(identity).shortText();
    }

    /** What two records have in common that are the same operation, whatever leads to them. */
    String operation() {
        return inputs.size() + " " + digest;
    }

    /** Its preferred result. */
    public Optional<ResultView> result() {
        return results.isEmpty() ? Optional.empty() : Optional.of(results.get(0));
    }

    /** Its identity as text. */
    public String identityText() {
        return identity.toString();
    }

    /** The records that lead to an input, by their index in {@link CacheView#records}; one may stand there twice. */
    public List<Integer> sources(int input) {
        return inputs.get(input).stream().map(ChainLink::index).toList();
    }

    /** What each of these {@link #sources} is narrowed by, in the same order; "" for all of it. */
    public List<String> selectors(int input) {
        return inputs.get(input).stream().map(ChainLink::selector).toList();
    }

    /** How many links lead from it to what it stands on. */
    public int links() {
        int links = 0;
        for (List<ChainLink> input : inputs) {
            links += input.size();
        }
        return links;
    }

    /** Whether it stands on nothing. */
    public boolean isRoot() {
        return inputs.isEmpty();
    }

    /** Whether nothing stands on it. */
    public boolean isLeaf() {
        return users == 0;
    }
}
