package dev.cachetool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.registry.DockerRegistry;
import dev.cachetool.registry.JwtTokenServer;
import dev.cachetool.registry.RequestKind;
import dev.cachetool.registry.TestTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logins, tokens and certificates by the whole tool, against Docker's registry with a password file, a token server, and TLS. */
final class RegistryLoginTest {
    private static final String USER = DockerRegistry.USER;
    private static final String PASSWORD = DockerRegistry.PASSWORD;

    @TempDir
    private static Path folder;

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static RemoteSite basic;
    private static RemoteSite bearer;
    private static JwtTokenServer tokens;
    private static DockerRegistry tls;
    private static Hello hello;
    private static Map<String, String> built;

    @TempDir
    private Path temp;

    private WholeTool tool;

    @BeforeAll
    static void startTheRegistriesAndBuild() throws Exception {
        basic = new RemoteSite(folder, DockerRegistry.withPassword(folder.resolve("basic")));
        OPEN.add(basic);
        tokens = JwtTokenServer.start();
        OPEN.add(tokens);
        bearer = new RemoteSite(folder, DockerRegistry.withTokens(folder.resolve("bearer"), tokens));
        OPEN.add(bearer);
        tls = DockerRegistry.withTls(folder.resolve("tls"));
        OPEN.add(tls);
        hello = Hello.copyTo(Files.createDirectory(folder.resolve("hello"))).build();
        built = hello.outputs();
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : OPEN) {
            each.close();
        }
    }

    @BeforeEach
    void forgetWhatWasAsked() throws IOException {
        tool = basic.tool();
        basic.proxy.clear();
        bearer.proxy.clear();
    }

    /** Runs it, and sees that nothing that was printed has the password. */
    private WholeTool.Run run(String... args) {
        WholeTool.Run run = tool.run(args);
        assertFalse((run.out() + run.err()).contains(PASSWORD), run::toString);
        String encoded = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(UTF_8));
        assertFalse((run.out() + run.err()).contains(encoded), run::toString);
        return run;
    }

    private WholeTool.Run export(String to, String... more) {
        List<String> args =
                new ArrayList<>(List.of("export", hello.graph(), "--from-workspace", "--mode=max", "--to", to));
        args.addAll(List.of(more));
        return run(args.toArray(new String[0]));
    }

    /** The ways in which a login reaches the tool. */
    private enum Way {
        STDIN,
        VARIABLE,
        DOCKER_CONFIG,
        DOCKER_AUTH_CONFIG,
        REGISTRY_AUTH_FILE,
        HOME,
        HELPER
    }

    /** Prepares the tool, and gives back the flags that go with it; {@code --SIDE-username} where it is of one side. */
    private List<String> prepare(Way way, String side) throws IOException {
        String auth = basic.auth(USER, PASSWORD);
        switch (way) {
            case STDIN -> {
                tool.withInput((PASSWORD + "\n").getBytes(UTF_8));
                return List.of("--" + side + "-username", USER, "--" + side + "-password-stdin");
            }
            case VARIABLE -> {
                tool.with(side.equals("to") ? "CACHETOOL_TO_PASSWORD" : "CACHETOOL_FROM_PASSWORD", PASSWORD);
                return List.of("--" + side + "-username", USER);
            }
            case DOCKER_CONFIG -> {
                Files.writeString(temp.resolve("config.json"), auth);
                tool.with("DOCKER_CONFIG", temp.toString());
            }
            case DOCKER_AUTH_CONFIG -> tool.with("DOCKER_AUTH_CONFIG", auth);
            case REGISTRY_AUTH_FILE ->
                tool.with(
                        "REGISTRY_AUTH_FILE",
                        Files.writeString(temp.resolve("auth.json"), auth).toString());
            case HOME -> {
                Files.createDirectories(temp.resolve(".docker"));
                Files.writeString(temp.resolve(".docker/config.json"), auth);
                tool.with("HOME", temp.toString());
            }
            case HELPER -> {
                Path helper = temp.resolve("docker-credential-test");
                Files.writeString(
                        helper,
                        "#!/bin/sh\nread -r host\nenv >" + temp.resolve("environment") + "\necho \"$@\" >"
                                + temp.resolve("arguments") + "\n"
                                + "printf '{\"ServerURL\": \"%s\", \"Username\": \"" + USER + "\", \"Secret\": \""
                                + PASSWORD + "\"}' \"$host\"\n");
                assertTrue(helper.toFile().setExecutable(true));
                Files.writeString(
                        temp.resolve("config.json"), "{\"credHelpers\": {\"" + basic.proxy.host() + "\": \"test\"}}");
                tool.with("DOCKER_CONFIG", temp.toString()).with("PATH", temp + ":" + System.getenv("PATH"));
            }
        }
        return List.of();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void login_byEveryWay_pushesAndPulls(Way way) throws Exception {
        String ref = basic.at("login/" + way.name().toLowerCase(Locale.ROOT) + ":cache");

        export(ref, prepare(way, "to").toArray(new String[0])).requires(ExitCode.DONE);
        List<String> args = new ArrayList<>(List.of("plan", hello.graph(), "--strict", "--from", ref));
        args.addAll(prepare(way, "from"));
        // What is left of the other side would be a password without a name.
        tool.with("CACHETOOL_TO_PASSWORD", "");
        run(args.toArray(new String[0])).requires(ExitCode.DONE);

        assertTrue(basic.proxy.log().requests().stream()
                .noneMatch(request -> request.target().contains(PASSWORD)));
        if (way == Way.HELPER) {
            assertEquals("get\n", Files.readString(temp.resolve("arguments")));
        }
    }

    @Test
    void helper_whenAPasswordStandsInTheEnvironment_doesNotGetIt() throws Exception {
        prepare(Way.HELPER, "from");
        tool.with("CACHETOOL_TO_PASSWORD", "another secret");
        String ref = basic.at("helper/app:cache");

        run("copy", ref, "oci:" + temp.resolve("copy"), "--to-username", "somebody")
                .requires(ExitCode.NOT_FOUND);

        assertFalse(Files.readString(temp.resolve("environment")).contains("another secret"));
    }

    @Test
    void push_withoutALogin_isRefusedAndSaysHowToLogIn() {
        WholeTool.Run run = export(basic.at("none/app:cache")).requires(ExitCode.REFUSED);
        assertTrue(run.err().contains("the registry wants a login"), run.err());
        assertTrue(run.err().contains("docker login " + basic.proxy.host()), run.err());
    }

    @Test
    void wrongPassword_isAnErrorOnAPushAndAMissOfAPlan() {
        String ref = basic.at("wrong/app:cache");
        tool.with("DOCKER_AUTH_CONFIG", basic.auth(USER, "wrong"));

        WholeTool.Run push = export(ref).requires(ExitCode.REFUSED);
        WholeTool.Run plan = run("plan", hello.graph(), "--from", ref).requires(ExitCode.DONE);
        WholeTool.Run strict =
                run("plan", hello.graph(), "--from", ref, "--strict").requires(ExitCode.REFUSED);

        assertTrue(push.err().contains("does not take this login"), push.err());
        assertTrue(
                plan.err().startsWith("warning: ") && plan.err().contains("going on without this cache"), plan.err());
        assertTrue(plan.out().contains("0 hit"), plan.out());
        assertTrue(strict.err().contains("401"), strict.err());
    }

    @Test
    void sides_withLoginsOfTheirOwn_useEachItsOwn() throws Exception {
        String source = basic.at("sides/source:cache");
        tool.with("CACHETOOL_TO_PASSWORD", PASSWORD);
        export(source, "--to-username", USER).requires(ExitCode.DONE);
        String target = bearer.at("sides/target:cache");

        // The password for the source is no password for the target.
        tool.with("CACHETOOL_TO_PASSWORD", "");
        tool.with("CACHETOOL_FROM_PASSWORD", PASSWORD);
        run("copy", source, target, "--from-username", USER).requires(ExitCode.REFUSED);
        tool.withInput(PASSWORD.getBytes(UTF_8));
        run("copy", source, target, "--from-username", USER, "--to-username", USER, "--to-password-stdin")
                .requires(ExitCode.DONE);
        assertEquals(List.of(), bearer.proxy.log().mentioning(PASSWORD));
    }

    @Test
    void tokens_whenTheRegistryWantsThem_areFetchedOnceForEachSide() throws Exception {
        String ref = bearer.at("team/app:cache");
        tool.with("CACHETOOL_TO_PASSWORD", PASSWORD);
        int before = tokens.issued();

        export(ref, "--to-username", USER).requires(ExitCode.DONE);

        assertEquals(before + 1, tokens.issued());
        tool.with("CACHETOOL_TO_PASSWORD", "");
        hello.clean();
        run("import", hello.graph(), "--from", ref, "--fail-on-miss").requires(ExitCode.DONE);
        assertEquals(built, hello.outputs());
        assertEquals(before + 2, tokens.issued());
        assertEquals(List.of(), bearer.proxy.log().mentioning(PASSWORD));
    }

    @Test
    void anonymous_whereOnlyPullingIsAllowed_isRefusedAPush() {
        WholeTool.Run run = export(bearer.at("team/app:anonymous")).requires(ExitCode.REFUSED);
        assertTrue(run.err().contains("401") || run.err().contains("403"), run.err());
    }

    @Test
    void copy_betweenRepositoriesBehindTokens_mounts() throws Exception {
        tool.with("CACHETOOL_TO_PASSWORD", PASSWORD);
        String source = bearer.at("mount/source:cache");
        export(source, "--to-username", USER).requires(ExitCode.DONE);
        bearer.proxy.clear();

        WholeTool.Run copy = run(
                        "copy", source, bearer.at("mount/target:cache"), "--to-username", USER, "--progress=plain")
                .requires(ExitCode.DONE);

        assertTrue(copy.err().contains("mounted"), copy.err());
        assertEquals(0, bearer.proxy.log().count("PUT", RequestKind.UPLOAD));
    }

    @Test
    void tls_withAnAuthorityOfItsOwn_needsItNamed() throws Exception {
        String ref = tls.host() + "/app:cache";

        WholeTool.Run stranger = export(ref).requires(ExitCode.UNREACHABLE);
        assertTrue(stranger.err().contains("SSL_CERT_FILE"), stranger.err());

        tool.with("SSL_CERT_FILE", TestTls.authority().toString());
        export(ref).requires(ExitCode.DONE);
        hello.clean();
        run("import", hello.graph(), "--from", ref, "--fail-on-miss").requires(ExitCode.DONE);
        assertEquals(built, hello.outputs());
        WholeTool.Run again = export(ref).requires(ExitCode.DONE);
        assertTrue(again.err().contains("unchanged: "), again.err());
    }

    @Test
    void tls_withTheAuthorityInAFolderOfTheRegistry_isTrusted() throws Exception {
        Path certs = Files.createDirectories(temp.resolve(".docker/certs.d").resolve(tls.host()));
        Files.copy(TestTls.authority(), certs.resolve("ca.crt"));
        tool.with("HOME", temp.toString());
        export(tls.host() + "/folder:cache").requires(ExitCode.DONE);
    }

    @Test
    void tls_whereAnyCertificateWillDo_isNotChecked() {
        export("type=registry,registry.insecure=true,ref=" + tls.host() + "/insecure:cache")
                .requires(ExitCode.DONE);
    }
}
