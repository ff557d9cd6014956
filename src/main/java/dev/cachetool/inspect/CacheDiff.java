package dev.cachetool.inspect;

import dev.cachetool.cachemap.KeyParts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * How two caches differ, by their records and not by their bytes. Records are named by their index in {@link
 * CacheView#records}, layers by that in {@link CacheView#layers}.
 *
 * @param a the first cache
 * @param b the second cache
 * @param both the records that both have, in the order of the first
 * @param onlyA the records that only the first has
 * @param onlyB the records that only the second has
 * @param layersInBoth the layers of the first that the second has too
 * @param layersOnlyA the layers that only the first has
 * @param layersOnlyB the layers that only the second has
 * @param partings where their chains part, those that most records follow first
 */
public record CacheDiff(
        CacheView a,
        CacheView b,
        List<Pair> both,
        List<Integer> onlyA,
        List<Integer> onlyB,
        List<Integer> layersInBoth,
        List<Integer> layersOnlyA,
        List<Integer> layersOnlyB,
        List<Parting> partings) {
    public CacheDiff {
        both = List.copyOf(both);
        onlyA = List.copyOf(onlyA);
        onlyB = List.copyOf(onlyB);
        layersInBoth = List.copyOf(layersInBoth);
        layersOnlyA = List.copyOf(layersOnlyA);
        layersOnlyB = List.copyOf(layersOnlyB);
        partings = List.copyOf(partings);
    }

    /**
     * A key that both caches have.
     *
     * @param a its record in the first
     * @param b its record in the second
     * @param relinked whether the two are reached by other links as well, so that their identities differ; they are the
     *     same key all the same, since for every input they have one link in common
     * @param result how their results differ
     */
    public record Pair(int a, int b, boolean relinked, ResultChange result) {}

    /** How the result of a record differs between two caches. */
    public enum ResultChange {
        /** Neither has one. */
        NONE,
        /** The same blobs, made at the same time. */
        SAME,
        /** The same blobs, made at another time. */
        TIME,
        /** Other blobs that hold the same bytes, compressed otherwise. */
        PACKING,
        /** Other content, or blobs of which nothing says that their content is the same. */
        CONTENT,
        /** Only the first has one. */
        ONLY_A,
        /** Only the second has one. */
        ONLY_B;

        /** Whether who imports the one gets something else than who imports the other. */
        public boolean isDifference() {
            return this == CONTENT || this == ONLY_A || this == ONLY_B;
        }
    }

    /**
     * A place where the chains of the two caches part.
     *
     * @param common the records below it that both have, by their index in the first; empty where nothing below is common
     * @param branches what stands on them, in one of the caches or otherwise in each
     */
    public record Parting(List<Integer> common, List<Branch> branches) {
        public Parting {
            common = List.copyOf(common);
            branches = List.copyOf(branches);
        }

        /** How many records only one of the caches has from here on. */
        public int records() {
            return branches.stream().mapToInt(Branch::records).sum();
        }
    }

    /** Which of two caches has a record. */
    public enum Where {
        A,
        B,
        EACH
    }

    /**
     * The first record of a chain that only one cache has, beside the one that stands in its place in the other.
     *
     * @param where which cache it is in; with {@code EACH}, one stands in the same place in each
     * @param a the record in the first cache, or one there of the same name or operation; empty where there is none
     * @param b the record in the second cache, or one there of the same name or operation; empty where there is none
     * @param followingA how many more records that only the first has stand on it, each counted once in all branches
     * @param followingB the same of the second
     * @param why why the two are not the same
     * @param inputs of two with the same operation, the inputs that differ
     * @param changes of two with the same name, what differs in the parts that are noted, from the first to the second
     */
    public record Branch(
            Where where,
            OptionalInt a,
            OptionalInt b,
            int followingA,
            int followingB,
            Why why,
            List<InputChange> inputs,
            List<KeyParts.Change> changes) {
        public Branch {
            inputs = List.copyOf(inputs);
            changes = List.copyOf(changes);
        }

        /** How many records only one of the caches has from here on. */
        int records() {
            return followingA + followingB + (where == Where.EACH ? 2 : 1);
        }
    }

    /** Why two records that stand in the same place are not the same. */
    public enum Why {
        /** There is only one, and nothing like it in the other cache. */
        ALONE,
        /** The same operation on the same inputs, of which other parts count: linked with other selectors. */
        SELECTORS,
        /** The same operation on other inputs. */
        INPUTS,
        /** Another operation of the same name. */
        OPERATION
    }

    /**
     * An input in which two records with the same operation differ.
     *
     * @param index which one
     * @param selectorsOnly whether both take it from the same record, by other selectors
     * @param a what the first record takes, by its index in the first cache
     * @param b what the second record takes, by its index in the second cache
     * @param changes of two with the same name, what differs in the parts that are noted
     */
    public record InputChange(int index, boolean selectorsOnly, int a, int b, List<KeyParts.Change> changes) {
        public InputChange {
            changes = List.copyOf(changes);
        }
    }

    /** How the two differ; linear in their records, links and layers. */
    public static CacheDiff of(CacheView a, CacheView b) {
        return new CacheComparison(a, b).diff();
    }

    /**
     * Whether importing the one is not the same as importing the other: a record that only one has, one that is linked
     * otherwise, a result that only one has or that has other content. Times, compression, form and notes do not count.
     */
    public boolean isDifferent() {
        return !onlyA.isEmpty()
                || !onlyB.isEmpty()
                || both.stream()
                        .anyMatch(pair -> pair.relinked() || pair.result().isDifference());
    }

    /** The pairs that are so. */
    public List<Pair> pairs(Predicate<Pair> wanted) {
        return both.stream().filter(wanted).toList();
    }

    /** How many pairs have a result that differs like this. */
    public int count(ResultChange change) {
        return pairs(pair -> pair.result() == change).size();
    }

    /** How many records there are, those that both have counted once. */
    public int records() {
        return both.size() + onlyA.size() + onlyB.size();
    }

    /** How many results both have, whatever their times and compression. */
    public int resultsInBoth() {
        return count(ResultChange.SAME) + count(ResultChange.TIME) + count(ResultChange.PACKING);
    }

    /** How many results only the first has, of records that both have as well. */
    public int resultsOnlyA() {
        return withResult(a, onlyA) + count(ResultChange.ONLY_A) + count(ResultChange.CONTENT);
    }

    /** How many results only the second has, of records that both have as well. */
    public int resultsOnlyB() {
        return withResult(b, onlyB) + count(ResultChange.ONLY_B) + count(ResultChange.CONTENT);
    }

    private static int withResult(CacheView cache, List<Integer> records) {
        int count = 0;
        for (int index : records) {
            count += cache.records().get(index).result().isPresent() ? 1 : 0;
        }
        return count;
    }

    /** How many results there are, those of one record counted once. */
    public int results() {
        return withResult(a, onlyA) + withResult(b, onlyB) + both.size() - count(ResultChange.NONE);
    }

    /** How many of the records that only the first has are the same operation as one that only the second has. */
    public int sameOperations() {
        Map<String, Integer> operations = new HashMap<>();
        for (int index : onlyB) {
            operations.merge(recordB(index).operation(), 1, Integer::sum);
        }
        int count = 0;
        for (int index : onlyA) {
            Integer left = operations.computeIfPresent(recordA(index).operation(), (operation, number) -> number - 1);
            count += left != null && left >= 0 ? 1 : 0;
        }
        return count;
    }

    /** The size of these layers of the cache. */
    public static long bytes(CacheView cache, List<Integer> layers) {
        long bytes = 0;
        for (int index : layers) {
            bytes += cache.layers().get(index).blob().size();
        }
        return bytes;
    }

    /** The record of the first cache. */
    public RecordView recordA(int index) {
        return a.records().get(index);
    }

    /** The record of the second cache. */
    public RecordView recordB(int index) {
        return b.records().get(index);
    }

    /** The preferred result of a pair in the first cache. */
    public Optional<ResultView> resultA(Pair pair) {
        return recordA(pair.a()).result();
    }

    /** The preferred result of a pair in the second cache. */
    public Optional<ResultView> resultB(Pair pair) {
        return recordB(pair.b()).result();
    }
}
