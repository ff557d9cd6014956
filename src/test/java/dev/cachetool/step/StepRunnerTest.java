package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.graph.ExecOp.Isolation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps as real processes, in every isolation. */
final class StepRunnerTest {
    @TempDir
    Path temp;

    private StepSite site(Isolation isolation) throws Exception {
        StepSite site = new StepSite(temp, isolation);
        if (isolation == Isolation.NAMESPACE) {
            Assumptions.assumeTrue(site.isolations().reason().isEmpty(), () -> "this machine allows no namespaces");
        }
        return site;
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void step_whenItSucceeds_givesWhatItMade(Isolation isolation) throws Exception {
        StepSite site = site(isolation);
        site.write("src/a.txt", "a\n");

        StepOutcome outcome = site.run(
                site.shell("echo begin; cat src/a.txt src/a.txt > out/b.txt; echo end >&2", "'outputs': ['out/b.txt']"),
                site.local("src/a.txt"));

        assertAll(
                () -> assertEquals(List.of("out/b.txt"), StepSite.paths(outcome)),
                () -> assertEquals("a\na\n", StepSite.text(outcome, "out/b.txt")),
                () -> assertEquals(List.of("begin", "end"), site.printed),
                () -> assertEquals("begin\nend\n", new String(outcome.printed())),
                () -> assertEquals(Optional.empty(), outcome.distrust()),
                () -> assertEquals(isolation == Isolation.NONE, Files.exists(site.workspace.resolve("out/b.txt"))));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER"})
    void step_whenIsolated_seesItsInputsAlone(Isolation isolation) throws Exception {
        StepSite site = site(isolation);
        site.write("src/a.txt", "a\n");
        site.write("src/b.txt", "b\n");
        site.write("c.txt", "c\n");

        StepOutcome outcome = site.run(
                site.shell("seen=$(find . | sort); echo \"$seen\" > list", "'outputs': ['list']"),
                site.local("src/a.txt"));

        assertEquals(".\n./src\n./src/a.txt\n", StepSite.text(outcome, "list"));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void step_whenItFails_saysHowAndLeavesNothing(Isolation isolation) throws Exception {
        StepSite site = site(isolation);
        site.write("out/a", "old\n");

        StepFailedException failure = assertThrows(
                StepFailedException.class,
                () -> site.run(site.shell("echo new > out/a; echo broken >&2; exit 3", "'outputs': ['out/a']")));

        assertAll(
                () -> assertEquals(3, failure.exitCode()),
                () -> assertEquals("it ended with exit code 3", failure.getMessage()),
                () -> assertEquals(List.of("broken"), failure.lastLines()),
                () -> assertTrue(failure.byHand().contains(site.workspace.toString()), failure.byHand()),
                () -> assertEquals("old\n", Files.readString(site.workspace.resolve("out/a"))),
                () -> assertFalse(Files.exists(site.workspace.resolve(".cachetool/aside"))));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void step_whenItAppendsToItsOldOutput_findsNone(Isolation isolation) throws Exception {
        StepSite site = site(isolation);
        site.write("log", "old\n");
        var step = site.shell("echo new >> log", "'outputs': ['log']");

        assertEquals("new\n", StepSite.text(site.run(step), "log"));
        assertEquals("new\n", StepSite.text(site.run(step), "log"));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER"})
    void step_whenItWritesToItsInput_harmsNothingAndIsNotTrusted(Isolation isolation) throws Exception {
        StepSite site = site(isolation);
        site.write("src/a.txt", "a\n");
        StepOutcome lower = site.run(site.shell("echo lower > lib; chmod 444 lib", "'outputs': ['lib']"));

        StepOutcome both = site.run(
                site.shell("chmod u+w lib; echo x >> lib; cat lib > out", "'outputs': ['out']"),
                StepSite.result(lower),
                site.local("src/a.txt"));
        StepOutcome source = site.run(
                site.shell("echo x >> src/a.txt; cat src/a.txt > out", "'outputs': ['out']"), site.local("src/a.txt"));

        assertAll(
                () -> assertEquals(Optional.of("it changed its input lib"), both.distrust()),
                () -> assertEquals("lower\nx\n", StepSite.text(both, "out")),
                () -> assertEquals("lower\n", StepSite.text(lower, "lib")),
                () -> assertEquals(Optional.of("it changed its input src/a.txt"), source.distrust()),
                () -> assertEquals("a\n", Files.readString(site.workspace.resolve("src/a.txt"))));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void outputs_whenTheyHoldInputs_areWhatTheStepMadeAlone(Isolation isolation) throws Exception {
        StepSite site = site(isolation);
        StepOutcome lower = site.run(
                site.shell("mkdir -p build/x; echo 1 > build/conf; echo 2 > build/x/keep", "'outputs': ['build']"));

        StepOutcome upper = site.run(
                site.shell(
                        "echo 3 > build/app; echo new > build/conf; touch build/x/keep; ln -s app build/link",
                        "'outputs': ['build/**']"),
                StepSite.result(lower));

        assertAll(
                () -> assertEquals(List.of("build", "build/conf", "build/x", "build/x/keep"), StepSite.paths(lower)),
                () -> assertEquals(List.of("build/app", "build/conf", "build/link"), StepSite.paths(upper)),
                () -> assertEquals(Optional.empty(), upper.distrust()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void output_whenAPatternMatchesNothing_failsAndNamesIt(Isolation isolation) throws Exception {
        StepSite site = site(isolation);

        StepFailedException failure = assertThrows(
                StepFailedException.class,
                () -> site.run(site.shell("echo x > out.txt", "'outputs': ['out.txt', 'lib/*.so']")));
        StepOutcome optional = site.run(
                site.shell("echo x > out.txt", "'outputs': ['out.txt', {'path': 'lib/*.so', 'optional': true}]"));

        assertAll(
                () -> assertEquals("it made nothing that its output \"lib/*.so\" matches", failure.getMessage()),
                () -> assertEquals(List.of("out.txt"), StepSite.paths(optional)),
                () -> assertFalse(isolation == Isolation.NONE && Files.exists(site.workspace.resolve("lib/x"))));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void environment_whenAStepRuns_isWhatItNames(Isolation isolation) throws Exception {
        StepSite site = site(isolation);
        site.environment.put("HOME", temp.toString());
        site.environment.put("SECRET_A", "s1");
        site.environment.put("odd.name", "s2");
        site.environment.put("CFLAGS", "-O1");
        site.environment.put("OTHER", "no");

        StepOutcome outcome = site.run(site.vertex("'args': ['env'], 'stdout': 'list', 'cwd': 'sub/dir', "
                + "'passEnv': ['SECRET_*', 'odd.name'], 'keyEnv': ['CFLAGS', 'ABSENT'], "
                + "'env': {'LC_ALL': 'C', 'WHERE': '${workspace}/x', 'a.b': '1'}"));

        String folder = isolation == Isolation.FOLDER
                ? site.isolations()
                        .folderOf(site.vertex("'args': ['env'], 'stdout': 'list', 'cwd': 'sub/dir', "
                                + "'passEnv': ['SECRET_*', 'odd.name'], 'keyEnv': ['CFLAGS', 'ABSENT'], "
                                + "'env': {'LC_ALL': 'C', 'WHERE': '${workspace}/x', 'a.b': '1'}"))
                : site.workspace.toString();
        assertEquals(
                List.of(
                        "CFLAGS=-O1",
                        "HOME=" + temp,
                        "LC_ALL=C",
                        "PATH=" + System.getenv("PATH"),
                        "SECRET_A=s1",
                        "WHERE=" + folder + "/x",
                        "a.b=1",
                        "odd.name=s2"),
                StepSite.text(outcome, "list").lines().sorted().toList());
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void folder_whenAStepAsks_isTheOneOfItsKey(Isolation isolation) throws Exception {
        StepSite site = site(isolation);
        var step = site.shell("pwd > out; echo ${workspace} >> out", "'outputs': ['out'], 'pathSensitive': true");

        String folder = site.isolations().folderOf(step);

        assertEquals(folder + "\n" + folder + "\n", StepSite.text(site.run(step), "out"));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void tree_whenReadOnly_isTakenAndBroughtIn(Isolation isolation) throws Exception {
        StepSite site = site(isolation);
        StepOutcome lower = site.run(site.shell(
                "mkdir -p mod/deep; echo 1 > mod/deep/f; chmod 444 mod/deep/f; chmod 555 mod/deep mod",
                "'outputs': ['mod']"));

        StepOutcome upper = site.run(site.shell("cat mod/deep/f > out", "'outputs': ['out']"), StepSite.result(lower));

        assertAll(
                () -> assertEquals("1\n", StepSite.text(upper, "out")),
                () -> assertEquals(
                        List.of("mod 555", "mod/deep 555", "mod/deep/f 444"),
                        lower.outputs().tree().entries().stream()
                                .map(entry -> entry.path() + " " + Integer.toOctalString(entry.mode()))
                                .toList()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void outputs_whenNames_areAnyBytes(Isolation isolation) throws Exception {
        StepSite site = site(isolation);
        String longest = "n".repeat(255);

        StepOutcome outcome = site.run(site.shell(
                "mkdir d; cd d; touch \"$(printf '\\377x')\" \"$(printf 'a\\nb')\" " + longest
                        + " ü; mkfifo pipe; ln -s /etc/passwd out",
                "'outputs': ['d']"));

        assertAll(
                () -> assertEquals(
                        List.of("d", "d/a\nb", "d/" + longest, "d/out", "d/ü", "d/\uDCFFx"), StepSite.paths(outcome)),
                () -> assertEquals(
                        EntryType.SYMLINK,
                        outcome.outputs()
                                .tree()
                                .find("d/out")
                                .map(TreeEntry::type)
                                .orElseThrow()),
                () -> assertEquals(List.of("d/pipe is neither file, folder nor link, and is not kept"), site.warned));
    }
}
