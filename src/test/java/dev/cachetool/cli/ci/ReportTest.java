package dev.cachetool.cli.ci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.Streams;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written for CI systems of answers whose names and reasons mean harm. */
final class ReportTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private Path output;
    private Path summary;
    private Path dotenv;

    @BeforeEach
    void nameFiles() {
        output = folder.resolve("output");
        summary = folder.resolve("summary.md");
        dotenv = folder.resolve("cache.env");
        environment.put("GITHUB_OUTPUT", output.toString());
        environment.put("GITHUB_STEP_SUMMARY", summary.toString());
    }

    private Report report() {
        Streams streams =
                new Streams(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), err, false, false);
        Console console = new Console(streams, Console.Settings.USUAL, Map.of(), InstantSource.system());
        return new Report(environment, Optional.of(dotenv), console);
    }

    private static VertexRow hit(String name, long saved) {
        return VertexRow.of(name, "exec", Status.HIT)
                .withResult(Optional.of(PlaceParser.source("r.example.com/app:main")), 10, 1, Optional.empty())
                .withSaved(OptionalLong.of(saved));
    }

    private static VertexRow miss(String name, String why) {
        return VertexRow.of(name, "exec", Status.MISS).withReason(why);
    }

    private static Answer answer(VertexRow... rows) {
        return Answer.of("import").vertices(List.of(rows)).summary(Map.of("bytes", 12L, "saved", 4_200L));
    }

    private Map<String, String> outputs() throws IOException {
        return GitHubOutputs.parse(output);
    }

    @Test
    void outputs_ofAnAnswer_areThoseOfItsVertices() throws IOException {
        report().tell(answer(
                VertexRow.of("src", "local", Status.SOURCE),
                hit("a", 1),
                hit("b", 1),
                miss("c", "x changed"),
                VertexRow.of("d", "exec", Status.MAYBE),
                VertexRow.of("e", "exec", Status.UNNEEDED)));
        assertEquals(
                Map.of(
                        "cache-hit", "false",
                        "hits", "2",
                        "misses", "2",
                        "missing", "c\nd",
                        "hit-rate", "50",
                        "bytes-pulled", "12"),
                outputs());
        assertEquals("""
                CACHE_HIT=false
                CACHE_HITS=2
                CACHE_MISSES=2
                CACHE_HIT_RATE=50
                CACHE_BYTES_PULLED=12
                CACHE_MISSING=c d
                """, Files.readString(dotenv));
    }

    @Test
    void outputs_ofARun_countWhatWasExecutedFailedOrSkipped() throws IOException {
        report().tell(Answer.of("run")
                .vertices(List.of(
                        hit("a", 1),
                        hit("b", 1),
                        VertexRow.of("c", "exec", Status.EXECUTED),
                        VertexRow.of("d", "exec", Status.FAILED),
                        VertexRow.of("e", "exec", Status.SKIPPED)))
                .targets(List.of())
                .summary(Map.of("bytes", 0L)));
        assertEquals("3", outputs().get("misses"));
        assertEquals("c\nd\ne", outputs().get("missing"));
        assertEquals("40", outputs().get("hit-rate"));
        assertEquals("", outputs().get("digest"));
    }

    @Test
    void outputs_whenAllHit_areTrueAndNameNothing() throws IOException {
        report().tell(answer(hit("a", 1)));
        assertEquals("true", outputs().get("cache-hit"));
        assertEquals("", outputs().get("missing"));
        assertEquals("100", outputs().get("hit-rate"));
    }

    @Test
    void outputs_ofSeveralTargets_haveTheDigestOfTheFirstThatWasWritten() throws IOException {
        Digest digest = Digest.sha256("second");
        report().tell(Answer.of("export")
                .targets(List.of(
                        target("oci:a", Optional.empty(), TargetRow.Status.NOTHING),
                        target("oci:b", Optional.of(digest), TargetRow.Status.UNCHANGED),
                        target("oci:c", Optional.of(Digest.sha256("third")), TargetRow.Status.WRITTEN)))
                .summary(Map.of("results", 7L, "bytes", 2_500L)));
        assertEquals(Map.of("digest", digest.toString()), outputs());
        assertEquals("CACHE_DIGEST=" + digest + "\n", Files.readString(dotenv));
        String page = Files.readString(summary);
        assertTrue(page.startsWith("### cachetool export: 7 results, 2.5 KB\n"), page);
        assertTrue(page.contains("- unchanged <code>oci&#58;b&#58;latest&#64;sha256"), page);
    }

    private static TargetRow target(String spec, Optional<Digest> digest, TargetRow.Status status) {
        return new TargetRow(PlaceParser.source(spec), digest, Optional.empty(), status, Optional.empty(), false);
    }

    @Test
    void outputs_ofNamesThatMeanHarm_setNothingElse() throws IOException {
        List<String> names = List.of(
                "cache-hit=true",
                "end-of-names-0",
                "end-of-names-1",
                "EOF",
                "missing<<X",
                "x\ncache-hit=true",
                "x\r\nhits<<Y",
                "\u2028",
                "::set-output name=cache-hit::true");
        report().tell(answer(names.stream().map(name -> miss(name, "why")).toArray(VertexRow[]::new)));
        Map<String, String> outputs = outputs();
        assertEquals("false", outputs.get("cache-hit"));
        assertEquals("0", outputs.get("hits"));
        assertEquals(6, outputs.size(), outputs::toString);
        assertEquals(names.size(), outputs.get("missing").lines().count());
        for (String line : Files.readAllLines(dotenv)) {
            assertTrue(line.matches("CACHE_[A-Z_]+=.*"), line);
        }
        assertEquals(6, Files.readAllLines(dotenv).size());
    }

    @Test
    void files_whenSomethingStandsThere_areAddedTo() throws IOException {
        Files.writeString(output, "before=1");
        Files.writeString(summary, "text");
        Files.writeString(dotenv, "OTHER=x\nCACHE_HIT=true\n");
        report().tell(answer(miss("a b%", "why")));
        assertEquals("1", outputs().get("before"));
        assertEquals("false", outputs().get("cache-hit"));
        assertTrue(Files.readString(summary).startsWith("text\n### cachetool import"));
        assertTrue(Files.readString(dotenv).startsWith("OTHER=x\nCACHE_HIT=false\n"));
        assertTrue(Files.readString(dotenv).endsWith("CACHE_MISSING=a%20b%25\n"));
    }

    @Test
    void failure_whenThereIsNoAnswer_isNoHit() throws IOException {
        report().tellFailure("import");
        assertEquals(Map.of("cache-hit", "false"), outputs());
        assertEquals("CACHE_HIT=false\n", Files.readString(dotenv));
        assertFalse(Files.exists(summary));
        Files.delete(output);
        report().tellFailure("export");
        assertFalse(Files.exists(output));
        Report told = report();
        told.tell(answer(hit("a", 1)));
        told.tellFailure("import");
        assertEquals("true", outputs().get("cache-hit"));
    }

    @Test
    void files_whenGitHubsCannotBeWritten_areAWarningAndTheDotenvReportAnError() throws IOException {
        environment.put("GITHUB_OUTPUT", folder.toString());
        environment.put("GITHUB_STEP_SUMMARY", folder.resolve("no/such/folder").toString());
        report().tell(answer(hit("a", 1)));
        String said = err.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("warning: could not write the step's outputs to " + folder), said);
        assertTrue(said.contains("warning: could not write the step's summary to "), said);
        dotenv = folder.resolve("output-folder");
        Files.createDirectories(dotenv.resolve("x"));
        assertThrows(IOException.class, () -> report().tell(answer(hit("a", 1))));
    }

    @Test
    void dotenv_whenNamesAreTooMany_leavesThemOutAndSaysSo() throws IOException {
        List<VertexRow> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            rows.add(miss("vertex-" + i, "new"));
        }
        report().tell(answer(rows.toArray(VertexRow[]::new)));
        String text = Files.readString(dotenv);
        assertTrue(text.contains("CACHE_MISSES=1000\n") && !text.contains("CACHE_MISSING"), text);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("larger with them than GitLab takes"));
    }

    @Test
    void summary_ofAnAnswer_hasWhatMissedBeforeWhatHit() throws IOException {
        report().tell(answer(hit("fetch", 4_200), miss("compile", "src/main.c changed")));
        assertEquals("""
                ### cachetool import: 1 of 2 vertices hit (50 %), 4.2 s saved

                | vertex | status | why | time saved |
                |:--|:--|:--|--:|
                | <code>compile</code> | miss | src/main.c changed |  |
                | <code>fetch</code> | hit | r.example.com/app&#58;main | 4.2 s |

                """, Files.readString(summary));
    }

    @Test
    void summary_ofTextThatMeansHarm_isText() throws IOException {
        String harm = "a|b`c<script>&lt;[x](http://y)*_~#!\\ www.z.example @all\nnext";
        report().tell(answer(miss(harm, harm)));
        List<String> lines = Files.readAllLines(summary);
        assertEquals(6, lines.size(), lines::toString);
        String row = lines.get(4);
        assertEquals(5, row.chars().filter(c -> c == '|').count(), row);
        for (String never : List.of("`", "<s", "&lt;", "[", "*", "_", "\\", "www.", "://", "@")) {
            assertFalse(row.contains(never), row);
        }
    }

    @Test
    void summary_ofManyHits_foldsThemAway() throws IOException {
        List<VertexRow> rows = new ArrayList<>(List.of(miss("m", "new")));
        for (int i = 0; i < 21; i++) {
            rows.add(hit("h" + i, 1));
        }
        report().tell(answer(rows.toArray(VertexRow[]::new)));
        String page = Files.readString(summary);
        assertTrue(page.contains("<details><summary>21 hits</summary>\n\n| vertex"), page);
        assertTrue(page.indexOf("</details>") > page.indexOf("h20"), page);
    }

    @Test
    void summary_whenItWouldBeTooLarge_isCutAndSaysSo() throws IOException {
        List<VertexRow> rows = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            rows.add(hit("vertex-" + i, 1));
        }
        Files.writeString(summary, "before\n");
        report().tell(answer(rows.toArray(VertexRow[]::new)));
        long size = Files.size(summary);
        assertTrue(size > 1_040_000 && size <= 1 << 20, "size " + size);
        String page = Files.readString(summary);
        assertTrue(
                page.endsWith(" lines left out: a step's summary has at most 1 MiB\n\n"),
                page.substring(page.length() - 200));
        assertTrue(page.contains("\n</details>\n"));
        report().tell(answer(miss("late", "new")));
        assertEquals(size, Files.size(summary), "nothing fits any more");
    }
}
