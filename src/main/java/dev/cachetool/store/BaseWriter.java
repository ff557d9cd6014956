package dev.cachetool.store;

import dev.cachetool.content.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes a base of what a graph holds. What the graph's own base has is in order already, so only what was added is sorted,
 * and the two are merged.
 */
final class BaseWriter {
    private static final int BUFFER = 1 << 16;
    private static final int UNUSED = -1;

    private final OutputStream out;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final CRC32C crc = new CRC32C();

    private BaseWriter(OutputStream out) {
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
        Order[] orders = {
            Order.of(graph.keys(), keys),
            Order.of(graph.infos(), infos),
            Order.of(graph.times(), times),
            Order.of(graph.results(), results)
        };
        Sorted links = Sorted.of(graph.links(), orders[0], orders[1], orders[0]);
        Sorted records = Sorted.of(graph.records(), orders[0], orders[2], orders[3]);
        long size = Base.HEADER + Base.CHECK_BYTES + links.bytes() + records.bytes();
        for (Order order : orders) {
            size += NameTable.bytes(order.count(), order.nameBytes());
        }
        if (size > Integer.MAX_VALUE) {
            throw new IOException("the keys of the store take more than 2 GiB; prune it");
        }
        try (AtomicFile atomic = AtomicFile.create(file)) {
            BaseWriter writer = new BaseWriter(atomic.stream());
            writer.header(stamp, orders, links, records);
            for (Order order : orders) {
                writer.names(order);
            }
            writer.triples(links);
            writer.triples(records);
            writer.check();
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
     * Names in the order that they will have.
     *
     * @param before by the new number the old one
     * @param after by the old number the new one, or {@link #UNUSED}
     * @param nameBytes of all of them
     */
    private record Order(Names names, int[] before, int[] after, long nameBytes) {
        static Order of(Names names, BitSet used) {
            int firstAdded = used.nextSetBit(names.inTable());
            long[] added = new long
                    [firstAdded < 0 ? 0 : used.get(firstAdded, used.length()).cardinality()];
            int count = 0;
            for (int i = firstAdded; i >= 0; i = used.nextSetBit(i + 1)) {
                added[count++] = ordered(names.hash(i)) << Integer.SIZE | i;
            }
            Arrays.sort(added);
            int[] before = new int[used.cardinality()];
            int[] after = new int[names.count()];
            Arrays.fill(after, UNUSED);
            long bytes = 0;
            int next = 0;
            int old = used.nextSetBit(0);
            for (int i = 0; i < before.length; i++) {
                boolean isOld = old >= 0
                        && old < names.inTable()
                        && (next == added.length || ordered(names.hash(old)) <= added[next] >> Integer.SIZE);
                int number = isOld ? old : (int) added[next++];
                if (isOld) {
                    old = used.nextSetBit(old + 1);
                }
                before[i] = number;
                after[number] = i;
                bytes += names.length(number);
            }
            return new Order(names, before, after, bytes);
        }

        /** A number that is as far up among all numbers as the hash is among all hashes. */
        private static long ordered(int hash) {
            return hash ^ Integer.MIN_VALUE;
        }

        int count() {
            return before.length;
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

            static Triple of(Triples triples, int index, Order first, Order second, Order third) {
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

        static Sorted of(Triples triples, Order first, Order second, Order third) {
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

    private void header(long stamp, Order[] orders, Sorted links, Sorted records) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Base.HEADER);
        header.put(FileHead.of(Base.MAGIC, Base.VERSION)).putLong(stamp);
        for (Order order : orders) {
            header.putInt(order.count()).putInt((int) order.nameBytes());
        }
        header.putInt(links.count()).putInt(records.count());
        CRC32C check = new CRC32C();
        check.update(header.array(), 0, header.position());
        header.putInt((int) check.getValue());
        write(header.array());
    }

    private void names(Order order) throws IOException {
        Names names = order.names();
        int bits = NameTable.bits(order.count());
        int bucket = 0;
        for (int i = 0; i < order.count(); i++) {
            int own = NameTable.bucket(names.hash(order.before()[i]), bits);
            while (bucket <= own) {
                write(i);
                bucket++;
            }
        }
        while (bucket <= 1 << bits) {
            write(order.count());
            bucket++;
        }
        int offset = 0;
        for (int number : order.before()) {
            write(names.hash(number));
            write(offset);
            offset += names.length(number);
        }
        write(offset);
        for (int number : order.before()) {
            write(names.name(number).bytes());
        }
    }

    private void triples(Sorted sorted) throws IOException {
        int[] values = sorted.values();
        starts(values, 0, sorted.firsts());
        for (int value : values) {
            write(value);
        }
        int[] next = starts(values, 2, sorted.thirds());
        int[] back = new int[sorted.count()];
        for (int i = 0; i < back.length; i++) {
            back[next[values[3 * i + 2]]++] = i;
        }
        for (int place : back) {
            write(place);
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
            write(start);
        }
        return starts;
    }

    private void write(int value) throws IOException {
        if (buffer.remaining() < Integer.BYTES) {
            flush();
        }
        buffer.putInt(value);
    }

    private void write(byte[] bytes) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int length = Math.min(buffer.remaining(), bytes.length - at);
            buffer.put(bytes, at, length);
            at += length;
        }
    }

    private void check() throws IOException {
        flush();
        write((int) crc.getValue());
        flush();
    }

    private void flush() throws IOException {
        crc.update(buffer.array(), 0, buffer.position());
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
