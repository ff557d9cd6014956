import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * As much of a registry as the training of the class-data archive needs, in memory, on this machine: without encryption, and
 * with the key of a keystore. Writes its two ports into a file, and ends when its standard input does.
 *
 * <p>Arguments: the file for the ports, the keystore, its password.
 */
final class TrainingRegistry {
    private static final Map<String, byte[]> BLOBS = new ConcurrentHashMap<>();
    private static final Map<String, byte[]> MANIFESTS = new ConcurrentHashMap<>();
    private static final Map<String, String> TYPES = new ConcurrentHashMap<>();

    private TrainingRegistry() {}

    public static void main(String[] args) throws Exception {
        char[] password = args[2].toCharArray();
        KeyStore keys = KeyStore.getInstance(Path.of(args[1]).toFile(), password);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);

        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer plain = HttpServer.create(anyPort, 0);
        HttpsServer encrypted = HttpsServer.create(anyPort, 0);
        encrypted.setHttpsConfigurator(new HttpsConfigurator(context));
        for (HttpServer server : new HttpServer[] {plain, encrypted}) {
            server.createContext("/v2/", TrainingRegistry::answer);
            server.start();
        }
        Path ports = Path.of(args[0]);
        Path part = ports.resolveSibling(ports.getFileName() + ".part");
        Files.writeString(
                part,
                plain.getAddress().getPort() + " " + encrypted.getAddress().getPort() + "\n");
        Files.move(part, ports);
        while (System.in.read() >= 0) {
            // It serves until whoever started it is gone.
        }
        plain.stop(0);
        encrypted.stop(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String method = exchange.getRequestMethod();
            byte[] body;
            try (InputStream in = exchange.getRequestBody()) {
                body = in.readAllBytes();
            }
            if (path.endsWith("/blobs/uploads/")) {
                exchange.getResponseHeaders().add("Location", path + "1");
                reply(exchange, 202, new byte[0]);
            } else if (path.contains("/blobs/uploads/")) {
                BLOBS.put(digest(body), body);
                reply(exchange, 201, new byte[0]);
            } else if (path.contains("/manifests/") && method.equals("PUT")) {
                String type = exchange.getRequestHeaders().getFirst("Content-Type");
                MANIFESTS.put(path, body);
                TYPES.put(path, type);
                exchange.getResponseHeaders().add("Docker-Content-Digest", digest(body));
                reply(exchange, 201, new byte[0]);
            } else {
                boolean manifest = path.contains("/manifests/");
                byte[] found = manifest ? MANIFESTS.get(path) : BLOBS.get(path.substring(path.lastIndexOf('/') + 1));
                if (found != null && manifest) {
                    exchange.getResponseHeaders().add("Content-Type", TYPES.get(path));
                    exchange.getResponseHeaders().add("Docker-Content-Digest", digest(found));
                }
                reply(exchange, found == null ? 404 : 200, found == null ? new byte[0] : found);
            }
        }
    }

    private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().add("Content-Length", String.valueOf(body.length));
        }
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
