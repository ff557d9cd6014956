package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cachetool.registry.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bash, zsh and fish make of a command line when TAB is pressed. */
class CompletionIT {
    /** What is typed, and what the line is after TAB; {@code ␣} is a blank at the end. */
    private static final List<String> PRESSED = List.of(
            "cachetool impo -> cachetool import␣",
            "cachetool exp -> cachetool exp",
            "cachetool -q st -> cachetool -q store␣",
            "cachetool help exit -> cachetool help exit-codes␣",
            "cachetool store pr -> cachetool store prune␣",
            "cachetool store prune --filter type=r -> cachetool store prune --filter type=result␣",
            "cachetool completion zs -> cachetool completion zsh␣",
            // Enums, in the next word and in the same one; those of inspect are its own.
            "cachetool export --mode rem -> cachetool export --mode remote-only␣",
            "cachetool export --mode=rem -> cachetool export --mode=remote-only␣",
            "cachetool inspect --format h -> cachetool inspect --format html␣",
            "cachetool plan --print unn -> cachetool plan --print unneeded␣",
            "cachetool export --format h -> cachetool export --format h",
            "cachetool verify oci:x --for gh -> cachetool verify oci:x --for ghcr␣",
            // A flag that is there is not offered again, by none of its names, unless it repeats.
            "cachetool export --ignore -> cachetool export --ignore-backlinks␣",
            "cachetool export --ignore-backlinks --ignore -> cachetool export --ignore-backlinks --ignore",
            "cachetool -q export --qui -> cachetool -q export --qui",
            "cachetool -q export --ignore -> cachetool -q export --ignore-backlinks␣",
            "cachetool --format=json plan graph.json be -> cachetool --format=json plan graph.json beta␣",
            "cachetool --metadata-file x plan gr -> cachetool --metadata-file x plan graph.json␣",
            "cachetool --format json plan graph.json --form -> cachetool --format json plan graph.json --form",
            "cachetool export -- --ignore -> cachetool export -- --ignore",
            // BuildKit's places.
            "cachetool export g --to ty -> cachetool export g --to type=",
            "cachetool export g --to type=l -> cachetool export g --to type=local,",
            "cachetool export g --to type=local,d -> cachetool export g --to type=local,dest=",
            "cachetool import g --from type=local,s -> cachetool import g --from type=local,src=",
            "cachetool import g --from type=local,d -> cachetool import g --from type=local,digest=",
            "cachetool import g --from type=registry,r -> cachetool import g --from type=registry,re",
            "cachetool export g --to=type=tar,dest=x,compression=z -> cachetool export g --to=type=tar,dest=x,compression=zstd␣",
            "cachetool export g --cache-to type=tar,mode=rem -> cachetool export g --cache-to type=tar,mode=remote-only␣",
            "cachetool export g --to type=local,reset=t -> cachetool export g --to type=local,reset=true␣",
            "cachetool export g --to type=tar,reset=t -> cachetool export g --to type=tar,reset=t",
            "cachetool export g --to type=local,dest=my -> cachetool export g --to type=local,dest=my\\ dir/",
            "cachetool import g --from type=tar,src=my\\ dir/o -> cachetool import g --from type=tar,src=my\\ dir/one\\ cache.tar␣",
            // Short forms.
            "cachetool inspect oci- -> cachetool inspect oci-archive:",
            "cachetool inspect docker -> cachetool inspect docker://",
            "cachetool inspect con -> cachetool inspect config:",
            "cachetool export g --to con -> cachetool export g --to con",
            "cachetool extract st -> cachetool extract store␣",
            "cachetool diff oci:layout oci:my -> cachetool diff oci:layout oci:my\\ dir/",
            "cachetool ls oci-archive:my\\ dir/o -> cachetool ls oci-archive:my\\ dir/one\\ cache.tar␣",
            "cachetool inspect oci:layout:v -> cachetool inspect oci:layout:v1␣",
            "cachetool inspect oci:my\\ dir/layout:v -> cachetool inspect oci:my\\ dir/layout:v2␣",
            // Vertices of the graph on the line, wherever it stands there.
            "cachetool plan graph.json be -> cachetool plan graph.json beta␣",
            "cachetool explain --from oci:layout graph.json be -> cachetool explain --from oci:layout graph.json beta␣",
            "cachetool run graph.json --no-cache-filter be -> cachetool run graph.json --no-cache-filter beta␣",
            "cachetool prune oci:layout --reachable-from graph.json --keep be"
                    + " -> cachetool prune oci:layout --reachable-from graph.json --keep beta␣",
            "cachetool run graph.json my\\ a -> cachetool run graph.json my\\ app:\\ one␣",
            "cachetool run graph.json 'my a -> cachetool run graph.json 'my app: one'␣",
            "cachetool run graph.json \"my a -> cachetool run graph.json \"my app: one\"␣",
            "cachetool run my\\ dir/graph.json del -> cachetool run my\\ dir/graph.json delta␣",
            "cachetool run missing.json be -> cachetool run missing.json be",
            "cachetool run broken.json be -> cachetool run broken.json be",
            // Files and folders.
            "cachetool run gr -> cachetool run graph.json␣",
            "cachetool inspect oci:layout -o gr -> cachetool inspect oci:layout -o graph.json␣",
            "cachetool run graph.json --workspace my -> cachetool run graph.json --workspace my\\ dir/",
            "cachetool cachemap it -> cachetool cachemap it\\'s.json␣",
            // Nothing of what stands there is evaluated.
            "cachetool cachemap h -> cachetool cachemap h\\$\\(touch\\ evil\\)/",
            "cachetool cachemap h\\$\\(touch\\ evil\\)/a -> cachetool cachemap h\\$\\(touch\\ evil\\)/a\\`touch\\ evil\\`.json␣",
            "cachetool inspect oci:h -> cachetool inspect oci:h\\$\\(touch\\ evil\\)/",
            "cachetool run $(touch\\ evil) be -> cachetool run $(touch\\ evil) be",
            "cachetool run graph.json ev -> cachetool run graph.json evil\\ \\$\\(touch\\ evil\\)\\ \\`touch\\ evil\\`\\ \\\"x\\\"\\;␣");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void line_whenTabIsPressed_goesOn(String shell) throws IOException {
        Path place = place();
        Set<String> before = files(place);
        try (ShellSession session = start(shell, place)) {
            for (String each : PRESSED) {
                String[] sides = each.split(" -> ", -1);
                String line = session.press(sides[0], ShellSession.TAB);
                assertEquals(expected(shell, sides[1]), line, shell + " made this of: " + sides[0]);
            }
        }
        assertEquals(before, files(place), "files that completing made");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void candidates_whenAskedForAll_areEachOnce(String shell) throws IOException {
        try (ShellSession session = start(shell, place())) {
            assertEquals(Set.of("export", "explain", "extract"), all(session, "cachetool ", "ex"));
            assertEquals(Set.of("min", "max", "remote-only"), all(session, "cachetool export --mode ", ""));
            assertEquals(
                    Set.of("docker://", "oci:", "oci-archive:", "config:", "type="),
                    all(session, "cachetool import g --from ", ""));
            assertEquals(
                    Set.of("--from", "--from-username", "--from-password-stdin"),
                    all(session, "cachetool plan x --from oci:a ", "--from"));
            Set<String> names = all(session, "cachetool inspect x -o y -q ", "-");
            assertEquals(
                    Set.of(
                            "--shared-with",
                            "--format",
                            "--limit",
                            "--from-username",
                            "--from-password-stdin",
                            "--plain-http",
                            "--timeout",
                            "--max-retry-after",
                            "--metadata-file",
                            "--progress",
                            "--verbose",
                            "-v",
                            "--debug",
                            "--help",
                            "-h"),
                    names);
        }
    }

    /** What all the candidates for the last word are; fails where one stands twice. */
    private static Set<String> all(ShellSession session, String before, String begun) throws IOException {
        String line = session.press(before + begun, ShellSession.ALL);
        // fish lists them, the others put them into the line.
        String found = line.startsWith(before) ? line.substring(before.length()) : line;
        List<String> words =
                Arrays.stream(found.strip().split(" +")).map(CompletionIT::name).toList();
        assertEquals(words.size(), new HashSet<>(words).size(), "twice: " + words);
        return new TreeSet<>(words);
    }

    /** A flag without the {@code =} that zsh puts behind it. */
    private static String name(String word) {
        return word.startsWith("--") && word.endsWith("=") ? word.substring(0, word.length() - 1) : word;
    }

    private static String expected(String shell, String text) {
        String line = text.replace('␣', ' ');
        if (shell.equals("fish")) {
            // These mean nothing to it.
            return line.replace("\\`", "`");
        }
        return line;
    }

    private ShellSession start(String shell, Path place) throws IOException {
        for (String program : List.of(shell, "script", "stty")) {
            if (!ShellSession.isHere(program)) {
                TestServers.missing("there is no " + program + " on this machine");
            }
        }
        return new ShellSession(shell, place, Files.createDirectory(folder.resolve("home")));
    }

    private Path place() throws IOException {
        Path place = Files.createDirectory(folder.resolve("place"));
        Files.writeString(place.resolve("graph.json"), """
                {"schemaVersion": 1, "vertices": [
                  {"name": "my app: one", "op": {"local": {"path": "a"}}},
                  {"name": "evil $(touch evil) `touch evil` \\"x\\";", "op": {"local": {"path": "b"}}},
                  {"name": "beta", "op": {"local": {"path": "c"}}}], "targets": [{"vertex": "beta"}]}
                """);
        Path inner = Files.createDirectory(place.resolve("my dir"));
        Files.writeString(inner.resolve("graph.json"), """
                {"schemaVersion": 1, "vertices": [{"name": "delta", "op": {"local": {"path": "a"}}}],
                 "targets": [{"vertex": "delta"}]}
                """);
        Files.createFile(inner.resolve("one cache.tar"));
        layout(place.resolve("layout"), "v1");
        layout(inner.resolve("layout"), "v2");
        Files.writeString(place.resolve("broken.json"), "{");
        Files.createFile(place.resolve("it's.json"));
        Path hostile = Files.createDirectory(place.resolve("h$(touch evil)"));
        Files.createFile(hostile.resolve("a`touch evil`.json"));
        return place;
    }

    private static void layout(Path folder, String tag) throws IOException {
        Files.createDirectory(folder);
        Files.writeString(
                folder.resolve("index.json"),
                "{\"manifests\":[{\"annotations\":{\"org.opencontainers.image.ref.name\":\"latest\"}},"
                        + "{\"annotations\":{\"org.opencontainers.image.ref.name\": \"" + tag + "\"}}]}");
    }

    private static Set<String> files(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            Set<String> names = new TreeSet<>(found.map(Path::toString).toList());
            assertFalse(names.stream().anyMatch(name -> name.endsWith("/evil")), "something was executed");
            return names;
        }
    }
}
