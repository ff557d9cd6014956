package dev.cachetool.store;

import dev.cachetool.solver.CacheInfoLink;

/**
 * Keys, their links and results as numbers: what a base has and what a journal changed. A key is there as long as it has a
 * result, or a link leads from it or to it. Not for several threads.
 */
final class KeyGraph implements ChangeSink {
    private final Names keys;
    private final Names infos;
    private final Names times;
    private final Names results;
    private final Triples links;
    private final Triples records;

    KeyGraph(Base base) {
        this.keys = new Names(base.keys());
        this.infos = new Names(base.infos());
        this.times = new Names(base.times());
        this.results = new Names(base.results());
        this.links = new Triples(base.links());
        this.records = new Triples(base.records());
    }

    /** Ids of keys. */
    Names keys() {
        return keys;
    }

    /** How links lead on: {@link CacheInfoLink}s. */
    Names infos() {
        return infos;
    }

    /** When results came to be. */
    Names times() {
        return times;
    }

    /** Ids of results. */
    Names results() {
        return results;
    }

    /** Key, how it leads on, and the key that it leads to. */
    Triples links() {
        return links;
    }

    /** Key, time, and the result that it has had since then. */
    Triples records() {
        return records;
    }

    boolean exists(int key) {
        return isUsed(key) || links.countOfThird(key) > 0;
    }

    private boolean isUsed(int key) {
        return records.countOfFirst(key) > 0 || links.countOfFirst(key) > 0;
    }

    /** The index of the record of a key with the result; -1 where there is none. */
    int record(int key, int result) {
        boolean byKey = records.countOfFirst(key) <= records.countOfThird(result);
        for (int index : byKey ? records.ofFirst(key) : records.ofThird(result)) {
            if (records.first(index) == key && records.third(index) == result) {
                return index;
            }
        }
        return -1;
    }

    @Override
    public void link(int source, int info, int target) {
        links.add(source, info, target);
    }

    @Override
    public void result(int key, int time, int result) {
        int before = record(key, result);
        if (before >= 0) {
            if (records.second(before) == time) {
                return;
            }
            records.remove(before);
        }
        records.add(key, time, result);
    }

    @Override
    public void release(int result) {
        IntStack open = new IntStack();
        for (int index : records.ofThird(result)) {
            records.remove(index);
            open.push(records.first(index));
        }
        while (!open.isEmpty()) {
            int key = open.pop();
            if (isUsed(key)) {
                continue;
            }
            for (int index : links.ofThird(key)) {
                links.remove(index);
                open.push(links.first(index));
            }
        }
    }
}
