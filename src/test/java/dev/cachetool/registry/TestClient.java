package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cachetool.oci.Reference;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A client as the tests set it up: nothing of this machine's counts, and it waits for nothing but stalls. */
final class TestClient implements AutoCloseable {
    static final String USER = "ann";

    /** No message, stack trace or request to another host may have this. */
    static final String PASSWORD = "hunter2-of-ann";

    static final String REPOSITORY = "team/app";

    final FakePause pause = new FakePause();
    private final RegistryClient client;

    private TestClient(Options options) {
        this.client = new RegistryClient(options.side, options.settings(), options.credentials, pause);
    }

    static Options options(Side side) {
        return new Options(side);
    }

    /** One that knows {@link #USER}. */
    static TestClient of(Side side) {
        return options(side).start();
    }

    /** What one can be set up with. */
    static final class Options {
        private final Side side;
        private CredentialSource credentials = new FixedCredential(USER, PASSWORD);
        private Duration stall = Duration.ofSeconds(60);
        private Optional<Duration> timeout = Optional.empty();
        private RetryPolicy retry = RetryPolicy.USUAL;
        private Certificates certificates = new Certificates(Optional.empty(), List.of());
        private Set<String> plainHttp = Set.of();
        private Map<String, String> environment = Map.of();

        private Options(Side side) {
            this.side = side;
        }

        Options credentials(CredentialSource source) {
            credentials = source;
            return this;
        }

        Options credential(Credential credential) {
            return credentials((registry, repository) -> credential);
        }

        Options stall(Duration duration) {
            stall = duration;
            return this;
        }

        Options timeout(Duration duration) {
            timeout = Optional.of(duration);
            return this;
        }

        Options retry(RetryPolicy policy) {
            retry = policy;
            return this;
        }

        Options authorities(Path file) {
            certificates = new Certificates(Optional.of(file), certificates.folders());
            return this;
        }

        Options certificateFolder(Path folder) {
            certificates = new Certificates(certificates.authorities(), List.of(folder));
            return this;
        }

        Options plainHttp(String host) {
            plainHttp = Set.of(host);
            return this;
        }

        /** Where the names of proxies stand. */
        Options environment(Map<String, String> variables) {
            environment = variables;
            return this;
        }

        private RegistrySettings settings() {
            return new RegistrySettings(
                    "cachetool/test",
                    plainHttp,
                    retry,
                    stall,
                    timeout,
                    certificates,
                    new EnvironmentProxies(environment));
        }

        TestClient start() {
            return new TestClient(this);
        }
    }

    /** The repository {@link #REPOSITORY} of the registry. */
    RegistryTarget open(FaultyRegistry registry) {
        return open(registry, REPOSITORY);
    }

    RegistryTarget open(FaultyRegistry registry, String repository) {
        return open(registry.host() + "/" + repository, false);
    }

    RegistryTarget open(String reference, boolean insecure) {
        return client.open(Reference.parse(reference), insecure, TransferListener.NONE);
    }

    HttpFile file(String url) {
        return client.file(url);
    }

    /** Nothing of the failure, nor of its causes, has the secret. */
    static void assertHides(Throwable failure, String secret) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertFalse(trace.toString().contains(secret), trace::toString);
    }

    @Override
    public void close() {
        client.close();
    }
}
