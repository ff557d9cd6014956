package dev.cachetool.registry;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.Response;

/**
 * What a registry says of an error (distribution-spec, "Error Codes").
 *
 * @param code as {@code MANIFEST_INVALID}; empty where it says none
 * @param message in its words, shortened, without what may be a secret in an address or was one in a header; empty where it
 *     says none
 */
record ErrorBody(String code, String message) {
    static final ErrorBody NONE = new ErrorBody("", "");

    private static final int LIMIT = 1 << 16;
    private static final int LONGEST = 200;
    private static final Pattern QUERY = Pattern.compile("(https?://[^\\s?\"']*)\\?[^\\s\"']*");
    private static final Pattern USER = Pattern.compile("(https?://)[^\\s/@\"']*@");
    private static final Pattern SHOWN = Pattern.compile("(?i)\\b(bearer|basic)\\s+[^\\s\"']+");

    /** Reads the body of an answer, as far as it is one; never fails. */
    static ErrorBody of(Response response) {
        byte[] bytes;
        try (InputStream in = response.body().byteStream()) {
            bytes = in.readNBytes(LIMIT);
        } catch (IOException e) {
            return NONE;
        }
        return parse(bytes);
    }

    static ErrorBody parse(byte[] bytes) {
        try {
            JsonValue document = JsonDocument.asGoReads(bytes, "the answer");
            Optional<JsonValue> errors = document.get("errors");
            if (errors.isPresent() && errors.get().isArray()) {
                List<JsonValue> all = errors.get().asArray();
                if (!all.isEmpty()) {
                    return new ErrorBody(shortened(text(all.get(0), "code")), shortened(text(all.get(0), "message")));
                }
            }
            String details = text(document, "details");
            return new ErrorBody("", shortened(details.isEmpty() ? text(document, "error") : details));
        } catch (JsonException e) {
            return NONE;
        }
    }

    private static String text(JsonValue value, String name) throws JsonException {
        Optional<JsonValue> field = value.get(name);
        return field.isPresent() && field.get().isString() ? field.get().asString() : "";
    }

    private static String shortened(String text) {
        String plain = USER.matcher(QUERY.matcher(text).replaceAll("$1")).replaceAll("$1");
        String safe = SHOWN.matcher(plain).replaceAll("$1 …").strip();
        return safe.length() <= LONGEST ? safe : safe.substring(0, LONGEST) + "…";
    }

    /** What people are told of it; empty where there is nothing. */
    String text() {
        if (code.isEmpty() || message.isEmpty()) {
            return code + message;
        }
        return code + ": " + message;
    }
}
