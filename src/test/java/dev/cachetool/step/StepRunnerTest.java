package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.graph.ExecOp.Isolation;
import dev.cachetool.graph.Vertex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps as real processes, in every isolation. */
final class StepRunnerTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void step_whenItSucceeds_givesWhatItMade(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        site.write("src/a.txt", "a\n");

        StepOutcome outcome = site.run(
                site.shell("echo begin; cat src/a.txt src/a.txt > out/b.txt; echo end >&2", "'outputs': ['out/b.txt']"),
                site.local("src/a.txt"));

        assertAll(
                () -> assertEquals(List.of("out/b.txt"), StepSite.paths(outcome)),
                () -> assertEquals("a\na\n", StepSite.text(outcome, "out/b.txt")),
                () -> assertEquals(List.of("begin", "end"), site.printed),
                () -> assertEquals("begin\nend\n", new String(outcome.printed(), StandardCharsets.UTF_8)),
                () -> assertEquals(Optional.empty(), outcome.distrust()),
                () -> assertEquals(isolation == Isolation.NONE, Files.exists(site.workspace.resolve("out/b.txt"))));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER"})
    void step_whenIsolated_seesItsInputsAlone(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
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
        StepSite site = StepSite.in(temp, isolation);
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
        StepSite site = StepSite.in(temp, isolation);
        site.write("log", "old\n");
        var step = site.shell("echo new >> log", "'outputs': ['log']");

        assertEquals("new\n", StepSite.text(site.run(step), "log"));
        assertEquals("new\n", StepSite.text(site.run(step), "log"));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER"})
    void step_whenItWritesToItsInput_harmsNothingAndIsNotTrusted(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
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
        StepSite site = StepSite.in(temp, isolation);
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
        StepSite site = StepSite.in(temp, isolation);

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
        StepSite site = StepSite.in(temp, isolation);
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
        StepSite site = StepSite.in(temp, isolation);
        var step = site.shell("pwd > out; echo ${workspace} >> out", "'outputs': ['out'], 'pathSensitive': true");

        String folder = site.isolations().folderOf(step);

        assertEquals(folder + "\n" + folder + "\n", StepSite.text(site.run(step), "out"));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void tree_whenReadOnly_isTakenAndBroughtIn(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
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
        StepSite site = StepSite.in(temp, isolation);
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

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER"})
    void inputs_whenRemoved_areMissed(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        site.write("src/deep/a.txt", "a\n");
        site.write("src/b.txt", "b\n");
        site.write("link-target", "x\n");
        Files.createSymbolicLink(site.workspace.resolve("link"), Path.of("link-target"));

        assertAll(
                () -> assertEquals(
                        Optional.of("it changed its input src/deep/a.txt"),
                        site.run(site.shell("rm src/deep/a.txt", ""), site.local("src"))
                                .distrust()),
                () -> assertEquals(
                        Optional.of("it changed its input src/deep/a.txt"),
                        site.run(
                                        site.shell("rm -r src/deep; mkdir src/deep; touch src/deep/new", ""),
                                        site.local("src"))
                                .distrust()),
                () -> assertEquals(
                        Optional.of("it changed its input src/b.txt"),
                        site.run(site.shell("rm -r src; touch src", ""), site.local("src"))
                                .distrust()),
                () -> assertEquals(
                        Optional.of("it changed its input link"),
                        site.run(site.shell("ln -sf elsewhere link", ""), site.local("link"))
                                .distrust()),
                () -> assertEquals(
                        Optional.of("it changed its input src/b.txt"),
                        site.run(site.shell("chmod +x src/b.txt", ""), site.local("src"))
                                .distrust()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void inputs_whenOnlyTouchedOrDeclared_areTrusted(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        site.write("src/b.txt", "b\n");

        assertAll(
                () -> assertEquals(
                        Optional.empty(),
                        site.run(site.shell("touch src/b.txt; cp src/b.txt x; mv x src/b.txt", ""), site.local("src"))
                                .distrust()),
                () -> assertEquals(
                        Optional.empty(),
                        site.run(site.shell("echo c > src/b.txt", "'outputs': ['src/b.txt']"), site.local("src"))
                                .distrust()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void source_whenItChangesWhileAStepRuns_isMissed(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        site.write("src/b.txt", "b\n");
        StepInput source = site.local("src");
        StepListener changing = new StepListener() {
            @Override
            public void printed(Vertex vertex, String line) {
                try {
                    site.write("src/b.txt", "changed\n");
                    site.write("changed", "");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        Vertex step = site.shell("echo begun; while [ ! -e $CHANGED ]; do :; done", "'passEnv': ['CHANGED']");
        // A folder that is the same inside and outside of a namespace.
        Path outside = Files.createDirectories(temp.toRealPath().resolve("outside"));
        Files.createSymbolicLink(outside.resolve("changed"), site.workspace.resolve("changed"));
        site.environment.put("CHANGED", outside.resolve("flag").toString());
        StepListener both = new StepListener() {
            @Override
            public void printed(Vertex vertex, String line) {
                changing.printed(vertex, line);
                try {
                    Files.createFile(outside.resolve("flag"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };

        StepOutcome while_ = site.runner().run(step, List.of(source), both);
        StepOutcome after = site.run(site.shell("cat src/b.txt", ""), source);

        assertAll(
                () -> assertEquals(
                        isolation == Isolation.NONE
                                ? Optional.of("it changed its input src/b.txt")
                                : Optional.of("src/b.txt changed while it ran"),
                        while_.distrust()),
                () -> assertEquals(Optional.of("src/b.txt changed after it was hashed"), after.distrust()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void step_whenItHasNoOutputs_succeeds(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);

        assertEquals(List.of(), StepSite.paths(site.run(site.vertex("'args': ['true']"))));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void everything_whenDeclared_isWhatTheStepMade(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        site.write("src/b.txt", "b\n");

        StepOutcome outcome = site.run(
                site.shell("mkdir -p a .git .cachetool; touch a/x y .git/z .cachetool/z", "'outputs': ['.', '!src']"),
                site.local("src"));

        assertEquals(List.of("a", "a/x", "y"), StepSite.paths(outcome));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void bits_whenSpecial_areDroppedWithAWarning(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);

        StepOutcome outcome =
                site.run(site.shell("touch prog; chmod 4755 prog; ln prog other", "'outputs': ['prog', 'other']"));

        assertAll(
                () -> assertEquals(
                        List.of("other 755", "prog 755"),
                        outcome.outputs().tree().entries().stream()
                                .map(entry -> entry.path() + " " + Integer.toOctalString(entry.mode()))
                                .toList()),
                () -> assertEquals(
                        0100755, Files.getAttribute(outcome.outputs().mount().resolve("prog"), "unix:mode")),
                () -> assertEquals(2, site.warned.size(), site.warned.toString()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void caches_whenUsed_areKeptAndSeen(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        Vertex step = site.shell(
                "echo x >> $GOCACHE/log; wc -l < $GOCACHE/log > out",
                "'outputs': ['out'], 'caches': [{'name': 'go-build', 'env': 'GOCACHE'}]");

        site.run(step);

        assertEquals("2\n", StepSite.text(site.run(step), "out"));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void store_whenInTheWorkspace_isStillSeen(Isolation isolation) throws Exception {
        StepSite site = StepSite.withStoreInside(temp, isolation);
        Path tmp = Files.createDirectories(site.workspace.resolve("tmp"));
        site.environment.put("TMPDIR", tmp.toString());
        site.write("src/b.txt", "b\n");

        StepOutcome outcome = site.run(
                site.shell(
                        "echo x > $CACHE/log; cp src/b.txt $TMPDIR/t; cat $TMPDIR/t > out; ls src >> out",
                        "'outputs': ['out'], 'caches': [{'name': 'c', 'env': 'CACHE'}]"),
                site.local("src"));

        assertAll(
                () -> assertEquals("b\nb.txt\n", StepSite.text(outcome, "out")),
                () -> assertEquals("b\n", Files.readString(tmp.resolve("t"))),
                () -> assertEquals(Optional.empty(), outcome.distrust()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void tools_whenTheyGoWrongOnOldOutputs_findNone(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        site.write("a.o", "a");
        site.write("lib/old.txt", "old");
        site.write("current/old.txt", "old");
        Vertex step = site.shell("mkdir lib; cp a.o lib; ln -s lib current", "'outputs': ['lib', 'current']");

        site.run(step, site.local("a.o"));
        StepOutcome outcome = site.run(step, site.local("a.o"));

        assertEquals(List.of("current", "lib", "lib/a.o"), StepSite.paths(outcome));
    }

    @Test
    void step_whenKilledInTheWorkspace_isUndoneByTheNextOne() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.NONE);
        Vertex step = site.shell("test -e ok && echo new > out/b", "'outputs': ['out/b'], 'passEnv': ['NOTHING']");
        String name = StepFolder.nameOf((dev.cachetool.graph.ExecOp) step.op());
        // What a process leaves that is killed while the step runs.
        site.write(".cachetool/aside-" + name + "/out/b", "old\n");
        site.write("out/b", "half\n");

        assertThrows(StepFailedException.class, () -> site.run(step));

        assertAll(
                () -> assertEquals("old\n", Files.readString(site.workspace.resolve("out/b"))),
                () -> assertFalse(Files.exists(site.workspace.resolve(".cachetool/aside-" + name))));
    }

    @Test
    void inputs_whenNotInTheWorkspace_areNamed() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.NONE);
        StepOutcome lower = site.run(site.shell("echo 1 > lib", "'outputs': ['lib']"));
        Vertex step = site.shell("cat lib", "");

        site.write("lib", "changed\n");
        StepFailedException changed =
                assertThrows(StepFailedException.class, () -> site.run(step, StepSite.result(lower)));
        Files.delete(site.workspace.resolve("lib"));
        StepFailedException gone =
                assertThrows(StepFailedException.class, () -> site.run(step, StepSite.result(lower)));

        assertAll(
                () -> assertEquals(
                        "it could not be started in the workspace: its input lib is not what was made before",
                        changed.getMessage()),
                () -> assertEquals(
                        "it could not be started in the workspace: its input lib is not there", gone.getMessage()));
    }

    @Test
    void inputs_whenAtTheSamePath_areTheLaterOnes() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.FOLDER);
        StepOutcome first =
                site.run(site.shell("mkdir d; echo 1 > d/a; echo 1 > d/b; echo 1 > e", "'outputs': ['d', 'e']"));
        StepOutcome second = site.run(site.shell("echo 2 > d; mkdir e; echo 2 > e/f", "'outputs': ['d', 'e']"));

        StepOutcome both = site.run(
                site.shell("cat d e/f > out", "'outputs': ['out']"), StepSite.result(first), StepSite.result(second));
        StepOutcome back = site.run(
                site.shell("cat d/a d/b e > out", "'outputs': ['out']"),
                StepSite.result(second),
                StepSite.result(first));

        assertAll(
                () -> assertEquals("2\n2\n", StepSite.text(both, "out")),
                () -> assertEquals("1\n1\n1\n", StepSite.text(back, "out")));
    }

    @Test
    void folders_whenLeftByAKilledProcess_areRemoved() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.FOLDER);
        Path left =
                Files.createDirectories(site.store.stepFolders(site.workspace).resolve("0123456789abcdef/w/sub"));
        Files.writeString(left.resolve("file"), "x");
        Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("r-xr-xr-x"));

        site.run(site.vertex("'args': ['true']"));

        assertEquals(List.of(), site.stepFolders());
    }

    @Test
    void step_whenTwoWantItsFolder_runsOneAfterTheOther() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.FOLDER);
        Vertex step = site.shell("mkdir alone; pwd > out; sleep 0.1", "'outputs': ['out']");
        List<FutureTask<StepOutcome>> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            FutureTask<StepOutcome> run = new FutureTask<>(() -> site.run(step));
            runs.add(run);
            new Thread(run).start();
        }

        Set<String> folders = new TreeSet<>();
        for (FutureTask<StepOutcome> run : runs) {
            folders.add(StepSite.text(run.get(), "out"));
        }

        assertEquals(Set.of(site.isolations().folderOf(step) + "\n"), folders);
    }

    @Test
    void isolation_whenAStepNamesOne_isThatOne() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.FOLDER);
        site.write("undeclared", "x");

        StepOutcome outcome = site.run(site.shell("cat undeclared > out", "'outputs': ['out'], 'isolation': 'none'"));

        assertEquals("x", StepSite.text(outcome, "out"));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void files_whenLinked_stayOneFile(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);

        StepOutcome outcome = site.run(site.shell("mkdir d; echo 1 > d/a; ln d/a d/b; ln d/a d/c", "'outputs': ['d']"));

        assertEquals(
                Set.of(3), Set.of(Files.getAttribute(outcome.outputs().mount().resolve("d/b"), "unix:nlink")));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void folder_whenItIsALink_mayLeadWithinTheWorkspaceAlone(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        site.write("real/a", "a\n");
        Files.createSymbolicLink(site.workspace.resolve("link"), Path.of("real"));
        Files.createSymbolicLink(site.workspace.resolve("away"), Path.of("../elsewhere"));
        StepInput inputs = site.local("real", "link", "away");

        StepOutcome outcome = site.run(site.shell("cat a > ../out", "'outputs': ['out'], 'cwd': 'link'"), inputs);
        StepFailedException cwd =
                assertThrows(StepFailedException.class, () -> site.run(site.shell("true", "'cwd': 'away/x'"), inputs));
        StepFailedException stdout = assertThrows(
                StepFailedException.class, () -> site.run(site.shell("true", "'stdout': 'away/x'"), inputs));

        assertAll(
                () -> assertEquals("a\n", StepSite.text(outcome, "out")),
                () -> assertEquals(
                        "it could not be started: its cwd goes through the link away, which leads out of the workspace",
                        cwd.getMessage()),
                () -> assertEquals(
                        "it could not be started: its stdout goes through the link away, which leads out of the"
                                + " workspace",
                        stdout.getMessage()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER"})
    void outputs_whenMany_areTaken(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        Vertex step = site.shell(
                "mkdir -p out/deep; cd out; for i in $(seq 2000); do echo $i > deep/$i; done; cp deep/1 one",
                "'outputs': ['out']");

        StepOutcome outcome = site.run(step);
        StepOutcome count = site.run(
                site.shell("find out -type f | wc -l > n; cat out/deep/* | sort -n | tail -1 >> n", "'outputs': ['n']"),
                StepSite.result(outcome));

        assertAll(
                () -> assertEquals(2003, outcome.outputs().tree().size()),
                () -> assertEquals("2001\n2000\n", StepSite.text(count, "n")));
    }
}
