package dev.cachetool.cli.service;

import dev.cachetool.cachemap.KeyParts;
import dev.cachetool.content.AtomicFile;
import dev.cachetool.graph.Vertex;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.step.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code .cachetool/parts} of a workspace: what went into the keys of its vertices when they were last run, so that
 * a later run can say what has changed since. It is never needed, and read when it is first asked. For several threads.
 */
final class PartsFile {
    private static final long LIMIT = 1L << 28;

    /** Graphs of more vertices are not remembered. */
    private static final int MOST_VERTICES = 20_000;

    private final Path file;
    private @Nullable Map<String, KeyParts> read;

    PartsFile(Path workspace) {
        this.file = workspace.resolve(StateFile.FOLDER).resolve("parts");
    }

    /** What went into the key of the vertex of that name. */
    synchronized Optional<KeyParts> find(String name) {
        Map<String, KeyParts> known = read;
        if (known == null) {
            known = read();
            read = known;
        }
        return Optional.ofNullable(known.get(name));
    }

    /** What went into the keys of vertices by other names, by what of that hangs on neither name nor files. */
    synchronized Map<KeyParts, Named> others(Set<String> names) {
        Map<KeyParts, Named> others = new HashMap<>();
        if (!isEmpty() && read != null) {
            for (Map.Entry<String, KeyParts> vertex : read.entrySet()) {
                if (!names.contains(vertex.getKey())) {
                    others.put(vertex.getValue().ofGraph(), new Named(vertex.getKey(), vertex.getValue()));
                }
            }
        }
        return others;
    }

    /** What went into the key of a vertex, with its name. */
    record Named(String name, KeyParts parts) {}

    /** Whether nothing is remembered. */
    synchronized boolean isEmpty() {
        return find("").isEmpty() && (read == null || read.isEmpty());
    }

    private Map<String, KeyParts> read() {
        Map<String, KeyParts> parts = new HashMap<>();
        try {
            if (Files.size(file) > LIMIT) {
                return parts;
            }
            JsonValue root = JsonDocument.strict(Files.readAllBytes(file), file.toString());
            for (Map.Entry<String, JsonValue> vertex :
                    root.require("vertices").asObject().entrySet()) {
                SortedMap<String, String> own = new TreeMap<>();
                for (Map.Entry<String, JsonValue> part :
                        vertex.getValue().asObject().entrySet()) {
                    own.put(part.getKey(), part.getValue().asString());
                }
                parts.put(vertex.getKey(), new KeyParts(own));
            }
        } catch (NoSuchFileException e) {
            return parts;
        } catch (IOException e) {
            // It only serves to say more.
            parts.clear();
        }
        return parts;
    }

    /**
     * Remembers what goes into the keys of now.
     *
     * @throws IOException if it cannot be written
     */
    void write(GraphSession session) throws IOException {
        if (session.definition().size() > MOST_VERTICES) {
            return;
        }
        SortedMap<String, KeyParts> parts = new TreeMap<>();
        for (Vertex vertex : session.reachable()) {
            parts.put(vertex.name(), session.cacheMaps().notedPartsOf(vertex));
        }
        Files.createDirectories(file.getParent());
        AtomicFile.write(file, JsonWriter.bytes(json -> {
            json.beginObject().field("schemaVersion", 1).name("vertices").beginObject();
            for (Map.Entry<String, KeyParts> vertex : parts.entrySet()) {
                json.name(vertex.getKey()).beginObject();
                for (Map.Entry<String, String> part : vertex.getValue().parts().entrySet()) {
                    json.field(part.getKey(), part.getValue());
                }
                json.endObject();
            }
            json.endObject().endObject();
        }));
    }
}
