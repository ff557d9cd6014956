package dev.cachetool.step;

import dev.cachetool.oci.Timestamp;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What all steps of a command have in common.
 *
 * @param workspace absolute, without links
 * @param environment variables by name, of which steps get those that they name
 * @param createdAt the time of new results; without it, when their step ended
 * @param threads how many files are copied or read at once, at least 1
 */
public record StepSettings(
        Path workspace, Map<String, String> environment, Optional<Timestamp> createdAt, int threads) {
    public StepSettings {
        environment = Map.copyOf(environment);
    }
}
