package dev.cachetool.step;

import dev.cachetool.cachemap.TreeDigest;
import dev.cachetool.content.AtomicFile;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
     * @param paths of all entries of what it gave
     * @param tree the content digest of what it gave ({@link TreeDigest})
     * @param createdAt when the result was made
     */
    public record Entry(Digest key, List<String> paths, Digest tree, Timestamp createdAt) {
        public Entry {
            paths = List.copyOf(paths);
        }

        /** The entry of a result whose files all have digests. */
        public static Entry of(Digest key, FileTree tree, Timestamp createdAt) {
            return new Entry(
                    key, tree.entries().stream().map(TreeEntry::path).toList(), TreeDigest.of(tree), createdAt);
        }
    }

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
                    List<String> paths = new ArrayList<>();
                    for (JsonValue path : value.require("paths").asArray()) {
                        paths.add(pathOf(path));
                    }
                    if (key.isPresent() && tree.isPresent() && time.isPresent()) {
                        state.entries.put(vertex.getKey(), new Entry(key.get(), paths, tree.get(), time.get()));
                    }
                }
            }
        } catch (JsonException e) {
            // It proves nothing then, which is what an empty state says.
            state.entries.clear();
        }
        return state;
    }

    private static String pathOf(JsonValue path) throws JsonException {
        if (path.isString()) {
            return path.asString();
        }
        JsonValue bytes = path.require("bytes");
        try {
            return FileNames.decode(HexFormat.of().parseHex(bytes.asString()));
        } catch (IllegalArgumentException e) {
            throw bytes.error("it is not hexadecimal");
        }
    }

    /** JSON has no text for a path whose bytes are no UTF-8. */
    private static void writePath(JsonWriter json, String path) throws IOException {
        if (FileNames.shown(path).equals(path)) {
            json.value(path);
        } else {
            json.beginObject()
                    .field("bytes", HexFormat.of().formatHex(FileNames.encode(path)))
                    .endObject();
        }
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
                json.field("createdAt", entry.getValue().createdAt().toString());
                json.name("paths").beginArray();
                for (String path : entry.getValue().paths()) {
                    writePath(json, path);
                }
                json.endArray().endObject();
            }
            json.endObject().endObject();
        });
        AtomicFile.write(file, bytes);
    }
}
