package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.InspectGoldenTest.Tagged;
import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Makes caches smaller that real BuildKit daemons exported. */
final class PruneGoldenTest {
    private static final String[] BOUNDS = {"--max-results", "2"};

    @TempDir
    private Path temporary;

    private WholeTool tool;

    static Stream<Tagged> caches() {
        return InspectGoldenTest.caches();
    }

    private static String file(Tagged cache) {
        return cache.toString().replace(':', '-') + ".txt";
    }

    @BeforeEach
    void stopTheClock() throws IOException {
        tool = new WholeTool(Files.createDirectories(temporary.resolve("tmp"))).at(Approved.NOW);
    }

    private WholeTool.Run prune(String spec, String... more) {
        return tool.run(Stream.of(new String[] {"prune", spec}, BOUNDS, more)
                .flatMap(Stream::of)
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("caches")
    void prune_ofCache_saysWhatWasApproved(Tagged cache) throws IOException {
        WholeTool.Run run = prune(cache.spec()).requires(ExitCode.DONE);
        Approved.in("prune").hold(file(cache), run.out());
        assertTrue(run.out().lines().allMatch(line -> line.length() <= 80), run.out());
        WholeTool.Run narrow = tool.with("COLUMNS", "44").run("prune", cache.spec(), BOUNDS[0], BOUNDS[1]);
        assertTrue(
                narrow.out()
                        .lines()
                        .filter(line -> line.startsWith("prunable") || line.startsWith(" "))
                        .allMatch(line -> line.length() <= 44),
                narrow.out());
        boolean isImage = cache.form().startsWith("image") && !cache.form().equals("image-manifest");
        String how = run.out().startsWith("nothing to prune")
                ? "nothing was changed\n"
                : isImage ? ": --to SPEC --apply writes the smaller cache elsewhere\n" : ": --apply does it\n";
        assertTrue(run.err().endsWith(how), run.err());
    }

    @Test
    void approved_outputs_areThoseOfTheCaches() {
        Approved.in("prune").requireOnly(caches().map(PruneGoldenTest::file).toList());
    }

    @ParameterizedTest
    @MethodSource("caches")
    void prune_ofCache_leavesASoundOneInItsForm(Tagged cache) throws IOException {
        Path copy = temporary.resolve("copy");
        tool.run("copy", cache.spec(), "oci:" + copy).requires(ExitCode.DONE);
        if (cache.form().startsWith("image") && !cache.form().equals("image-manifest")) {
            WholeTool.Run refused = prune("oci:" + copy, "--apply").requires(ExitCode.USAGE);
            assertTrue(refused.err().contains("write the smaller cache elsewhere: --to SPEC"), refused.err());
            prune("oci:" + copy, "--apply", "--to", "oci:" + temporary.resolve("smaller"))
                    .requires(ExitCode.DONE);
            copy = temporary.resolve("smaller");
        } else {
            prune("oci:" + copy, "--apply").requires(ExitCode.DONE);
            String form = tool.run("inspect", "oci:" + copy, "--format", "json").out();
            assertTrue(form.contains("\"form\": \"" + cache.form() + "\""), form);
        }
        tool.run("verify", "oci:" + copy, "--deep").requires(ExitCode.DONE);
        String again = prune("oci:" + copy, "--apply").requires(ExitCode.DONE).out();
        assertTrue(again.contains("nothing to prune: "), again);
        try (Stream<Path> blobs = Files.list(copy.resolve("blobs/sha256"))) {
            long found = blobs.count();
            WholeTool.Run reset = tool.run("copy", "oci:" + copy, "type=local,dest=" + copy + ",reset=true,tag=latest");
            reset.requires(ExitCode.DONE);
            try (Stream<Path> left = Files.list(copy.resolve("blobs/sha256"))) {
                assertEquals(left.count(), found, "nothing was left that nothing needs");
            }
        }
    }
}
