package dev.cachetool.cli.service;

import dev.cachetool.cli.command.DamagedCacheException;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobTooLargeException;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.json.JsonException;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.InvalidCacheConfigException;
import dev.cachetool.remotecache.NotACacheException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The caches of a command's sources. A source that cannot be used is a row and a warning, or an error where the command is
 * strict. Closing this closes them.
 */
final class Sources implements Closeable {
    private final List<OpenSource> open = new ArrayList<>();
    private final List<SourceRow> rows = new ArrayList<>();

    private Sources() {}

    /**
     * Opens the caches of the places.
     *
     * @throws IOException if one cannot be used and the command is strict
     */
    static Sources open(Places places, List<Place> wanted, boolean strict, Reporter reporter) throws IOException {
        Sources sources = new Sources();
        try {
            for (Place place : wanted) {
                sources.add(places, place, strict, reporter);
            }
        } catch (IOException | RuntimeException e) {
            sources.close();
            throw e;
        }
        return sources;
    }

    private void add(Places places, Place place, boolean strict, Reporter reporter) throws IOException {
        try {
            OpenSource source = read(places, place, reporter);
            open.add(source);
            rows.add(new SourceRow(
                    place,
                    Optional.of(source.artifact().digest()),
                    Optional.of(source.artifact().form()),
                    SourceRow.Status.READ,
                    Optional.empty()));
        } catch (IOException e) {
            Problem problem = Failures.problem(e);
            if (strict || problem.code() == ExitCode.INTERRUPTED) {
                throw e;
            }
            SourceRow.Status status =
                    problem.code() == ExitCode.NOT_FOUND ? SourceRow.Status.MISSING : SourceRow.Status.DAMAGED;
            rows.add(new SourceRow(place, Optional.empty(), Optional.empty(), status, Optional.of(problem)));
            reporter.warn(problem.what() + "; going on without this cache");
        }
    }

    /**
     * Reads the cache of one place.
     *
     * @throws IOException if there is none, or it cannot be read
     */
    static OpenSource read(Places places, Place place, Reporter reporter) throws IOException {
        if (place instanceof Place.ConfigFile config) {
            CacheArtifact artifact =
                    CacheArtifact.ofBareConfig(places.configFile(config), place.name(), Places.noBlobs(place.name()));
            return new OpenSource(
                    place,
                    Optional.empty(),
                    artifact,
                    artifact.chains(place.name()).normalize());
        }
        Source source = places.source(place);
        try {
            Manifest manifest = places.manifest(source, place);
            CacheArtifact artifact = CacheArtifact.read(source, manifest, reporter::warn);
            return new OpenSource(
                    place,
                    Optional.of(source),
                    artifact,
                    artifact.chains(place.name()).normalize());
        } catch (JsonException
                | InvalidCacheConfigException
                | NotACacheException
                | DigestMismatchException
                | BlobNotFoundException
                | BlobTooLargeException e) {
            source.close();
            throw new DamagedCacheException(place.name(), String.valueOf(e.getMessage()), e);
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** Those that could be read, in order. */
    List<OpenSource> all() {
        return open;
    }

    /** A row for each place, in order. */
    List<SourceRow> rows() {
        return rows;
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        for (OpenSource source : open) {
            if (source.source().isPresent()) {
                try {
                    source.source().get().close();
                } catch (IOException e) {
                    if (first == null) {
                        first = e;
                    } else {
                        first.addSuppressed(e);
                    }
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
