package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cachetool.cli.output.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs that are many, or have unusual names: made, saved, restored, published and brought back, byte by byte. */
final class RunOutputsTest {
    private static final boolean SOAK = Boolean.getBoolean("cachetool.soak");
    /** Folders of 100 files: 100,000 in the long campaign. */
    private static final int FOLDERS = SOAK ? 1_000 : 10;

    @TempDir
    private Path folder;

    /** What stands below the outputs: names, kinds, modes, link targets and contents, whatever bytes the names have. */
    private String standing(Steps steps) throws Exception {
        return Launch.command(
                        "sh",
                        "-c",
                        "find out -printf '%p %y %m %l\\0' | sort -z | sha256sum; "
                                + "find out -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum")
                .in(steps.workspace)
                .with("LC_ALL", "C")
                .run()
                .requires(0)
                .out();
    }

    private void remove(Steps steps) throws Exception {
        Launch.command("rm", "-r", "out").in(steps.workspace).run().requires(0);
    }

    /** Runs it, and brings its outputs back from the store and, on another store, from a directory. */
    private void comesBack(Steps steps, String... isolation) throws Exception {
        String cache = "oci:" + folder.resolve("cache");
        List<String> first = new ArrayList<>(List.of(isolation));
        first.addAll(List.of("--to", cache));
        steps.run(first.toArray(String[]::new)).requires(ExitCode.DONE);
        String made = standing(steps);
        remove(steps);
        assertEquals("hit", steps.statuses(isolation).get("make"));
        assertEquals(made, standing(steps), "from the store");
        remove(steps);
        steps.tool
                .run(
                        "run",
                        steps.workspace.resolve("graph.json").toString(),
                        "--store",
                        folder.resolve("another").toString(),
                        "--from",
                        cache)
                .requires(ExitCode.DONE);
        assertEquals(made, standing(steps), "from the directory");
        steps.tool
                .run("store", "verify", "--deep", "--store", steps.store.toString())
                .requires(ExitCode.DONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespace", "folder", "none"})
    void run_whenNamesAreUnusual_bringsThemBack(String isolation) throws Exception {
        String long255 = "n".repeat(255);
        Steps steps = Steps.in(folder)
                .step(
                        "make",
                        "mkdir -p out && cd out && echo a > \"$(printf 'not-utf-8-\\377\\001')\" && echo b > \"$(printf 'new\\nline')\""
                                + " && echo c > " + long255 + " && echo d > ' lead and trail ' && echo e > -dash"
                                + " && echo f > \"$(printf 'ümlaut')\" && ln -s \"$(printf 'to-\\377')\" link"
                                + " && mkdir closed && echo g > closed/file && chmod 0444 closed/file && chmod 0555 closed",
                        "out");
        comesBack(steps, "--isolation=" + isolation);
    }

    @Test
    void run_whenThereAreVeryManyOutputs_bringsThemBack() throws Exception {
        Steps steps = Steps.in(folder)
                .step(
                        "make",
                        "mkdir out && for d in $(seq " + FOLDERS + "); do mkdir out/$d && for f in $(seq 100); do "
                                + "echo $d $f > out/$d/$f; done; done",
                        "out");
        comesBack(steps);
    }
}
