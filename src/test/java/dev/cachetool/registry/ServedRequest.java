package dev.cachetool.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the server got it.
 *
 * @param base scheme, host and port, as the client named them
 * @param target path and query as they were sent; what a fault takes away from the request stays here
 * @param path the path, decoded
 * @param query the parameters, decoded, in their order
 * @param body what follows the header; empty where nothing does
 */
public record ServedRequest(
        String method,
        String base,
        String target,
        String path,
        Map<String, List<String>> query,
        HeaderFields headers,
        InputStream body) {

    /** The request whose target, as a client sends it to a proxy too, is given. */
    static ServedRequest of(String method, String base, String target, HeaderFields headers, InputStream body) {
        String own = target.replaceFirst("^https?://[^/?]*", "");
        int mark = own.indexOf('?');
        String path = mark < 0 ? own : own.substring(0, mark);
        String query = mark < 0 ? "" : own.substring(mark + 1);
        return new ServedRequest(method, base, own, decoded(path.replace("+", "%2B")), form(query), headers, body);
    }

    /** The fields of a query, or of a form. */
    static Map<String, List<String>> form(String text) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (String part : Arrays.asList(text.split("&", -1))) {
            if (!part.isEmpty()) {
                int mark = part.indexOf('=');
                String name = decoded(mark < 0 ? part : part.substring(0, mark));
                fields.computeIfAbsent(name, n -> new ArrayList<>())
                        .add(mark < 0 ? "" : decoded(part.substring(mark + 1)));
            }
        }
        return fields;
    }

    /** What it is for. */
    public RequestKind kind() {
        return RequestKind.of(method, target);
    }

    /** The first parameter of the name. */
    public Optional<String> parameter(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** The first header field of the name. */
    public Optional<String> header(String name) {
        return headers.first(name);
    }

    /** All of the body, which must be a small one. */
    public byte[] readBody() throws IOException {
        return body.readAllBytes();
    }

    /** The same request with another body. */
    public ServedRequest withBody(InputStream other) {
        return new ServedRequest(method, base, target, path, query, headers, other);
    }

    /** The same request without these parameters. */
    public ServedRequest withoutParameters(String... names) {
        Map<String, List<String>> rest = new LinkedHashMap<>(query);
        rest.keySet().removeAll(List.of(names));
        return new ServedRequest(method, base, target, path, rest, headers, body);
    }

    /** The same request without the header fields of the name. */
    public ServedRequest withoutHeader(String name) {
        return new ServedRequest(method, base, target, path, query, headers.without(name), body);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
