package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.ExecOp.Isolation;
import dev.cachetool.graph.Vertex;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is settled of the isolation of steps; at {@code /} no machine lets anything be mounted. */
final class IsolationsTest {
    @TempDir
    Path temp;

    private StepRunner runnerWithoutNamespaces(StepSite site, Isolation wanted) throws Exception {
        return new StepRunner(
                site.store,
                new StepSettings(site.workspace, site.environment, Optional.empty(), 1),
                new Isolations(Path.of("/"), site.store.stepFolders(site.workspace), wanted));
    }

    @Test
    void auto_whenThereAreNoNamespaces_isAFolderAndToldOnce() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.AUTO);
        StepRunner runner = runnerWithoutNamespaces(site, Isolation.AUTO);
        Vertex step = site.shell("pwd > out", "'outputs': ['out']");

        StepOutcome outcome = runner.run(step, List.of(), site.listener);
        runner.run(step, List.of(), site.listener);

        assertAll(
                () -> assertTrue(StepSite.text(outcome, "out").contains("/steps/"), "not in a folder"),
                () -> assertEquals(
                        List.of("steps run in scratch folders: namespaces are not to be had here (the workspace is /)"),
                        site.noted));
    }

    @Test
    void namespace_whenThereIsNone_failsAndSaysWhatDoesWithout() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.AUTO);

        StepFailedException failure = assertThrows(
                StepFailedException.class,
                () -> runnerWithoutNamespaces(site, Isolation.NAMESPACE)
                        .run(site.shell("true", ""), List.of(), site.listener));

        assertEquals(
                "it could not be started in a namespace, which this machine does not allow (the workspace is /);"
                        + " --isolation=folder does without",
                failure.getMessage());
    }

    @Test
    void folder_whenAskedFor_isToldByNobody() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.FOLDER);

        site.run(site.shell("true", ""));

        assertEquals(List.of(), site.noted);
    }

    @Test
    void isolation_whenTheStepSays_goesBeforeTheCommandLine() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.AUTO);
        Isolations isolations = new Isolations(site.workspace, temp, Isolation.FOLDER);

        assertAll(
                () -> assertEquals(Isolation.NONE, isolations.of(op(site, "'isolation': 'none'"))),
                () -> assertEquals(Isolation.NAMESPACE, isolations.of(op(site, "'isolation': 'namespace'"))),
                () -> assertEquals(Isolation.FOLDER, isolations.of(op(site, ""))));
    }

    private static ExecOp op(StepSite site, String fields) throws Exception {
        return (ExecOp) site.shell("true", fields).op();
    }
}
