package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.registry.DockerRegistry;
import dev.cachetool.registry.JwtTokenServer;
import dev.cachetool.registry.TestTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every verb with every form and compression against Docker's registry in every kind: open, with a password, behind a token
 * server, and with TLS. What is asked for examples/hello, with 7 layers and 2 documents, is counted.
 */
final class RegistryKindsTest {
    private static final List<String> COMPRESSIONS = List.of("zstd", "gzip", "uncompressed");

    @TempDir
    private static Path folder;

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();
    private static final Map<Kind, RemoteSite> SITES = new EnumMap<>(Kind.class);
    private static Hello hello;
    private static Map<String, String> built;

    private enum Kind {
        OPEN,
        PASSWORD,
        TOKENS,
        TLS;

        /** How often the first request of a command is sent: a challenge is answered with a second one. */
        int firstRequests() {
            return this == PASSWORD || this == TOKENS ? 2 : 1;
        }
    }

    private enum Form {
        IMAGE_MANIFEST("", "image-manifest form · OCI types"),
        INDEX(",image-manifest=false", "index form · OCI types"),
        DOCKER(",image-manifest=false,oci-mediatypes=false", "index form · Docker types");

        private final String attributes;
        private final String shown;

        Form(String attributes, String shown) {
            this.attributes = attributes;
            this.shown = shown;
        }
    }

    @BeforeAll
    static void startTheRegistriesAndBuild() throws Exception {
        JwtTokenServer tokens = JwtTokenServer.start();
        OPEN.push(tokens);
        for (Kind kind : Kind.values()) {
            Path storage = folder.resolve(kind.name());
            DockerRegistry registry = switch (kind) {
                case OPEN -> DockerRegistry.open(storage);
                case PASSWORD -> DockerRegistry.withPassword(storage);
                case TOKENS -> DockerRegistry.withTokens(storage, tokens);
                case TLS -> DockerRegistry.withTls(storage);
            };
            RemoteSite site = new RemoteSite(folder, registry);
            OPEN.push(site);
            SITES.put(kind, site);
        }
        hello = Hello.copyTo(Files.createDirectory(folder.resolve("hello"))).build();
        built = hello.outputs();
    }

    @AfterAll
    static void stop() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    /** All of an open registry; of the others every form and every compression once, or all under {@code -Psoak}. */
    private static Stream<Arguments> everything() {
        boolean soak = Boolean.getBoolean("cachetool.soak");
        List<Arguments> cases = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            int own = 0;
            for (Form form : Form.values()) {
                int share = own++;
                for (int i = 0; i < COMPRESSIONS.size(); i++) {
                    if (soak || kind == Kind.OPEN || i == share) {
                        cases.add(Arguments.of(kind, form, COMPRESSIONS.get(i)));
                    }
                }
            }
        }
        return cases.stream();
    }

    private static WholeTool tool(Kind kind) throws IOException {
        RemoteSite site = site(kind);
        WholeTool tool = site.tool();
        return switch (kind) {
            case OPEN -> tool;
            case PASSWORD, TOKENS ->
                tool.with("DOCKER_AUTH_CONFIG", site.auth(DockerRegistry.USER, DockerRegistry.PASSWORD));
            case TLS -> tool.with("SSL_CERT_FILE", TestTls.authority().toString());
        };
    }

    private static RemoteSite site(Kind kind) {
        return Objects.requireNonNull(SITES.get(kind));
    }

    /** What was asked since this was called last: how often, and what more than once. */
    private static Asked asked(Kind kind) {
        RemoteSite site = site(kind);
        Asked asked = new Asked(
                site.proxy.log().summary(),
                new TreeSet<>(site.proxy.log().repeated().keySet()));
        site.proxy.clear();
        return asked;
    }

    private record Asked(String summary, Set<String> repeated) {}

    @ParameterizedTest
    @MethodSource("everything")
    void verbs_withEveryFormAndCompression_askForNothingTwiceAndBringEveryByteBack(
            Kind kind, Form form, String compression) throws Exception {
        RemoteSite site = site(kind);
        WholeTool tool = tool(kind);
        String repository = "verbs/" + form.name().toLowerCase(Locale.ROOT);
        String ref = site.at(repository + ":" + compression);
        String manifest = "/v2/" + repository + "/manifests/" + compression;
        int first = kind.firstRequests();
        Set<String> whatIsAskedTwice = first == 1 ? Set.of() : Set.of("GET " + manifest);
        site.proxy.clear();
        String spec = "type=registry,ref=" + ref + ",compression=" + compression + form.attributes;

        String pinned = tool.run("export", hello.graph(), "--from-workspace", "--mode=max", "--to", spec)
                .requires(ExitCode.DONE)
                .out()
                .strip();
        assertEquals(
                new Asked(
                        "9 HEAD blob, 9 POST upload, 9 PUT upload, " + (first + 1) + " HEAD manifest, 1 PUT manifest",
                        Set.of("HEAD " + manifest, "POST /v2/" + repository + "/blobs/uploads/")),
                asked(kind));

        WholeTool.Run again = tool.run("export", hello.graph(), "--from-workspace", "--mode=max", "--to", spec)
                .requires(ExitCode.DONE);
        assertEquals(pinned, again.out().strip());
        assertTrue(again.err().contains("unchanged: " + ref + " is this cache already"), again.err());
        assertEquals("9 HEAD blob, " + first + " HEAD manifest", asked(kind).summary());

        String inspected = tool.run("inspect", pinned).requires(ExitCode.DONE).out();
        assertTrue(inspected.contains(form.shown + " · " + compression), inspected);
        asked(kind);

        String planned = tool.run("plan", hello.graph(), "--materialize=all", "--from", ref)
                .requires(ExitCode.DONE)
                .out();
        assertTrue(planned.contains("7 hit, 0 miss (100 %)"), planned);
        assertEquals(new Asked("2 GET blob, " + first + " GET manifest", whatIsAskedTwice), asked(kind));

        hello.clean();
        TemporaryDirectory.deleteTree(hello.path(".cachetool"));
        tool.run("import", hello.graph(), "--from", ref, "--fail-on-miss").requires(ExitCode.DONE);
        assertEquals(built, hello.outputs());
        assertEquals(new Asked("9 GET blob, " + first + " GET manifest", whatIsAskedTwice), asked(kind));

        tool.run("import", hello.graph(), "--from", ref, "--fail-on-miss").requires(ExitCode.DONE);
        assertEquals(new Asked("2 GET blob, " + first + " GET manifest", whatIsAskedTwice), asked(kind));

        Path copy = folder.resolve(kind + "-" + form + "-" + compression);
        String copied =
                tool.run("copy", ref, "oci:" + copy).requires(ExitCode.DONE).out();
        assertEquals(digest(pinned), digest(copied));
        assertEquals(new Asked("9 GET blob, " + first + " GET manifest", whatIsAskedTwice), asked(kind));
    }

    private static String digest(String pinned) {
        return pinned.strip().substring(pinned.indexOf('@') + 1);
    }
}
