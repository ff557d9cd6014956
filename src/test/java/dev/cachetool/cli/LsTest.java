package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ls} lists, and what {@code inspect} counts as going with age. */
final class LsTest {
    private static final String CACHE = "oci:"
            + GoldenCases.get("caches", "0.32.2-p4-local-image-manifest-oci-gzip-max")
                    .folder();

    @TempDir
    private Path folder;

    private WholeTool tool;

    @BeforeEach
    void makeTool() throws IOException {
        tool = new WholeTool(Files.createDirectory(folder.resolve("tmp"))).at(Approved.NOW);
    }

    private JsonValue json(String... args) throws IOException {
        return JsonDocument.strict(tool.run(args).requires(ExitCode.DONE).bytes(), "the answer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"80b2c9997459", "sha256:80b2c9", "80"})
    void ls_whenADigestBegins_listsThatResultAlone(String word) {
        List<String> lines = tool.run("ls", CACHE, word)
                .requires(ExitCode.DONE)
                .out()
                .lines()
                .toList();
        assertTrue(lines.get(0).startsWith("80b2c9997459   3.7 KB   6 layers"), lines.toString());
        assertEquals(List.of("1 result of 16, 6 layers, 3.7 KB"), lines.subList(1, lines.size()));
    }

    @Test
    void ls_whenNothingMatches_saysSoInTheSum() {
        assertEquals(
                "0 results of 16, 0 layers, 0 B\n",
                tool.run("ls", CACHE, "none*").requires(ExitCode.DONE).out());
    }

    @Test
    void ls_ofRecordsOfOneDigest_callsEachByADigestOfItsOwn() {
        List<String> digests = tool.run("ls", CACHE)
                .requires(ExitCode.DONE)
                .out()
                .lines()
                .limit(16)
                .map(line -> line.substring(0, 12))
                .toList();
        assertEquals(16, digests.stream().distinct().count(), digests.toString());
        for (String digest : digests) {
            assertTrue(
                    tool.run("ls", CACHE, digest).requires(ExitCode.DONE).out().contains("\n1 result of 16, "), digest);
        }
    }

    @Test
    void ls_whenTheOrderIsUnknown_isRefused() {
        assertTrue(tool.run("ls", CACHE, "--sort=length")
                .requires(ExitCode.USAGE)
                .err()
                .contains("known: size, age, name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json", "dot", "html"})
    void inspect_whenALimitIsGivenToAnythingButATree_isRefused(String format) {
        tool.run("inspect", CACHE, "--limit=3", "--format", format).requires(ExitCode.USAGE);
    }

    @Test
    void inspect_whenResultsAreOld_countsWhatPruneWouldFree() throws IOException {
        JsonValue ages =
                json("inspect", CACHE, "--format=json").require("cache").require("ages");
        for (JsonValue limit : ages.asArray()) {
            String days = limit.require("days").asInt() + "d";
            JsonValue pruned = json("prune", CACHE, "--keep-last", days, "--format=json");
            assertEquals(
                    limit.require("results").asInt(),
                    pruned.require("pruned").asArray().size(),
                    days);
        }
    }
}
