package dev.cachetool.inspect;

import dev.cachetool.oci.Timestamp;
import java.util.List;
import java.util.OptionalLong;

/**
 * A result in a cache.
 *
 * @param layers its layers, lowest first, by their index in {@link CacheView#layers}
 * @param bytes the size of its blobs, each counted once
 * @param ownBytes of these, the size of blobs that no other result has: what goes with it
 * @param createdAt when it was made; {@link Timestamp#ZERO} where the cache does not say
 * @param milliseconds how long it took to make, where it is noted
 */
public record ResultView(
        List<Integer> layers, long bytes, long ownBytes, Timestamp createdAt, OptionalLong milliseconds) {
    public ResultView {
        layers = List.copyOf(layers);
    }

    /** When it was made, in milliseconds since 1970; empty where the cache does not say. */
    public OptionalLong createdMillis() {
        return createdAt.equals(Timestamp.ZERO)
                ? OptionalLong.empty()
                : OptionalLong.of(createdAt.instant().toEpochMilli());
    }
}
