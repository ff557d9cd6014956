package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Outputs that somebody read and approved, as files in a folder below {@code src/test/resources/approved}. With
 * {@code -Dcachetool.approve=true} they are written anew instead of compared: read what changed before it is committed.
 */
public final class Approved {
    /** The system property that approves what comes out. */
    static final String APPROVE = "cachetool.approve";

    /** The time at which approved outputs are made ({@link WholeTool#at}): some days after the golden caches. */
    public static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

    static final Path ROOT = Path.of("src", "test", "resources", "approved");

    private final Path folder;

    private Approved(Path folder) {
        this.folder = folder;
    }

    /** The approved outputs of one verb. A test that begins so has to call {@link #requireOnly} as well. */
    public static Approved in(String verb) {
        return new Approved(ROOT.resolve(verb));
    }

    /** The approved outputs in a folder. */
    public static Approved at(Path folder) {
        return new Approved(folder);
    }

    /** Fails, with the lines that differ, where the output is not what the file of the name has. */
    public void hold(String name, String actual) {
        Path file = folder.resolve(name);
        try {
            if (Boolean.getBoolean(APPROVE)) {
                Files.createDirectories(folder);
                Files.writeString(file, actual);
            } else if (!Files.isRegularFile(file)) {
                fail("nothing is approved in " + file + ", and this came out:\n" + actual + advice());
            } else {
                String expected = Files.readString(file);
                if (!expected.equals(actual)) {
                    fail(file + " has other lines (-) than what came out (+):\n" + LineDiff.of(expected, actual)
                            + advice());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails where the folder has a file that is none of these: no test compares it. */
    public void requireOnly(Collection<String> names) {
        try (Stream<Path> found = Files.list(folder)) {
            TreeSet<String> left = new TreeSet<>();
            for (Path file : found.toList()) {
                if (!names.contains(file.getFileName().toString())) {
                    left.add(file.toString());
                    if (Boolean.getBoolean(APPROVE)) {
                        Files.delete(file);
                    }
                }
            }
            if (!Boolean.getBoolean(APPROVE)) {
                assertEquals(List.of(), List.copyOf(left), "files that no test compares;" + advice());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String advice() {
        return "\nif that is right: -D" + APPROVE + "=true on the same test, and read what changed";
    }
}
