package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files behind addresses of a server in this process. */
final class HttpFileTest {
    private static final byte[] CONTENT = new byte[300_000];

    static {
        new Random(7).nextBytes(CONTENT);
    }

    @TempDir
    private Path temp;

    private HttpServer server;
    private TestClient client;
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    @FunctionalInterface
    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        client = TestClient.of(Side.PULL);
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    private String serve(String path, Answer answer) {
        server.createContext(path, exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            try (exchange) {
                answer.to(exchange);
            }
        });
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Sends the content with these headers. */
    private static Answer content(String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(CONTENT.length));
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
        };
    }

    private static Answer status(int status, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    private byte[] fetched(String url) throws IOException {
        Path file = temp.resolve("file");
        client.file(url).fetch(file);
        return Files.readAllBytes(file);
    }

    @Test
    void mark_ofAFileWithAnEntityTag_isThat() throws IOException {
        HttpFile.Mark mark =
                client.file(serve("/f", content("ETag", "\"abc\""))).mark();
        assertEquals(Optional.of("\"abc\""), mark.entityTag());
        assertEquals(CONTENT.length, mark.length());
        assertEquals(List.of("HEAD /f"), asked);
    }

    @Test
    void mark_ofAWeakTagOrAFreshFile_isNone() throws IOException {
        HttpFile.Mark weak =
                client.file(serve("/weak", content("ETag", "W/\"abc\""))).mark();
        assertEquals(Optional.empty(), weak.entityTag());
        HttpFile.Mark fresh = client.file(serve("/fresh", exchange -> {
                    String now = java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            java.time.ZonedDateTime.now(java.time.ZoneOffset.UTC));
                    content("Last-Modified", now).to(exchange);
                }))
                .mark();
        assertEquals(Optional.empty(), fresh.lastModified());
        String old = "Wed, 21 Oct 2015 07:28:00 GMT";
        assertEquals(
                Optional.of(old),
                client.file(serve("/old", content("Last-Modified", old))).mark().lastModified());
    }

    @Test
    void mark_whereHeadIsRefused_comesFromGet() throws IOException {
        Answer content = content("ETag", "\"abc\"");
        String url = serve("/f", exchange -> {
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(403, -1);
            } else {
                content.to(exchange);
            }
        });
        assertEquals(Optional.of("\"abc\""), client.file(url).mark().entityTag());
    }

    @Test
    void fetch_ofAFile_writesIt() throws IOException {
        Files.writeString(temp.resolve("file"), "what stood there");
        assertArrayEquals(CONTENT, fetched(serve("/f", content())));
    }

    /** Sends the content and breaks off after so many bytes, as often as that. */
    private Answer breaking(int after, int times, String tag) {
        int[] left = {times};
        return exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            asked.add("from " + from + " " + exchange.getRequestHeaders().getFirst("If-Range"));
            if (!tag.isEmpty()) {
                exchange.getResponseHeaders().set("ETag", tag);
            }
            if (from > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (CONTENT.length - 1) + "/" + CONTENT.length);
            }
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, CONTENT.length - from);
            boolean breaks = left[0]-- > 0;
            OutputStream out = exchange.getResponseBody();
            out.write(CONTENT, from, breaks ? Math.min(after, CONTENT.length - from) : CONTENT.length - from);
            out.flush();
            if (breaks) {
                throw new IOException("broken off");
            }
        };
    }

    @Test
    void fetch_thatBreaks_goesOnWhereItBroke() throws IOException {
        assertArrayEquals(CONTENT, fetched(serve("/f", breaking(100_000, 2, "\"t\""))));
        assertEquals("from 0 null", asked.get(1));
        assertTrue(asked.get(3).matches("from [1-9]\\d* \"t\""), asked::toString);
    }

    @Test
    void fetch_thatBreaksWithoutATag_beginsAnew() throws IOException {
        assertArrayEquals(CONTENT, fetched(serve("/f", breaking(100_000, 2, ""))));
        assertEquals(
                List.of("from 0 null", "from 0 null", "from 0 null"),
                asked.stream().filter(line -> line.startsWith("from")).toList());
    }

    @Test
    void fetch_thatAlwaysBreaks_isGivenUp() {
        String url = serve("/f", breaking(100_000, Integer.MAX_VALUE, ""));
        RegistryException e = assertThrows(RegistryException.class, () -> fetched(url));
        assertEquals(RegistryException.Kind.UNREACHABLE, e.kind());
        assertTrue(e.getMessage().startsWith("could not fetch " + url), e.getMessage());
    }

    @Test
    void fetch_ofAnotherFileThanBefore_beginsAnew() throws IOException {
        byte[] other = Arrays.copyOf(CONTENT, 200_000);
        int[] times = {0};
        String url = serve("/f", exchange -> {
            if (times[0]++ == 0) {
                breaking(100_000, 1, "\"one\"").to(exchange);
            }
            exchange.getResponseHeaders().set("ETag", "\"two\"");
            exchange.sendResponseHeaders(200, other.length);
            exchange.getResponseBody().write(other);
        });
        assertArrayEquals(other, fetched(url));
    }

    @Test
    void fetch_thatIsRedirected_followsTenTimes() throws IOException {
        serve("/end", content());
        String port = "http://127.0.0.1:" + server.getAddress().getPort();
        for (int i = 1; i <= 11; i++) {
            serve("/r" + i + "/", status(302, "Location", i == 1 ? "/end" : "/r" + (i - 1) + "/"));
        }
        assertArrayEquals(CONTENT, fetched(port + "/r10/"));
        RegistryException e = assertThrows(RegistryException.class, () -> fetched(port + "/r11/"));
        assertTrue(e.getMessage().contains("redirected more than 10 times"), e.getMessage());
    }

    @Test
    void file_thatIsNotThereOrRefused_isToldAsThat() {
        RegistryException gone = assertThrows(RegistryException.class, () -> fetched(serve("/gone", status(404))));
        assertEquals(RegistryException.Kind.NOT_FOUND, gone.kind());
        RegistryException refused = assertThrows(
                RegistryException.class,
                () -> client.file(serve("/no", status(401))).mark());
        assertEquals(RegistryException.Kind.REFUSED, refused.kind());
        assertFalse(refused.getMessage().contains("docker login"), refused.getMessage());
    }

    @Test
    void login_inTheAddress_isShownToItsHostAlone() throws IOException {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        String end = serve("/end", exchange -> {
            seen.add("end " + exchange.getRequestHeaders().getFirst("Authorization"));
            content().to(exchange);
        });
        String begin = serve("/begin", exchange -> {
            seen.add("begin " + exchange.getRequestHeaders().getFirst("Authorization"));
            status(302, "Location", end.replace("127.0.0.1", "localhost")).to(exchange);
        });
        assertArrayEquals(CONTENT, fetched(begin.replace("http://", "http://ann:pw@")));
        assertEquals(List.of("begin Basic YW5uOnB3", "end null"), seen);
        RegistryException e = assertThrows(
                RegistryException.class,
                () -> fetched(serve("/no", status(403)).replace("http://", "http://ann:hunter2@")));
        assertFalse(e.getMessage().contains("hunter2"), e.getMessage());
    }
}
