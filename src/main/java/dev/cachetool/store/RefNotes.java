package dev.cachetool.store;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What stands beside the files of a ref (docs/formats.md).
 *
 * @param description for people
 * @param createdAt when the result came to be
 * @param milliseconds how long that took
 * @param bytes that its files take of the disk
 * @param layers the stacks of layers that are known to give its tree, the preferred one first
 */
record RefNotes(
        String description, Timestamp createdAt, OptionalLong milliseconds, long bytes, List<List<Descriptor>> layers) {
    /** Its name in the folder of the ref. */
    static final String FILE = "notes";

    private static final String MAGIC = "cachetool ref 1\n";
    private static final String CREATED = "created ";
    private static final String MS = "ms ";
    private static final String BYTES = "bytes ";
    private static final String DESCRIPTION = "description ";
    private static final String STACK = "layers";
    private static final String LAYER = "layer ";
    private static final String END = "end\n";

    RefNotes {
        layers = layers.stream().map(List::copyOf).toList();
    }

    /** These with another stack of layers in front, in place of an equal one. */
    RefNotes withLayers(List<Descriptor> stack) {
        List<List<Descriptor>> stacks = new ArrayList<>(layers);
        stacks.remove(stack);
        stacks.add(0, stack);
        return new RefNotes(description, createdAt, milliseconds, bytes, stacks);
    }

    /** As they are written: lines that begin with a word, and a last one, so that what was cut off shows. */
    byte[] toBytes() {
        StringBuilder text = new StringBuilder(MAGIC);
        text.append(CREATED).append(createdAt).append('\n');
        if (milliseconds.isPresent()) {
            text.append(MS).append(milliseconds.getAsLong()).append('\n');
        }
        text.append(BYTES).append(bytes).append('\n');
        text.append(DESCRIPTION)
                .append(new String(json(description), StandardCharsets.UTF_8))
                .append('\n');
        for (List<Descriptor> stack : layers) {
            text.append(STACK).append('\n');
            for (Descriptor layer : stack) {
                text.append(LAYER)
                        .append(new String(JsonWriter.bytes(layer::write), StandardCharsets.UTF_8))
                        .append('\n');
            }
        }
        return text.append(END).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] json(String text) {
        return JsonWriter.bytes(json -> json.value(text));
    }

    /**
     * Reads the notes in the folder of a ref.
     *
     * @throws DamagedRefException if they are not what {@link #toBytes} wrote
     * @throws IOException if they cannot be read
     */
    static RefNotes read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        if (!text.startsWith(MAGIC) || !text.endsWith("\n" + END)) {
            throw new DamagedRefException(file, "it is no notes of a ref, or cut off");
        }
        try {
            return parse(text, file);
        } catch (JsonException | NumberFormatException e) {
            throw new DamagedRefException(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static RefNotes parse(String text, Path file) throws JsonException {
        Timestamp created = Timestamp.ZERO;
        OptionalLong ms = OptionalLong.empty();
        long bytes = 0;
        String description = "";
        List<List<Descriptor>> stacks = new ArrayList<>();
        int at = MAGIC.length();
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            String line = text.substring(at, end);
            at = end + 1;
            if (line.startsWith(CREATED)) {
                created = Timestamp.tryParse(line.substring(CREATED.length())).orElse(created);
            } else if (line.startsWith(MS)) {
                ms = OptionalLong.of(Long.parseLong(line.substring(MS.length())));
            } else if (line.startsWith(BYTES)) {
                bytes = Long.parseLong(line.substring(BYTES.length()));
            } else if (line.startsWith(DESCRIPTION)) {
                description = text(line.substring(DESCRIPTION.length()), file);
            } else if (line.equals(STACK)) {
                stacks.add(new ArrayList<>());
            } else if (line.startsWith(LAYER) && !stacks.isEmpty()) {
                stacks.get(stacks.size() - 1).add(Descriptor.read(json(line.substring(LAYER.length()), file)));
            }
        }
        return new RefNotes(description, created, ms, bytes, stacks);
    }

    /** The text of a JSON string; most have nothing to be read as JSON for. */
    private static String text(String json, Path file) throws JsonException {
        return json.indexOf('\\') < 0 && json.length() >= 2
                ? json.substring(1, json.length() - 1)
                : json(json, file).asString();
    }

    private static JsonValue json(String json, Path file) throws JsonException {
        return JsonDocument.strict(json.getBytes(StandardCharsets.UTF_8), file.toString());
    }
}
