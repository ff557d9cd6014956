package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --fit} where no result has to go for it, and where all of them would. */
final class FitTest {
    private static final int WITHOUT_RESULT = 200;

    @TempDir
    private Path folder;

    private WholeTool tool;
    private String spec;

    /** A cache of a root, one result on it, and many records on it that have none. */
    @BeforeEach
    void makeCache() throws IOException {
        tool = new WholeTool(Files.createDirectory(folder.resolve("tmp"))).at(Approved.NOW);
        RawLayout layout = RawLayout.in(folder.resolve("layout"));
        Descriptor layer = layout.layer(new Tar().file("a", "content").end());
        StringBuilder records = new StringBuilder("{\"digest\":\"" + Digest.sha256("root") + "\"}"
                + ",{\"layers\":[{\"layer\":0,\"createdAt\":\"2026-11-22T04:15:13Z\"}],\"digest\":\""
                + Digest.sha256("step") + "\",\"inputs\":[[{\"link\":0}]]}");
        for (int i = 0; i < WITHOUT_RESULT; i++) {
            records.append(",{\"digest\":\"" + Digest.sha256("other " + i) + "\",\"inputs\":[[{\"link\":0}]]}");
        }
        spec = layout.list(layer)
                .config("{\"layers\":[{\"blob\":\"" + layer.digest() + "\",\"parent\":-1}],\"records\":[" + records
                        + "]}")
                .manifest();
    }

    private long figure(WholeTool.Run run, String name) throws IOException {
        return JsonDocument.strict(run.bytes(), "answer")
                .require("summary")
                .require(name)
                .asLong();
    }

    private long records(String cache) throws IOException {
        return figure(tool.run("inspect", cache, "--format=json").requires(ExitCode.DONE), "records");
    }

    @Test
    void prune_whenRecordsWithoutResultsAreTooMuch_dropsThem() throws IOException {
        WholeTool.Run dry = tool.run("prune", spec, "--fit", "2KB").requires(ExitCode.DONE);
        assertTrue(
                dry.out().startsWith("200 records without a result would go, 1 result with 2.0 KB would be left\n"),
                dry.out());
        assertTrue(dry.out().contains(" would be freed"), dry.out());
        assertEquals(2 + WITHOUT_RESULT, records(spec));

        WholeTool.Run run = tool.run("prune", spec, "--fit", "2KB", "--apply").requires(ExitCode.DONE);

        assertTrue(run.out().contains("200 records without a result removed, 1 result with 2.0 KB left\n"), run.out());
        assertEquals(2, records(spec));
        tool.run("verify", spec, "--deep").requires(ExitCode.DONE);
        WholeTool.Run again = tool.run("prune", spec, "--fit", "2KB", "--apply").requires(ExitCode.DONE);
        assertTrue(again.out().endsWith("nothing to prune: 1 result with 2.0 KB\n"), again.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--dry-run"})
    void merge_whenRecordsWithoutResultsAreTooMuch_leavesThemOutAndCountsWhatIsWritten(String flag) throws IOException {
        Path merged = folder.resolve("merged");

        WholeTool.Run run = tool.run(
                        "merge",
                        spec,
                        "--to",
                        "oci:" + merged,
                        "--fit=2KB",
                        "--format=json",
                        flag.isEmpty() ? "-v" : flag)
                .requires(ExitCode.DONE);

        assertTrue(
                run.err()
                        .contains("200 records without a result left out of " + merged
                                + ", so that config and manifest fit\n"),
                run.err());
        assertEquals(2, figure(run, "records"));
        assertEquals(1, figure(run, "results"));
        assertEquals(flag.isEmpty(), Files.exists(merged));
        if (flag.isEmpty()) {
            assertEquals(2, records("oci:" + merged));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"replace", "merge", "--dry-run"})
    void merge_whenNoResultFits_isAnErrorAndWritesNothing(String how) {
        Path merged = folder.resolve("merged");
        String flag = how.startsWith("--") ? how : "--on-conflict=" + how;

        WholeTool.Run run = tool.run("merge", spec, "--to", "oci:" + merged, "--fit=100B", flag)
                .requires(ExitCode.ANSWER_NO);

        assertTrue(
                run.err()
                        .contains(
                                "with its newest result alone, the cache's config or manifest has more than 100 bytes"),
                run.err());
        assertTrue(run.err().contains("give --fit more"), run.err());
        assertFalse(Files.exists(merged));
    }

    @Test
    void prune_whenThereIsNoResultAndTooMuch_isAnError() throws IOException {
        Path config = Files.createDirectory(folder.resolve("without"));
        String without = RawLayout.in(config)
                .config("{\"records\":[{\"digest\":\"" + Digest.sha256("root") + "\"}]}")
                .manifest();
        WholeTool.Run run = tool.run("prune", without, "--fit=20B", "--apply").requires(ExitCode.ANSWER_NO);
        assertTrue(run.err().contains("it has no result"), run.err());
        tool.run("prune", without, "--fit=20KB", "--apply").requires(ExitCode.DONE);
    }

    @Test
    void prune_whenNoResultFits_isAnErrorAndChangesNothing() throws IOException {
        WholeTool.Run run = tool.run("prune", spec, "--fit=100B", "--apply").requires(ExitCode.ANSWER_NO);

        assertTrue(run.err().contains("fit into 100 bytes: its newest result alone takes more"), run.err());
        assertEquals(2 + WITHOUT_RESULT, records(spec));
    }
}
