package dev.cachetool.registry;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * An answer, and how it is sent.
 *
 * @param interims states from 100 to 199 that are sent before it
 * @param framing how its end is told; with {@link Framing#LENGTH} a {@code Content-Length} is added where the headers have none
 * @param after what becomes of the connection
 * @param passage what the bytes of the body go through on their way
 */
public record ServedResponse(
        int status,
        HeaderFields headers,
        Payload body,
        List<Integer> interims,
        Framing framing,
        After after,
        UnaryOperator<OutputStream> passage) {

    /** How the client learns where the body ends. */
    public enum Framing {
        /** {@code Content-Length}. */
        LENGTH,
        /** {@code Transfer-Encoding: chunked}. */
        CHUNKED,
        /** The connection ends. */
        UNTIL_CLOSE
    }

    /** What becomes of the connection after the answer. */
    public enum After {
        /** It stays open, as far as the client wants that. */
        KEEP,
        /** It is closed, although nothing said so. */
        CLOSE_UNANNOUNCED,
        /** The rest of the request's body is not read: the answer says that the connection is closed, and it is. */
        CLOSE_UNREAD
    }

    public ServedResponse {
        interims = List.copyOf(interims);
    }

    /** An answer without a body. */
    public static ServedResponse of(int status) {
        return new ServedResponse(
                status,
                HeaderFields.NONE,
                Payload.EMPTY,
                List.of(),
                Framing.LENGTH,
                After.KEEP,
                UnaryOperator.identity());
    }

    /** The same answer with the header field, in the place of any of its name. */
    public ServedResponse withHeader(String name, String value) {
        return withHeaders(headers.with(name, value));
    }

    /** The same answer without the header fields of the name. */
    public ServedResponse withoutHeader(String name) {
        return withHeaders(headers.without(name));
    }

    private ServedResponse withHeaders(HeaderFields other) {
        return new ServedResponse(status, other, body, interims, framing, after, passage);
    }

    /** The same answer with another body. */
    public ServedResponse withBody(Payload other) {
        return new ServedResponse(status, headers, other, interims, framing, after, passage);
    }

    /** The same answer with a text as its body. */
    public ServedResponse withBody(String contentType, String text) {
        return withHeader("Content-Type", contentType).withBody(Payload.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The same answer after another state that announces it. */
    public ServedResponse withInterim(int interim) {
        List<Integer> more = new ArrayList<>(interims);
        more.add(interim);
        return new ServedResponse(status, headers, body, more, framing, after, passage);
    }

    /** The same answer, its end told otherwise. */
    public ServedResponse framed(Framing other) {
        return new ServedResponse(status, headers, body, interims, other, after, passage);
    }

    /** The same answer, with another fate of the connection. */
    public ServedResponse followedBy(After other) {
        return new ServedResponse(status, headers, body, interims, framing, other, passage);
    }

    /** The same answer, its body also going through this; what was added last gets the bytes first. */
    public ServedResponse through(UnaryOperator<OutputStream> more) {
        return new ServedResponse(
                status, headers, body, interims, framing, after, out -> more.apply(passage.apply(out)));
    }
}
