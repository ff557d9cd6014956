package dev.cachetool.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DescriptorTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20260105);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;

    private static final Digest DIGEST = Digest.sha256("blob");

    @BeforeAll
    static void printSeed() {
        System.out.println("DescriptorTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
    }

    private static Descriptor read(String json) throws JsonException {
        return Descriptor.read(JsonDocument.asGoReads(
                json.replace('\'', '"').replace("DIGEST", DIGEST.toString()).getBytes(UTF_8), "manifest"));
    }

    private static String written(Descriptor descriptor) {
        return new String(JsonWriter.bytes(descriptor::write), UTF_8);
    }

    @Test
    void of_bytes_hasTheirDigestAndSize() {
        Descriptor descriptor = Descriptor.of("text/plain", "blob".getBytes(UTF_8));

        assertEquals(Descriptor.of("text/plain", DIGEST, 4), descriptor);
        assertEquals("{\"mediaType\":\"text/plain\",\"digest\":\"" + DIGEST + "\",\"size\":4}", written(descriptor));
    }

    @Test
    void read_ofEveryField_keepsItInGosOrder() throws JsonException {
        String json = ("{'mediaType':'m','digest':'DIGEST','size':4,'urls':['https://a.example/x'],"
                        + "'annotations':{'a':'1','b':'\\u003c'},'data':'YmxvYg==',"
                        + "'platform':{'architecture':'arm64','os':'windows','os.version':'10.0','os.features':['win32k'],'variant':'v8'},"
                        + "'artifactType':'t'}")
                .replace('\'', '"')
                .replace("DIGEST", DIGEST.toString());

        assertEquals(json, written(read(json)));
    }

    @Test
    void read_ofTheLeastThereIs_leavesTheRestEmpty() throws JsonException {
        Descriptor descriptor = read("{'digest':'DIGEST','size':0}");

        assertEquals(Descriptor.of("", DIGEST, 0), descriptor);
        assertEquals("{\"digest\":\"" + DIGEST + "\",\"size\":0}", written(descriptor));
    }

    @Test
    void read_ofOddFields_takesThemAsGoDoes() throws JsonException {
        Descriptor descriptor = read("{'MEDIATYPE':'m','Digest':'DIGEST','size':1,'SIZE':2,'annotations':null,"
                + "'platform':null,'urls':[],'unknown':{'deep':[]},'annotations':{'b':'2','a':null}}");

        assertEquals(new Descriptor("m", DIGEST, 2, Map.of("a", "", "b", "2"), Optional.empty()), descriptor);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|1:1|must be an object, is an array",
                "{}|1:1|lacks the field \"digest\"",
                "{'digest':null,'size':1}|1:1|lacks the field \"digest\"",
                "{'digest':'DIGEST'}|1:1|lacks the field \"size\"",
                "{'digest':'md5:x','size':1}|1:11|is no digest: its algorithm is none of sha256, sha384, sha512",
                "{'digest':'random:x','size':1}|1:11|is no digest: its algorithm is none of sha256, sha384, sha512",
                "{'digest':7,'size':1}|1:11|must be a string, is a number",
                "{'size':-1,'digest':'DIGEST'}|1:9|a blob cannot have -1 bytes",
                "{'size':1.0,'digest':'DIGEST'}|1:9|must be a whole number, is 1.0",
                "{'size':'1','digest':'DIGEST'}|1:9|must be a whole number, is a string",
                "{'mediaType':1,'size':1,'digest':'DIGEST'}|1:14|must be a string, is a number",
                "{'annotations':{'a':1},'size':1,'digest':'DIGEST'}|1:21|must be a string, is a number",
                "{'annotations':[],'size':1,'digest':'DIGEST'}|1:16|must be an object, is an array",
                "{'platform':'linux','size':1,'digest':'DIGEST'}|1:13|must be an object, is a string",
                "{'urls':'x','size':1,'digest':'DIGEST'}|1:9|must be an array, is a string",
            })
    void read_ofAMalformedOne_saysWhatAndWhere(String json, String at, String problem) {
        assertEquals(
                "manifest:" + at + ": " + problem,
                assertThrows(JsonException.class, () -> read(json)).getMessage());
    }

    @Test
    void descriptor_thatCannotBe_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> Descriptor.of("m", DIGEST, -1));
        assertThrows(IllegalArgumentException.class, () -> Descriptor.of("m", Digest.parseCacheDigest("random:x"), 1));
    }

    @Test
    void annotations_ofTheCaller_areCopied() {
        Map<String, String> annotations = new HashMap<>(Map.of("a", "1"));
        List<String> urls = new ArrayList<>(List.of("u"));
        Descriptor descriptor =
                new Descriptor("m", DIGEST, 1, urls, annotations, Optional.empty(), Optional.empty(), "");
        annotations.put("b", "2");
        urls.clear();

        assertEquals(Map.of("a", "1"), descriptor.annotations());
        assertEquals(List.of("u"), descriptor.urls());
        assertThrows(
                UnsupportedOperationException.class,
                () -> descriptor.annotations().put("c", "3"));
    }

    @Test
    void with_anotherPart_keepsTheOthers() {
        Descriptor descriptor = new Descriptor(
                "m",
                DIGEST,
                1,
                List.of("u"),
                Map.of("b", "2"),
                Optional.of("YmxvYg=="),
                Optional.of(Platform.parse("linux/amd64")),
                "t");

        Descriptor changed =
                descriptor.withAnnotation("a", "1").withAnnotation("b", "3").withMediaType("n");
        assertEquals(
                new Descriptor(
                        "n",
                        DIGEST,
                        1,
                        descriptor.urls(),
                        Map.of("a", "1", "b", "3"),
                        descriptor.data(),
                        descriptor.platform(),
                        "t"),
                changed);
        assertEquals(Map.of(), changed.withAnnotations(Map.of()).annotations());
        assertEquals(Map.of("b", "2"), descriptor.annotations());
    }

    @Test
    void diffId_ofTheAnnotation_isEmptyWhereItIsMalformed() {
        Descriptor layer = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, DIGEST, 1);
        DiffId diffId = new DiffId(Digest.sha256("tar"));

        assertEquals(
                Optional.of(diffId),
                layer.withAnnotation(Annotations.UNCOMPRESSED, diffId.toString())
                        .diffId());
        assertEquals(Optional.empty(), layer.diffId());
        assertEquals(
                Optional.empty(),
                layer.withAnnotation(Annotations.UNCOMPRESSED, "sha256:x").diffId());
        assertEquals(
                Optional.empty(),
                layer.withAnnotation(Annotations.UNCOMPRESSED, "random:x").diffId());
    }

    private static String text(Random random) {
        return List.of("", "a", "b\"\\", "é👩", "<&>\u2028", "\n").get(random.nextInt(6))
                + (random.nextBoolean() ? "" : random.nextInt(10));
    }

    private static Descriptor random(Random random) {
        Map<String, String> annotations = new HashMap<>();
        List<String> urls = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            annotations.put(text(random), text(random));
            urls.add(text(random));
        }
        return new Descriptor(
                text(random),
                Digest.sha256(text(random)),
                random.nextLong() >>> 1,
                urls,
                annotations,
                random.nextBoolean() ? Optional.empty() : Optional.of(text(random)),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(
                                new Platform("o" + text(random), "a" + text(random), text(random), text(random), urls)),
                text(random));
    }

    @Test
    void documents_whenWrittenAndRead_areTheSame() throws JsonException {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            List<Descriptor> entries = new ArrayList<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                entries.add(random(random));
            }
            Map<String, String> annotations = random(random).annotations();
            Optional<Descriptor> subject = random.nextBoolean() ? Optional.empty() : Optional.of(random(random));
            ImageManifest manifest =
                    new ImageManifest("m" + text(random), text(random), random(random), entries, subject, annotations);
            ImageIndex index = new ImageIndex("i" + text(random), text(random), entries, subject, annotations);

            assertEquals(manifest, ImageManifest.parse(manifest.toBytes(), "manifest"));
            assertEquals(index, ImageIndex.parse(index.toBytes(), "index"));
        }
    }

    @Test
    void manifest_ofTheLeastThereIs_isOfOci() throws JsonException {
        String config =
                "{'config':{'digest':'DIGEST','size':4}}".replace('\'', '"').replace("DIGEST", DIGEST.toString());
        ImageManifest manifest = ImageManifest.parse(config.getBytes(UTF_8), "manifest");
        ImageIndex index = ImageIndex.parse("{}".getBytes(UTF_8), "index");

        assertEquals(
                new ImageManifest(MediaTypes.OCI_MANIFEST, Descriptor.of("", DIGEST, 4), List.of(), Map.of()),
                manifest);
        assertEquals(new ImageIndex(MediaTypes.OCI_INDEX, List.of(), Map.of()), index);
        assertEquals(
                "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":[]}",
                new String(index.toBytes(), UTF_8));
    }

    @Test
    void manifest_withoutConfig_isRefused() {
        assertEquals(
                "manifest:1:1: lacks the field \"config\"",
                assertThrows(JsonException.class, () -> ImageManifest.parse("{}".getBytes(UTF_8), "manifest"))
                        .getMessage());
        assertThrows(JsonException.class, () -> ImageManifest.parse("[]".getBytes(UTF_8), "manifest"));
        assertThrows(JsonException.class, () -> ImageIndex.parse("".getBytes(UTF_8), "index"));
        assertThrows(JsonException.class, () -> ImageIndex.parse("{\"manifests\":{}}".getBytes(UTF_8), "index"));
    }

    @Test
    void manifest_ofTheCallersLists_copiesThem() {
        List<Descriptor> layers = new ArrayList<>(List.of(Descriptor.of("m", DIGEST, 4)));
        ImageManifest manifest = new ImageManifest("m", Descriptor.of("c", DIGEST, 4), layers, Map.of());
        ImageIndex index = new ImageIndex("m", layers, Map.of());
        layers.clear();

        assertTrue(manifest.layers().size() == 1 && index.manifests().size() == 1);
    }
}
