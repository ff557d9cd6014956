package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cachetool.graph.ExecOp.Isolation;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps of a user who is not root, in a process of their own where the tests run as root. */
final class StepAsUserTest {
    private static final String NOBODY = "65534";

    @TempDir
    Path temp;

    /** What the process of the user runs; prints what is wrong, and nothing where nothing is. */
    public static void main(String[] args) throws Exception {
        StepSite site = StepSite.in(Path.of(args[0]), Isolation.valueOf(args[1]));
        site.write("src/a.txt", "a\n");
        StepOutcome lower = site.run(
                site.shell(
                        "id -u; mkdir -p mod/deep; cp src/a.txt mod/deep/f; chmod 444 mod/deep/f; chmod 555 mod/deep mod",
                        "'outputs': ['mod']"),
                site.local("src"));
        StepOutcome upper = site.run(
                site.shell(
                        "grep -h CapEff /proc/self/status; cat mod/deep/f src/a.txt > out; chmod 0 out",
                        "'outputs': ['out']"),
                StepSite.result(lower),
                site.local("src"));
        StepOutcome writing =
                site.run(site.shell("chmod u+w mod/deep/f; echo x >> mod/deep/f", ""), StepSite.result(lower));
        check(List.of(NOBODY, "CapEff:\t0000000000000000"), site.printed);
        check(List.of("mod", "mod/deep", "mod/deep/f"), StepSite.paths(lower));
        check("a\n", StepSite.text(lower, "mod/deep/f"));
        check(4L, upper.outputs().tree().find("out").orElseThrow().size());
        check("Optional[it changed its input mod/deep/f]", writing.distrust().toString());
        check(List.of(), site.stepFolders());
        check(List.of(), site.warned);
    }

    private static void check(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            System.out.println("expected " + expected + " but was " + actual);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void steps_whenAUserRunsThem_workAsForRoot(Isolation isolation) throws Exception {
        Assumptions.assumeTrue(
                Integer.valueOf(0)
                        .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid", LinkOption.NOFOLLOW_LINKS)),
                "the tests run as another user than root anyway");
        Assumptions.assumeTrue(Wrappers.program("setpriv").isPresent(), "there is no setpriv");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid",
                NOBODY,
                "--regid",
                NOBODY,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                readableClassPath(),
                StepAsUserTest.class.getName(),
                Files.createDirectory(
                                temp.resolve("site"),
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")))
                        .toString(),
                isolation.name()));
        new ProcessBuilder("chown", NOBODY + ":" + NOBODY, temp.resolve("site").toString())
                .start()
                .waitFor();

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();

        Assumptions.assumeFalse(printed.contains("TestAbortedException"), printed);
        assertEquals("", printed);
        assertEquals(0, code);
    }

    /** Copies of what the user's process needs, since those of the tests may be root's alone. */
    private String readableClassPath() throws Exception {
        List<String> entries = new ArrayList<>();
        Path copies = Files.createDirectory(temp.resolve("classes"));
        for (Path from : StepSite.classPath()) {
            String to = copies.resolve(Integer.toString(entries.size())).toString();
            new ProcessBuilder("cp", "-r", from.toString(), to).start().waitFor();
            entries.add(to);
        }
        new ProcessBuilder("chmod", "-R", "a+rX", copies.toString()).start().waitFor();
        return String.join(File.pathSeparator, entries);
    }
}
