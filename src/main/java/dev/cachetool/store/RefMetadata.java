package dev.cachetool.store;

import dev.cachetool.oci.Timestamp;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * What is known about a ref.
 *
 * @param description for people: the name of the vertex, or the place that it came from; may be empty
 * @param createdAt when the result came to be
 * @param lastUsed when it was last held; to the minute
 * @param milliseconds how long the step took that made it, as it was when first saved
 */
public record RefMetadata(String description, Timestamp createdAt, Instant lastUsed, OptionalLong milliseconds) {
    /** That of something that came to be at that time, and is used then. */
    public static RefMetadata of(String description, Instant created) {
        return new RefMetadata(description, Timestamp.of(created), created, OptionalLong.empty());
    }
}
