package dev.cachetool.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The vectors of {@code fixtures/go}, read by Jackson's own mapper, since the product's reader is what they test. */
public final class GoVectors {
    private GoVectors() {}

    /** The vectors of the list; there are some. */
    public static List<JsonNode> list(String name) {
        try (InputStream in = GoVectors.class.getResourceAsStream("/fixtures/go/vectors.json")) {
            List<JsonNode> vectors = new ArrayList<>();
            new ObjectMapper().readTree(in).required(name).forEach(vectors::add);
            if (vectors.isEmpty()) {
                throw new IllegalStateException("no vectors in " + name);
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes that a field holds in hex. */
    public static byte[] bytes(JsonNode vector, String field) {
        return HexFormat.of().parseHex(vector.required(field).textValue());
    }
}
