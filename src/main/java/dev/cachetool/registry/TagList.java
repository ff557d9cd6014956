package dev.cachetool.registry;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.oci.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * A page of a list of tags (distribution-spec, "Listing tags"; RFC 5988 for the link to the next one).
 *
 * @param next the address of the next page, which is of the same server; empty after the last one
 */
record TagList(List<String> tags, Optional<HttpUrl> next) {
    private static final int LIMIT = 4 << 20;
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^,]*\\brel=\"?next\"?");

    TagList {
        tags = List.copyOf(tags);
    }

    /**
     * Reads a page; where there is no such repository it is an empty one.
     *
     * @param place what is read, for errors
     * @throws IOException if it cannot be read, or is no list
     */
    static TagList of(Wire.Answered answered, String place) throws IOException {
        if (answered.status() == 404) {
            return new TagList(List.of(), Optional.empty());
        }
        byte[] bytes = answered.response().body().byteStream().readNBytes(LIMIT);
        return new TagList(parse(bytes, place), next(answered.header("Link").orElse(""), answered.url()));
    }

    /** The tags of the document; what cannot be one is left out. */
    static List<String> parse(byte[] bytes, String place) throws JsonException {
        Optional<JsonValue> tags = JsonDocument.asGoReads(bytes, place).get("tags");
        return tags.isEmpty() || tags.get().isNull()
                ? List.of()
                : tags.get().asStrings().stream().filter(Reference::isTag).toList();
    }

    /** The address behind the link. */
    static Optional<HttpUrl> next(String link, HttpUrl from) {
        Matcher matcher = NEXT.matcher(link);
        if (!matcher.find()) {
            return Optional.empty();
        }
        HttpUrl url = from.resolve(matcher.group(1));
        return url != null && Wire.isSameOrigin(url, from) ? Optional.of(url) : Optional.empty();
    }
}
