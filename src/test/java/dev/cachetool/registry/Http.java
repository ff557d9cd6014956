package dev.cachetool.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Asks a server of a test with the JDK's client, which follows no redirects and repeats nothing of itself. */
final class Http {
    private final String base;
    private final HttpClient client;

    Http(FaultyRegistry registry) {
        this.base = registry.url();
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        this.client = (base.startsWith("https:") ? builder.sslContext(TestTls.client()) : builder).build();
    }

    /** Sends a request without a body; headers are name, value, name, value. */
    HttpResponse<byte[]> send(String method, String target, String... headers)
            throws IOException, InterruptedException {
        return send(method, target, new byte[0], headers);
    }

    /** Sends a request with a body. */
    HttpResponse<byte[]> send(String method, String target, byte[] body, String... headers)
            throws IOException, InterruptedException {
        URI uri = URI.create(target.startsWith("/") ? base + target : target);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
