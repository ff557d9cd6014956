package dev.cachetool.registry;

import static dev.cachetool.registry.Machine.HOST;
import static dev.cachetool.registry.Machine.SECRET;
import static dev.cachetool.registry.Machine.auths;
import static dev.cachetool.registry.Machine.base64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which credential of one file counts, and what is said of a file that is wrong. */
final class AuthFileTest {
    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void makeAMachine() throws IOException {
        machine = new Machine(temp);
    }

    private static Credential password(String username, String password) {
        return new Credential.Password(username, password);
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example.com, registry.example.com, team/app, true",
        "registry.example.com, registry.example.com, '', true",
        "https://registry.example.com/v1/, registry.example.com, team/app, true",
        "http://registry.example.com, registry.example.com, team/app, true",
        "registry.example.com, Registry.example.com, team/app, true",
        "registry.example.com:5000, registry.example.com:5000, team/app, true",
        "registry.example.com:5000, registry.example.com, team/app, false",
        "registry.example.com, registry.example.com:5000, team/app, false",
        "registry.example.com:443, registry.example.com, team/app, false",
        "example.com, registry.example.com, team/app, false",
        "registry.example.com/team/app, registry.example.com, team/app, true",
        "registry.example.com/team, registry.example.com, team/app, true",
        "registry.example.com/team/, registry.example.com, team/app, true",
        "registry.example.com/te, registry.example.com, team/app, false",
        "registry.example.com/team/app/x, registry.example.com, team/app, false",
        "registry.example.com/app, registry.example.com, team/app, false",
        "registry.example.com/team, registry.example.com, '', false",
        "registry.example.com/team, registry.example.com:5000, team/app, false",
        "https://index.docker.io/v1/, docker.io, library/alpine, true",
        "docker.io, docker.io, library/alpine, true",
        "index.docker.io, registry-1.docker.io, library/alpine, true",
        "docker.io/library, docker.io, library/alpine, true",
        "docker.io, registry.example.com, docker.io/app, false",
    })
    void key_whenSought_countsForItsRegistryAndItsRepositories(
            String key, String host, String repository, boolean counts) throws IOException {
        machine.dockerConfig(auths(key, "u", "p"));
        assertEquals(counts ? password("u", "p") : Credential.ANONYMOUS, machine.find(host, repository));
    }

    @Test
    void keys_whenSeveralLeadToTheRepository_countFromTheLongest() throws IOException {
        machine.dockerConfig("{'auths': {"
                + "'registry.example.com': {'auth': '" + base64("host:p") + "'},"
                + "'registry.example.com/team': {'auth': '" + base64("team:p") + "'},"
                + "'registry.example.com/team/app/ui': {},"
                + "'registry.example.com/team/app': {'auth': '" + base64("app:p") + "'}}}");
        assertEquals(password("app", "p"), machine.find(HOST, "team/app"));
        assertEquals(password("app", "p"), machine.find(HOST, "team/app/ui"));
        assertEquals(password("team", "p"), machine.find(HOST, "team/application"));
        assertEquals(password("host", "p"), machine.find(HOST, "teams/app"));
        assertEquals(password("host", "p"), machine.find(HOST, ""));
    }

    @Test
    void keys_whenSeveralNameTheRegistry_countAsProgramsWriteThemFirst() throws IOException {
        machine.dockerConfig("{'auths': {"
                + "'https://index.docker.io/v1/access-token': {'auth': '" + base64("oauth:p") + "'},"
                + "'https://index.docker.io/v1/': {'auth': '" + base64("hub:p") + "'},"
                + "'https://registry.example.com': {'auth': '" + base64("url:p") + "'},"
                + "'registry.example.com': {'auth': '" + base64("host:p") + "'}}}");
        assertEquals(password("hub", "p"), machine.find("docker.io", "library/alpine"));
        assertEquals(password("host", "p"), machine.find());
    }

    @Test
    void entry_whenEmpty_leavesItToAnotherKeyOfTheRegistry() throws IOException {
        machine.dockerConfig(
                "{'auths': {'https://index.docker.io/v1/': {}, 'docker.io': {'auth': '" + base64("u:p") + "'}}}");
        assertEquals(password("u", "p"), machine.find("docker.io", "library/alpine"));
    }

    static Stream<Arguments> entries() {
        String user = base64("u:p");
        return Stream.of(
                Arguments.of("{'auth': '" + base64("u:p:q:") + "'}", password("u", "p:q:")),
                Arguments.of("{'auth': '" + base64("u:") + "'}", password("u", "")),
                Arguments.of("{'auth': '" + base64("u:p\0\0") + "'}", password("u", "p")),
                Arguments.of("{'auth': '" + base64("ü:pä✓") + "'}", password("ü", "pä✓")),
                Arguments.of("{'auth': '" + user.replace("=", "") + "'}", password("u", "p")),
                Arguments.of(
                        "{'auth': '" + user.charAt(0) + "\\n" + user.substring(1) + "\\r\\n'}", password("u", "p")),
                Arguments.of("{'username': 'u', 'password': 'p'}", password("u", "p")),
                Arguments.of("{'username': 'x', 'password': 'y', 'auth': '" + user + "'}", password("u", "p")),
                Arguments.of("{'username': 'u'}", password("u", "")),
                Arguments.of("{'Auth': '" + user + "', 'email': 'u@example.com'}", password("u", "p")),
                Arguments.of("{'auth': null, 'username': 'u', 'password': 'p'}", password("u", "p")),
                Arguments.of(
                        "{'auth': '" + base64("00000000-0000-0000-0000-000000000000:") + "', 'identitytoken': 't'}",
                        new Credential.IdentityToken("t")),
                Arguments.of("{'identitytoken': 't'}", new Credential.IdentityToken("t")),
                Arguments.of("{'auth': '" + base64("<token>:t") + "'}", new Credential.IdentityToken("t")),
                Arguments.of("{'registrytoken': 'r'}", new Credential.RegistryToken("r")),
                Arguments.of(
                        "{'auth': '" + user + "', 'identitytoken': 't', 'registrytoken': 'r'}",
                        new Credential.RegistryToken("r")),
                Arguments.of("{'auth': '', 'username': '', 'identitytoken': ''}", Credential.ANONYMOUS),
                Arguments.of("null", Credential.ANONYMOUS));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void entry_whenRead_isTheCredentialThatDockerMakesOfIt(String entry, Credential credential) throws IOException {
        machine.dockerConfig("{'auths': {'registry.example.com': " + entry + "}}");
        assertEquals(credential, machine.find());
    }

    static Stream<Arguments> badDocuments() {
        String auth = "{'auths': {'registry.example.com': {'auth': ";
        String latin1 = Base64.getEncoder().encodeToString("ü:hunter2".getBytes(StandardCharsets.ISO_8859_1));
        return Stream.of(
                Arguments.of(auth + SECRET + "}}}", "1:45", "no valid JSON"),
                Arguments.of("{'auths': {\n 'registry.example.com': {'auth': '" + SECRET, "2:43", "no valid JSON"),
                Arguments.of(auth + "'" + SECRET + "'}}} " + SECRET, "1:58", "no valid JSON"),
                Arguments.of("\uFEFF{}", "1:1", "no valid JSON"),
                Arguments.of("auth = " + SECRET, "1:1", "no valid JSON"),
                Arguments.of("['" + SECRET + "']", "1:1", "must be an object, is an array"),
                Arguments.of("{'auths': ['" + SECRET + "']}", "1:11", "must be an object, is an array"),
                Arguments.of(
                        "{'auths': {'registry.example.com': '" + SECRET + "'}}",
                        "1:36",
                        "must be an object, is a string"),
                Arguments.of(auth + "31337}}}", "1:45", "must be a string, is a number"),
                Arguments.of(auth + "'" + SECRET + "!'}}}", "1:45", "\"auth\" is no base64"),
                Arguments.of(
                        auth + "'" + base64(SECRET) + "'}}}", "1:45", "\"auth\" is not the base64 of USER:PASSWORD"),
                Arguments.of(
                        auth + "'" + base64(":" + SECRET) + "'}}}",
                        "1:45",
                        "\"auth\" is not the base64 of USER:PASSWORD"),
                Arguments.of(auth + "'" + latin1 + "'}}}", "1:45", "\"auth\" has bytes that are no UTF-8"),
                Arguments.of(
                        "{'auths': {'registry.example.com': {'registrytoken': '" + SECRET + "\\n'}}}",
                        "1:54",
                        "a registry token has visible ASCII characters only"),
                Arguments.of("{'credsStore': {'x': '" + SECRET + "'}}", "1:16", "must be a string, is an object"),
                Arguments.of(
                        "{'credHelpers': {'registry.example.com': ['" + SECRET + "']}}",
                        "1:42",
                        "must be a string, is an array"));
    }

    @ParameterizedTest
    @MethodSource("badDocuments")
    void document_whenWrong_isAnErrorWithItsPlaceAndWithoutItsContent(String json, String at, String problem)
            throws IOException {
        machine.dockerConfig(json);
        CredentialException e = machine.failure();
        String place = machine.dockerConfig() + ":" + at;
        assertEquals(place, e.place());
        assertEquals(problem, e.problem());
        assertEquals(
                "could not read the login for registry.example.com from " + place + ": " + problem + "\n"
                        + "  mend it, or move it away and log in anew: docker login registry.example.com",
                e.getMessage());
    }

    @Test
    void document_whenWrongInAVariable_isAnErrorThatNamesTheVariable() {
        machine.environment.put("DOCKER_AUTH_CONFIG", "{\"auths\": " + SECRET + "}");
        CredentialException e = machine.failure();
        assertEquals("DOCKER_AUTH_CONFIG:1:11", e.place());
        assertEquals("mend it, or unset it and log in anew: docker login registry.example.com", e.nextStep());
    }

    @Test
    void document_whenWrongForAnotherRegistryOnly_countsForThisOne() throws IOException {
        machine.dockerConfig("{'auths': {'other.example.com': {'auth': '!'}, 'registry.example.com': {'auth': '"
                + base64("u:p") + "'}}}");
        assertEquals(password("u", "p"), machine.find());
    }
}
