package dev.cachetool.cli.output;

import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.util.Optional;

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
            json.beginObject().field("digest", each.digest());
            json.name("name").value(each.names().isEmpty() ? null : String.join(", ", each.names()));
            json.field("inputs", each.inputs().size())
                    .field("links", each.links())
                    .name("result");
            Optional<ResultView> result = each.result();
            if (result.isPresent()) {
                json.beginObject()
                        .field("layers", result.get().layers().size())
                        .field("bytes", result.get().bytes())
                        .field("createdAt", result.get().createdAt().toString())
                        .endObject();
            } else {
                json.nullValue();
            }
            json.endObject();
        }
        json.endArray();
    }
}
