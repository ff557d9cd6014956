package dev.cachetool.cli.output;

import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Writes the records of a cache as the section {@code records} of an answer. */
public final class RecordsWriter implements Answer.Section {
    private final CacheView cache;

    public RecordsWriter(CacheView cache) {
        this.cache = cache;
    }

    @Override
    public void write(JsonWriter json) throws IOException {
        json.beginArray();
        for (RecordView each : cache.records()) {
            json.beginObject();
            identity(json, each);
            json.name("parts").beginObject();
            for (Map.Entry<String, String> part : each.parts().entrySet()) {
                json.field(part.getKey(), part.getValue());
            }
            json.endObject().name("inputs").beginArray();
            for (List<ChainLink> links : each.inputs()) {
                json.beginArray();
                for (ChainLink link : links) {
                    json.beginObject().field("index", link.index()).name("selector");
                    json.value(link.selector().isEmpty() ? null : link.selector())
                            .endObject();
                }
                json.endArray();
            }
            json.endArray().field("depth", each.depth()).field("users", each.users());
            json.name("results").beginArray();
            for (ResultView result : each.results()) {
                json.beginObject();
                result(json, cache, result);
                json.endObject();
            }
            json.endArray().endObject();
        }
        json.endArray();
    }

    /** Writes which record it is, into an object that is open. */
    static void identity(JsonWriter json, RecordView record) throws IOException {
        json.field("record", record.identityText()).field("digest", record.digest());
        json.name("names").beginArray();
        for (String name : record.names()) {
            json.value(name);
        }
        json.endArray();
    }

    /** Writes a result, into an object that is open. */
    static void result(JsonWriter json, CacheView cache, ResultView result) throws IOException {
        json.name("layers").beginArray();
        for (int layer : result.layers()) {
            json.value(cache.layers().get(layer).digest());
        }
        json.endArray()
                .field("bytes", result.bytes())
                .field("ownBytes", result.ownBytes())
                .field("createdAt", result.createdAt().toString())
                .name("ms");
        if (result.milliseconds().isPresent()) {
            json.value(result.milliseconds().getAsLong());
        } else {
            json.nullValue();
        }
    }
}
