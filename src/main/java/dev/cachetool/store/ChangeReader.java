package dev.cachetool.store;

import java.util.zip.CRC32C;

/** Reads what {@link ChangeWriter} wrote: adds new names to the graph and tells the changes to a sink. */
final class ChangeReader {
    private final KeyGraph graph;
    private final ChangeSink sink;
    private final CRC32C crc = new CRC32C();
    private byte[] bytes = {};
    private int at;

    /**
     * @param sink the graph itself, or what passes changes on to it
     */
    ChangeReader(KeyGraph graph, ChangeSink sink) {
        this.graph = graph;
        this.sink = sink;
    }

    /**
     * Reads all changes that stand there; says whether they end with a seal.
     *
     * @throws IllegalArgumentException if they are none, or the graph is another than the one that they were written for
     */
    boolean read(byte[] from, int start, int end) {
        bytes = from;
        at = start;
        boolean sealed = false;
        while (at < end) {
            switch (bytes[at++]) {
                case ChangeWriter.LINK -> sink.link(name(graph.keys()), name(graph.infos()), name(graph.keys()));
                case ChangeWriter.RESULT -> sink.result(name(graph.keys()), name(graph.times()), name(graph.results()));
                case ChangeWriter.RELEASE -> sink.release(name(graph.results()));
                case ChangeWriter.SEAL -> sealed = true;
                default -> throw new IllegalArgumentException("no change " + bytes[at - 1]);
            }
        }
        return sealed;
    }

    private int name(Names names) {
        int number = number();
        if (number == names.count()) {
            int length = number();
            crc.reset();
            crc.update(bytes, at, length);
            names.add(bytes, at, length, (int) crc.getValue());
            at += length;
        } else if (number > names.count()) {
            throw new IllegalArgumentException("the name " + number + " is not there");
        }
        return number;
    }

    private int number() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            byte b = bytes[at++];
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                if (value < 0) {
                    break;
                }
                return value;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }
}
