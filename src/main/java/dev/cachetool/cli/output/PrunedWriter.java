package dev.cachetool.cli.output;

import dev.cachetool.json.JsonWriter;
import dev.cachetool.remotecache.CachePrunePolicy.Dropped;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Writes the results that go from a cache as the section {@code pruned} of an answer. */
public final class PrunedWriter implements Answer.Section {
    private final List<PrunedRow> rows;
    private final boolean removed;

    /**
     * @param removed whether they went, and are not only told
     */
    public PrunedWriter(List<PrunedRow> rows, boolean removed) {
        this.rows = List.copyOf(rows);
        this.removed = removed;
    }

    @Override
    public void write(JsonWriter json) throws IOException {
        json.beginArray();
        for (PrunedRow pruned : rows) {
            Dropped each = pruned.dropped();
            json.beginObject()
                    .field("place", pruned.place().spec())
                    .field("digest", each.row().digest())
                    .field("identity", each.row().identity().toString())
                    .name("names")
                    .beginArray();
            for (String name : each.row().names()) {
                json.value(name);
            }
            json.endArray()
                    .field("bytes", each.row().bytes())
                    .field("freed", each.freed())
                    .field("createdAt", each.row().createdAt().toString())
                    .field("reason", each.reason().name().toLowerCase(Locale.ROOT))
                    .field("status", removed ? "removed" : "prunable")
                    .endObject();
        }
        json.endArray();
    }
}
