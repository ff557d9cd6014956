package dev.cachetool.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class GoldenCasesTest {
    @ParameterizedTest
    @CsvSource({
        "graphs, 60, graph.json",
        "chains, 23, adds.json",
        "imports, 45, config.json",
        "bad, 28, config.json",
        "interop, 3, graph.json",
        "caches, 24, index.json"
    })
    void list_ofAKind_hasEveryFixtureWithItsInput(String kind, int count, String input) {
        List<GoldenCase> cases = GoldenCases.fixtures(kind);

        assertEquals(count, cases.size());
        for (GoldenCase each : cases) {
            assertTrue(each.has(input), each + " lacks " + input);
            assertTrue(!each.files("expect").isEmpty(), each + " expects nothing");
        }
    }

    @Test
    void list_withAFurtherFolder_hasItsCasesAfterTheFixtures(@TempDir Path further) throws IOException {
        Files.createDirectories(further.resolve("chains/b"));
        Files.createDirectories(further.resolve("chains/a"));
        Files.writeString(further.resolve("chains/README.md"), "no case");

        List<GoldenCase> fixtures = GoldenCases.fixtures("chains");
        List<GoldenCase> all = GoldenCases.list("chains", further.toString());

        assertEquals(fixtures, all.subList(0, fixtures.size()));
        assertEquals(
                List.of(further.resolve("chains/a"), further.resolve("chains/b")),
                all.subList(fixtures.size(), all.size()).stream()
                        .map(GoldenCase::folder)
                        .toList());
        assertEquals(GoldenCases.fixtures("bad"), GoldenCases.list("bad", further.toString()));
    }

    @Test
    void list_whenTheFurtherFolderHasNoCases_fails(@TempDir Path empty) {
        assertThrows(IllegalStateException.class, () -> GoldenCases.list("chains", empty.toString()));
        assertThrows(
                IllegalStateException.class,
                () -> GoldenCases.list("chains", empty.resolve("missing").toString()));
    }

    static Stream<GoldenCase> caches() {
        return GoldenCases.fixtures("caches").stream();
    }

    /** Git or Maven could change the bytes of a text on the way here; a blob's name tells. */
    @ParameterizedTest
    @MethodSource("caches")
    void blobs_ofACache_haveTheBytesThatTheirNamesSay(GoldenCase cache) throws IOException {
        try (Stream<Path> blobs = Files.list(cache.folder().resolve("blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                assertEquals(
                        blob.getFileName().toString(),
                        Digest.sha256(Files.readAllBytes(blob)).encoded());
            }
        }
    }
}
