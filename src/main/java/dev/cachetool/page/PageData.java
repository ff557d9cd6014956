package dev.cachetool.page;

import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.LayerView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Writes a cache as the page's data, which {@code model.js} reads: an object with the facts of the cache and
 *
 * <ul>
 *   <li>{@code texts}: media types and selectors, each once; others name them by their place
 *   <li>{@code layers}: {@code [digest, size, mediaType, diffID or 0, users]} each
 *   <li>{@code records}: {@code [identity, digest, names, depth, inputs, results, parts]} each; an input is
 *       {@code [record, selector, record, selector, …]}, a result {@code [layers, bytes, ownBytes, createdMillis or null,
 *       milliseconds or null]}, parts are {@code [name, value, name, value, …]}
 * </ul>
 *
 * <p>A SHA-256 digest is written as its 64 digits alone, any other text in the place of one with {@code =} before it. {@link
 * JsonWriter} escapes what could end the element that the data stands in.
 */
final class PageData implements JsonWriter.Body {
    private static final String SHA256 = "sha256:";
    private static final int DIGITS = 64;

    private final String place;
    private final CacheView cache;
    private final Map<String, Integer> texts = new LinkedHashMap<>();

    PageData(String place, CacheView cache) {
        this.place = place;
        this.cache = cache;
        number("");
        for (LayerView layer : cache.layers()) {
            number(layer.mediaType());
        }
        for (RecordView each : cache.records()) {
            for (int input = 0; input < each.inputs().size(); input++) {
                each.selectors(input).forEach(this::number);
            }
        }
    }

    @Override
    public void write(JsonWriter json) throws IOException {
        json.beginObject()
                .field("place", place)
                .field("digest", cache.digestText())
                .field("form", cache.formText());
        json.name("oci");
        if (cache.ociMediaTypes().isPresent()) {
            json.value(cache.ociMediaTypes().get().booleanValue());
        } else {
            json.nullValue();
        }
        json.name("compressions");
        array(json, cache.compressions());
        json.name("noted").value(cache.noted()).field("configBytes", cache.configBytes());
        json.name("manifestBytes");
        number(json, cache.manifestBytes());
        json.name("texts");
        array(json, new ArrayList<>(texts.keySet()));
        json.name("layers").beginArray();
        for (LayerView layer : cache.layers()) {
            write(json, layer);
        }
        json.endArray().name("records").beginArray();
        for (RecordView each : cache.records()) {
            write(json, each);
        }
        json.endArray().endObject();
    }

    private void write(JsonWriter json, LayerView layer) throws IOException {
        json.beginArray().value(shortened(layer.digest())).value(layer.size()).value(number(layer.mediaType()));
        if (layer.diffId().isPresent()) {
            json.value(shortened(layer.diffId().get()));
        } else {
            json.value(0);
        }
        json.value(layer.users()).endArray();
    }

    private void write(JsonWriter json, RecordView each) throws IOException {
        json.beginArray().value(shortened(each.identityText())).value(shortened(each.digest()));
        array(json, each.names());
        json.value(each.depth()).beginArray();
        for (int input = 0; input < each.inputs().size(); input++) {
            List<Integer> sources = each.sources(input);
            List<String> selectors = each.selectors(input);
            json.beginArray();
            for (int link = 0; link < sources.size(); link++) {
                json.value(sources.get(link)).value(number(selectors.get(link)));
            }
            json.endArray();
        }
        json.endArray().beginArray();
        for (ResultView result : each.results()) {
            json.beginArray().beginArray();
            for (int layer : result.layers()) {
                json.value(layer);
            }
            json.endArray().value(result.bytes()).value(result.ownBytes());
            number(json, result.createdMillis());
            number(json, result.milliseconds());
            json.endArray();
        }
        json.endArray().beginArray();
        for (Map.Entry<String, String> part : each.parts().entrySet()) {
            json.value(part.getKey()).value(part.getValue());
        }
        json.endArray().endArray();
    }

    private int number(String text) {
        int next = texts.size();
        Integer known = texts.putIfAbsent(text, next);
        return known == null ? next : known;
    }

    private static String shortened(String digest) {
        boolean plain = digest.length() == SHA256.length() + DIGITS && digest.startsWith(SHA256);
        return plain ? digest.substring(SHA256.length()) : "=" + digest;
    }

    private static void array(JsonWriter json, List<String> texts) throws IOException {
        json.beginArray();
        for (String text : texts) {
            json.value(text);
        }
        json.endArray();
    }

    private static void number(JsonWriter json, OptionalLong number) throws IOException {
        if (number.isPresent()) {
            json.value(number.getAsLong());
        } else {
            json.nullValue();
        }
    }
}
