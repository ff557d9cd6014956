package dev.cachetool.cli.output;

import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.store.StoreCheck;
import dev.cachetool.store.StoreRow;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What is said of the local store.
 *
 * @param rows what takes room
 * @param status what became of all of them: {@code removed}, {@code prunable}; empty where the verb only looks
 * @param problems what is wrong
 * @param leftovers what nobody needs, relative to the store's folder
 */
public record StoreContent(
        List<StoreRow> rows, Optional<String> status, List<StoreCheck.Problem> problems, List<String> leftovers) {
    public StoreContent {
        rows = List.copyOf(rows);
        problems = List.copyOf(problems);
        leftovers = List.copyOf(leftovers);
    }

    /** What takes room, as an array. */
    public void writeRows(JsonWriter json) throws IOException {
        json.beginArray();
        for (StoreRow row : rows) {
            json.beginObject()
                    .field("type", row.kind().word())
                    .field("id", row.id())
                    .field("description", row.description())
                    .field("bytes", row.bytes())
                    .field("createdAt", Timestamp.of(row.createdAt()).toString())
                    .field("lastUsed", Timestamp.of(row.lastUsed()).toString());
            json.name("held").value(row.held());
            json.name("status").value(status.orElse(null));
            json.endObject();
        }
        json.endArray();
    }

    /** What is wrong, as an array. */
    public void writeProblems(JsonWriter json) throws IOException {
        json.beginArray();
        for (StoreCheck.Problem problem : problems) {
            json.beginObject()
                    .field("type", problem.kind())
                    .field("id", problem.id())
                    .field("description", problem.description())
                    .field("problem", problem.what())
                    .endObject();
        }
        json.endArray();
    }

    /** What nobody needs, as an array. */
    public void writeLeftovers(JsonWriter json) throws IOException {
        json.beginArray();
        for (String leftover : leftovers) {
            json.value(leftover);
        }
        json.endArray();
    }
}
