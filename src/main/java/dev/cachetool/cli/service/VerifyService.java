package dev.cachetool.cli.service;

import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.command.VerifyAnswer;
import dev.cachetool.cli.command.VerifyAnswer.Verdict;
import dev.cachetool.cli.command.VerifyOptions;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import dev.cachetool.digest.Digest;
import dev.cachetool.inspect.CacheCheck;
import dev.cachetool.inspect.Finding;
import dev.cachetool.inspect.RawCache;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds what is wrong with caches. */
public final class VerifyService implements Services.Verifier {
    private final Places places;

    public VerifyService(Places places) {
        this.places = places;
    }

    @Override
    public VerifyAnswer verify(VerifyOptions options, Reporter reporter) throws IOException, InterruptedException {
        List<Verdict> verdicts = new ArrayList<>();
        try (Registries registries = places.registries(options.access())) {
            for (Place place : options.places()) {
                try {
                    verdicts.add(verify(place, registries, options, reporter));
                } catch (IOException e) {
                    Problem problem = Failures.problem(Sources.described(place, e));
                    if (problem.code() == ExitCode.INTERRUPTED) {
                        throw e;
                    }
                    verdicts.add(new Verdict(SourceRow.failed(place, problem), List.of(), 0, 0, 0));
                }
            }
        }
        return new VerifyAnswer(verdicts);
    }

    private Verdict verify(Place place, Registries registries, VerifyOptions options, Reporter reporter)
            throws IOException, InterruptedException {
        if (place instanceof Place.ConfigFile config) {
            RawCache cache = RawCaches.of(places, config);
            CacheCheck check = CacheCheck.of(cache, place.name(), options.audiences(), options.now());
            Optional<Digest> digest = cache.parts().get(0).bytes().map(Digest::sha256);
            return verdict(place, digest, cache, check, false);
        }
        try (Source source = places.source(place, registries)) {
            Manifest manifest = places.manifest(source, place);
            RawCache cache = RawCaches.of(source, manifest);
            CacheCheck check = CacheCheck.of(cache, place.name(), options.audiences(), options.now());
            try (BlobChecks blobs = new BlobChecks(source, options.deep(), reporter)) {
                check.addAll(blobs.run(check));
            }
            return verdict(place, Optional.of(manifest.digest()), cache, check, options.deep());
        }
    }

    /** The blobs that were there to be read. */
    private static List<Descriptor> read(CacheCheck check) {
        Set<Digest> missing = check.findings().stream()
                .filter(finding ->
                        finding.kind() == Finding.Kind.BLOB_MISSING || finding.kind() == Finding.Kind.UNUSED_MISSING)
                .flatMap(finding -> finding.digest().stream())
                .collect(Collectors.toSet());
        return check.blobs().stream()
                .filter(blob -> !missing.contains(blob.digest()))
                .toList();
    }

    private static Verdict verdict(
            Place place, Optional<Digest> digest, RawCache cache, CacheCheck check, boolean deep) {
        List<Descriptor> blobs = deep ? read(check) : check.blobs();
        return new Verdict(
                new SourceRow(place, digest, Optional.of(cache.form()), SourceRow.Status.READ, Optional.empty()),
                check.findings(),
                check.records(),
                blobs.size(),
                deep ? blobs.stream().mapToLong(Descriptor::size).sum() : 0);
    }
}
