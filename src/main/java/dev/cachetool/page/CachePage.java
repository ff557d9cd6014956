package dev.cachetool.page;

import dev.cachetool.inspect.CacheView;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the page of a cache: one HTML file, whose bytes depend on nothing but the cache and its place. Its content security
 * policy lets the script and the style of the frame work, by their digests, and nothing else.
 */
public final class CachePage {
    /** In this order they become one script. */
    private static final List<String> SCRIPTS = List.of(
            "text.js",
            "model.js",
            "state.js",
            "element.js",
            "drawing.js",
            "layout.js",
            "graph.js",
            "treemap.js",
            "timeline.js",
            "table.js",
            "detail.js",
            "main.js");

    private static final Pattern SLOT = Pattern.compile("\\{\\{([a-z]+)}}");

    private CachePage() {}

    /**
     * Writes the page, UTF-8; leaves the stream open.
     *
     * @param place where the cache lies, as people name it; text from outside, like all that the view has
     */
    public static void write(String place, CacheView cache, OutputStream out) throws IOException {
        String style = resource("page.css");
        StringBuilder script = new StringBuilder("(() => {\n\"use strict\";\n");
        for (String name : SCRIPTS) {
            script.append(resource(name));
        }
        script.append("})();\n");
        Map<String, String> slots =
                Map.of("policy", policy(style, script.toString()), "style", style, "script", script.toString());

        String frame = resource("page.html");
        Matcher slot = SLOT.matcher(frame);
        int at = 0;
        while (slot.find()) {
            text(frame.substring(at, slot.start()), out);
            String name = slot.group(1);
            if (name.equals("data")) {
                try (JsonWriter json = JsonWriter.compact(out)) {
                    new PageData(place, cache).write(json);
                }
            } else {
                text(slots.getOrDefault(name, ""), out);
            }
            at = slot.end();
        }
        text(frame.substring(at), out);
    }

    private static String policy(String style, String script) {
        return "default-src 'none'; script-src '" + hash(script) + "'; style-src '" + hash(style)
                + "'; img-src data:; base-uri 'none'; form-action 'none'";
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void text(String text, OutputStream out) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String resource(String name) {
        try (InputStream in = CachePage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read the program's resource " + name, e);
        }
    }
}
