package dev.cachetool.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The credentials that people have on a machine. The first of these places that has one for the registry counts:
 *
 * <ol>
 *   <li>{@code DOCKER_AUTH_CONFIG}, which holds what else stands in a file;
 *   <li>{@code REGISTRY_AUTH_FILE}: where that is set, no file but the one that it names;
 *   <li>{@code config.json} in {@code DOCKER_CONFIG} or else in {@code ~/.docker};
 *   <li>{@code containers/auth.json} in {@code XDG_RUNTIME_DIR}; without that, {@code /run/containers/UID/auth.json};
 *   <li>{@code containers/auth.json} in {@code XDG_CONFIG_HOME} or else in {@code ~/.config};
 *   <li>{@code ~/.dockercfg}.
 * </ol>
 *
 * <p>A variable that is blank counts as unset, a file that is not there or is empty as one without credentials (but not
 * the one that {@code REGISTRY_AUTH_FILE} names: that must be there). A file that cannot be read or understood ends the
 * search. Nothing is read before the first {@link #find}, and nothing is kept of what was read. {@link AuthFile} says
 * which credential of a file counts.
 */
public final class CredentialFiles implements CredentialSource {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The most bytes of a file that are read. */
    static final int LIMIT = 4 << 20;

    private final Map<String, String> environment;
    private final Path home;
    private final Path runFolder;
    private final CredentialHelpers helpers;

    /**
     * Credentials as these say.
     *
     * @param environment the variables that name places, and what helpers get as their environment
     * @param home the person's home folder
     */
    public CredentialFiles(Map<String, String> environment, Path home) {
        this(environment, home, Path.of("/run/containers"), PATIENCE);
    }

    /**
     * @param runFolder the folder with one for each user, where Podman writes without {@code XDG_RUNTIME_DIR}
     * @param patience how long a helper may take
     */
    CredentialFiles(Map<String, String> environment, Path home, Path runFolder, Duration patience) {
        this.environment = Map.copyOf(environment);
        this.home = home;
        this.runFolder = runFolder;
        this.helpers = new CredentialHelpers(this.environment, patience);
    }

    @Override
    public Credential find(String registryHost, String repository) throws CredentialException, InterruptedIOException {
        return new Search(registryHost, repository).credential().orElse(Credential.ANONYMOUS);
    }

    private final class Search {
        private final String registry;
        private final String repository;

        Search(String registry, String repository) {
            this.registry = registry;
            this.repository = repository;
        }

        Optional<Credential> credential() throws CredentialException, InterruptedIOException {
            Optional<String> variable = set("DOCKER_AUTH_CONFIG");
            if (variable.isPresent()) {
                AuthPlace place = AuthPlace.variable("DOCKER_AUTH_CONFIG", AuthPlace.DOCKER_LOGIN);
                Optional<Credential> found = in(variable.get().getBytes(StandardCharsets.UTF_8), place, false);
                if (found.isPresent()) {
                    return found;
                }
            }
            Optional<String> only = set("REGISTRY_AUTH_FILE");
            return only.isPresent() ? inTheOnlyFile(path("REGISTRY_AUTH_FILE", only.get())) : inUsualFiles();
        }

        private Optional<Credential> inTheOnlyFile(Path file) throws CredentialException, InterruptedIOException {
            AuthPlace place = AuthPlace.file(file.toString(), AuthPlace.PODMAN_LOGIN);
            Optional<byte[]> bytes = read(file, place);
            if (bytes.isEmpty()) {
                throw CredentialException.ofFile(
                        registry,
                        place.name(),
                        "REGISTRY_AUTH_FILE names it, and it is not there",
                        "unset REGISTRY_AUTH_FILE, or log in: " + place.login() + " " + registry,
                        null);
            }
            return in(bytes.get(), place, false);
        }

        private Optional<Credential> inUsualFiles() throws CredentialException, InterruptedIOException {
            Optional<Credential> found =
                    in(folder("DOCKER_CONFIG", ".docker").resolve("config.json"), AuthPlace.DOCKER_LOGIN, false);
            if (found.isEmpty()) {
                Optional<Path> runtime = runtimeFile();
                found = runtime.isPresent() ? in(runtime.get(), AuthPlace.PODMAN_LOGIN, false) : Optional.empty();
            }
            if (found.isEmpty()) {
                Path file = folder("XDG_CONFIG_HOME", ".config").resolve("containers/auth.json");
                found = in(file, AuthPlace.PODMAN_LOGIN, false);
            }
            return found.isPresent() ? found : in(home.resolve(".dockercfg"), AuthPlace.DOCKER_LOGIN, true);
        }

        private Optional<Path> runtimeFile() throws CredentialException {
            Optional<String> folder = set("XDG_RUNTIME_DIR");
            if (folder.isPresent()) {
                return Optional.of(path("XDG_RUNTIME_DIR", folder.get()).resolve("containers/auth.json"));
            }
            try {
                Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
                return Optional.of(runFolder.resolve(user + "/auth.json"));
            } catch (IOException | UnsupportedOperationException e) {
                // Without a way to know the user's number there is no such file.
                return Optional.empty();
            }
        }

        /** The folder that the variable names, or else the one in the home folder. */
        private Path folder(String variable, String inHome) throws CredentialException {
            Optional<String> named = set(variable);
            return named.isPresent() ? path(variable, named.get()) : home.resolve(inHome);
        }

        private Optional<String> set(String variable) {
            return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
        }

        private Path path(String variable, String text) throws CredentialException {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw CredentialException.ofFile(
                        registry,
                        variable,
                        "it names a path that cannot be written in this locale",
                        "use one with UTF-8: LC_ALL=C.UTF-8",
                        e);
            }
        }

        private Optional<Credential> in(Path file, String login, boolean legacy)
                throws CredentialException, InterruptedIOException {
            AuthPlace place = AuthPlace.file(file.toString(), login);
            Optional<byte[]> bytes = read(file, place);
            return bytes.isPresent() ? in(bytes.get(), place, legacy) : Optional.empty();
        }

        private Optional<Credential> in(byte[] bytes, AuthPlace place, boolean legacy)
                throws CredentialException, InterruptedIOException {
            Optional<AuthFile> file = AuthFile.parse(bytes, place, legacy, registry);
            return file.isPresent() ? file.get().find(registry, repository, helpers) : Optional.empty();
        }

        private Optional<byte[]> read(Path file, AuthPlace place) throws CredentialException {
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(LIMIT + 1);
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                if (isBelowAFile(file)) {
                    return Optional.empty();
                }
                throw CredentialException.ofFile(
                        registry,
                        place.name(),
                        e instanceof AccessDeniedException ? "no permission" : "it is no file that can be read",
                        "make it readable for you, or " + place.instead(registry),
                        e);
            }
            if (bytes.length > LIMIT) {
                throw CredentialException.ofFile(
                        registry,
                        place.name(),
                        "it has more than " + LIMIT + " bytes, so it is no such file",
                        place.mend(registry),
                        null);
            }
            return Optional.of(bytes);
        }

        /** Whether what should be its folder is a file, as where a system's user has {@code /dev/null} as its home. */
        private boolean isBelowAFile(Path file) {
            Path above = file.toAbsolutePath().getParent();
            while (above != null && !Files.exists(above)) {
                above = above.getParent();
            }
            return above != null && !Files.isDirectory(above);
        }
    }
}
