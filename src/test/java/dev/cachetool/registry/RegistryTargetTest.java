package dev.cachetool.registry;

import dev.cachetool.content.Source;
import dev.cachetool.content.Target;
import dev.cachetool.content.TargetContract;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A repository of a registry is a place like any other. */
@Timeout(120)
final class RegistryTargetTest extends TargetContract {
    private FaultyRegistry registry;
    private TestClient writer;
    private TestClient reader;

    @BeforeEach
    void start() throws IOException {
        registry = FaultyRegistry.start();
        writer = TestClient.of(Side.PUSH);
        reader = TestClient.of(Side.PULL);
    }

    @AfterEach
    void close() {
        writer.close();
        reader.close();
        registry.close();
    }

    @Override
    protected Target open() {
        return writer.open(registry);
    }

    @Override
    protected Optional<Source> reader() {
        return Optional.of(reader.open(registry));
    }
}
