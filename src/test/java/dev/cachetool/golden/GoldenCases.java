package dev.cachetool.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists the cases of a kind: {@code graphs}, {@code chains}, {@code imports}, {@code bad}, {@code interop}, {@code caches}. */
public final class GoldenCases {
    /** A folder with further cases, in folders of their kind. */
    public static final String FURTHER = "cachetool.golden";

    private GoldenCases() {}

    /**
     * The cases of the kind, each a folder, by name: those of the fixtures, then those of {@code DIR/kind} where the system
     * property {@value #FURTHER} is set to {@code DIR}.
     *
     * @throws IllegalStateException if there is no fixture of the kind, or {@code DIR} has none of any kind: a test over no
     *     case would pass
     */
    public static List<GoldenCase> list(String kind) {
        return list(kind, System.getProperty(FURTHER));
    }

    static List<GoldenCase> list(String kind, @Nullable String further) {
        List<GoldenCase> cases = new ArrayList<>(fixtures(kind));
        if (further != null && !further.isEmpty()) {
            Path folder = Path.of(further);
            if (Stream.of("graphs", "chains", "imports", "bad", "interop", "caches")
                    .noneMatch(each -> Files.isDirectory(folder.resolve(each)))) {
                throw new IllegalStateException(
                        "-D" + FURTHER + "=" + further + ": " + folder.toAbsolutePath() + " has no cases of any kind");
            }
            cases.addAll(casesIn(folder.resolve(kind), kind, further + "/"));
        }
        return cases;
    }

    /**
     * The cases of the kind that are fixtures, by name, for tests that know what they hold.
     *
     * @throws IllegalStateException if there is none
     */
    public static List<GoldenCase> fixtures(String kind) {
        List<GoldenCase> cases = casesIn(fixtures().resolve(kind), kind, "");
        if (cases.isEmpty()) {
            throw new IllegalStateException("no fixtures of the kind " + kind + " in " + fixtures());
        }
        return cases;
    }

    /** The case of the name among the fixtures. */
    public static GoldenCase get(String kind, String name) {
        Path folder = fixtures().resolve(kind).resolve(name);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("no fixture " + kind + "/" + name);
        }
        return new GoldenCase(name, folder);
    }

    private static List<GoldenCase> casesIn(Path folder, String kind, String prefix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .sorted()
                    .map(entry -> new GoldenCase(
                            prefix.isEmpty()
                                    ? entry.getFileName().toString()
                                    : prefix + kind + "/" + entry.getFileName(),
                            entry))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path fixtures() {
        URL folder = GoldenCases.class.getResource("/fixtures/buildkit");
        if (folder == null) {
            throw new IllegalStateException("no folder fixtures/buildkit on the class path");
        }
        try {
            return Path.of(folder.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
