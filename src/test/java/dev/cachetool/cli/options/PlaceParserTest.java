package dev.cachetool.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Compression;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Reference;
import dev.cachetool.solver.ExportMode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlaceParserTest {
    private static final Digest DIGEST = Digest.sha256("manifest");

    private static String problem(String spec, Place.Side side) {
        UsageException e = assertThrows(
                UsageException.class,
                () -> {
                    if (side == Place.Side.SOURCE) {
                        PlaceParser.source(spec);
                    } else {
                        target(spec);
                    }
                },
                spec);
        return e.problem() + e.nextStep().map(next -> " / " + next).orElse("");
    }

    private static TargetSpec target(String spec) {
        return PlaceParser.target(spec, Placeholders.NONE);
    }

    private static Place.Layout layout(String dir, String tag) {
        return new Place.Layout(Path.of(dir), tag, Optional.empty());
    }

    private static Place.Tar tar(String file, String tag) {
        return new Place.Tar(Path.of(file), tag, Optional.empty());
    }

    private static Place.Registry registry(String reference) {
        return new Place.Registry(Reference.parse(reference), false);
    }

    @Test
    void source_whenBuildKitsForm_isThePlace() {
        assertEquals(layout("cache", "latest"), PlaceParser.source("type=local,src=cache"));
        assertEquals(layout("a,b=c", "main"), PlaceParser.source("\"src=a,b=c\",TYPE=local,Tag=main"));
        assertEquals(tar("c.tar", "latest"), PlaceParser.source("type=tar,src=c.tar"));
        assertEquals(
                new Place.Stream(Place.Side.SOURCE, "latest", Optional.empty()), PlaceParser.source("type=tar,src=-"));
        assertEquals(
                new Place.Layout(Path.of("cache"), "latest", Optional.of(DIGEST)),
                PlaceParser.source("type=local,src=cache,digest=" + DIGEST));
        assertEquals(
                registry("r.example.com/app:cache"), PlaceParser.source("type=registry,ref=r.example.com/app:cache"));
        assertEquals(
                new Place.Registry(Reference.parse("localhost:5000/app:latest"), true),
                PlaceParser.source("type=registry,ref=localhost:5000/app,registry.insecure=1"));
    }

    @ParameterizedTest
    @CsvSource({
        "user/app, docker.io/user/app:latest",
        "alpine:3, docker.io/library/alpine:3",
        "index.docker.io/user/app:x, docker.io/user/app:x",
        "myhost/app:x, docker.io/myhost/app:x",
        "localhost/app, localhost/app:latest",
        "ghcr.io/a/b:c, ghcr.io/a/b:c",
    })
    void source_whenTheReferenceIsShort_isCompletedAsDockerDoes(String ref, String full) {
        assertEquals(registry(full), PlaceParser.source("type=registry,ref=" + ref));
        assertEquals(registry(full), PlaceParser.source("docker://" + ref));
    }

    @Test
    void source_whenShortForm_isThePlace() {
        assertEquals(layout("dir", "latest"), PlaceParser.source("oci:dir"));
        assertEquals(layout("./a/b", "v1"), PlaceParser.source("oci:./a/b:v1"));
        assertEquals(layout("a:b/c", "latest"), PlaceParser.source("oci:a:b/c"));
        assertEquals(layout("a:b", "latest"), PlaceParser.source("oci:a:b:latest"));
        assertEquals(tar("x=y.tar", "latest"), PlaceParser.source("oci-archive:x=y.tar"));
        assertEquals(new Place.ConfigFile(Path.of("c.json")), PlaceParser.source("config:c.json"));
        assertEquals(new Place.Stream(Place.Side.SOURCE, "latest", Optional.empty()), PlaceParser.source("-"));
        assertEquals(registry("r.example.com/app:cache"), PlaceParser.source("r.example.com/app:cache"));
        assertEquals(registry("host:5000/app:latest"), PlaceParser.source("host:5000/app"));
        assertEquals(registry("localhost/app:latest"), PlaceParser.source("localhost/app"));
        assertEquals(
                new Place.Tar(Path.of("c.tar"), "v1", Optional.of(DIGEST)),
                PlaceParser.source("oci-archive:c.tar:v1@" + DIGEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "oci:dir",
                "oci:dir:v1",
                "oci:a:b:latest",
                "oci-archive:c.tar",
                "config:c.json",
                "-",
                "r.example.com/app:cache",
                "type=tar,src=-,tag=v1",
            })
    void spec_whenReadAgain_isTheSamePlace(String spec) {
        Place place = PlaceParser.source(spec);
        assertEquals(spec, place.spec());
        assertEquals(place, PlaceParser.source(place.spec()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"oci:dir", "oci:dir:v1", "oci:a:b@c:latest", "oci-archive:c.tar:x", "host.example.com/app:x"})
    void pinned_whenReadAgain_isThePlaceWithTheDigest(String spec) {
        String pinned = target(spec).place().pinned(DIGEST);
        assertTrue(pinned.endsWith("@" + DIGEST), pinned);
        assertEquals(pinned, PlaceParser.source(pinned).spec());
    }

    @Test
    void name_whenTheTagIsUsual_isThePathAlone() {
        assertEquals("dir", PlaceParser.source("oci:dir:latest").name());
        assertEquals("dir:v1", PlaceParser.source("type=local,src=dir,tag=v1").name());
        assertEquals(
                "dir@sha256:" + DIGEST.shortText(),
                PlaceParser.source("oci:dir@" + DIGEST).name());
        assertEquals("standard output", target("-").place().name());
    }

    @Test
    void target_whenNothingIsSaid_hasTheDefaults() {
        TargetSpec target = target("type=local,dest=out");
        assertEquals(layout("out", "latest"), target.place());
        assertEquals(Optional.empty(), target.mode());
        assertEquals(ExportMode.MIN, target.modeWith(Optional.empty()));
        assertTrue(target.imageManifest());
        assertTrue(target.ociMediaTypes());
        assertEquals(new LayerCompression(Compression.ZSTD, OptionalInt.empty(), false), target.compression());
        assertFalse(target.ignoreError());
        assertFalse(target.reset());
        assertEquals(target.place(), target("oci:out").place());
    }

    @Test
    void target_whenAllIsSaid_hasAll() {
        TargetSpec target = target(
                "type=local,dest=out,tag=v1,mode=max,image-manifest=false,"
                        + "oci-mediatypes=T,compression=gzip,compression-level=9,force-compression=true,ignore-error=1,reset=true");
        assertEquals(
                new TargetSpec(
                        layout("out", "v1"),
                        Optional.of(ExportMode.MAX),
                        false,
                        true,
                        new LayerCompression(Compression.GZIP, OptionalInt.of(9), true),
                        true,
                        true,
                        Set.of(
                                "type",
                                "dest",
                                "tag",
                                "mode",
                                "image-manifest",
                                "oci-mediatypes",
                                "compression",
                                "compression-level",
                                "force-compression",
                                "ignore-error",
                                "reset"),
                        Optional.empty()),
                target);
    }

    @Test
    void target_whenDockerTypes_isAnIndexWithGzipUnlessToldOtherwise() {
        TargetSpec target = target("type=tar,dest=c.tar,oci-mediatypes=false");
        assertFalse(target.imageManifest());
        assertEquals(Compression.GZIP, target.compression().kind());
        assertEquals(
                Compression.ZSTD,
                target("type=tar,dest=c.tar,oci-mediatypes=false,compression=zstd")
                        .compression()
                        .kind());
    }

    @Test
    void target_whenForceCompressionIsEmpty_isForcedAsInBuildKit() {
        assertTrue(target("type=local,dest=o,force-compression=").compression().force());
    }

    @Test
    void target_whenTheLevelOfZstdIsZero_isItsDefault() {
        assertEquals(
                OptionalInt.empty(),
                target("type=local,dest=o,compression-level=0").compression().level());
    }

    @Test
    void modeWith_whenBothSayTheSame_isThat() {
        TargetSpec target = target("type=local,dest=out,mode=max");
        assertEquals(ExportMode.MAX, target.modeWith(Optional.of(ExportMode.MAX)));
        UsageException e = assertThrows(UsageException.class, () -> target.modeWith(Optional.of(ExportMode.MIN)));
        assertEquals("--mode=min and mode=max of the target out differ", e.problem());
    }

    @Test
    void target_whenAnAttributeIsUnknown_saysWhichWasMeant() {
        assertEquals(
                "unknown attribute \"compresion\" in type=registry,ref=…,compresion=zstd / did you mean \"compression\"?"
                        + " known: compression, compression-level, force-compression, ignore-error, image-manifest,"
                        + " mode, oci-mediatypes, ref, …",
                problem("type=registry,ref=r.example.com/app,compresion=zstd", Place.Side.TARGET));
    }

    @Test
    void place_whenAnAttributeIsOfTheOtherSide_saysSo() {
        assertEquals(
                "attribute \"dest\" is for a target (--to), not for a source (--from), in type=local,dest=x"
                        + " / write src=x",
                problem("type=local,dest=x", Place.Side.SOURCE));
        assertEquals(
                "attribute \"mode\" is for a target (--to), not for a source (--from), in type=local,src=…,mode=max"
                        + " / leave it out",
                problem("type=local,src=x,mode=max", Place.Side.SOURCE));
        assertEquals(
                "attribute \"src\" is for a source (--from), not for a target (--to), in type=tar,src=x"
                        + " / write dest=x",
                problem("type=tar,src=x", Place.Side.TARGET));
        assertTrue(problem("config:x", Place.Side.TARGET).contains("--config-only"));
    }

    @Test
    void place_whenAnAttributeStandsTwice_isRefused() {
        assertEquals(
                "attribute \"src\" stands twice in type=local,src=a / leave one of them out",
                problem("type=local,src=a,SRC=b", Place.Side.SOURCE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gha", "s3", "azblob", "inline"})
    void target_whenTheTypeIsOneOfBuildKitsOnly_saysJustThat(String type) {
        assertTrue(problem("type=" + type + ",token=x", Place.Side.TARGET)
                .startsWith("type=" + type + " is a cache that BuildKit knows and cachetool does not know yet"));
    }

    @Test
    void target_whenTheCompressionIsEstargz_saysJustThat() {
        assertTrue(problem("type=local,dest=x,compression=estargz", Place.Side.TARGET)
                .startsWith("compression=estargz is one that BuildKit knows and cachetool does not know yet"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type=locl,src=x | unknown type \"locl\" in type=locl,src=… / did you mean \"local\"?",
                "src=x | src=… lacks \"type\"",
                "type=local | type=local lacks \"src\" / add src=DIR",
                "type=local,src= | \"src\" is empty in type=local,src= / write src=DIR",
                "type=registry | type=registry lacks \"ref\"",
                "type=registry,ref=R/App | \"R/App\" names nothing in a registry",
                "type=registry,ref=x:bad tag | \"x:bad tag\" names nothing in a registry",
                "type=registry,ref=a.b/c,registry.insecure=maybe | \"registry.insecure\" is neither true nor false",
                "type=local,src=x,tag=.a | \".a\" is no tag",
                "type=local,src=x,digest=sha256:1 | \"sha256:1\" is no digest: it needs 64 hexadecimal digits",
                "type=local,src=x, | an attribute is empty in type=local,src=…",
                "type=local,src | \"src\" is no attribute in type=local",
                "type=local,src=\"a\" | a quote stands inside an unquoted part",
                "oci:dir:b@d | \"b@d\" is no tag",
                "oci: | the path of oci: is empty",
                "oci:dir:. | \".\" is no tag",
                "cache.tar | \"cache.tar\" is no place that cachetool knows / write oci-archive:cache.tar or",
                "./cache | \"./cache\" is no place that cachetool knows / write oci:./cache for a directory",
                "https://r.example.com/app | \"https://r.example.com/app\" is no place that cachetool knows / write docker",
                "oci-archiv:x | \"oci-archiv:x\" is no place that cachetool knows / did you mean \"oci-archive:\"?",
                "user/app | \"user/app\" is no place that cachetool knows / for a registry write docker://user/app",
                "type=inline | type=inline is no source / a cache inside an image is read with type=registry",
            })
    void source_whenItCannotBe_saysWhatAndWhatToWrite(String spec, String message) {
        String problem = problem(spec, Place.Side.SOURCE);
        assertTrue(problem.startsWith(message), problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type=local,dest=x,mode=maximum | unknown mode \"maximum\" in type=local,dest=…,mode=maximum",
                "type=local,dest=x,image-manifest=true,oci-mediatypes=false | image-manifest=true needs OCI media types",
                "type=local,dest=x,oci-mediatypes= | \"oci-mediatypes\" is neither true nor false",
                "type=local,dest=x,compression=ztd | unknown value of \"compression\"",
                "type=local,dest=x,compression-level=23 | zstd has no level \"23\"",
                "type=local,dest=x,compression=gzip,compression-level=10 | gzip has no level \"10\"",
                "type=local,dest=x,compression-level=-1 | zstd has no level \"-1\"",
                "type=local,dest=x,compression-level=99999999999 | zstd has no level \"99999999999\"",
                "type=local,dest=x,compression=uncompressed,compression-level=1 | compression=uncompressed has no levels",
                "type=tar,dest=x,reset=true | unknown attribute \"reset\"",
                "type=registry,ref=a.b/c@sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 | a target has no digest",
                "oci:x@sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 | a target has no digest",
                "type=local,dest=x,digest=sha256:1 | attribute \"digest\" is for a source (--from)",
            })
    void target_whenItCannotBe_saysWhat(String spec, String message) {
        String problem = problem(spec, Place.Side.TARGET);
        assertTrue(problem.startsWith(message), problem);
    }

    @Test
    void place_whenRefused_showsNoOtherValues() {
        String problem = problem("type=local,dest=secret-place,tokn=hunter2,secret_key=hunter3", Place.Side.TARGET);
        assertFalse(problem.contains("secret-place") || problem.contains("hunter3"), problem);
        assertFalse(problem("type=local,dest=x,auth_token=hunter2", Place.Side.TARGET)
                .contains("hunter2"));
    }
}
