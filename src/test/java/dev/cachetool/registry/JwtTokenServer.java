package dev.cachetool.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cachetool.json.JsonWriter;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A token server that Docker's registry believes (the token specification of Docker's distribution): it signs JSON web
 * tokens with the server's key of {@link TestTls}. {@link DockerRegistry#USER} may do everything, others may pull. Closing
 * it ends it.
 */
public final class JwtTokenServer implements Closeable {
    static final String SERVICE = "registry of a test";
    static final String ISSUER = "issuer of a test";

    private static final long LIFETIME_SECONDS = 300;

    private final HttpServer server;
    private final AtomicInteger issued = new AtomicInteger();

    private JwtTokenServer(HttpServer server) {
        this.server = server;
    }

    /** Starts one on a free port. */
    public static JwtTokenServer start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        JwtTokenServer tokens = new JwtTokenServer(server);
        server.createContext("/token", tokens::answer);
        server.start();
        return tokens;
    }

    /** Where tokens are had. */
    String realm() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    /** How many tokens it gave. */
    public int issued() {
        return issued.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            boolean known =
                    basic(DockerRegistry.USER + ":" + DockerRegistry.PASSWORD).equals(login);
            if (login != null && !known) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            String token = token(scopes(exchange.getRequestURI()), known);
            issued.incrementAndGet();
            byte[] body = JsonWriter.bytes(json -> json.beginObject()
                    .name("token")
                    .value(token)
                    .name("expires_in")
                    .value(LIFETIME_SECONDS)
                    .endObject());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the test keys cannot be used", e);
        }
    }

    private static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> scopes(URI asked) {
        String query = asked.getRawQuery() == null ? "" : asked.getRawQuery();
        return ServedRequest.form(query).getOrDefault("scope", List.of()).stream()
                .flatMap(scopes -> List.of(scopes.split(" ", -1)).stream())
                .toList();
    }

    private static String token(List<String> scopes, boolean known) throws IOException, GeneralSecurityException {
        byte[] header = JsonWriter.bytes(json -> json.beginObject()
                .name("typ")
                .value("JWT")
                .name("alg")
                .value("ES256")
                .name("x5c")
                .beginArray()
                .value(pem(TestTls.serverCertificate()))
                .endArray()
                .endObject());
        long now = Instant.now().getEpochSecond();
        byte[] claims = JsonWriter.bytes(json -> {
            json.beginObject();
            json.name("iss").value(ISSUER).name("aud").value(SERVICE);
            json.name("sub").value(known ? DockerRegistry.USER : "");
            json.name("nbf").value(now - 10).name("iat").value(now).name("exp").value(now + LIFETIME_SECONDS);
            json.name("jti").value(UUID.randomUUID().toString());
            json.name("access").beginArray();
            for (String scope : scopes) {
                int first = scope.indexOf(':');
                int last = scope.lastIndexOf(':');
                json.beginObject().name("type").value(scope.substring(0, first));
                json.name("name").value(scope.substring(first + 1, last));
                json.name("actions").beginArray();
                for (String action : scope.substring(last + 1).split(",", -1)) {
                    if (known || action.equals("pull")) {
                        json.value(action);
                    }
                }
                json.endArray().endObject();
            }
            json.endArray().endObject();
        });
        String signed = base64(header) + "." + base64(claims);
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem(TestTls.serverKey())))));
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What stands in a PEM file, base64. */
    private static String pem(Path file) throws IOException {
        return Files.readString(file).replaceAll("-----[A-Z ]+-----|\\s", "");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
