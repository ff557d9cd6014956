package dev.cachetool.inspect;

import dev.cachetool.cachemap.KeyParts;
import dev.cachetool.inspect.CacheDiff.Branch;
import dev.cachetool.inspect.CacheDiff.InputChange;
import dev.cachetool.inspect.CacheDiff.Parting;
import dev.cachetool.inspect.CacheDiff.Where;
import dev.cachetool.inspect.CacheDiff.Why;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds where the chains of two caches part. A chain parts at the first record on its way up that only one cache has. A root
 * that only one has shows as an input of what stands on it, and not by itself, where it has no name, or goes with common
 * records into another.
 */
final class Partings {
    private final Side a;
    private final Side b;
    private final SameKeys keys;

    Partings(CacheView a, CacheView b, SameKeys keys, List<Integer> onlyA, List<Integer> onlyB) {
        this.keys = keys;
        this.a = new Side(a, onlyA);
        this.b = new Side(b, onlyB);
    }

    /** The records of one cache that the other does not have. */
    private static final class Side {
        final CacheView cache;
        final List<List<Integer>> users;

        /** The record at which a chain parts that each stands on: itself, -1 where it is none of this side's own. */
        final int[] branch;

        final List<Integer> heads = new ArrayList<>();
        final int[] following;
        private final Map<String, Integer> byName = new HashMap<>();
        private final Map<String, Integer> byOperation = new HashMap<>();

        Side(CacheView cache, List<Integer> own) {
            this.cache = cache;
            this.users = cache.users();
            int size = cache.records().size();
            this.branch = new int[size];
            this.following = new int[size];
            boolean[] isOwn = new boolean[size];
            own.forEach(index -> isOwn[index] = true);
            boolean[] standsOnCommon = new boolean[size];
            own.forEach(index -> standsOnCommon[index] = standsOnCommon(index, isOwn));
            List<Integer> order = own.stream()
                    .sorted(Comparator.comparingInt(
                            index -> cache.records().get(index).depth()))
                    .toList();
            Arrays.fill(branch, -1);
            for (int index : order) {
                settle(index, isOwn, standsOnCommon);
            }
            for (int i = 0; i < size; i++) {
                int index = i;
                record(i).names().forEach(name -> byName.putIfAbsent(name, index));
                byOperation.putIfAbsent(record(i).operation(), index);
            }
            // Roots that show as inputs belong to what they are an input of.
            for (int index : order) {
                if (branch[index] < 0) {
                    branch[index] = users.get(index).stream()
                            .filter(user -> branch[user] >= 0)
                            .findFirst()
                            .map(user -> branch[user])
                            .orElse(index);
                }
                if (branch[index] != index) {
                    following[branch[index]]++;
                }
            }
        }

        private void settle(int index, boolean[] isOwn, boolean[] standsOnCommon) {
            RecordView record = cache.records().get(index);
            if (record.isRoot()) {
                boolean tells =
                        !record.names().isEmpty() && users.get(index).stream().noneMatch(user -> standsOnCommon[user]);
                if (tells || users.get(index).stream().noneMatch(user -> isOwn[user])) {
                    branch[index] = index;
                    heads.add(index);
                }
                return;
            }
            int below = -1;
            for (List<ChainLink> links : record.inputs()) {
                for (ChainLink link : links) {
                    if (isOwn[link.index()] && branch[link.index()] >= 0 && below < 0) {
                        below = branch[link.index()];
                    }
                }
            }
            branch[index] = below < 0 ? index : below;
            if (below < 0) {
                heads.add(index);
            }
        }

        private boolean standsOnCommon(int index, boolean[] isOwn) {
            for (List<ChainLink> links : cache.records().get(index).inputs()) {
                for (ChainLink link : links) {
                    if (!isOwn[link.index()]) {
                        return true;
                    }
                }
            }
            return false;
        }

        RecordView record(int index) {
            return cache.records().get(index);
        }

        /** A record of the same name, else of the same operation. */
        OptionalInt like(RecordView other) {
            for (String name : other.names()) {
                Integer index = byName.get(name);
                if (index != null) {
                    return OptionalInt.of(index);
                }
            }
            Integer index = other.isRoot() ? null : byOperation.get(other.operation());
            return index == null ? OptionalInt.empty() : OptionalInt.of(index);
        }
    }

    /** All of them, those that most records follow first. */
    List<Parting> all() {
        Map<Integer, Integer> inA = new HashMap<>();
        for (int i = 0; i < a.cache.records().size(); i++) {
            inA.putIfAbsent(keys.ofA(i), i);
        }
        Map<List<Integer>, List<Branch>> byCommon = new LinkedHashMap<>();
        Map<Integer, Integer> counterparts = counterparts();
        for (int head : a.heads) {
            Integer other = counterparts.get(head);
            byCommon.computeIfAbsent(common(a, head, inA), unused -> new ArrayList<>())
                    .add(
                            other == null
                                    ? branch(Where.A, OptionalInt.of(head), b.like(a.record(head)))
                                    : branch(Where.EACH, OptionalInt.of(head), OptionalInt.of(other)));
        }
        Set<Integer> taken = new HashSet<>(counterparts.values());
        for (int head : b.heads) {
            if (!taken.contains(head)) {
                byCommon.computeIfAbsent(common(b, head, inA), unused -> new ArrayList<>())
                        .add(branch(Where.B, a.like(b.record(head)), OptionalInt.of(head)));
            }
        }
        List<Parting> partings = new ArrayList<>();
        Comparator<Branch> order =
                Comparator.<Branch>comparingInt(branch -> -branch.records()).thenComparing(this::label);
        byCommon.forEach((common, branches) -> {
            branches.sort(order);
            partings.add(new Parting(common, branches));
        });
        partings.sort(Comparator.<Parting>comparingInt(parting -> -parting.records())
                .thenComparing(parting -> label(parting.branches().get(0))));
        return partings;
    }

    private String label(Branch branch) {
        return branch.a().isPresent()
                ? a.record(branch.a().getAsInt()).label()
                : b.record(branch.b().orElseThrow()).label();
    }

    private Branch branch(Where where, OptionalInt inA, OptionalInt inB) {
        int followingA = where == Where.B ? 0 : a.following[inA.orElseThrow()];
        int followingB = where == Where.A ? 0 : b.following[inB.orElseThrow()];
        if (inA.isEmpty() || inB.isEmpty()) {
            return new Branch(where, inA, inB, followingA, followingB, Why.ALONE, List.of(), List.of());
        }
        RecordView recordA = a.record(inA.getAsInt());
        RecordView recordB = b.record(inB.getAsInt());
        Why why = Why.OPERATION;
        List<InputChange> inputs = List.of();
        if (recordA.operation().equals(recordB.operation())) {
            inputs = inputChanges(recordA, recordB);
            why = inputs.stream().allMatch(InputChange::selectorsOnly) ? Why.SELECTORS : Why.INPUTS;
        }
        return new Branch(where, inA, inB, followingA, followingB, why, inputs, changes(recordA, recordB));
    }

    private static List<KeyParts.Change> changes(RecordView before, RecordView now) {
        return before.parts().isEmpty() || now.parts().isEmpty()
                ? List.of()
                : new KeyParts(now.parts()).changesSince(new KeyParts(before.parts()));
    }

    /** Which of the second cache's heads stands in the place of each of the first's: same operation, else same name. */
    private Map<Integer, Integer> counterparts() {
        Map<Integer, Integer> counterparts = new HashMap<>();
        Map<String, Deque<Integer>> byOperation = new HashMap<>();
        for (int head : b.heads) {
            byOperation
                    .computeIfAbsent(b.record(head).operation(), unused -> new ArrayDeque<>())
                    .add(head);
        }
        Set<Integer> taken = new HashSet<>();
        for (int head : a.heads) {
            Deque<Integer> others = byOperation.getOrDefault(a.record(head).operation(), new ArrayDeque<>());
            if (!others.isEmpty()) {
                taken.add(others.element());
                counterparts.put(head, others.remove());
            }
        }
        Map<String, Deque<Integer>> byName = new HashMap<>();
        for (int head : b.heads) {
            if (!taken.contains(head)) {
                b.record(head)
                        .names()
                        .forEach(name -> byName.computeIfAbsent(name, unused -> new ArrayDeque<>())
                                .add(head));
            }
        }
        for (int head : a.heads) {
            if (!counterparts.containsKey(head)) {
                for (String name : a.record(head).names()) {
                    Deque<Integer> others = byName.getOrDefault(name, new ArrayDeque<>());
                    while (!others.isEmpty() && !taken.add(others.element())) {
                        others.remove();
                    }
                    if (!others.isEmpty()) {
                        counterparts.put(head, others.remove());
                        break;
                    }
                }
            }
        }
        return counterparts;
    }

    /** The common records that a head stands on, one for each input that has any, by their index in the first cache. */
    private List<Integer> common(Side side, int head, Map<Integer, Integer> inA) {
        Set<Integer> common = new TreeSet<>();
        for (List<ChainLink> links : side.record(head).inputs()) {
            int best = -1;
            for (ChainLink link : links) {
                int key = side == a ? keys.ofA(link.index()) : keys.ofB(link.index());
                Integer index = side.branch[link.index()] < 0 ? inA.get(key) : null;
                if (index != null && (best < 0 || a.record(best).names().isEmpty())) {
                    best = index;
                }
            }
            if (best >= 0) {
                common.add(best);
            }
        }
        return List.copyOf(common);
    }

    /** The inputs for which the two have no link in common. */
    private List<InputChange> inputChanges(RecordView recordA, RecordView recordB) {
        List<InputChange> changes = new ArrayList<>();
        for (int i = 0; i < recordA.inputs().size(); i++) {
            Map<Integer, Set<String>> selectors = new HashMap<>();
            for (ChainLink link : recordA.inputs().get(i)) {
                selectors
                        .computeIfAbsent(keys.ofA(link.index()), unused -> new HashSet<>())
                        .add(link.selector());
            }
            boolean sameSource = false;
            boolean sameLink = false;
            for (ChainLink link : recordB.inputs().get(i)) {
                Set<String> known = selectors.getOrDefault(keys.ofB(link.index()), Set.of());
                sameSource |= !known.isEmpty();
                sameLink |= known.contains(link.selector());
            }
            if (!sameLink) {
                int sourceA = named(a, recordA.inputs().get(i));
                int sourceB = named(b, recordB.inputs().get(i));
                boolean sameName = !a.record(sourceA).names().isEmpty()
                        && a.record(sourceA).names().equals(b.record(sourceB).names());
                changes.add(new InputChange(
                        i,
                        sameSource,
                        sourceA,
                        sourceB,
                        sameName ? changes(a.record(sourceA), b.record(sourceB)) : List.of()));
            }
        }
        return changes;
    }

    /** The source that has a name, or the first. */
    private static int named(Side side, List<ChainLink> links) {
        return links.stream()
                .map(ChainLink::index)
                .filter(index -> !side.record(index).names().isEmpty())
                .findFirst()
                .orElse(links.get(0).index());
    }
}
