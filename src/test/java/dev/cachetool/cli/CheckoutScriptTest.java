package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script cachetool at the top of a checkout, with a Maven that only writes down that it was called. */
final class CheckoutScriptTest {
    private static final String MAVEN = """
            #!/bin/sh
            echo "$*" >>maven-calls
            echo "Maven writes this"
            [ ! -e maven-fails ] || exit 1
            mkdir -p target/dist/cachetool/bin
            printf '#!/bin/sh\\nprintf "<%%s>" "$@"\\nexit 7\\n' >target/dist/cachetool/bin/cachetool
            chmod +x target/dist/cachetool/bin/cachetool
            touch target/dist/.built
            """;
    private static final String FIRST = "building cachetool (first use; this may take some minutes) ...\n";
    private static final String CHANGED = "building cachetool (the sources have changed) ...\n";

    @TempDir
    Path temp;

    private Path top = Path.of("");
    private Path source = Path.of("");
    private String path = "";

    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void makeACheckout() throws IOException {
        top = Files.createDirectory(temp.resolve("a checkout"));
        Files.copy(Path.of("cachetool"), top.resolve("cachetool"), StandardCopyOption.COPY_ATTRIBUTES);
        source = Files.createDirectories(top.resolve("src/main/java")).resolve("A.java");
        Files.createDirectories(top.resolve("src/dist"));
        Files.createDirectories(top.resolve(".mvn"));
        Files.createFile(top.resolve("pom.xml"));
        Files.createFile(source);
        Path maven = Files.createDirectory(temp.resolve("bin")).resolve("mvn");
        Files.writeString(maven, MAVEN);
        assertTrue(maven.toFile().setExecutable(true));
        path = maven.getParent() + ":" + System.getenv("PATH");
    }

    private Process start(Map<String, String> environment, Path out, Path err, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(top.resolve("cachetool").toString())
                .directory(temp.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Outcome run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(temp, "out", "");
        Path err = Files.createTempFile(temp, "err", "");
        int code = start(environment, out, err, arguments).waitFor();
        return new Outcome(code, Files.readString(out), Files.readString(err));
    }

    private List<String> mavenCalls() throws IOException {
        return Files.readAllLines(top.resolve("maven-calls"));
    }

    @Test
    void script_whenUsedFirst_buildsAndHandsArgumentsAndExitCodeThrough() throws Exception {
        assertEquals(new Outcome(7, "<plan><a b><>", FIRST), run(Map.of(), "plan", "a b", ""));
        assertEquals(List.of("-B -ntp -q -Pquick package"), mavenCalls());
    }

    @Test
    void script_whenNothingChanged_buildsNoSecondTime() throws Exception {
        run(Map.of(), "version");
        assertEquals(new Outcome(7, "<version>", ""), run(Map.of(), "version"));
        assertEquals(1, mavenCalls().size());
    }

    @Test
    void script_whenASourceChanged_buildsAgain() throws Exception {
        run(Map.of(), "version");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        assertEquals(new Outcome(7, "<version>", CHANGED), run(Map.of(), "version"));
        assertEquals(2, mavenCalls().size());
    }

    @Test
    void script_whenASourceWasDeleted_buildsAgain() throws Exception {
        run(Map.of(), "version");
        Files.setLastModifiedTime(
                top.resolve("target/dist/.built"),
                FileTime.from(Files.getLastModifiedTime(source).toInstant().plusMillis(1)));
        Files.delete(source);
        Files.setLastModifiedTime(
                source.getParent(), FileTime.from(Instant.now().plusSeconds(60)));
        assertEquals(CHANGED, run(Map.of(), "version").err());
    }

    @Test
    void script_whenMavenFails_showsWhatItWroteOnStderr() throws Exception {
        Files.createFile(top.resolve("maven-fails"));
        Outcome outcome = run(Map.of(), "version");
        assertEquals(1, outcome.code());
        assertEquals("", outcome.out());
        assertEquals(FIRST + """
                        Maven writes this
                        cachetool: could not build cachetool: mvn -Pquick package failed (see above)
                          the same is in target/build.log
                        """, outcome.err());
    }

    @Test
    void script_whenUsedTwiceAtOnce_buildsOnce() throws Exception {
        Path[] out = {temp.resolve("out1"), temp.resolve("out2")};
        Path[] err = {temp.resolve("err1"), temp.resolve("err2")};
        Process first = start(Map.of(), out[0], err[0], "1");
        Process second = start(Map.of(), out[1], err[1], "2");
        assertEquals(7, first.waitFor());
        assertEquals(7, second.waitFor());
        assertEquals("<1><2>", Files.readString(out[0]) + Files.readString(out[1]));
        assertEquals(FIRST, Files.readString(err[0]) + Files.readString(err[1]));
        assertEquals(1, mavenCalls().size());
    }

    @Test
    void script_whenThereIsNoJdk_saysWhatToInstall() throws Exception {
        Path jre = Files.createDirectories(temp.resolve("jre/bin")).getParent();
        Outcome outcome = run(Map.of("JAVA_HOME", jre.toString()), "version");
        assertEquals(1, outcome.code());
        assertEquals("", outcome.out());
        assertEquals(
                "cachetool: could not build cachetool: there is no JDK at JAVA_HOME=" + jre + " (no bin/javac)\n"
                        + "  install a JDK 17 or newer and Maven 3.8 or newer (on Debian: apt-get install"
                        + " default-jdk-headless maven), or set JAVA_HOME\n",
                outcome.err());
    }

    @Test
    void script_whenTheJdkIsTooOld_saysWhatToInstall() throws Exception {
        Path javac = Files.createDirectories(temp.resolve("jdk/bin")).resolve("javac");
        Files.writeString(javac, "#!/bin/sh\necho javac 1.8.0_292 >&2\n");
        assertTrue(javac.toFile().setExecutable(true));
        Outcome outcome = run(Map.of("JAVA_HOME", temp.resolve("jdk").toString()), "version");
        assertEquals(1, outcome.code());
        assertTrue(outcome.err().contains("the JDK is too old (javac 1.8.0_292 at " + javac + ")"), outcome.err());
    }

    @Test
    void script_whenThereIsNoMaven_saysWhatToInstall() throws Exception {
        path = temp.resolve("tools").toString();
        Files.createDirectory(temp.resolve("tools"));
        Outcome outcome = run(Map.of(), "version");
        assertEquals(1, outcome.code());
        assertEquals("", outcome.out());
        assertTrue(
                outcome.err()
                        .contains("could not build cachetool: there is no Maven (no mvn on the PATH)\n  install a JDK"),
                outcome.err());
    }
}
