package dev.cachetool.registry;

import static dev.cachetool.registry.Machine.HOST;
import static dev.cachetool.registry.Machine.auths;
import static dev.cachetool.registry.Machine.entry;
import static dev.cachetool.registry.Machine.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which places credentials come from, in which order, and what happens where a place cannot be read. */
final class CredentialFilesTest {
    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void makeAMachine() throws IOException {
        machine = new Machine(temp);
    }

    /** The places, as the table below has them. */
    private enum Place {
        VARIABLE,
        ONLY,
        DOCKER_CONFIG,
        DOCKER_HOME,
        RUNTIME,
        RUN,
        XDG_CONFIG,
        CONFIG_HOME,
        DOCKERCFG;

        /** Sets the variable that leads to the place, if one does. */
        void name(Machine machine) {
            switch (this) {
                case VARIABLE -> machine.environment.put("DOCKER_AUTH_CONFIG", "{}");
                case ONLY ->
                    machine.environment.put("REGISTRY_AUTH_FILE", file(machine).toString());
                case DOCKER_CONFIG ->
                    machine.environment.put("DOCKER_CONFIG", folder(machine).toString());
                case RUNTIME ->
                    machine.environment.put("XDG_RUNTIME_DIR", folder(machine).toString());
                case XDG_CONFIG ->
                    machine.environment.put("XDG_CONFIG_HOME", folder(machine).toString());
                default -> {
                    // No variable leads there.
                }
            }
        }

        private Path folder(Machine machine) {
            return machine.folder.resolve("place-" + this);
        }

        Path file(Machine machine) {
            return switch (this) {
                case VARIABLE, ONLY -> folder(machine).resolve("some.json");
                case DOCKER_CONFIG -> folder(machine).resolve("config.json");
                case DOCKER_HOME -> machine.dockerConfig();
                case RUNTIME, XDG_CONFIG -> folder(machine).resolve("containers/auth.json");
                case RUN -> machine.runFolder.resolve(user() + "/auth.json");
                case CONFIG_HOME -> machine.home.resolve(".config/containers/auth.json");
                case DOCKERCFG -> machine.home.resolve(".dockercfg");
            };
        }

        /** Writes a login whose user is called as the place. */
        void logIn(Machine machine) throws IOException {
            name(machine);
            if (this == VARIABLE) {
                machine.environment.put(
                        "DOCKER_AUTH_CONFIG", auths(HOST, name(), "p").replace('\'', '"'));
            } else {
                write(file(machine), this == DOCKERCFG ? entry(HOST, name(), "p") : auths(HOST, name(), "p"));
            }
        }

        private static String user() {
            try {
                return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // which places have a login; which have none though their variable is set; whose login counts
        "VARIABLE ONLY DOCKER_CONFIG DOCKER_HOME RUNTIME RUN XDG_CONFIG CONFIG_HOME DOCKERCFG, '', VARIABLE",
        "ONLY DOCKER_CONFIG DOCKER_HOME RUNTIME RUN XDG_CONFIG CONFIG_HOME DOCKERCFG, '', ONLY",
        "DOCKER_CONFIG DOCKER_HOME RUNTIME RUN XDG_CONFIG CONFIG_HOME DOCKERCFG, '', DOCKER_CONFIG",
        "DOCKER_HOME RUNTIME RUN XDG_CONFIG CONFIG_HOME DOCKERCFG, '', DOCKER_HOME",
        "RUNTIME RUN XDG_CONFIG CONFIG_HOME DOCKERCFG, '', RUNTIME",
        "RUN XDG_CONFIG CONFIG_HOME DOCKERCFG, '', RUN",
        "XDG_CONFIG CONFIG_HOME DOCKERCFG, '', XDG_CONFIG",
        "CONFIG_HOME DOCKERCFG, '', CONFIG_HOME",
        "DOCKERCFG, '', DOCKERCFG",
        "'', '', none",
        "ONLY DOCKER_HOME, VARIABLE, ONLY",
        "DOCKER_HOME RUNTIME, VARIABLE, DOCKER_HOME",
        "DOCKER_HOME RUNTIME, DOCKER_CONFIG, RUNTIME",
        "RUN CONFIG_HOME, RUNTIME, CONFIG_HOME",
        "CONFIG_HOME DOCKERCFG, XDG_CONFIG, DOCKERCFG",
    })
    void login_whenSeveralPlacesHaveOne_isThatOfTheFirst(String with, String without, String counts)
            throws IOException {
        for (Place place : places(with)) {
            place.logIn(machine);
        }
        for (Place place : places(without)) {
            place.name(machine);
        }
        Credential expected = counts.equals("none") ? Credential.ANONYMOUS : new Credential.Password(counts, "p");
        assertEquals(expected, machine.find());
    }

    private static Place[] places(String names) {
        return names.isEmpty()
                ? new Place[0]
                : Arrays.stream(names.split(" ", -1)).map(Place::valueOf).toArray(Place[]::new);
    }

    @Test
    void login_whenTheOnlyFileHasNoneForTheRegistry_isNotSoughtElsewhere() throws IOException {
        Place.DOCKER_HOME.logIn(machine);
        Place.RUN.logIn(machine);
        Place.ONLY.name(machine);
        write(Place.ONLY.file(machine), auths("other.example.com", "u", "p"));
        assertEquals(Credential.ANONYMOUS, machine.find());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE", "DOCKER_CONFIG", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"
            })
    void variable_whenBlank_countsAsUnset(String variable) throws IOException {
        for (Place place : places("DOCKER_HOME RUN CONFIG_HOME")) {
            machine = new Machine(Files.createDirectory(temp.resolve(place.name())));
            machine.environment.put(variable, " ");
            place.logIn(machine);
            assertEquals(new Credential.Password(place.name(), "p"), machine.find());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "{}", "null", "{'auths': null}", "{'auths': {'registry.example.com': {}}}"})
    void file_whenItHasNoLogin_leadsToTheNextPlace(String content) throws IOException {
        machine.dockerConfig(content);
        Place.DOCKERCFG.logIn(machine);
        assertEquals(new Credential.Password("DOCKERCFG", "p"), machine.find());
    }

    @Test
    void file_whenASymbolicLink_isFollowed() throws IOException {
        Path elsewhere = temp.resolve("mounted/secret");
        write(elsewhere, auths(HOST, "u", "p"));
        Files.createDirectories(machine.dockerConfig().getParent());
        Files.createSymbolicLink(machine.dockerConfig(), elsewhere);
        assertEquals(new Credential.Password("u", "p"), machine.find());
    }

    @Test
    void files_whenTheHomeFolderIsADevice_areNotThere() throws IOException {
        assertEquals(
                Credential.ANONYMOUS,
                new CredentialFiles(machine.environment, Path.of("/dev/null"), machine.runFolder, machine.patience)
                        .find(HOST, ""));
    }

    @Test
    void files_whenNothingIsSought_areNotReadAndNothingRuns() throws IOException {
        machine.environment.put("DOCKER_AUTH_CONFIG", "{");
        machine.dockerConfig("{'credsStore': 'trace'}");
        machine.helper("trace", "touch \"$machine/ran\"");
        machine.credentials();
        assertFalse(Files.exists(temp.resolve("ran")));
        assertEquals("DOCKER_AUTH_CONFIG:1:2", machine.failure().place());

        machine.environment.put("DOCKER_AUTH_CONFIG", auths(HOST, "u", "p").replace('\'', '"'));
        machine.find();
        assertFalse(Files.exists(temp.resolve("ran")), "the place before it had a login");
    }

    @Test
    void login_whenItChangesBetweenTwoSearches_isTheNewOne() throws IOException {
        CredentialFiles credentials = machine.credentials();
        machine.dockerConfig(auths(HOST, "old", "p"));
        assertEquals(new Credential.Password("old", "p"), credentials.find(HOST, ""));
        machine.dockerConfig(auths(HOST, "new", "p"));
        assertEquals(new Credential.Password("new", "p"), credentials.find(HOST, ""));
    }

    @Test
    void theOnlyFile_whenItIsNotThere_isAnErrorThatNamesTheVariable() {
        Place.ONLY.name(machine);
        String file = Place.ONLY.file(machine).toString();
        CredentialException e = machine.failure();
        assertEquals(
                "could not read the login for registry.example.com from " + file
                        + ": REGISTRY_AUTH_FILE names it, and it is not there\n"
                        + "  unset REGISTRY_AUTH_FILE, or log in: podman login registry.example.com",
                e.getMessage());
        assertEquals(HOST, e.registry());
        assertEquals(file, e.place());
        assertEquals(Optional.empty(), e.helper());
    }

    @Test
    void file_whenADirectory_isAnErrorThatNamesIt() throws IOException {
        Files.createDirectories(machine.dockerConfig());
        CredentialException e = machine.failure();
        assertEquals(machine.dockerConfig().toString(), e.place());
        assertEquals("it is no file that can be read", e.problem());
    }

    @Test
    void file_whenItMayNotBeRead_isAnErrorThatSaysSo() throws IOException {
        machine.dockerConfig("{}");
        assumeTrue(machine.dockerConfig().toFile().setReadable(false));
        assumeTrue(!Files.isReadable(machine.dockerConfig()), "this user may read every file");
        CredentialException e = machine.failure();
        assertEquals("no permission", e.problem());
        assertEquals(
                "make it readable for you, or move it away and log in anew: docker login registry.example.com",
                e.nextStep());
    }

    @Test
    void file_whenTooLarge_isAnErrorAndNotReadToItsEnd() throws IOException {
        machine.dockerConfig("{}");
        try (RandomAccessFile file = new RandomAccessFile(machine.dockerConfig().toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        assertEquals(
                "it has more than " + CredentialFiles.LIMIT + " bytes, so it is no such file",
                machine.failure().problem());
    }
}
