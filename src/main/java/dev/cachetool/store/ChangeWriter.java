package dev.cachetool.store;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes changes in few bytes (docs/formats.md): names as their numbers in a graph, and one that is not there yet as the next
 * number and its bytes. The graph itself does not change before {@link ChangeReader} reads what was written.
 */
final class ChangeWriter {
    static final int LINK = 1;
    static final int RESULT = 2;
    static final int RELEASE = 3;
    static final int SEAL = 4;

    private final KeyGraph graph;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<Name, Integer> keys = new HashMap<>();
    private final Map<Name, Integer> infos = new HashMap<>();
    private final Map<Name, Integer> times = new HashMap<>();
    private final Map<Name, Integer> results = new HashMap<>();

    ChangeWriter(KeyGraph graph) {
        this.graph = graph;
    }

    void write(Change change) {
        if (change instanceof Change.Link link) {
            out.write(LINK);
            name(graph.keys(), keys, link.source());
            name(graph.infos(), infos, link.info());
            name(graph.keys(), keys, link.target());
        } else if (change instanceof Change.Result result) {
            out.write(RESULT);
            name(graph.keys(), keys, result.key());
            name(graph.times(), times, result.time());
            name(graph.results(), results, result.result());
        } else if (change instanceof Change.Release release) {
            out.write(RELEASE);
            name(graph.results(), results, release.result());
        }
    }

    private void name(Names names, Map<Name, Integer> more, Name name) {
        int number = names.find(name);
        if (number >= 0) {
            number(number);
            return;
        }
        int next = names.count() + more.size();
        Integer known = more.putIfAbsent(name, next);
        if (known != null) {
            number(known);
            return;
        }
        number(next);
        number(name.bytes().length);
        out.writeBytes(name.bytes());
    }

    /** Seven bits a byte, the lowest first; all but the last have the highest bit. */
    private void number(int value) {
        int left = value;
        while (left >= 0x80) {
            out.write((left & 0x7F) | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** What says that there is a later generation. */
    static byte[] seal() {
        return new byte[] {SEAL};
    }
}
