package dev.cachetool.graph;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A command that is run.
 *
 * @param args program and arguments, at least the program; {@code ${workspace}} is not expanded
 * @param cwd the folder it runs in, relative to the workspace; {@code .} for the workspace itself
 * @param env variables that count, by name; {@code ${workspace}} is not expanded
 * @param keyEnv names or patterns ({@code *}, {@code ?}) of variables whose present values count
 * @param passEnv names or patterns of variables that are handed through and do not count
 * @param tools names of tools of the graph whose output counts
 * @param outputs patterns, relative to the workspace, of what it makes; empty where only its success matters
 * @param stdout the file that takes what it prints
 * @param caches folders that are kept between runs
 * @param timeout after which it has failed
 * @param salt any text that counts; empty for none
 * @param platform {@code os/arch[/variant]}; without it, this machine's
 * @param times what the times of its outputs are
 * @param pathSensitive whether the absolute folder that it sees counts
 * @param isolation what it sees of the workspace; without it, what the command line says
 */
public record ExecOp(
        List<String> args,
        String cwd,
        Map<String, String> env,
        List<String> keyEnv,
        List<String> passEnv,
        List<String> tools,
        List<PathPattern> outputs,
        Optional<String> stdout,
        List<CacheFolder> caches,
        Optional<Duration> timeout,
        String salt,
        Optional<String> platform,
        Times times,
        boolean pathSensitive,
        Optional<Isolation> isolation)
        implements OpSpec {
    public ExecOp {
        if (args.isEmpty()) {
            throw new IllegalArgumentException("a command has a program");
        }
        args = List.copyOf(args);
        env = Collections.unmodifiableMap(new TreeMap<>(env));
        keyEnv = List.copyOf(keyEnv);
        passEnv = List.copyOf(passEnv);
        tools = List.copyOf(tools);
        outputs = List.copyOf(outputs);
        caches = List.copyOf(caches);
    }

    /** What becomes of the times of outputs. */
    public enum Times {
        /** They are set to zero. */
        ZERO,
        /** They are kept. */
        KEEP
    }

    /** What a step sees of the workspace. */
    public enum Isolation {
        /** A namespace where the machine allows it, else a folder. */
        AUTO,
        /** Its inputs, mounted at the workspace's own path. */
        NAMESPACE,
        /** Its inputs, in a scratch folder. */
        FOLDER,
        /** The workspace itself. */
        NONE
    }

    /**
     * A folder of cachetool's own that is kept between runs.
     *
     * @param name by which steps share it
     * @param env the variable that tells the step where it is
     */
    public record CacheFolder(String name, String env) {}

    @Override
    public String kind() {
        return "exec";
    }
}
