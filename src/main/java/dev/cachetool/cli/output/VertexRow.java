package dev.cachetool.cli.output;

import dev.cachetool.cli.options.Place;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is said of one vertex.
 *
 * @param name its name in the graph
 * @param vertex its digest, where it is known
 * @param op the kind of its op: {@code local}, {@code exec} …
 * @param status what became or would become of it; empty where the verb does not ask
 * @param source where a hit was found
 * @param reason for a miss, the first thing that differs; for a maybe, what it hangs on; for a failure, the cause
 * @param bytes the size of its result's layers, as they are stored
 * @param layers how many layers its result has
 * @param createdAt when its result was made
 * @param milliseconds how long restoring or executing it took
 * @param restored how many of its files were brought back, where that was asked for
 * @param saved of a hit, how many milliseconds it took once to make its result, where that is noted
 * @param cacheMaps its cache maps, where the verb asks for them
 * @param keys the digests of its records in a cache, one for each cache map, where the verb asks for them
 */
public record VertexRow(
        String name,
        Optional<Digest> vertex,
        String op,
        Optional<Status> status,
        Optional<Place> source,
        Optional<String> reason,
        long bytes,
        int layers,
        Optional<Timestamp> createdAt,
        OptionalLong milliseconds,
        OptionalLong restored,
        OptionalLong saved,
        List<CacheMapRow> cacheMaps,
        List<Digest> keys) {
    public VertexRow {
        if (bytes < 0 || layers < 0) {
            throw new IllegalArgumentException("sizes and counts are not negative");
        }
        cacheMaps = List.copyOf(cacheMaps);
        keys = List.copyOf(keys);
    }

    /** A vertex of which no more is known than its status. */
    public static VertexRow of(String name, String op, Status status) {
        return new VertexRow(
                name,
                Optional.empty(),
                op,
                Optional.of(status),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of(),
                List.of());
    }

    /** This one with its digest. */
    public VertexRow withVertex(Digest digest) {
        return new VertexRow(
                name,
                Optional.of(digest),
                op,
                status,
                source,
                reason,
                bytes,
                layers,
                createdAt,
                milliseconds,
                restored,
                saved,
                cacheMaps,
                keys);
    }

    /** This one with a reason. */
    public VertexRow withReason(String text) {
        return new VertexRow(
                name,
                vertex,
                op,
                status,
                source,
                Optional.of(text),
                bytes,
                layers,
                createdAt,
                milliseconds,
                restored,
                saved,
                cacheMaps,
                keys);
    }

    /** This one with the result that was found. */
    public VertexRow withResult(Optional<Place> place, long size, int layerCount, Optional<Timestamp> created) {
        return new VertexRow(
                name,
                vertex,
                op,
                status,
                place,
                reason,
                size,
                layerCount,
                created,
                milliseconds,
                restored,
                saved,
                cacheMaps,
                keys);
    }

    /** This one with what was done: how long it took and how many files came back. */
    public VertexRow withEffort(OptionalLong took, OptionalLong files) {
        return new VertexRow(
                name, vertex, op, status, source, reason, bytes, layers, createdAt, took, files, saved, cacheMaps,
                keys);
    }

    /** This one with how long it took once to make its result. */
    public VertexRow withSaved(OptionalLong once) {
        return new VertexRow(
                name,
                vertex,
                op,
                status,
                source,
                reason,
                bytes,
                layers,
                createdAt,
                milliseconds,
                restored,
                once,
                cacheMaps,
                keys);
    }

    /** This one with its cache maps and keys. */
    public VertexRow withKeys(List<CacheMapRow> maps, List<Digest> records) {
        return new VertexRow(
                name,
                vertex,
                op,
                status,
                source,
                reason,
                bytes,
                layers,
                createdAt,
                milliseconds,
                restored,
                saved,
                maps,
                records);
    }
}
