package dev.cachetool.remotecache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.golden.SameCache;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.layout.LayoutTar;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Caches that real BuildKit daemons exported are read as what they are, and written again as the same caches. */
class CachesGoldenTest {
    private static final CacheArtifact.Warnings NO_WARNINGS = text -> {
        throw new AssertionError(text);
    };

    @TempDir
    private Path temporary;

    /** A cache of a folder, with what was counted in it. */
    record Tagged(GoldenCase golden, String tag, JsonValue expected) {
        CacheArtifact read(Source source) throws IOException {
            return CacheArtifact.read(source, source.resolve(tag).orElseThrow(), NO_WARNINGS);
        }

        byte[] blob(String digest) {
            return golden.bytes("blobs/sha256/" + digest.substring(digest.indexOf(':') + 1));
        }

        JsonValue document(String digest) throws JsonException {
            return JsonDocument.asGoReads(blob(digest), digest);
        }

        /**
         * The config that BuildKit wrote. Of an inline cache: the records of the image's config, with the image's layers as
         * their layers, each on the one before.
         */
        byte[] config() throws JsonException {
            if (expected.get("configDigest").isPresent()) {
                return blob(expected.require("configDigest").asString());
            }
            JsonValue image = document(expected.require("manifestDigest").asString());
            if (image.get("manifests").isPresent()) {
                // Beside the image stands what attests it.
                image = document(image.require("manifests")
                        .asArray()
                        .get(0)
                        .require("digest")
                        .asString());
            }
            StringBuilder layers = new StringBuilder();
            int index = 0;
            for (JsonValue layer : image.require("layers").asArray()) {
                layers.append(index == 0 ? "" : ",")
                        .append("{\"blob\":\"")
                        .append(layer.require("digest").asString())
                        .append("\",\"parent\":")
                        .append(index++ - 1)
                        .append('}');
            }
            String config = image.require("config").require("digest").asString();
            byte[] records = Base64.getDecoder()
                    .decode(document(config).require("moby.buildkit.cache.v0").asString());
            return ("{\"layers\":[" + layers + "],\"records\":" + new String(records, UTF_8) + "}").getBytes(UTF_8);
        }

        int count(String field) throws JsonException {
            return expected.require(field).asInt();
        }

        String text(String field) throws JsonException {
            return expected.require(field).asString();
        }

        @Override
        public String toString() {
            return golden + ":" + tag;
        }
    }

    static Stream<Tagged> caches() {
        return GoldenCases.list("caches").stream().flatMap(golden -> {
            try {
                JsonValue expected = JsonDocument.asGoReads(golden.bytes("expect.json"), golden + "/expect.json");
                Map<String, JsonValue> tags = expected.get("tags").isPresent()
                        ? expected.require("tags").asObject()
                        : Map.of("latest", expected);
                return tags.entrySet().stream().map(tag -> new Tagged(golden, tag.getKey(), tag.getValue()));
            } catch (JsonException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A form in which a cache can be written. */
    private record Written(ArtifactForm form, boolean oci) {
        static final List<Written> ALL = List.of(
                new Written(ArtifactForm.IMAGE_MANIFEST, true),
                new Written(ArtifactForm.INDEX, true),
                new Written(ArtifactForm.INDEX, false));

        CacheArtifactWriter writer() {
            return new CacheArtifactWriter(form, oci);
        }
    }

    private interface Opened {
        Target open() throws IOException;
    }

    @Test
    void caches_ofEveryVersionAndForm_areThere() throws JsonException {
        TreeSet<String> kinds = new TreeSet<>();
        for (Tagged cache : caches().toList()) {
            kinds.add(cache.expected.get("buildkit").isPresent() ? cache.text("buildkit") : "");
            kinds.add(cache.text("form") + " " + cache.text("mediatypes"));
        }
        assertTrue(
                kinds.containsAll(List.of(
                        "v0.11.6",
                        "v0.19.0",
                        "v0.32.2",
                        "image oci",
                        "image-index oci",
                        "image-manifest oci",
                        "index docker",
                        "index oci")),
                kinds.toString());
    }

    @ParameterizedTest
    @MethodSource("caches")
    void read_ofCache_holdsWhatWasCountedInIt(Tagged cache) throws IOException {
        try (Source source = LayoutDirectory.open(cache.golden.folder())) {
            CacheArtifact artifact = cache.read(source);

            String form = cache.text("form");
            assertEquals(form.startsWith("image") && !form.equals("image-manifest"), inline(artifact), form);
            if (!inline(artifact)) {
                assertEquals(form, artifact.form().text());
            }
            assertEquals(Optional.of(cache.text("mediatypes").equals("oci")), artifact.ociMediaTypes());
            assertEquals(cache.text("manifestDigest"), artifact.digest().toString());
            assertEquals(cache.count("rawBytesOfManifest"), artifact.manifestBytes());
            assertEquals(cache.count("rawBytesOfConfig"), artifact.configBytes());
            assertEquals(Notes.NONE, artifact.notes());
            assertEquals(1, artifact.configs().size());
            CacheConfig config = artifact.configs().get(0);
            assertEquals(cache.count("layers"), config.layers().size());
            assertEquals(cache.count("records"), config.records().size());

            NormalizedChains chains = artifact.chains(source.name()).normalize();
            assertEquals(cache.count("records"), chains.records().size());
            assertEquals(
                    cache.count("recordsWithResult"),
                    chains.records().stream()
                            .filter(record -> !record.results().isEmpty())
                            .count());
            for (Descriptor layer : chains.layers()) {
                assertTrue(layer.diffId().isPresent(), layer::toString);
                assertEquals(layer.size(), source.readAll(layer, layer.size()).length);
            }
        }
    }

    private static boolean inline(CacheArtifact artifact) {
        return artifact.form() == ArtifactForm.INLINE;
    }

    @ParameterizedTest
    @MethodSource("caches")
    void chains_ofCache_areTheSameCache(Tagged cache) throws IOException {
        try (Source source = LayoutDirectory.open(cache.golden.folder())) {
            byte[] config = cache.read(source)
                    .chains(source.name())
                    .normalize()
                    .config()
                    .toBytes();

            assertEquals(Optional.empty(), SameCache.difference(cache.config(), config, SameCache.Options.exact()));
            assertNormal(config, cache, source, "read and written once more");
        }
    }

    /** Reads the config of some of the cache, and writes it again. */
    private static void assertNormal(byte[] config, Tagged cache, Source source, String says) throws IOException {
        CacheChains again = new CacheChains();
        again.addAll(
                CacheConfig.parse(config, "again"), "again", cache.read(source).layers(), source);
        assertArrayEquals(config, again.normalize().config().toBytes(), says);
    }

    @ParameterizedTest
    @MethodSource("caches")
    void withResultsOf_ofAnyOneResult_isThatResultWithItsChainAndNothingElse(Tagged cache) throws IOException {
        try (Source source = LayoutDirectory.open(cache.golden.folder())) {
            NotedChains all = NotedChains.of(cache.read(source), source.name());
            BitSet results = new BitSet();
            results.set(0, all.chains().records().size());
            assertEquals(
                    Optional.empty(),
                    SameCache.difference(
                            cache.config(),
                            all.withResultsOf(results).chains().config().toBytes(),
                            SameCache.Options.exact()));
            for (CacheResults.Row row : CacheResults.of(all).rows()) {
                BitSet one = new BitSet();
                one.set(row.record());
                NormalizedChains left = all.withResultsOf(one).chains();

                assertEquals(
                        1,
                        CacheResults.of(new NotedChains(left, Notes.NONE))
                                .rows()
                                .size());
                assertEquals(
                        row.layers().stream().map(Descriptor::digest).collect(Collectors.toSet()),
                        left.layers().stream().map(Descriptor::digest).collect(Collectors.toSet()),
                        "no other layer is listed, and none is missing");
                // What is dropped leads nowhere: every record that stays but the result's own has a user.
                Set<Integer> used = new TreeSet<>();
                left.records().forEach(each -> each.inputs().forEach(links -> links.forEach(l -> used.add(l.index()))));
                assertEquals(left.records().size() - 1, used.size());
                byte[] config = left.config().toBytes();
                assertNormal(config, cache, source, "it is in its normal form");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("caches")
    void fit_ofCache_isWithinTheSizeAndDropsNoMoreThanNeeded(Tagged cache) throws IOException {
        try (Source source = LayoutDirectory.open(cache.golden.folder())) {
            NotedChains all = NotedChains.of(cache.read(source), source.name());
            for (Written form : Written.ALL) {
                CacheContents contents = form.writer().contents(all).orElseThrow();
                long size = Math.max(
                        contents.manifest().bytes().length,
                        contents.documents().get(0).descriptor().size());
                assertEquals(List.of(), CacheFit.of(all, form.writer(), size).dropped());
                CacheFit smaller = CacheFit.of(all, form.writer(), size - 1);
                assertEquals(smaller.contents().isPresent(), smaller.fits());
                assertEquals(
                        CacheResults.of(all).rows().subList(0, smaller.dropped().size()),
                        smaller.dropped().stream()
                                .map(CachePrunePolicy.Dropped::row)
                                .toList(),
                        "the oldest go");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("caches")
    void write_ofCache_isReadBackAsTheSameCache(Tagged cache) throws IOException, InterruptedException {
        try (Source source = LayoutDirectory.open(cache.golden.folder())) {
            NormalizedChains chains = cache.read(source).chains(source.name()).normalize();
            int number = 0;
            for (Written form : Written.ALL) {
                Path directory = temporary.resolve("directory " + number);
                Path tar = temporary.resolve(number++ + ".tar");
                Manifest inDirectory = write(form, chains, () -> LayoutDirectory.create(directory));
                Manifest inTar = write(form, chains, () -> LayoutTar.create(tar));

                assertEquals(inDirectory.digest(), inTar.digest(), "the place means nothing");
                try (Source back = LayoutDirectory.open(directory)) {
                    assertHolds(cache, form, chains, back);
                }
                try (Source back = LayoutTar.open(tar, temporary)) {
                    assertHolds(cache, form, chains, back);
                }
            }
        }
    }

    private static Manifest write(Written form, NormalizedChains chains, Opened target)
            throws IOException, InterruptedException {
        try (Target opened = target.open()) {
            CacheContents contents =
                    form.writer().contents(new NotedChains(chains, Notes.NONE)).orElseThrow();
            new CachePublisher(true).publish(contents, opened, "tag", (layer, ingested) -> {});
            return contents.manifest();
        }
    }

    private static void assertHolds(Tagged cache, Written form, NormalizedChains chains, Source back)
            throws IOException {
        Manifest manifest = back.resolve("tag").orElseThrow();
        CacheArtifact artifact = CacheArtifact.read(back, manifest, NO_WARNINGS);
        assertEquals(form.form(), artifact.form());
        assertEquals(Optional.of(form.oci()), artifact.ociMediaTypes());
        NormalizedChains read = artifact.chains(back.name()).normalize();
        byte[] config = chains.config().toBytes();
        assertArrayEquals(config, read.config().toBytes());
        assertEquals(Optional.empty(), SameCache.difference(cache.config(), config, SameCache.Options.exact()));

        List<Descriptor> entries = new ArrayList<>(
                form.form() == ArtifactForm.INDEX
                        ? ImageIndex.parse(manifest.bytes(), "index").manifests()
                        : ImageManifest.parse(manifest.bytes(), "manifest").layers());
        if (form.form() == ArtifactForm.INDEX) {
            Descriptor last = entries.remove(entries.size() - 1);
            assertEquals(MediaTypes.CACHE_CONFIG, last.mediaType());
            assertArrayEquals(config, back.readAll(last, config.length));
        }
        assertEquals(chains.config().layers().size(), entries.size(), "one entry for each layer of the config");
        for (int i = 0; i < entries.size(); i++) {
            Descriptor entry = entries.get(i);
            assertEquals(chains.config().layers().get(i).blob(), entry.digest().toString());
            assertEquals(form.oci(), entry.mediaType().startsWith("application/vnd.oci."), entry.mediaType());
            assertEquals(chains.layers().get(i).diffId(), entry.diffId());
            assertEquals(entry.digest(), Digest.sha256(back.readAll(entry, entry.size())));
        }
    }
}
