package dev.cachetool.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands on standard error in the logs of CI systems. */
final class JobLogTest {
    private static final Map<String, String> GITHUB = Map.of("GITHUB_ACTIONS", "true");

    private final TickingClock clock = new TickingClock();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console console(Map<String, String> environment) {
        Streams streams = new Streams(new ByteArrayInputStream(new byte[0]), out, err, false, false);
        return new Console(streams, Console.Settings.USUAL, environment, clock);
    }

    private String err() {
        String text = err.toString(StandardCharsets.UTF_8);
        err.reset();
        return text;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "plain text; plain text",
                "::warning::x; : :warning::x",
                "a ::warning::x; a ::warning::x",
                "a ##[error]b; a ## [error]b",
                "##[group]x ##[endgroup]; ## [group]x ## [endgroup]",
            })
    void line_onGitHub_isNoCommand(String line, String shown) {
        assertEquals(shown, JobLog.of(GITHUB).guarded(line));
        assertEquals(line, JobLog.NONE.guarded(line));
        assertEquals("  : :x::y", JobLog.of(GITHUB).guarded("  ::x::y"));
    }

    @Test
    void title_onGitHub_isEscaped() {
        assertEquals("::group::100%250A ## [x]", JobLog.of(GITHUB).begin("100%0A ##[x]", clock.instant()));
    }

    @Test
    void steps_thatRunAtTheSameTime_standTogetherWithTheirLines() {
        Console console = console(GITHUB);
        StepReporter steps = console.steps();
        steps.begin(List.of(new StepReporter.Item("a", List.of()), new StepReporter.Item("b", List.of())));
        steps.started("a");
        steps.started("b");
        steps.printed("a", "a1");
        steps.printed("b", "b1");
        steps.printed("a", "a2");
        assertEquals("", err());
        clock.pass(2_000);
        steps.ended("a", Status.EXECUTED, "", 2_000);
        assertEquals("::group::#1 a: 2 lines\n#1 | a1\n#1 | a2\n::endgroup::\n#1 a: executed in 2.0 s\n", err());
        console.warn("something");
        assertEquals("warning: something\n", err());
        steps.ended("b", Status.FAILED, "exit code 1", 2_000);
        assertEquals("::group::#2 b: 1 line\n#2 | b1\n::endgroup::\n#2 b: failed in 2.0 s: exit code 1\n", err());
    }

    @Test
    void step_thatGoesOn_isShownAfterAWhileOrWhenItPrintsMuch() throws IOException {
        Console console = console(GITHUB);
        StepReporter steps = console.steps();
        steps.begin(List.of(new StepReporter.Item("a", List.of())));
        steps.started("a");
        steps.printed("a", "a1");
        clock.pass(14_999);
        console.tick();
        assertEquals("", err());
        clock.pass(1);
        console.tick();
        assertEquals("::group::#1 a: 1 line\n#1 | a1\n::endgroup::\n", err());
        String line = "x".repeat(40_000);
        steps.printed("a", line);
        assertEquals("", err());
        steps.printed("a", line);
        assertEquals("::group::#1 a: 2 lines\n#1 | " + line + "\n#1 | " + line + "\n::endgroup::\n", err());
        steps.printed("a", "the last");
        console.close();
        assertEquals("::group::#1 a: 1 line\n#1 | the last\n::endgroup::\n", err());
    }

    @Test
    void step_whenNoCiSystemRunsIt_isShownAsItPrints() {
        Console console = console(Map.of());
        console.steps().begin(List.of(new StepReporter.Item("a", List.of())));
        console.steps().printed("a", "::a1");
        assertEquals("#1 | ::a1\n", err());
    }

    @Test
    void list_whenItIsLong_isFoldedBetweenWhatElseIsSaid() {
        Console console = console(GITHUB);
        console.phase("packing", "vertex", 21, 0);
        console.finished("packed", "a", 0, "");
        console.finished("packed", "b", 0, "");
        console.warn("something");
        console.finished("packed", "c", 0, "");
        console.endPhase();
        assertEquals("""
                ::group::packing 21 vertices
                packed   a
                packed   b
                ::endgroup::
                warning: something
                ::group::packing 21 vertices
                packed   c
                ::endgroup::
                """, err());
        console.phase("packing", "vertex", 20, 0);
        console.finished("packed", "a", 0, "");
        assertEquals("packed   a\n", err());
    }

    @Test
    void sections_onGitLab_haveNamesOfTheirOwn() {
        JobLog log = JobLog.of(Map.of("GITLAB_CI", "true"));
        long seconds = clock.instant().getEpochSecond();
        String first = "cachetool_" + clock.millis() + "_1";
        assertEquals(
                "\u001b[0Ksection_start:" + seconds + ":" + first + "[collapsed=true]\r\u001b[0Ktitle",
                log.begin("title", clock.instant()));
        assertEquals("\u001b[0Ksection_end:" + seconds + ":" + first + "\r\u001b[0K", log.end(clock.instant()));
        assertFalse(log.begin("title", clock.instant()).contains(first));
    }

    @Test
    void answer_onGitHub_hasNoCommandsButKeepsNames() throws IOException {
        Console console = console(GITHUB);
        console.out().line("::x::y ##[z]");
        console.out().name("::x::y ##[z]");
        console.close();
        assertEquals(": :x::y ## [z]\n::x::y ##[z]\n", out.toString(StandardCharsets.UTF_8));
    }
}
