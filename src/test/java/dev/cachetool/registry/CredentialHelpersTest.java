package dev.cachetool.registry;

import static dev.cachetool.registry.Machine.HOST;
import static dev.cachetool.registry.Machine.SECRET;
import static dev.cachetool.registry.Machine.auths;
import static dev.cachetool.registry.Machine.base64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credential helpers: which one is asked for what, and what is made of its answer. */
final class CredentialHelpersTest {
    private static final String STORE = "{'credsStore': 'fake'}";
    private static final String NOT_FOUND = "echo 'credentials not found in native keychain'; exit 1";

    /** Writes down how it was called, and knows everybody. */
    private static final String KNOWS = "printf '%s|' \"$@\" >\"$machine/asked\"; cat >>\"$machine/asked\"\n"
            + "echo '{\"ServerURL\":\"x\",\"Username\":\"helped\",\"Secret\":\"s\"}'";

    private static final Credential HELPED = new Credential.Password("helped", "s");

    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void makeAMachine() throws IOException {
        machine = new Machine(temp);
    }

    private String asked() throws IOException {
        return Files.readString(temp.resolve("asked"));
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example.com, registry.example.com",
        "localhost:5000, localhost:5000",
        "docker.io, https://index.docker.io/v1/",
    })
    void store_whenAsked_getsTheRegistryOnStandardInput(String host, String server) throws IOException {
        machine.dockerConfig(STORE);
        machine.helper("fake", KNOWS);
        assertEquals(HELPED, machine.find(host, "team/app"));
        assertEquals("get|" + server, asked());
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example.com, registry.example.com, registry.example.com",
        "https://registry.example.com/v1/, registry.example.com, registry.example.com",
        "https://index.docker.io/v1/, docker.io, https://index.docker.io/v1/",
        "docker.io, docker.io, docker.io",
    })
    void helperOfARegistry_whenAsked_getsItsNameAsTheKeyHasIt(String key, String host, String server)
            throws IOException {
        machine.dockerConfig("{'credsStore': 'missing', 'credHelpers': {'" + key + "': 'fake'}}");
        machine.helper("fake", KNOWS);
        assertEquals(HELPED, machine.find(host, "team/app"));
        assertEquals("get|" + server, asked());
    }

    @Test
    void helperOfARegistry_whenThereIsOne_countsBeforeEverythingElseInTheFile() throws IOException {
        String logins = "'auths': {'registry.example.com': {'auth': '" + base64("host:p")
                + "'}, 'registry.example.com/team': {'auth': '" + base64("team:p") + "'}}";
        machine.helper("fake", KNOWS);
        machine.helper("none", NOT_FOUND);
        machine.dockerConfig("{" + logins + ", 'credsStore': 'none', 'credHelpers': {'registry.example.com': 'fake'}}");
        assertEquals(HELPED, machine.find());
        machine.dockerConfig("{" + logins + ", 'credsStore': 'fake', 'credHelpers': {'registry.example.com': 'none'}}");
        assertEquals(Credential.ANONYMOUS, machine.find());
        machine.dockerConfig("{" + logins + ", 'credsStore': 'fake', 'credHelpers': {'other.example.com': 'none'}}");
        assertEquals(new Credential.Password("team", "p"), machine.find(HOST, "team/app"));
        assertEquals(HELPED, machine.find(HOST, "app"));
        machine.dockerConfig("{" + logins + ", 'credsStore': 'fake', 'credHelpers': {'registry.example.com': ''}}");
        assertEquals(new Credential.Password("host", "p"), machine.find(HOST, "app"));
    }

    @Test
    void helper_whenItHasNone_leadsToTheNextFile() throws IOException {
        machine.dockerConfig(STORE);
        machine.helper("fake", NOT_FOUND);
        assertEquals(Credential.ANONYMOUS, machine.find());
        Machine.write(machine.home.resolve(".config/containers/auth.json"), auths(HOST, "podman", "p"));
        assertEquals(new Credential.Password("podman", "p"), machine.find());
    }

    @Test
    void helper_whenNamedInAVariable_isAsked() throws IOException {
        machine.environment.put("DOCKER_AUTH_CONFIG", STORE.replace('\'', '"'));
        machine.helper("fake", KNOWS);
        assertEquals(HELPED, machine.find());
    }

    @Test
    void helper_whenTheUserNameStandsForTokens_givesAnIdentityToken() throws IOException {
        machine.dockerConfig(STORE);
        machine.helper("fake", "echo '{\"Username\":\"<token>\",\"Secret\":\"t\"}'");
        assertEquals(new Credential.IdentityToken("t"), machine.find());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "{\"ServerURL\":\"x\",\"Username\":\"\",\"Secret\":\"\"}"})
    void helper_whenItsAnswerIsEmpty_hasNone(String answer) throws IOException {
        machine.dockerConfig(STORE);
        machine.helper("fake", "echo '" + answer + "'");
        assertEquals(Credential.ANONYMOUS, machine.find());
    }

    @Test
    void helper_whenItReadsNothingAndComplainsOnStandardError_stillAnswers() throws IOException {
        machine.dockerConfig(STORE);
        machine.helper("fake", "exec <&-; echo " + SECRET + " >&2; echo '{\"Username\":\"u\",\"Secret\":\"p\"}'");
        assertEquals(new Credential.Password("u", "p"), machine.find());
    }

    @Test
    void helper_whenStarted_getsTheEnvironmentAndNoMore() throws IOException {
        machine.dockerConfig(STORE);
        machine.environment.put("FAKE_SECRET", "from outside");
        machine.helper("fake", "echo \"{\\\"Username\\\":\\\"$HOME\\\",\\\"Secret\\\":\\\"$FAKE_SECRET\\\"}\"");
        assertEquals(new Credential.Password("", "from outside"), machine.find());
    }

    @Test
    void helper_whenMissing_isAnErrorThatNamesItAndTheFile() throws IOException {
        machine.dockerConfig("{\n  'credsStore': 'fake'\n}");
        CredentialException e = machine.failure();
        String place = machine.dockerConfig() + ":2:17";
        assertEquals(
                "could not get the login for registry.example.com from docker-credential-fake, which " + place
                        + " names: there is no such program on the PATH\n"
                        + "  install it, or take its name out of " + place,
                e.getMessage());
        assertEquals(Optional.of("docker-credential-fake"), e.helper());
        assertEquals(place, e.place());
        assertEquals(HOST, e.registry());
    }

    @Test
    void helper_whenItsFolderOnThePathIsRelativeOrItIsNoProgram_isMissing() throws IOException {
        machine.dockerConfig(STORE);
        machine.helper("fake", KNOWS);
        Path relative = Path.of("").toAbsolutePath().relativize(machine.bin);
        machine.environment.put("PATH", relative + "::.");
        assertEquals("there is no such program on the PATH", machine.failure().problem());

        Path other = Files.createDirectories(temp.resolve("other/docker-credential-fake"))
                .getParent();
        Files.createDirectory(temp.resolve("third"));
        Files.writeString(temp.resolve("third/docker-credential-fake"), "");
        machine.environment.put("PATH", other + ":" + temp.resolve("third"));
        assertEquals("there is no such program on the PATH", machine.failure().problem());

        machine.environment.put("PATH", other + ":" + machine.bin + ":/usr/bin:/bin");
        assertEquals(HELPED, machine.find());
    }

    @Test
    void helper_whenItCannotBeStarted_isAnError() throws IOException {
        machine.dockerConfig(STORE);
        machine.helper("fake", "");
        Files.writeString(machine.bin.resolve("docker-credential-fake"), "#!/there/is/no/such/shell\n");
        CredentialException e = machine.failure();
        assertEquals("it could not be started", e.problem());
        assertEquals("see what it says: echo registry.example.com | docker-credential-fake get", e.nextStep());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../fake", "/bin/fake", "-x", "a b", "fake;id", "fake\\n"})
    void helper_whenItsNameIsNone_isAnErrorAndNothingRuns(String name) throws IOException {
        machine.dockerConfig("{'credsStore': '" + name + "'}");
        CredentialException e = machine.failure();
        assertEquals("that cannot be a credential helper's name", e.problem());
        assertEquals(machine.dockerConfig() + ":1:16", e.place());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "echo hunter2; echo hunter2 >&2; exit 3 | it ended with exit code 3",
                "printf 'no credentials server URL'; exit 1 | it ended with exit code 1",
                "kill -9 $$ | it ended with exit code 137",
                "echo hunter2 | it printed something else than an object with Username and Secret",
                "echo '[\"hunter2\"]' | it printed something else than an object with Username and Secret",
                "echo '{\"Username\":[\"hunter2\"]}' | it printed something else than an object with Username and Secret",
                "echo '{\"Secret\": hunter2}' | it printed something else than an object with Username and Secret",
                "true | it printed something else than an object with Username and Secret",
                "exec yes hunter2 | it printed more than 1048576 bytes",
            })
    void helper_whenItDoesNotDoItsWork_isAnErrorWithoutWhatItPrinted(String script, String problem) throws IOException {
        machine.dockerConfig(STORE);
        machine.helper("fake", script);
        CredentialException e = machine.failure();
        assertEquals(problem, e.problem());
        assertEquals(Optional.of("docker-credential-fake"), e.helper());
        assertEquals("see what it says: echo registry.example.com | docker-credential-fake get", e.nextStep());
    }

    @Test
    void helper_whenItDoesNotEnd_isKilledWithWhatItStarted() throws Exception {
        machine.dockerConfig(STORE);
        machine.helper("fake", "sh -c 'sleep 600; :' \"$machine\" & sleep 600; echo " + SECRET);
        machine.patience = Duration.ofSeconds(1);
        CredentialException e = machine.failure();
        assertEquals(
                "it did not end within 1 s, as one does not that waits for somebody to unlock a key store",
                e.problem());
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(temp.toString()))
                        .isPresent())
                .toList();
        for (ProcessHandle process : left) {
            process.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void search_whenInterruptedWhileAHelperRuns_endsAndStaysInterrupted() throws IOException {
        machine.dockerConfig(STORE);
        machine.helper("fake", "exec sleep 600");
        Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, machine::find);
        assertTrue(Thread.interrupted());
    }
}
