package dev.cachetool.cli.options;

import dev.cachetool.solver.ExportMode;
import java.util.Optional;
import java.util.Set;

/**
 * A place to write a cache to, and how.
 *
 * @param place where
 * @param mode which results go there; empty where the SPEC does not say
 * @param imageManifest whether the artifact is an image manifest, else an index; needs OCI media types
 * @param ociMediaTypes whether media types are OCI's, else Docker's
 * @param compression how layers are compressed
 * @param ignoreError whether a failure of this target is a warning only
 * @param reset whether blobs that no manifest of the place refers to are removed afterwards
 * @param said the keys that the SPEC has: what stands for others is BuildKit's default
 * @param withheld why nothing may be written there, as half a sentence; empty where it may
 */
public record TargetSpec(
        Place place,
        Optional<ExportMode> mode,
        boolean imageManifest,
        boolean ociMediaTypes,
        LayerCompression compression,
        boolean ignoreError,
        boolean reset,
        Set<String> said,
        Optional<String> withheld) {
    public TargetSpec {
        said = Set.copyOf(said);
        if (imageManifest && !ociMediaTypes) {
            throw new IllegalArgumentException("an image manifest needs OCI media types");
        }
        if (place instanceof Place.ConfigFile) {
            throw new IllegalArgumentException("a bare config is no target");
        }
    }

    /** This one, which may not be written for the reason. */
    public TargetSpec withheldBecause(String reason) {
        return new TargetSpec(
                place, mode, imageManifest, ociMediaTypes, compression, ignoreError, reset, said, Optional.of(reason));
    }

    /** Whether the SPEC has the key. */
    public boolean says(String key) {
        return said.contains(key);
    }

    /**
     * The mode of this target, where {@code --mode} says something too; {@code min} where neither does.
     *
     * @throws UsageException if they differ
     */
    public ExportMode modeWith(Optional<ExportMode> flag) {
        if (mode.isPresent() && flag.isPresent() && mode.get() != flag.get()) {
            throw new UsageException(
                    "--mode=" + flag.get().text() + " and mode=" + mode.get().text() + " of the target " + place.name()
                            + " differ",
                    "leave one of them out");
        }
        return mode.or(() -> flag).orElse(ExportMode.MIN);
    }
}
