package dev.cachetool.cli.service;

import dev.cachetool.cli.command.PruneAnswer;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.content.Blob;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Remover;
import dev.cachetool.content.Source;
import dev.cachetool.content.Target;
import dev.cachetool.content.UnclearManifestException;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.CacheContents;
import dev.cachetool.remotecache.CachePublisher;
import dev.cachetool.remotecache.TagConflictException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The place of a cache that becomes smaller where it is: the tag is written, and what it led to before may go. */
final class PrunedPlace {
    private final Places places;
    private final Registries registries;
    private final OpenSource source;
    private final Place place;
    private long fileBefore;

    PrunedPlace(Places places, Registries registries, OpenSource source) {
        this.places = places;
        this.registries = registries;
        this.source = source;
        this.place = source.place();
    }

    private Manifest before() {
        return source.manifest().orElseThrow();
    }

    /** What the manifest led to that the smaller cache does not need, itself first. */
    private List<Descriptor> candidates(CacheContents contents) throws IOException {
        Set<Digest> needed = new HashSet<>();
        needed.add(contents.manifest().digest());
        contents.layers().forEach(blob -> needed.add(blob.descriptor().digest()));
        contents.documents().forEach(blob -> needed.add(blob.descriptor().digest()));
        CacheContents old = CacheContents.asItIs(source.source().orElseThrow(), before());
        List<Descriptor> all = new ArrayList<>();
        all.add(before().descriptor());
        old.documents().forEach(blob -> all.add(blob.descriptor()));
        old.layers().forEach(blob -> all.add(blob.descriptor()));
        return all.stream().filter(each -> !needed.contains(each.digest())).toList();
    }

    private static long bytes(List<Descriptor> blobs) {
        return blobs.stream().mapToLong(Descriptor::size).sum();
    }

    /** The size of the documents that are written in place of others. */
    private long documents(CacheContents contents) throws IOException {
        Set<Digest> old = new HashSet<>();
        CacheContents.asItIs(source.source().orElseThrow(), before())
                .documents()
                .forEach(blob -> old.add(blob.descriptor().digest()));
        return contents.manifest().bytes().length
                + contents.documents().stream()
                        .map(Blob::descriptor)
                        .filter(each -> !old.contains(each.digest()))
                        .mapToLong(Descriptor::size)
                        .sum();
    }

    /** What would become of blobs that the cache does not need any more; changes nothing. */
    PruneAnswer.Space foresee(CacheContents contents) throws IOException {
        List<Descriptor> candidates = candidates(contents);
        Source from = source.source().orElseThrow();
        try {
            Set<Digest> needed = from.needed(Optional.of(Places.tag(place)));
            List<Descriptor> free = candidates.stream()
                    .filter(each -> !needed.contains(each.digest()))
                    .toList();
            long bytes = bytes(free);
            return new PruneAnswer.Space(
                    bytes,
                    bytes(candidates) - bytes,
                    0,
                    place instanceof Place.Registry
                            ? Optional.empty()
                            : Optional.of(Math.max(0, bytes - documents(contents))),
                    Optional.empty(),
                    false);
        } catch (UnclearManifestException e) {
            return unclear(e);
        }
    }

    private static PruneAnswer.Space unclear(UnclearManifestException e) {
        return new PruneAnswer.Space(0, 0, 0, Optional.of(0L), Optional.of(String.valueOf(e.getMessage())), false);
    }

    /** The row of a place where all stays as it is. */
    TargetRow unchanged(CacheContents contents) {
        return row(before().digest(), contents, TargetRow.Status.UNCHANGED);
    }

    private TargetRow row(Digest digest, CacheContents contents, TargetRow.Status status) {
        return new TargetRow(place, Optional.of(digest), Optional.of(contents.form()), status, Optional.empty(), false);
    }

    /**
     * Writes the smaller cache at the tag, if that still leads to the one that was read.
     *
     * @param last whether it is an error if it does not; else nothing comes back
     */
    Optional<TargetRow> write(CacheContents contents, boolean last) throws IOException, InterruptedException {
        String tag = Places.tag(place);
        fileBefore = fileSize();
        try (Target target = places.target(PruneService.inPlace(place), registries, bytes -> {})) {
            Optional<CachePublisher.Published> published =
                    CachePublisher.replace(before().digest(), contents, target, tag, (layer, ingested) -> {});
            if (published.isEmpty()) {
                if (last) {
                    throw TagConflictException.meanwhile(target.name(), tag, target.standing(tag));
                }
                return Optional.empty();
            }
        }
        TargetRow.Status status = place instanceof Place.Registry ? TargetRow.Status.PUSHED : TargetRow.Status.WRITTEN;
        return Optional.of(row(contents.manifest().digest(), contents, status));
    }

    /** Removes what the cache does not need any more, and nothing else in the place does. */
    PruneAnswer.Space removeUnneeded(CacheContents contents) throws IOException {
        List<Descriptor> candidates = candidates(contents);
        try (Target target = places.target(PruneService.inPlace(place), registries, bytes -> {})) {
            if (!(target instanceof Remover remover)) {
                long freed = Math.max(0, fileBefore - fileSize());
                return new PruneAnswer.Space(freed, 0, freed, Optional.of(freed), Optional.empty(), false);
            }
            try {
                Remover.Removal removal = remover.remove(candidates);
                long removed = bytes(removal.removed());
                long refused = bytes(removal.refused());
                return new PruneAnswer.Space(
                        removed + refused,
                        bytes(candidates) - removed - refused,
                        removed,
                        removal.freed() ? Optional.of(Math.max(0, removed - documents(contents))) : Optional.empty(),
                        removal.refusal(),
                        false);
            } catch (UnclearManifestException e) {
                return unclear(e);
            } catch (IOException e) {
                // The smaller cache is there: what could not be removed is no reason to say that it is not.
                Problem problem = Failures.problem(e);
                if (problem.code() == ExitCode.INTERRUPTED) {
                    throw e;
                }
                return new PruneAnswer.Space(0, 0, 0, Optional.of(0L), Optional.of(problem.what()), true);
            }
        }
    }

    private long fileSize() throws IOException {
        return place instanceof Place.Tar tar ? Files.size(tar.file()) : 0;
    }
}
