package dev.cachetool.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConsoleTest {
    private static final String ERASE = "\r\u001b[K";

    private final TickingClock clock = new TickingClock();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console console(ProgressMode mode, boolean quiet, boolean verbose, boolean terminal) {
        Streams streams = new Streams(new ByteArrayInputStream(new byte[0]), out, err, terminal, terminal);
        return new Console(streams, new Console.Settings(mode, quiet, verbose), Map.of("NO_COLOR", "1"), clock);
    }

    private String err() {
        String text = err.toString(StandardCharsets.UTF_8);
        err.reset();
        return text;
    }

    @Test
    void warn_whenGivenTwice_isPrintedAndKeptOnce() {
        Console console = console(ProgressMode.PLAIN, true, false, false);
        console.warn("r.example.com did not answer\ngoing on without this cache");
        console.warn("r.example.com did not answer\ngoing on without this cache");
        assertEquals("warning: r.example.com did not answer\n  going on without this cache\n", err());
        assertEquals(List.of("r.example.com did not answer; going on without this cache"), console.warnings());
    }

    @Test
    void error_whenPrinted_hasItsNextStepIndentedAndNoControlCharacters() {
        console(ProgressMode.PLAIN, false, false, false)
                .error(Problem.of(ExitCode.USAGE, "what\u0007 is wrong\n\n  do this\n  or that\n"));
        assertEquals("cachetool: what\\x07 is wrong\n  do this\n  or that\n", err());
    }

    @Test
    void note_whenQuiet_isNotPrinted() {
        console(ProgressMode.AUTO, true, false, true).note("unchanged");
        assertEquals("", err());
        console(ProgressMode.AUTO, false, false, true).note("unchanged");
        assertEquals("unchanged\n", err());
    }

    @Test
    void detail_whenNotAskedFor_isNotPrinted() {
        console(ProgressMode.PLAIN, false, false, false).detail("x");
        assertEquals("", err());
        console(ProgressMode.PLAIN, false, true, false).detail("x");
        assertEquals("x\n", err());
    }

    @Test
    void finished_whenThereIsNoTerminal_isALine() {
        Console console = console(ProgressMode.AUTO, false, false, false);
        console.phase("pushing", "layer", 3, 13_000_000);
        console.finished("pushed", "8a5edab28263", 400_000, "");
        console.finished("exists", "991014e36144", 12_400_000, "");
        console.finished("packed", "compile", 1_200_000, "zstd 0.4 MB");
        assertEquals("""
                pushed   8a5edab28263      0.4 MB
                exists   991014e36144     12.4 MB
                packed   compile           1.2 MB   zstd 0.4 MB
                """, err());
    }

    @Test
    void finished_whenThereAreMany_isNoFlood() {
        Console console = console(ProgressMode.PLAIN, false, false, false);
        console.phase("pulling", "layer", 1_000, 1_000_000_000);
        for (int i = 0; i < 500; i++) {
            console.finished("pulled", "layer" + i, 1_000_000, "");
            console.advanced(1_000_000);
        }
        assertEquals(40, err().lines().count());
        clock.pass(5_000);
        console.tick();
        assertEquals("pulling: 500 of 1,000 layers, 500.0 of 1,000.0 MB, 5.0 s (460 lines left out)\n", err());
        console.finished("pulled", "one more", 1, "");
        assertEquals(1, err().lines().count());
    }

    @Test
    void tick_whenThereIsNoTerminal_saysHowFarItIsAtIntervalsOnly() {
        Console console = console(ProgressMode.PLAIN, false, false, false);
        console.phase("packing", "vertex", 0, 0);
        console.tick();
        clock.pass(4_999);
        console.tick();
        assertEquals("", err());
        clock.pass(1);
        console.tick();
        assertEquals("packing: 0 vertices, 5.0 s\n", err());
        console.tick();
        assertEquals("", err());
    }

    /** What draws a bar, which a terminal cuts off at its edge. */
    private static String bar(String text) {
        return ERASE + "\u001b[?7l" + text + "\u001b[?7h";
    }

    @Test
    void tick_whenThereIsATerminal_drawsABarThatGoesAway() throws IOException {
        Console console = console(ProgressMode.AUTO, false, false, true);
        console.phase("pulling", "layer", 4, 40_000_000);
        console.tick();
        assertEquals("", err());
        console.started("8a5edab28263");
        console.advanced(10_000_000);
        clock.pass(300);
        console.tick();
        assertEquals(bar("pulling [#####---------------] 0/4  10.0 of 40.0 MB  0.3 s  8a5edab28263"), err());
        console.finished("pulled", "8a5edab28263", 10_000_000, "");
        assertEquals("", err());
        console.warn("careful");
        assertEquals(ERASE + "warning: careful\n", err());
        console.tick();
        assertEquals(bar("pulling [#####---------------] 1/4  10.0 of 40.0 MB  0.3 s"), err());
        console.close();
        assertEquals(ERASE, err());
    }

    @Test
    void tick_whenTheTerminalIsNarrow_cutsTheBar() {
        Console console = new Console(
                new Streams(new ByteArrayInputStream(new byte[0]), out, err, true, true),
                Console.Settings.USUAL,
                Map.of("COLUMNS", "30"),
                clock);
        console.phase("pulling", "layer", 4, 40_000_000);
        clock.pass(1_000);
        console.tick();
        assertEquals(29, err().length() - bar("").length());
    }

    @Test
    void finished_whenItemsStay_isALineAboveTheBar() {
        Console console = console(ProgressMode.TTY, false, false, false);
        console.keepItems();
        console.phase("pushing", "layer", 1, 0);
        console.finished("pushed", "8a5edab28263", 0, "");
        assertEquals("pushed   8a5edab28263\n", err());
    }

    @Test
    void progress_whenQuiet_isNothing() {
        Console console = console(ProgressMode.AUTO, true, false, true);
        console.keepItems();
        console.phase("pulling", "layer", 1, 1);
        console.finished("pulled", "x", 1, "");
        clock.pass(60_000);
        console.tick();
        assertEquals("", err());
    }

    @Test
    void progress_whenRawJson_isOneEventALine() {
        Console console = console(ProgressMode.RAWJSON, false, false, false);
        console.phase("pulling", "layer", 1, 7);
        console.started("a\"b");
        clock.pass(20);
        console.finished("pulled", "a\"b", 7, "");
        console.warn("careful");
        console.note("not an event");
        assertEquals(
                List.of(
                        "{\"event\":\"phase\",\"at\":0,\"doing\":\"pulling\",\"items\":1,\"bytes\":7}",
                        "{\"event\":\"started\",\"at\":0,\"item\":\"a\\\"b\"}",
                        "{\"event\":\"finished\",\"at\":20,\"status\":\"pulled\",\"item\":\"a\\\"b\",\"bytes\":7,\"ms\":20}",
                        "{\"event\":\"warning\",\"at\":20,\"message\":\"careful\"}"),
                err().lines().toList());
    }

    @Test
    void lastWord_whenTheBarStands_takesItAwayAndIsAllThatIsSaid() throws IOException {
        Console console = console(ProgressMode.TTY, false, false, true);
        console.phase("pulling", "layer", 1, 1);
        clock.pass(1_000);
        console.tick();
        err();
        console.silence();
        console.error(Problem.of(ExitCode.LOCAL_IO, "stream closed"));
        console.close();
        console.lastWord("cachetool: interrupted");
        assertEquals(ERASE + "cachetool: interrupted\n", err());
    }

    @Test
    void style_whenThereIsATerminal_isColouredUnlessRefused() {
        assertEquals(Style.COLOURED, Style.of(true, Map.of("NO_COLOR", "", "TERM", "xterm")));
        assertEquals(Style.PLAIN, Style.of(true, Map.of("NO_COLOR", "0")));
        assertEquals(Style.PLAIN, Style.of(true, Map.of("TERM", "dumb")));
        assertEquals(Style.PLAIN, Style.of(false, Map.of()));
    }

    @Test
    void warn_whenNobodyReadsStandardError_isStillKept() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        Console console = new Console(
                new Streams(new ByteArrayInputStream(new byte[0]), out, gone, false, false),
                Console.Settings.USUAL,
                Map.of(),
                clock);
        console.warn("careful");
        assertEquals(List.of("careful"), console.warnings());
        assertFalse(console.isVerbose());
        assertTrue(out.toString(StandardCharsets.UTF_8).isEmpty());
    }
}
