package dev.cachetool.cachemap;

import java.util.Map;

/**
 * What counts in keys and does not stand in the graph.
 *
 * @param environment variables by name, of which the graph names those that count
 * @param platform of steps that name none, {@code os/arch[/variant]}
 * @param tools runs the tools of the graph
 * @param folders tells where path-sensitive steps run
 * @param sources tells what sources hold that lie elsewhere
 */
public record Surroundings(
        Map<String, String> environment,
        String platform,
        ToolRunner tools,
        StepFolders folders,
        RemoteSources sources) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }
}
