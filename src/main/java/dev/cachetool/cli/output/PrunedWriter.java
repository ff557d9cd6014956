package dev.cachetool.cli.output;

import dev.cachetool.json.JsonWriter;
import dev.cachetool.remotecache.CachePrunePolicy.Dropped;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Writes the results that a prune drops as the section {@code pruned} of an answer. */
public final class PrunedWriter implements Answer.Section {
    private final List<Dropped> dropped;
    private final boolean removed;

    /**
     * @param removed whether they went, and are not only told
     */
    public PrunedWriter(List<Dropped> dropped, boolean removed) {
        this.dropped = List.copyOf(dropped);
        this.removed = removed;
    }

    @Override
    public void write(JsonWriter json) throws IOException {
        json.beginArray();
        for (Dropped each : dropped) {
            json.beginObject()
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
