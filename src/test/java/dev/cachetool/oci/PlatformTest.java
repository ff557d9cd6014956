package dev.cachetool.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlatformTest {
    @Test
    void parse_ofTwoOrThreeParts_keepsThem() {
        assertEquals(new Platform("linux", "amd64", ""), Platform.parse("linux/amd64"));
        assertEquals(new Platform("linux", "arm", "v7"), Platform.parse("linux/arm/v7"));
        assertEquals("linux/amd64", Platform.parse("linux/amd64").toString());
        assertEquals("linux/arm/v7", Platform.parse("linux/arm/v7").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "linux", "linux/", "/amd64", "linux//v7", "linux/arm/", "linux/arm/v7/x"})
    void parse_ofAnotherForm_refuses(String text) {
        assertEquals(
                "\"" + text + "\" is no platform; it is written os/arch or os/arch/variant",
                assertThrows(IllegalArgumentException.class, () -> Platform.parse(text))
                        .getMessage());
    }

    @Test
    void platform_withoutOsOrArchitecture_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Platform("", "amd64", ""));
        assertThrows(IllegalArgumentException.class, () -> new Platform("linux", "", ""));
    }

    @Test
    void ofThisMachine_inGosNames_isAPlatform() {
        Platform platform = Platform.ofThisMachine();

        assertEquals(platform, Platform.parse(platform.toString()));
        assertFalse(List.of("x86_64", "aarch64").contains(platform.architecture()), platform.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "application/vnd.oci.image.layer.v1.tar, application/vnd.docker.image.rootfs.diff.tar",
        "application/vnd.oci.image.layer.v1.tar+gzip, application/vnd.docker.image.rootfs.diff.tar.gzip",
        "application/vnd.oci.image.layer.v1.tar+zstd, application/vnd.docker.image.rootfs.diff.tar.zstd",
        "application/vnd.oci.image.layer.nondistributable.v1.tar, application/vnd.docker.image.rootfs.foreign.diff.tar",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip, application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    })
    void layerTypes_ofOciAndDocker_becomeEachOther(String oci, String docker) {
        assertEquals(oci, MediaTypes.toOci(docker));
        assertEquals(docker, MediaTypes.toDocker(oci));
        assertEquals(oci, MediaTypes.toOci(oci));
        assertEquals(docker, MediaTypes.toDocker(docker));
        assertTrue(MediaTypes.isLayer(oci) && MediaTypes.isLayer(docker));
    }

    @Test
    void mediaTypes_ofDocuments_areTold() {
        for (String type : List.of(MediaTypes.OCI_INDEX, MediaTypes.DOCKER_INDEX)) {
            assertTrue(MediaTypes.isIndex(type) && !MediaTypes.isManifest(type) && !MediaTypes.isLayer(type), type);
        }
        for (String type : List.of(MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_MANIFEST)) {
            assertTrue(MediaTypes.isManifest(type) && !MediaTypes.isIndex(type) && !MediaTypes.isLayer(type), type);
        }
        for (String type : List.of(
                MediaTypes.CACHE_CONFIG, MediaTypes.NOTES, MediaTypes.OCI_CONFIG, MediaTypes.DOCKER_CONFIG, "")) {
            assertFalse(MediaTypes.isManifest(type) || MediaTypes.isIndex(type) || MediaTypes.isLayer(type), type);
            assertEquals(type, MediaTypes.toOci(type));
            assertEquals(type, MediaTypes.toDocker(type));
        }
    }

    private static ImageConfig config(String json) throws Exception {
        return ImageConfig.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "config");
    }

    private static String error(String json) {
        return assertThrows(JsonException.class, () -> config(json)).getMessage();
    }

    @Test
    void imageConfig_ofHistory_hasATimeForEachLayerThatIsNotEmpty() throws Exception {
        ImageConfig config = config("{'history':[{'created':'2026-01-02T03:04:05Z'},{'created':'x','empty_layer':true},"
                + "{'empty_layer':false},{'created':null,'empty_layer':null}]}");

        assertEquals(List.of("2026-01-02T03:04:05Z", "", ""), config.layerTimes());
        assertEquals(List.of(), config.diffIds());
        assertTrue(config.inlineCacheRecords().isEmpty());
    }

    @Test
    void imageConfig_ofInlineRecords_decodesThemAsGoDoes() throws Exception {
        assertEquals(
                "[{}]",
                new String(
                        config("{'moby.buildkit.cache.v0':'W3\\nt9\\r\\nXQ=='}")
                                .inlineCacheRecords()
                                .orElseThrow(),
                        StandardCharsets.UTF_8));
        assertTrue(
                config("{'moby.buildkit.cache.v0':null}").inlineCacheRecords().isEmpty());
    }

    @Test
    void imageConfig_ofAMalformedPart_saysWhatAndWhere() {
        assertEquals("config:1:27: is no base64", error("{'moby.buildkit.cache.v0':'*'}"));
        assertEquals("config:1:24: is no digest: it has no algorithm", error("{'rootfs':{'diff_ids':['x']}}"));
        assertEquals("config:1:12: must be an array, is an object", error("{'history':{}}"));
    }
}
