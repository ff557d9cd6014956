package dev.cachetool.registry;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** The pages of a list of tags (distribution-spec, "Listing tags"; RFC 5988 for the link to the next one). */
final class TagList {
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^,]*\\brel=\"?next\"?");

    private TagList() {}

    /** The tags of one page. */
    static List<String> parse(byte[] bytes, String place) throws JsonException {
        Optional<JsonValue> tags = JsonDocument.asGoReads(bytes, place).get("tags");
        return tags.isEmpty() || tags.get().isNull() ? List.of() : tags.get().asStrings();
    }

    /** The address of the next page, which is of the same server; empty after the last one. */
    static Optional<HttpUrl> next(String link, HttpUrl from) {
        Matcher matcher = NEXT.matcher(link);
        if (!matcher.find()) {
            return Optional.empty();
        }
        HttpUrl url = from.resolve(matcher.group(1));
        return url != null && Wire.isSameOrigin(url, from) ? Optional.of(url) : Optional.empty();
    }
}
