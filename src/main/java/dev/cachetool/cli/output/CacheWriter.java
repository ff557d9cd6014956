package dev.cachetool.cli.output;

import dev.cachetool.inspect.AgeLimit;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.LayerView;
import dev.cachetool.inspect.SharedLayers;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Writes what is told of a cache as a whole as the section {@code cache} of an answer. */
public final class CacheWriter implements Answer.Section {
    private final CacheView cache;
    private final Instant now;
    private final Map<String, SharedLayers> others = new LinkedHashMap<>();

    /**
     * @param now what ages are counted from
     */
    public CacheWriter(CacheView cache, Instant now) {
        this.cache = cache;
        this.now = now;
    }

    /** Adds what it shares with the cache at a place. */
    public void sharedWith(String place, SharedLayers shared) {
        others.put(place, shared);
    }

    @Override
    public void write(JsonWriter json) throws IOException {
        json.beginObject().name("ociMediaTypes");
        Optional<Boolean> oci = cache.ociMediaTypes();
        if (oci.isPresent()) {
            json.value(oci.get());
        } else {
            json.nullValue();
        }
        json.name("compressions").beginArray();
        for (String compression : cache.compressions()) {
            json.value(compression);
        }
        json.endArray().name("noted").value(cache.noted());
        json.name("newest").value(cache.newest().map(Timestamp::toString).orElse(null));
        json.name("fanIn")
                .beginObject()
                .field("median", cache.fanIn().median())
                .field("most", cache.fanIn().most())
                .endObject();
        json.name("ages").beginArray();
        for (AgeLimit limit : AgeLimit.of(cache, now, AgeLimit.USUAL)) {
            json.beginObject()
                    .field("days", limit.age().toDays())
                    .field("results", limit.results())
                    .field("bytes", limit.bytes())
                    .field("freedLayers", limit.freedLayers())
                    .field("freedBytes", limit.freedBytes())
                    .endObject();
        }
        json.endArray().name("repeated").beginArray();
        for (LayerView layer : cache.repeatedLayers()) {
            json.beginObject()
                    .field("digest", layer.digest())
                    .field("size", layer.size())
                    .field("users", layer.users())
                    .field("parents", layer.parents())
                    .endObject();
        }
        json.endArray().name("unused").beginArray();
        for (LayerView layer : cache.unusedLayers()) {
            json.value(layer.digest());
        }
        json.endArray().name("sharedWith").beginArray();
        for (Map.Entry<String, SharedLayers> other : others.entrySet()) {
            json.beginObject()
                    .field("place", other.getKey())
                    .field("layers", other.getValue().layers())
                    .field("bytes", other.getValue().bytes())
                    .endObject();
        }
        json.endArray().endObject();
    }
}
