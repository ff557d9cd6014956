package dev.cachetool.registry;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A request that came, and what became of it so far. */
public final class LoggedRequest {
    private final int connection;
    private final String method;
    private final String target;
    private final HeaderFields headers;
    private final AtomicLong requestBytes = new AtomicLong();
    private final AtomicLong responseBytes = new AtomicLong();
    private volatile String form = "";
    private volatile int status;

    LoggedRequest(int connection, String method, String target, HeaderFields headers) {
        this.connection = connection;
        this.method = method;
        this.target = target;
        this.headers = headers;
    }

    /** Which connection of the server it came on, counted from 1. */
    public int connection() {
        return connection;
    }

    /** The method, in capitals. */
    public String method() {
        return method;
    }

    /** The path and query as they were sent. */
    public String target() {
        return target;
    }

    /** What it is for. */
    public RequestKind kind() {
        return ServedRequest.of(method, "", target, headers, InputStream.nullInputStream())
                .kind();
    }

    /** All header fields as they were sent. */
    public HeaderFields headers() {
        return headers;
    }

    /** The state that was answered; 0 as long as none was. */
    public int status() {
        return status;
    }

    /** How many bytes of its body came. */
    public long requestBytes() {
        return requestBytes.get();
    }

    /** How many bytes of the answer's body were sent. */
    public long responseBytes() {
        return responseBytes.get();
    }

    /** The fields of the form that was its body; none where it was no form. */
    public Map<String, List<String>> form() {
        return ServedRequest.form(form);
    }

    /** The first word of {@code Authorization}, such as {@code Basic}; empty where there is none. */
    public Optional<String> authorizationScheme() {
        return headers.first("Authorization").map(value -> value.split(" ", 2)[0]);
    }

    /** Whether the text stands in what was sent: target, header, form, or the credential inside a {@code Basic} one. */
    public boolean mentions(String text) {
        return (target + "\n" + headers + "\n" + form() + "\n" + basicCredential()).contains(text);
    }

    private String basicCredential() {
        return headers.first("Authorization")
                .filter(value -> value.startsWith("Basic "))
                .map(value -> new String(
                        Base64.getDecoder().decode(value.substring("Basic ".length())), StandardCharsets.UTF_8))
                .orElse("");
    }

    void answered(int given) {
        status = given;
    }

    void received(byte[] buffer, int offset, int length) {
        requestBytes.addAndGet(length);
        if (headers.first("Content-Type").orElse("").startsWith("application/x-www-form-urlencoded")) {
            form = form.concat(new String(buffer, offset, length, StandardCharsets.US_ASCII));
        }
    }

    void sending(int length) {
        responseBytes.addAndGet(length);
    }

    /** {@code METHOD target -> status}. */
    @Override
    public String toString() {
        return method + " " + target + " -> " + (status == 0 ? "no answer" : status);
    }
}
