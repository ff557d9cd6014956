package dev.cachetool.cli.output;

import dev.cachetool.cli.options.Place;
import dev.cachetool.digest.Digest;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifact;
import java.util.Locale;
import java.util.Optional;

/**
 * What is said of a place that was to be read.
 *
 * @param place where
 * @param digest of its manifest, or of the config where there is none
 * @param form how the cache is wrapped
 * @param status whether it could be read
 * @param problem why not
 */
public record SourceRow(
        Place place, Optional<Digest> digest, Optional<ArtifactForm> form, Status status, Optional<Problem> problem) {
    public SourceRow {
        if (status != Status.READ && problem.isEmpty()) {
            throw new IllegalArgumentException("what could not be read has a problem");
        }
    }

    /** A place that was read. */
    public static SourceRow read(Place place, CacheArtifact artifact) {
        return new SourceRow(
                place, Optional.of(artifact.digest()), Optional.of(artifact.form()), Status.READ, Optional.empty());
    }

    /** The name of the place with the short digest of what was found there, unless it says a digest itself. */
    public String label() {
        String name = place.name();
        if (name.contains("@") || digest.isEmpty()) {
            return name;
        }
        String text = digest.get().toString();
        return name + "@" + text.substring(0, text.indexOf(':') + 1)
                + digest.get().shortText();
    }

    /** A place that could not be read. */
    public static SourceRow failed(Place place, Problem problem) {
        Status status = switch (problem.code()) {
            case NOT_FOUND -> Status.MISSING;
            case REFUSED -> Status.REFUSED;
            case UNREACHABLE -> Status.UNREACHABLE;
            default -> Status.DAMAGED;
        };
        return new SourceRow(place, Optional.empty(), Optional.empty(), status, Optional.of(problem));
    }

    /** Whether a place could be read. */
    public enum Status {
        READ,
        /** It is not there. */
        MISSING,
        /** The network or the registry did not answer. */
        UNREACHABLE,
        /** It wants other credentials, or says so of what is not there. */
        REFUSED,
        /** What is there is no cache, or not what its digests say. */
        DAMAGED;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As it is written. */
        public String word() {
            return word;
        }
    }
}
