package dev.cachetool.remotecache;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a solver found in a cache: the records that it came to, and those that only some of its inputs lead to. For several threads. */
public final class CacheTrail {
    private final BitSet found;
    private final Map<Integer, BitSet> led = new HashMap<>();

    CacheTrail(int records) {
        this.found = new BitSet(records);
    }

    synchronized void found(int record) {
        found.set(record);
    }

    synchronized void led(int inputIndex, List<Integer> records) {
        if (!records.isEmpty()) {
            BitSet those = led.computeIfAbsent(inputIndex, unused -> new BitSet());
            records.forEach(those::set);
        }
    }

    /** Whether all inputs of an edge lead to the record, so that it is the key of that edge. */
    public synchronized boolean isFound(int record) {
        return found.get(record);
    }

    /** Whether an edge's input leads to the record as this input of it. */
    public synchronized boolean isLedTo(int record, int inputIndex) {
        BitSet those = led.get(inputIndex);
        return those != null && those.get(record);
    }
}
