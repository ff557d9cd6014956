package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A copy of examples/hello that a test may build and change. */
final class Hello {
    private static final Path EXAMPLE = Path.of("examples", "hello");

    private final Path folder;

    private Hello(Path folder) {
        this.folder = folder;
    }

    /** The copy in the folder. */
    static Hello in(Path folder) {
        return new Hello(folder);
    }

    /** Copies what is under version control of it into the folder. */
    static Hello copyTo(Path folder) throws IOException {
        for (String name : new String[] {"build.sh", "graph.json", "data", "pages", "scripts"}) {
            try (Stream<Path> walk = Files.walk(EXAMPLE.resolve(name))) {
                for (Path path : walk.toList()) {
                    Files.copy(path, folder.resolve(EXAMPLE.relativize(path).toString()));
                }
            }
        }
        return new Hello(folder);
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    String graph() {
        return path("graph.json").toString();
    }

    /** Runs its plain build script. */
    Hello build() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "build.sh")
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
        return this;
    }

    /** Removes what was built. */
    Hello clean() throws IOException {
        try (Stream<Path> walk = Files.walk(path("out"))) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        return this;
    }

    /** Replaces a text in a file, which has to be there. */
    void change(String file, String from, String to) throws IOException {
        String before = Files.readString(path(file));
        String after = before.replace(from, to);
        assertNotEquals(before, after, file + " has no " + from);
        Files.writeString(path(file), after);
    }

    /** What was built: the contents by their names. */
    Map<String, String> outputs() throws IOException {
        Map<String, String> outputs = new TreeMap<>();
        if (!Files.exists(path("out"))) {
            return outputs;
        }
        try (Stream<Path> walk = Files.walk(path("out"))) {
            for (Path path : walk.filter(Files::isRegularFile).toList()) {
                outputs.put(folder.relativize(path).toString(), Files.readString(path));
            }
        }
        return outputs;
    }
}
