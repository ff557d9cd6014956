package dev.cachetool.cli.output;

import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.util.List;

/** Writes results of a cache as the section {@code results} of an answer: of each record the preferred one. */
public final class ResultsWriter implements Answer.Section {
    private final CacheView cache;
    private final List<RecordView> records;

    /**
     * @param records some of the cache's, each with a result
     */
    public ResultsWriter(CacheView cache, List<RecordView> records) {
        this.cache = cache;
        this.records = List.copyOf(records);
    }

    @Override
    public void write(JsonWriter json) throws IOException {
        json.beginArray();
        for (RecordView record : records) {
            json.beginObject();
            RecordsWriter.identity(json, record);
            RecordsWriter.result(json, cache, record.result().orElseThrow());
            json.name("from").beginArray();
            for (RecordView source : cache.sources(record)) {
                json.beginObject();
                RecordsWriter.identity(json, source);
                json.endObject();
            }
            json.endArray().endObject();
        }
        json.endArray();
    }
}
