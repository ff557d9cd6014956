package dev.cachetool.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.LayerView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bytes of the page; what a browser makes of them is in {@link CachePageBrowserTest}. */
class CachePageTest {
    private static final Path RESOURCES = Path.of("src", "main", "resources", "dev", "cachetool", "page");

    @Test
    void page_ofTheSameCache_isTheSameBytes() throws IOException {
        assertArrayEquals(page("x", TestCaches.ofSize(200)), page("x", TestCaches.ofSize(200)));
    }

    @Test
    void data_whenRead_isTheCache() throws IOException {
        CacheView cache = TestCaches.ofSize(300);

        JsonValue data = data(page("oci:dir", cache));

        assertEquals("oci:dir", data.require("place").asString());
        assertEquals(cache.digestText(), data.require("digest").asString());
        assertEquals("image-manifest", data.require("form").asString());
        List<String> texts = data.require("texts").asStrings();
        List<JsonValue> layers = data.require("layers").asArray();
        for (int i = 0; i < cache.layers().size(); i++) {
            LayerView layer = cache.layers().get(i);
            List<JsonValue> row = layers.get(i).asArray();
            assertEquals(layer.digest(), digest(row.get(0)));
            assertEquals(layer.size(), row.get(1).asLong());
            assertEquals(layer.mediaType(), texts.get(row.get(2).asInt()));
            assertEquals(layer.diffId().orElseThrow(), digest(row.get(3)));
            assertEquals(layer.users(), row.get(4).asInt());
        }
        List<JsonValue> records = data.require("records").asArray();
        assertEquals(300, records.size());
        for (int i = 0; i < records.size(); i++) {
            RecordView each = cache.records().get(i);
            List<JsonValue> row = records.get(i).asArray();
            assertEquals(each.identityText(), digest(row.get(0)));
            assertEquals(each.digest(), digest(row.get(1)));
            assertEquals(each.names(), row.get(2).asStrings());
            assertEquals(each.depth(), row.get(3).asInt());
            List<JsonValue> inputs = row.get(4).asArray();
            assertEquals(each.inputs().size(), inputs.size());
            for (int input = 0; input < inputs.size(); input++) {
                List<Integer> sources = new ArrayList<>();
                List<String> selectors = new ArrayList<>();
                List<JsonValue> links = inputs.get(input).asArray();
                for (int at = 0; at < links.size(); at += 2) {
                    sources.add(links.get(at).asInt());
                    selectors.add(texts.get(links.get(at + 1).asInt()));
                }
                assertEquals(each.sources(input), sources);
                assertEquals(each.selectors(input), selectors);
            }
            List<JsonValue> results = row.get(5).asArray();
            assertEquals(each.results().size(), results.size());
            for (int at = 0; at < results.size(); at++) {
                ResultView result = each.results().get(at);
                List<JsonValue> values = results.get(at).asArray();
                List<Integer> stack = new ArrayList<>();
                for (JsonValue layer : values.get(0).asArray()) {
                    stack.add(layer.asInt());
                }
                assertEquals(result.layers(), stack);
                assertEquals(result.bytes(), values.get(1).asLong());
                assertEquals(result.ownBytes(), values.get(2).asLong());
                assertEquals(
                        result.createdAt().instant().toEpochMilli(),
                        values.get(3).asLong());
                assertEquals(result.milliseconds().orElseThrow(), values.get(4).asLong());
            }
        }
    }

    @Test
    void digests_thatAreNone_standAsTheyAre() throws IOException {
        String digits = "0".repeat(64);
        for (String odd : List.of(digits, "", "=", "sha256:short", "random:" + digits, "sha512:" + digits)) {
            JsonValue data = data(page("x", TestCaches.ofOne(odd, List.of(), new TreeMap<>())));

            JsonValue written =
                    data.require("records").asArray().get(0).asArray().get(1);
            assertEquals(odd, digest(written));
        }
    }

    @Test
    void texts_whenHostile_cannotEndTheElementThatTheyStandIn() throws IOException {
        String bad = "</script><!--<script>]]>&lt;\u2028\u2029";
        TreeMap<String, String> parts = new TreeMap<>();
        parts.put(bad, bad);

        byte[] page = page(bad, TestCaches.ofOne(bad, List.of(bad), parts));

        String block = block(page);
        for (String character : List.of("<", ">", "&", "\u2028", "\u2029")) {
            assertFalse(block.contains(character), character);
        }
        JsonValue row = data(page).require("records").asArray().get(0);
        assertEquals(List.of(bad), row.asArray().get(2).asStrings());
        assertEquals(List.of(bad, bad), row.asArray().get(6).asStrings());
        String other = new String(page("", TestCaches.ofOne("", List.of(), new TreeMap<>())), StandardCharsets.UTF_8);
        assertEquals(
                other.replace(block(other.getBytes(StandardCharsets.UTF_8)), ""),
                new String(page, StandardCharsets.UTF_8).replace(block, ""));
    }

    @Test
    void policy_whenRead_namesTheStyleAndTheScriptThatStandThere_andNoPlaceToAsk() throws Exception {
        String page = new String(page("x", TestCaches.ofSize(10)), StandardCharsets.UTF_8);

        assertEquals(
                "default-src 'none'; script-src '" + hash(page, "<script>") + "'; style-src '" + hash(page, "<style>")
                        + "'; img-src data:; base-uri 'none'; form-action 'none'",
                found(page, "Content-Security-Policy\" content=\"([^\"]*)\""));
        assertFalse(page.replace("http://www.w3.org/2000/svg", "").contains("://"));
    }

    @Test
    void script_whenRead_makesNoMarkupOfText() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES)) {
            for (Path file : files.toList()) {
                String source = Files.readString(file);
                for (String dangerous : List.of(
                        "innerHTML",
                        "outerHTML",
                        "insertAdjacentHTML",
                        "document.write",
                        "DOMParser",
                        "createContextualFragment",
                        "eval(",
                        "Function(",
                        "fetch(",
                        "XMLHttpRequest",
                        "@import",
                        "url(")) {
                    assertFalse(source.contains(dangerous), file + " has " + dangerous);
                }
            }
        }
    }

    @Test
    void page_ofTenThousandRecords_hasLessThanFourHundredBytesForEach() throws IOException {
        int frame = page("x", TestCaches.ofSize(0)).length;
        int whole = page("x", TestCaches.ofSize(10_000)).length;

        assertTrue(frame < 100_000, "the frame has " + frame + " bytes");
        assertTrue(whole - frame < 10_000 * 400, "the data has " + (whole - frame) + " bytes");
    }

    private static byte[] page(String place, CacheView cache) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CachePage.write(place, cache, out);
        return out.toByteArray();
    }

    private static String block(byte[] page) {
        return found(
                new String(page, StandardCharsets.UTF_8),
                "(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>");
    }

    private static JsonValue data(byte[] page) throws JsonException {
        return JsonDocument.strict(block(page).getBytes(StandardCharsets.UTF_8), "data");
    }

    private static String digest(JsonValue written) throws JsonException {
        String text = written.asString();
        return text.startsWith("=") ? text.substring(1) : "sha256:" + text;
    }

    private static String hash(String page, String tag) throws Exception {
        int from = page.indexOf(tag) + tag.length();
        String text = page.substring(from, page.indexOf("</", from));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), pattern);
        return matcher.group(1);
    }
}
