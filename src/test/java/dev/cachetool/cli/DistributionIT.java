package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution that the phase package made, started as people start it. */
final class DistributionIT {
    private static final Path DIST = Launch.DISTRIBUTION;
    private static final Path ALL_JAR = Path.of(System.getProperty("cachetool.jar"));
    private static final String JAVA_HOME = System.getProperty("java.home");
    private static final Map<String, String> THIS_JAVA = Map.of("JAVA_HOME", JAVA_HOME);

    @TempDir
    Path temp;

    private static Launch.Outcome run(Map<String, String> environment, Path directory, String... command) {
        try {
            return Launch.command(command)
                    .without("JAVA_HOME")
                    .with(environment)
                    .in(directory)
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertSaysItsVersion(Launch.Outcome outcome) {
        assertEquals("", outcome.err());
        assertTrue(outcome.out().matches("cachetool \\S+\n"), outcome.out());
        assertEquals(0, outcome.code());
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : walk.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return to;
    }

    /** The classes of cachetool and picocli that Java took from the jar and not from the archive. */
    private List<String> loadedFromTheJar(Path home) throws IOException {
        Path log = temp.resolve("classes.txt");
        Map<String, String> environment = new HashMap<>(THIS_JAVA);
        environment.put("CACHETOOL_JAVA_OPTS", "-Xlog:class+load:file=" + log);
        assertSaysItsVersion(run(environment, temp, Launch.launcher(home), "version"));
        List<String> ours = new ArrayList<>();
        for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
            if (line.contains(" dev.cachetool.") || line.contains(" picocli.")) {
                ours.add(line);
            }
        }
        assertTrue(ours.size() > 10, ours.toString());
        ours.removeIf(line -> line.contains("source: shared objects file"));
        return ours;
    }

    /** Examples and benchmarks are of the sources alone. */
    @Test
    void readme_ofTheDistribution_pointsToWhatIsThere() throws IOException {
        Matcher links =
                Pattern.compile("\\]\\(([^):#]+)(#[^)]*)?\\)").matcher(Files.readString(DIST.resolve("README.md")));
        int found = 0;
        while (links.find()) {
            if (!links.group(1).matches("(examples|benchmarks)/.*")) {
                assertTrue(Files.exists(DIST.resolve(links.group(1))), links.group(1));
                found++;
            }
        }
        assertTrue(found > 5, "links");
    }

    @Test
    void launcher_whenStarted_answers() {
        assertSaysItsVersion(run(THIS_JAVA, temp, Launch.launcher(DIST), "version"));
    }

    @Test
    void launcher_whenJavaIsOnThePathOnly_answers() {
        Map<String, String> path = Map.of("PATH", JAVA_HOME + "/bin:" + System.getenv("PATH"));
        assertSaysItsVersion(run(path, temp, Launch.launcher(DIST), "version"));
    }

    @Test
    void launcher_whenStartedThroughSymbolicLinks_answers() throws IOException {
        Path absolute = Files.createSymbolicLink(temp.resolve("absolute"), DIST.resolve("bin/cachetool"));
        Path folder = Files.createDirectory(temp.resolve("folder"));
        Path relative = Files.createSymbolicLink(folder.resolve("relative"), Path.of("../absolute"));
        assertSaysItsVersion(run(THIS_JAVA, temp, absolute.toString(), "version"));
        assertSaysItsVersion(run(THIS_JAVA, folder, "./relative", "version"));
        assertSaysItsVersion(run(THIS_JAVA, folder, "sh", "relative", "version"));
        Files.delete(relative);
        Files.delete(absolute);
    }

    @Test
    void launcher_onATerminal_keepsToItsWidth() throws Exception {
        Hello hello = Hello.copyTo(Files.createDirectory(temp.resolve("hello"))).build();
        run(THIS_JAVA, temp, Launch.launcher(DIST), "export", hello.graph(), "--from-workspace", "--to", "oci:cache")
                .requires(0);
        String inspect = "stty cols 57 rows 20; unset COLUMNS; '" + Launch.launcher(DIST) + "' inspect oci:cache";
        Launch.Outcome outcome = run(THIS_JAVA, temp, "script", "-q", "-e", "-c", inspect, "/dev/null");
        outcome.requires(0);
        assertTrue(outcome.out().contains("with a result"), outcome.out());
        assertEquals(
                List.of(),
                outcome.out()
                        .replace("\r", "")
                        .lines()
                        .filter(line -> line.length() > 57)
                        .toList());
    }

    @Test
    void launcher_whenTheCommandFails_hasItsExitCode() {
        Launch.Outcome outcome = run(THIS_JAVA, temp, Launch.launcher(DIST), "no such command", "*", "");
        assertEquals(2, outcome.code());
        assertEquals("", outcome.out());
        assertTrue(outcome.err().contains("unknown verb \"no such command\""), outcome.err());
    }

    @Test
    void launcher_whenTheDistributionWasMoved_stillTakesItsClassesFromTheArchive() throws IOException {
        assertEquals(List.of(), loadedFromTheJar(DIST));
        assertEquals(List.of(), loadedFromTheJar(copy(DIST, temp.resolve("a folder with spaces"))));
    }

    @Test
    void launcher_whenTheArchiveIsNoneMissingOrOfOtherOptions_answersAllTheSame() throws IOException {
        Path home = copy(DIST, temp.resolve("home"));
        Path archive = home.resolve("lib/cachetool.jsa");
        Map<String, String> otherOptions = new HashMap<>(THIS_JAVA);
        otherOptions.put("CACHETOOL_JAVA_OPTS", "-XX:-UseSerialGC -XX:+UseG1GC -XX:-UseCompressedOops");
        assertSaysItsVersion(run(otherOptions, temp, Launch.launcher(home), "version"));
        Files.writeString(archive, "no archive");
        assertSaysItsVersion(run(THIS_JAVA, temp, Launch.launcher(home), "version"));
        Files.delete(archive);
        assertSaysItsVersion(run(THIS_JAVA, temp, Launch.launcher(home), "version"));
    }

    @Test
    void launcher_whenJavaIsTooOld_saysWhichOneIsNeeded() throws IOException {
        Path java = Files.createDirectories(temp.resolve("jdk-11/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n");
        assertTrue(java.toFile().setExecutable(true));
        Files.writeString(temp.resolve("jdk-11/release"), "IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"11.0.2\"\n");
        Launch.Outcome outcome =
                run(Map.of("JAVA_HOME", temp.resolve("jdk-11").toString()), temp, Launch.launcher(DIST), "version");
        assertEquals(1, outcome.code());
        assertEquals("", outcome.out());
        assertTrue(
                outcome.err().startsWith("cachetool: Java 11.0.2 at " + java + " is too old\n  install a Java 17 "),
                outcome.err());
    }

    @Test
    void launcher_whenThereIsNoJava_saysWhatToInstall() {
        Launch.Outcome outcome = run(Map.of("PATH", temp.toString()), temp, Launch.launcher(DIST), "version");
        assertEquals(1, outcome.code());
        assertEquals("", outcome.out());
        assertTrue(
                outcome.err().startsWith("cachetool: there is no java on the PATH\n  install a Java 17 "),
                outcome.err());
    }

    @Test
    void allJar_whenStarted_answers() {
        assertSaysItsVersion(run(Map.of(), temp, JAVA_HOME + "/bin/java", "-jar", ALL_JAR.toString(), "version"));
    }

    @Test
    void tarball_whenUnpacked_isTheDistribution() throws IOException {
        Path tarball = ALL_JAR.resolveSibling(DIST.getFileName() + ".tar.gz");
        Launch.Outcome unpacked = run(Map.of(), temp, "tar", "-xzf", tarball.toString());
        assertEquals("", unpacked.requires(0).err());
        Path home = temp.resolve(DIST.getFileName().toString());
        assertEquals(files(DIST), files(home));
        assertEquals(List.of(), loadedFromTheJar(home));
    }

    private static List<String> files(Path home) throws IOException {
        try (Stream<Path> walk = Files.walk(home)) {
            return walk.map(path -> home.relativize(path) + (Files.isExecutable(path) ? " x" : ""))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }
}
