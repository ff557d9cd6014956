package dev.cachetool.inspect;

import dev.cachetool.digest.Digest;
import dev.cachetool.inspect.Finding.Kind;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.CacheChains;
import dev.cachetool.remotecache.CacheConfig;
import dev.cachetool.remotecache.CacheConfig.ChainResult;
import dev.cachetool.remotecache.CacheConfig.ConfigRecord;
import dev.cachetool.remotecache.CacheConfig.LayerResult;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import dev.cachetool.remotecache.InvalidCacheConfigException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges a config as it stands: its records and links, its layers and which of them results have. Linear in all of them
 * (what is the same key: n log n), and without the call stack, since chains are long.
 */
final class ConfigCheck {
    /** How far ahead of this machine's clock another one may be. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final String RANDOM = "random:";

    /** What a layer leads to, going down: not looked at, looked at just now, everything there, or what is wrong. */
    private enum Way {
        UNKNOWN,
        OPEN,
        WHOLE,
        UNLISTED,
        MALFORMED,
        LOOP,
        NOWHERE
    }

    private final CacheConfig config;
    private final boolean inline;
    private final boolean bare;
    private final Instant now;
    private final Map<String, Descriptor> descriptors = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    /** Of each layer, what it leads to, and the layer where that is seen. */
    private final Way[] ways;

    private final int[] seenAt;
    private final BitSet used;
    private final List<List<Integer>> chains = new ArrayList<>();
    private boolean refused;

    ConfigCheck(CacheConfig config, RawCache.Part part, boolean bare, Instant now) {
        this.config = config;
        this.inline = part.inline().isPresent();
        this.bare = bare;
        this.now = now;
        this.ways = new Way[config.layers().size()];
        this.seenAt = new int[ways.length];
        this.used = new BitSet(ways.length);
        Arrays.fill(ways, Way.UNKNOWN);
        part.layers().forEach(layer -> descriptors.putIfAbsent(layer.digest().toString(), layer));
    }

    /** What is wrong with it. */
    List<Finding> findings(String place) {
        boolean results = false;
        for (int i = 0; i < config.records().size(); i++) {
            ConfigRecord each = config.records().get(i);
            results |= !each.results().isEmpty() || !each.chains().isEmpty();
            digest(i, each.digest());
            inputs(i, each.inputs());
            results(i, each);
        }
        loops();
        if (!results && !refused) {
            add(
                    Kind.NOTHING_TO_LOAD,
                    "cache config",
                    Optional.empty(),
                    config.records().isEmpty()
                            ? "it has no record"
                            : "none of its " + config.records().size() + " records has one");
        }
        if (!refused) {
            unreachable();
            duplicates(place);
        }
        layers();
        return findings;
    }

    /** Whether an importer gets nothing of it. */
    boolean isRefused() {
        return refused;
    }

    /**
     * The stacks of layers that results have, lowest first, as blobs: only those that no other one goes on from.
     */
    List<List<Descriptor>> stacks() {
        BitSet below = new BitSet();
        used.stream()
                .map(layer -> config.layers().get(layer).parent())
                .filter(parent -> parent >= 0)
                .forEach(below::set);
        List<List<Descriptor>> stacks = new ArrayList<>();
        used.stream().filter(layer -> !below.get(layer)).forEach(top -> {
            List<Descriptor> stack = new ArrayList<>();
            for (int layer = top; layer >= 0; layer = config.layers().get(layer).parent()) {
                stack.add(descriptor(layer));
            }
            Collections.reverse(stack);
            stacks.add(stack);
        });
        for (List<Integer> chain : chains) {
            stacks.add(chain.stream().map(this::descriptor).toList());
        }
        return stacks;
    }

    private Descriptor descriptor(int layer) {
        Descriptor found = descriptors.get(config.layers().get(layer).blob());
        if (found == null) {
            throw new IllegalStateException("layer " + layer + " is in no result");
        }
        return found;
    }

    private void add(Kind kind, String object, Optional<Digest> digest, String what) {
        findings.add(new Finding(kind, object, digest, what));
    }

    private void addRecord(Kind kind, int record, String what) {
        add(
                kind,
                "record " + record,
                Digest.tryParse(config.records().get(record).digest()),
                what);
    }

    private void refuse(Kind kind, int record, String what) {
        refused = true;
        addRecord(kind, record, what);
    }

    private void digest(int record, String digest) {
        if (digest.isEmpty()) {
            addRecord(Kind.DIGEST_MISSING, record, "it has none");
        } else if (digest.startsWith(RANDOM)) {
            addRecord(Kind.RECORD_RANDOM, record, digest);
        } else if (Digest.tryParse(digest).isEmpty()) {
            addRecord(Kind.DIGEST_MALFORMED, record, "\"" + digest + "\"");
        }
    }

    private void inputs(int record, List<List<ChainLink>> inputs) {
        int size = config.records().size();
        for (int input = 0; input < inputs.size(); input++) {
            if (inputs.get(input).isEmpty()) {
                refuse(Kind.INPUT_EMPTY, record, "input " + input + " has none");
            }
            for (ChainLink link : inputs.get(input)) {
                if (link.index() < 0 || link.index() >= size) {
                    refuse(
                            Kind.LINK_OUT_OF_RANGE,
                            record,
                            "input " + input + " links to record " + link.index() + ", there are " + size);
                } else if (config.records().get(link.index()).digest().startsWith(RANDOM)) {
                    refuse(
                            Kind.LINK_TO_RANDOM,
                            record,
                            "input " + input + " links to record " + link.index() + ", which is random");
                }
            }
        }
    }

    private void results(int record, ConfigRecord each) {
        for (LayerResult result : each.results()) {
            ahead(record, result.createdAt().instant());
            int top = result.layer();
            if (top < 0 || top >= ways.length) {
                refuse(Kind.RESULT_OUT_OF_RANGE, record, "layer " + top + ", there are " + ways.length);
                continue;
            }
            Way way = way(top);
            if (way == Way.WHOLE) {
                for (int layer = top;
                        layer >= 0 && !used.get(layer);
                        layer = config.layers().get(layer).parent()) {
                    used.set(layer);
                }
            } else {
                broken(record, way, seenAt[top]);
            }
        }
        for (ChainResult chain : each.chains()) {
            ahead(record, chain.createdAt().instant());
            chain(record, chain.layers());
        }
    }

    private void chain(int record, List<Integer> layers) {
        for (int layer : layers) {
            if (layer < 0 || layer >= ways.length) {
                refuse(Kind.RESULT_OUT_OF_RANGE, record, "layer " + layer + ", there are " + ways.length);
                return;
            }
            Way own = listed(layer);
            if (own != Way.WHOLE) {
                broken(record, own, layer);
                return;
            }
        }
        layers.forEach(used::set);
        chains.add(layers);
    }

    private void ahead(int record, Instant createdAt) {
        if (createdAt.isAfter(now.plus(SKEW))) {
            addRecord(Kind.RESULT_AHEAD, record, "made at " + createdAt);
        }
    }

    private void broken(int record, Way way, int layer) {
        String blob = config.layers().get(layer).blob();
        switch (way) {
            case UNLISTED -> addRecord(Kind.RESULT_UNLISTED, record, "layer " + layer + ", " + blob);
            case MALFORMED -> addRecord(Kind.LAYER_DIGEST_MALFORMED, record, "layer " + layer + ", \"" + blob + "\"");
            case LOOP -> refuse(Kind.LAYER_LOOP, record, "at layer " + layer);
            default ->
                refuse(
                        Kind.PARENT_OUT_OF_RANGE,
                        record,
                        "layer " + layer + " is on layer "
                                + config.layers().get(layer).parent() + ", there are " + ways.length);
        }
    }

    /** Whether the layer's own blob is listed. */
    private Way listed(int layer) {
        String blob = config.layers().get(layer).blob();
        if (Digest.tryParse(blob).isEmpty()) {
            return Way.MALFORMED;
        }
        return bare || descriptors.containsKey(blob) ? Way.WHOLE : Way.UNLISTED;
    }

    /** What the layer leads to: the first thing that is wrong from the top, as an importer sees it. */
    private Way way(int top) {
        Deque<Integer> path = new ArrayDeque<>();
        int layer = top;
        while (ways[layer] == Way.UNKNOWN) {
            path.push(layer);
            Way own = listed(layer);
            int parent = config.layers().get(layer).parent();
            ways[layer] = Way.OPEN;
            seenAt[layer] = layer;
            if (own != Way.WHOLE || parent == -1) {
                ways[layer] = own;
            } else if (parent < 0 || parent >= ways.length) {
                ways[layer] = Way.NOWHERE;
            } else {
                layer = parent;
            }
        }
        if (ways[layer] == Way.OPEN) {
            ways[layer] = Way.LOOP;
        }
        for (int above : path) {
            if (ways[above] == Way.OPEN) {
                ways[above] = ways[layer];
                seenAt[above] = seenAt[layer];
            }
        }
        return ways[top];
    }

    /** Layers that no result has; of those, also what no importer ever sees. */
    private void layers() {
        Map<String, BitSet> unused = new LinkedHashMap<>();
        for (int layer = 0; layer < ways.length; layer++) {
            if (!used.get(layer) && !inline) {
                unused.computeIfAbsent(config.layers().get(layer).blob(), blob -> new BitSet())
                        .set(layer);
            }
        }
        if (refused) {
            return;
        }
        unused.forEach((blob, indexes) -> indexes.stream()
                .filter(layer -> ways[layer] == Way.UNKNOWN)
                .forEach(layer ->
                        add(Kind.LAYER_UNUSED, "layer " + layer, Digest.tryParse(blob), unusedBecause(layer))));
        if (!inline) {
            java.util.Set<String> named = new java.util.HashSet<>();
            config.layers().forEach(layer -> named.add(layer.blob()));
            descriptors.forEach((blob, layer) -> {
                if (!named.contains(blob)) {
                    add(Kind.LAYER_UNUSED, "blob", Optional.of(layer.digest()), "the config does not name it");
                }
            });
        }
    }

    private String unusedBecause(int layer) {
        int parent = config.layers().get(layer).parent();
        boolean nowhere = parent < -1 || parent >= ways.length;
        return nowhere ? "it is on layer " + parent + ", there are " + ways.length : "no result leads to it";
    }

    /** The users of each record, each with the input that the link is of. */
    private List<List<int[]>> users() {
        List<List<int[]>> users = new ArrayList<>();
        for (int i = 0; i < config.records().size(); i++) {
            users.add(new ArrayList<>(1));
        }
        for (int i = 0; i < config.records().size(); i++) {
            List<List<ChainLink>> inputs = config.records().get(i).inputs();
            for (int input = 0; input < inputs.size(); input++) {
                for (ChainLink link : inputs.get(input)) {
                    if (link.index() >= 0 && link.index() < users.size()) {
                        users.get(link.index()).add(new int[] {i, input});
                    }
                }
            }
        }
        return users;
    }

    /** Records that stand on themselves: what is left when all that stands on nothing left is taken away, again and again. */
    private void loops() {
        int size = config.records().size();
        List<List<int[]>> users = users();
        int[] waits = new int[size];
        for (List<int[]> each : users) {
            each.forEach(user -> waits[user[0]]++);
        }
        BitSet left = new BitSet(size);
        left.set(0, size);
        Deque<Integer> free = new ArrayDeque<>();
        for (int i = 0; i < size; i++) {
            if (waits[i] == 0) {
                free.add(i);
            }
        }
        while (!free.isEmpty()) {
            int record = free.remove();
            left.clear(record);
            for (int[] user : users.get(record)) {
                if (--waits[user[0]] == 0) {
                    free.add(user[0]);
                }
            }
        }
        BitSet walked = new BitSet(size);
        for (int start = left.nextSetBit(0); start >= 0; start = left.nextSetBit(start + 1)) {
            loopFrom(start, left, walked);
        }
    }

    /** Goes down from the record among those that are left, until a record comes again. */
    private void loopFrom(int start, BitSet left, BitSet walked) {
        List<Integer> path = new ArrayList<>();
        Map<Integer, Integer> positions = new HashMap<>();
        int at = start;
        while (!walked.get(at)) {
            walked.set(at);
            positions.put(at, path.size());
            path.add(at);
            at = config.records().get(at).inputs().stream()
                    .flatMap(List::stream)
                    .mapToInt(ChainLink::index)
                    .filter(below -> below >= 0 && below < config.records().size() && left.get(below))
                    .findFirst()
                    .orElseThrow();
        }
        Integer begin = positions.get(at);
        if (begin != null) {
            List<Integer> loop = path.subList(begin, path.size());
            StringBuilder way = new StringBuilder();
            loop.stream().limit(8).forEach(record -> way.append(record).append(" on "));
            if (loop.size() > 8) {
                way.append("… on ");
            }
            refuse(Kind.LOOP, at, loop.size() == 1 ? "it links to itself" : "it stands on itself: " + way.append(at));
        }
    }

    /** Records that nothing leads to, though they have a digest themselves. */
    private void unreachable() {
        int size = config.records().size();
        List<List<int[]>> users = users();
        int[] lacks = new int[size];
        List<BitSet> satisfied = new ArrayList<>(size);
        Deque<Integer> reached = new ArrayDeque<>();
        for (int i = 0; i < size; i++) {
            lacks[i] = config.records().get(i).inputs().size();
            satisfied.add(new BitSet(lacks[i]));
            if (lacks[i] == 0 && isSound(i)) {
                reached.add(i);
            }
        }
        BitSet found = new BitSet(size);
        while (!reached.isEmpty()) {
            int record = reached.remove();
            found.set(record);
            for (int[] user : users.get(record)) {
                BitSet inputs = satisfied.get(user[0]);
                if (!inputs.get(user[1])) {
                    inputs.set(user[1]);
                    if (--lacks[user[0]] == 0 && isSound(user[0])) {
                        reached.add(user[0]);
                    }
                }
            }
        }
        for (int i = 0; i < size; i++) {
            if (!found.get(i) && isSound(i)) {
                int lacking = satisfied.get(i).nextClearBit(0);
                addRecord(Kind.RECORD_UNREACHABLE, i, "nothing leads to its input " + lacking);
            }
        }
    }

    private boolean isSound(int record) {
        return Digest.tryParse(config.records().get(record).digest())
                .filter(digest -> !digest.isRandom())
                .isPresent();
    }

    private void duplicates(String place) {
        try {
            int[] same = CacheChains.firstOfSameKey(config, place);
            for (int i = 0; i < same.length; i++) {
                if (same[i] >= 0 && same[i] != i && isSound(i)) {
                    addRecord(Kind.DUPLICATE, i, "the same key as record " + same[i]);
                }
            }
        } catch (InvalidCacheConfigException e) {
            throw new IllegalStateException("what an importer refuses was found before", e);
        }
    }
}
