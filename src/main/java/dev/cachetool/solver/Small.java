package dev.cachetool.solver;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Sets and maps that nearly always have no member or one, of which there are hundreds of thousands: tables are made for the
 * second member only. Each method gives the collection to go on with; the one that it was given is not to be used any
 * more. In the order in which members were added.
 */
final class Small {
    private Small() {}

    static <T> Set<T> with(Set<T> set, T member) {
        if (set.isEmpty()) {
            return Set.of(member);
        }
        if (set instanceof LinkedHashSet) {
            set.add(member);
            return set;
        }
        if (set.contains(member)) {
            return set;
        }
        Set<T> table = new LinkedHashSet<>(set);
        table.add(member);
        return table;
    }

    static <T> Set<T> without(Set<T> set, T member) {
        if (!(set instanceof LinkedHashSet)) {
            return set.contains(member) ? Set.of() : set;
        }
        set.remove(member);
        return set.isEmpty() ? Set.of() : set;
    }

    static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
        if (map.isEmpty()) {
            return Map.of(key, value);
        }
        if (map instanceof LinkedHashMap) {
            map.put(key, value);
            return map;
        }
        if (map.containsKey(key)) {
            return Map.of(key, value);
        }
        Map<K, V> table = new LinkedHashMap<>(map);
        table.put(key, value);
        return table;
    }

    static <K, V> Map<K, V> without(Map<K, V> map, K key) {
        if (!(map instanceof LinkedHashMap)) {
            return map.containsKey(key) ? Map.of() : map;
        }
        map.remove(key);
        return map.isEmpty() ? Map.of() : map;
    }
}
