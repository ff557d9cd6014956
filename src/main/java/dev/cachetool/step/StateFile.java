package dev.cachetool.step;

import dev.cachetool.content.AtomicFile;
import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file {@code .cachetool/state} of a workspace: which of its files are the result of which vertex key (docs/formats.md,
 * "State file"). It proves that outputs are a result, as long as they have the digests that stand in it. Not for several
 * threads; several processes may replace it, each as a whole.
 */
public final class StateFile {
    /** The folder in the workspace that is cachetool's own. */
    public static final String FOLDER = ".cachetool";

    private static final long LIMIT = 1L << 30;

    private final Path file;
    private final SortedMap<String, Entry> entries = new TreeMap<>();

    private StateFile(Path file) {
        this.file = file;
    }

    /**
     * What was restored for a vertex.
     *
     * @param key its definition key ({@link DefinitionKeys})
     * @param tree the content digest of what it gave ({@link dev.cachetool.cachemap.TreeDigest})
     * @param createdAt when the result was made
     */
    public record Entry(Digest key, Digest tree, Timestamp createdAt) {}

    /**
     * Reads the state of a workspace; nothing there, or something that is none, is an empty state.
     *
     * @throws IOException if it is there and cannot be read
     */
    public static StateFile read(Path workspace) throws IOException {
        StateFile state = new StateFile(workspace.resolve(FOLDER).resolve("state"));
        byte[] bytes;
        try {
            if (Files.size(state.file) > LIMIT) {
                return state;
            }
            bytes = Files.readAllBytes(state.file);
        } catch (NoSuchFileException e) {
            return state;
        }
        try {
            JsonValue root = JsonDocument.strict(bytes, state.file.toString());
            if (root.require("schemaVersion").asLong() == 1) {
                for (Map.Entry<String, JsonValue> vertex :
                        root.require("vertices").asObject().entrySet()) {
                    JsonValue value = vertex.getValue();
                    Optional<Digest> key = Digest.tryParse(value.require("key").asString());
                    Optional<Digest> tree =
                            Digest.tryParse(value.require("tree").asString());
                    Optional<Timestamp> time =
                            Timestamp.tryParse(value.require("createdAt").asString());
                    if (key.isPresent() && tree.isPresent() && time.isPresent()) {
                        state.entries.put(vertex.getKey(), new Entry(key.get(), tree.get(), time.get()));
                    }
                }
            }
        } catch (JsonException e) {
            // It proves nothing then, which is what an empty state says.
            state.entries.clear();
        }
        return state;
    }

    /** What was restored for the vertex of that name. */
    public Optional<Entry> find(String vertex) {
        return Optional.ofNullable(entries.get(vertex));
    }

    /** Notes what stands in the workspace for a vertex. */
    public void put(String vertex, Entry entry) {
        entries.put(vertex, entry);
    }

    /** Forgets a vertex. */
    public void remove(String vertex) {
        entries.remove(vertex);
    }

    /**
     * Writes it, whole or not at all.
     *
     * @throws IOException if it cannot be written; what was there before then still is
     */
    public void write() throws IOException {
        Files.createDirectories(file.getParent());
        byte[] bytes = JsonWriter.bytes(json -> {
            json.beginObject().field("schemaVersion", 1).name("vertices").beginObject();
            for (Map.Entry<String, Entry> entry : entries.entrySet()) {
                json.name(entry.getKey()).beginObject();
                json.field("key", entry.getValue().key().toString());
                json.field("tree", entry.getValue().tree().toString());
                json.field("createdAt", entry.getValue().createdAt().toString()).endObject();
            }
            json.endObject().endObject();
        });
        AtomicFile.write(file, bytes);
    }
}
