package dev.cachetool.cli.output;

import dev.cachetool.cachemap.KeyParts;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.util.List;

/** Writes records and what differs between them, the same in every verb. */
public final class KeyChanges {
    private KeyChanges() {}

    /** Writes the field {@code changes}. */
    public static void changes(JsonWriter json, List<KeyParts.Change> changes) throws IOException {
        json.name("changes").beginArray();
        for (KeyParts.Change change : changes) {
            json.beginObject().field("part", change.name());
            json.name("before").value(change.before().orElse(null));
            json.name("now").value(change.now().orElse(null));
            json.endObject();
        }
        json.endArray();
    }

    /** Writes what names a record, as one object. */
    public static void reference(JsonWriter json, RecordView record) throws IOException {
        json.beginObject();
        nameAndDigest(json, record);
        json.field("record", record.identity().toString()).endObject();
    }

    /** Writes the fields {@code digest} and {@code names}. */
    public static void nameAndDigest(JsonWriter json, RecordView record) throws IOException {
        json.field("digest", record.digest()).name("names").beginArray();
        for (String name : record.names()) {
            json.value(name);
        }
        json.endArray();
    }
}
