package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.Placeholders;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.ArtifactForm;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Rows of answers for tests; digests are those of names. */
final class Rows {
    static final Place CACHE = PlaceParser.source("oci-archive:hello-cache.tar");
    static final Timestamp TWO_DAYS_AGO = Timestamp.parse("2026-11-20T11:00:00Z");

    private Rows() {}

    static VertexRow hit(String name, long bytes) {
        return VertexRow.of(name, "exec", Status.HIT)
                .withVertex(Digest.sha256(name))
                .withResult(Optional.of(CACHE), bytes, 1, Optional.of(TWO_DAYS_AGO));
    }

    static VertexRow restored(String name, long bytes, long files, long milliseconds) {
        return hit(name, bytes).withEffort(OptionalLong.of(milliseconds), OptionalLong.of(files));
    }

    static LayerRow layer(String name, long size, LayerRow.Status status) {
        Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER_ZSTD, Digest.sha256(name), size)
                .withAnnotation(
                        Annotations.UNCOMPRESSED,
                        Digest.sha256("tar of " + name).toString());
        return new LayerRow(blob, blob.diffId(), Optional.of(status));
    }

    static SourceRow read() {
        return new SourceRow(
                CACHE,
                Optional.of(Digest.sha256("manifest")),
                Optional.of(ArtifactForm.IMAGE_MANIFEST),
                SourceRow.Status.READ,
                Optional.empty());
    }

    static SourceRow missing(String spec) {
        return new SourceRow(
                PlaceParser.source(spec),
                Optional.empty(),
                Optional.empty(),
                SourceRow.Status.MISSING,
                Optional.of(
                        new Problem(ExitCode.NOT_FOUND, "could not read " + spec + ": it is not there", List.of())));
    }

    static TargetRow target(String spec, TargetRow.Status status) {
        boolean published = status != TargetRow.Status.NOTHING;
        return new TargetRow(
                PlaceParser.target(spec, Placeholders.NONE).place(),
                published ? Optional.of(Digest.sha256("manifest")) : Optional.empty(),
                published ? Optional.of(ArtifactForm.IMAGE_MANIFEST) : Optional.empty(),
                status,
                Optional.empty(),
                false);
    }

    static TargetRow failed(String spec, ExitCode code, boolean ignored) {
        return new TargetRow(
                PlaceParser.target(spec, Placeholders.NONE).place(),
                Optional.empty(),
                Optional.empty(),
                TargetRow.Status.FAILED,
                Optional.of(new Problem(code, "could not write " + spec + ": no space", List.of("make room"))),
                ignored);
    }

    /** The forecast of screens.md. */
    static SolveAnswer forecast() {
        return new SolveAnswer(
                List.of(
                        VertexRow.of("src", "local", Status.SOURCE),
                        hit("fetch", 12_400_000),
                        VertexRow.of("compile", "exec", Status.MISS).withReason("src/main.c changed"),
                        VertexRow.of("link", "exec", Status.MAYBE)
                                .withReason("a hit if compile makes what it made before"),
                        VertexRow.of("docs", "exec", Status.UNNEEDED)),
                List.of(read()),
                List.of(layer("fetch", 12_400_000, LayerRow.Status.EXISTS)),
                12_400_000,
                42);
    }

    /** An export to the targets. */
    static PublishAnswer exported(TargetRow... targets) {
        return new PublishAnswer(
                List.of(),
                List.of(),
                List.of(targets),
                List.of(layer("a", 12_400_000, LayerRow.Status.EXISTS), layer("b", 400_000, LayerRow.Status.WRITTEN)),
                List.of(),
                4,
                5,
                2,
                12_800_000,
                400_000,
                false,
                1_100);
    }
}
