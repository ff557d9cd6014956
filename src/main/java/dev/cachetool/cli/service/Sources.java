package dev.cachetool.cli.service;

import dev.cachetool.cli.command.DamagedCacheException;
import dev.cachetool.cli.options.Access;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/**
 * The caches of a command's sources. A source that cannot be used is a row and a warning, or an error where the command is
 * strict. Closing this closes them.
 */
final class Sources implements Closeable {
    /** How many sources are asked at once. */
    private static final int THREADS = 8;

    private final Registries registries;
    private final List<OpenSource> open = new ArrayList<>();
    private final List<SourceRow> rows = new ArrayList<>();

    private Sources(Registries registries) {
        this.registries = registries;
    }

    /**
     * Opens the caches of the places.
     *
     * @throws IOException if one cannot be used and the command is strict
     */
    static Sources open(Places places, List<Place> wanted, Access access, boolean strict, Reporter reporter)
            throws IOException, InterruptedException {
        Set<SourceRow.Status> tolerated = strict ? Set.of() : EnumSet.complementOf(EnumSet.of(SourceRow.Status.READ));
        return open(places, wanted, access, tolerated, UnaryOperator.identity(), reporter);
    }

    /**
     * Opens the caches of the places.
     *
     * @param tolerated what is a row and a warning where a source is that, and not an error
     * @param around is given each source, and gives what stands for it
     * @throws IOException if one cannot be used and that is not tolerated
     */
    static Sources open(
            Places places,
            List<Place> wanted,
            Access access,
            Set<SourceRow.Status> tolerated,
            UnaryOperator<Source> around,
            Reporter reporter)
            throws IOException, InterruptedException {
        Registries registries = places.registries(access);
        Sources sources = new Sources(registries);
        ExecutorService workers =
                Executors.newFixedThreadPool(Math.max(1, Math.min(wanted.size(), THREADS)), Threads.named("source"));
        try {
            List<Future<OpenSource>> reading = new ArrayList<>();
            for (Place place : wanted) {
                reading.add(workers.submit(() -> read(places, registries, place, around, reporter)));
            }
            IOException first = null;
            for (int i = 0; i < wanted.size(); i++) {
                try {
                    sources.add(wanted.get(i), reading.get(i), tolerated, reporter);
                } catch (IOException e) {
                    first = first == null ? e : first;
                }
            }
            if (first != null) {
                throw first;
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            workers.shutdownNow();
            sources.close();
            throw e;
        } finally {
            workers.shutdown();
        }
        return sources;
    }

    private void add(Place place, Future<OpenSource> reading, Set<SourceRow.Status> tolerated, Reporter reporter)
            throws IOException, InterruptedException {
        try {
            OpenSource source = Threads.result(reading);
            open.add(source);
            rows.add(SourceRow.read(place, source.artifact()));
        } catch (IOException e) {
            Problem problem = Failures.problem(e);
            SourceRow.Status status = switch (problem.code()) {
                case NOT_FOUND -> SourceRow.Status.MISSING;
                case REFUSED -> SourceRow.Status.REFUSED;
                case UNREACHABLE -> SourceRow.Status.UNREACHABLE;
                default -> SourceRow.Status.DAMAGED;
            };
            if (!tolerated.contains(status) || problem.code() == ExitCode.INTERRUPTED) {
                throw e;
            }
            rows.add(new SourceRow(place, Optional.empty(), Optional.empty(), status, Optional.of(problem)));
            reporter.warn(problem.what() + "; going on without this cache");
        }
    }

    /**
     * Reads the cache of one place.
     *
     * @throws IOException if there is none, or it cannot be read
     */
    static OpenSource read(Places places, Registries registries, Place place, Reporter reporter) throws IOException {
        return read(places, registries, place, UnaryOperator.identity(), reporter);
    }

    private static OpenSource read(
            Places places, Registries registries, Place place, UnaryOperator<Source> around, Reporter reporter)
            throws IOException {
        if (place instanceof Place.ConfigFile config) {
            CacheArtifact artifact =
                    CacheArtifact.ofBareConfig(places.configFile(config), place.name(), Places.noBlobs(place.name()));
            return new OpenSource(
                    place,
                    Optional.empty(),
                    Optional.empty(),
                    artifact,
                    artifact.chains(place.name()).normalize());
        }
        return read(places, around.apply(places.source(place, registries)), place, reporter);
    }

    /**
     * Reads the cache of a place that is open, and is closed if that fails.
     *
     * @throws IOException if there is none, or it cannot be read
     */
    static OpenSource read(Places places, Source source, Place place, Reporter reporter) throws IOException {
        try {
            Manifest manifest = places.manifest(source, place);
            CacheArtifact artifact = CacheArtifact.read(source, manifest, reporter::warn);
            return new OpenSource(
                    place,
                    Optional.of(source),
                    Optional.of(manifest),
                    artifact,
                    artifact.chains(place.name()).normalize());
        } catch (IOException e) {
            source.close();
            throw described(place, e);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** The exception, or where it says that the cache is damaged, one that says so of the place. */
    static IOException described(Place place, IOException e) {
        boolean damage = e instanceof JsonException
                || e instanceof InvalidCacheConfigException
                || e instanceof DigestMismatchException
                || e instanceof BlobNotFoundException
                || e instanceof BlobTooLargeException;
        if (damage) {
            return new DamagedCacheException(place.name(), String.valueOf(e.getMessage()), e);
        }
        return e instanceof NotACacheException other ? other.in(place.name()) : e;
    }

    /** The registries that they are in, for as long as this is open. */
    Registries registries() {
        return registries;
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
            try {
                source.close();
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        registries.close();
        if (first != null) {
            throw first;
        }
    }
}
