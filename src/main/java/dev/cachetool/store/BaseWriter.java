package dev.cachetool.store;

import dev.cachetool.content.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Writes a base of what a graph holds. What the graph's own base has is in order already, so only what was added is sorted,
 * and the two are merged.
 */
final class BaseWriter {

    private final TableOutput out;

    private BaseWriter(TableOutput out) {
        this.out = out;
    }

    /**
     * Writes it; it appears whole or not at all.
     *
     * @param stamp what journals on it have in their headers
     * @throws IOException if it cannot be written, or would have more than 2 GiB
     */
    static void write(KeyGraph graph, long stamp, Path file) throws IOException {
        BitSet keys = new BitSet();
        BitSet infos = new BitSet();
        BitSet times = new BitSet();
        BitSet results = new BitSet();
        collect(graph.links(), keys, infos, keys);
        collect(graph.records(), keys, times, results);
        NameOrder[] orders = {
            NameOrder.of(graph.keys(), keys),
            NameOrder.of(graph.infos(), infos),
            NameOrder.of(graph.times(), times),
            NameOrder.of(graph.results(), results)
        };
        Sorted links = Sorted.of(graph.links(), orders[0], orders[1], orders[0]);
        Sorted records = Sorted.of(graph.records(), orders[0], orders[2], orders[3]);
        long size = Base.HEADER + FileHead.CHECK_BYTES + links.bytes() + records.bytes();
        for (NameOrder order : orders) {
            size += NameTable.bytes(order.count(), order.nameBytes());
        }
        if (size > Integer.MAX_VALUE) {
            throw new IOException("the keys of the store take more than 2 GiB; prune it");
        }
        try (AtomicFile atomic = AtomicFile.create(file)) {
            TableOutput out = new TableOutput(atomic.stream());
            BaseWriter writer = new BaseWriter(out);
            writer.header(stamp, orders, links, records);
            for (NameOrder order : orders) {
                out.names(order);
            }
            writer.triples(links);
            writer.triples(records);
            out.check();
            atomic.commit();
        }
    }

    private static void collect(Triples triples, BitSet firsts, BitSet seconds, BitSet thirds) {
        for (int i = 0; i < triples.indexes(); i++) {
            if (triples.isLive(i)) {
                firsts.set(triples.first(i));
                seconds.set(triples.second(i));
                thirds.set(triples.third(i));
            }
        }
    }

    /**
     * Triples of new numbers in order.
     *
     * @param values three numbers each
     * @param firsts how many first numbers there are
     * @param thirds how many third numbers there are
     */
    private record Sorted(int[] values, int firsts, int thirds) {
        private record Triple(int first, int second, int third) implements Comparable<Triple> {
            private static final Comparator<Triple> ORDER = Comparator.comparingInt(Triple::first)
                    .thenComparingInt(Triple::second)
                    .thenComparingInt(Triple::third);

            static Triple of(Triples triples, int index, NameOrder first, NameOrder second, NameOrder third) {
                return new Triple(
                        first.after()[triples.first(index)],
                        second.after()[triples.second(index)],
                        third.after()[triples.third(index)]);
            }

            @Override
            public int compareTo(Triple other) {
                return ORDER.compare(this, other);
            }
        }

        static Sorted of(Triples triples, NameOrder first, NameOrder second, NameOrder third) {
            List<Triple> added = new ArrayList<>();
            int count = 0;
            for (int i = 0; i < triples.indexes(); i++) {
                if (triples.isLive(i)) {
                    count++;
                    if (i >= triples.inTable()) {
                        added.add(Triple.of(triples, i, first, second, third));
                    }
                }
            }
            added.sort(null);
            int[] values = new int[3 * count];
            int size = 0;
            int next = 0;
            for (int i = 0; i < triples.inTable(); i++) {
                if (triples.isLive(i)) {
                    Triple old = Triple.of(triples, i, first, second, third);
                    while (next < added.size() && added.get(next).compareTo(old) < 0) {
                        size = put(values, size, added.get(next++));
                    }
                    size = put(values, size, old);
                }
            }
            while (next < added.size()) {
                size = put(values, size, added.get(next++));
            }
            return new Sorted(values, first.count(), third.count());
        }

        private static int put(int[] values, int at, Triple triple) {
            values[at] = triple.first();
            values[at + 1] = triple.second();
            values[at + 2] = triple.third();
            return at + 3;
        }

        int count() {
            return values.length / 3;
        }

        long bytes() {
            return TripleTable.bytes(count(), firsts, thirds);
        }
    }

    private void header(long stamp, NameOrder[] orders, Sorted links, Sorted records) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Base.HEADER);
        header.put(FileHead.of(Base.MAGIC, Base.VERSION)).putLong(stamp);
        for (NameOrder order : orders) {
            header.putInt(order.count()).putInt((int) order.nameBytes());
        }
        header.putInt(links.count()).putInt(records.count());
        FileHead.check(header);
        out.write(header.array());
    }

    private void triples(Sorted sorted) throws IOException {
        int[] values = sorted.values();
        starts(values, 0, sorted.firsts());
        for (int value : values) {
            out.write(value);
        }
        int[] next = starts(values, 2, sorted.thirds());
        int[] back = new int[sorted.count()];
        for (int i = 0; i < back.length; i++) {
            back[next[values[3 * i + 2]]++] = i;
        }
        for (int place : back) {
            out.write(place);
        }
    }

    /** Writes and gives for each number how many triples have a lower one in that position. */
    private int[] starts(int[] values, int position, int numbers) throws IOException {
        int[] starts = new int[numbers + 1];
        for (int i = position; i < values.length; i += 3) {
            starts[values[i] + 1]++;
        }
        for (int i = 0; i < numbers; i++) {
            starts[i + 1] += starts[i];
        }
        for (int start : starts) {
            out.write(start);
        }
        return starts;
    }
}
