package dev.cachetool.cli.output;

import dev.cachetool.cli.options.Place;
import dev.cachetool.digest.Digest;
import dev.cachetool.remotecache.ArtifactForm;
import java.util.Locale;
import java.util.Optional;

/**
 * What is said of a place that was to be written.
 *
 * @param place where
 * @param digest of the manifest that stands there now; empty where nothing was published
 * @param form how the cache is wrapped
 * @param status what became of it
 * @param problem why it failed or was skipped
 * @param ignored whether a failure is a warning only, as {@code ignore-error=true} asks
 */
public record TargetRow(
        Place place,
        Optional<Digest> digest,
        Optional<ArtifactForm> form,
        Status status,
        Optional<Problem> problem,
        boolean ignored) {
    /** What to do where a target was skipped that has to be written. */
    public static final String HOW_TO_ALLOW = "docs/trust.md says why; to write it all the same: --allow-fork-writes";

    public TargetRow {
        if ((status == Status.FAILED || status == Status.SKIPPED) != problem.isPresent()) {
            throw new IllegalArgumentException("what failed or was skipped, and only that, has a problem");
        }
    }

    /** What became of a target. */
    public enum Status {
        /** Sent to a registry. */
        PUSHED,
        /** Written to a file, a directory or standard output. */
        WRITTEN,
        /** It was this cache already. */
        UNCHANGED,
        /** There was nothing to publish, so that what stood there still does. */
        NOTHING,
        /** This job may not write it. */
        SKIPPED,
        FAILED;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As it is written. */
        public String word() {
            return word;
        }
    }
}
