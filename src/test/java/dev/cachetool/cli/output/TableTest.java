package dev.cachetool.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TableTest {
    private static List<String> lines(Table table) {
        List<String> lines = new ArrayList<>();
        table.lines().forEach(lines::add);
        return lines;
    }

    private static List<String> lines(Table table, int columns) {
        List<String> lines = new ArrayList<>();
        table.lines(columns).forEach(lines::add);
        return lines;
    }

    @Test
    void lines_whenRowsDiffer_lineUpAndEndWithoutBlanks() {
        Table table = new Table(Style.PLAIN);
        table.row()
                .status("hit")
                .left("fetch")
                .right("12.4 MB")
                .left("2 days old")
                .left("cache.tar");
        table.row().status("hit").left("big").right("1,312.4 MB").left("").left("cache.tar");
        table.row().status("miss").left("compile").left("a long reason that counts for no width at all");
        table.row().status("unneeded").left("docs").left("");
        assertEquals(
                List.of(
                        "hit        fetch        12.4 MB   2 days old   cache.tar",
                        "hit        big       1,312.4 MB                cache.tar",
                        "miss       compile   a long reason that counts for no width at all",
                        "unneeded   docs"),
                lines(table));
    }

    @Test
    void lines_whenACellIsVeryWide_moveOnlyThatRow() {
        Table table = new Table(Style.PLAIN);
        table.row().left("n".repeat(60)).left("x");
        table.row().left("short").left("y");
        assertEquals(List.of("n".repeat(60) + "   x", "short" + " ".repeat(35) + "   y"), lines(table));
    }

    @Test
    void lines_whenTextComesFromOutside_areEscapedAndStillLineUp() {
        Table table = new Table(Style.PLAIN);
        table.row().left("a\u001b[2J").left("x");
        table.row().left("\u6f22\u5b57").left("y");
        assertEquals(List.of("a\\x1b[2J   x", "\u6f22\u5b57       y"), lines(table));
    }

    @Test
    void lines_whenColoured_lineUpAsWithout() {
        Table table = new Table(Style.COLOURED);
        table.row().status("hit").left("a");
        table.row().status("unneeded").left("b");
        assertEquals(List.of("\u001b[32mhit\u001b[0m        a", "\u001b[2munneeded\u001b[0m   b"), lines(table));
    }

    @Test
    void lines_whenNotEvenTheFirstOfAListFits_putItBelow() {
        Table table = new Table(Style.PLAIN);
        table.row().left("name").right("1 B").list("from ", List.of("a rather long name", "other"));

        assertEquals(List.of("name   1 B", "    from a rather long name, other"), lines(table, 38));
        assertEquals(List.of("name   1 B   from a rather long name, other"), lines(table, 50));
    }

    @Test
    void lines_whenColumnsAreFew_putWhatFindsNoRoomBelowItsRow() {
        Table table = new Table(Style.PLAIN);
        table.row()
                .left("0a0b0c0d0e0f")
                .right("4.0 KB")
                .right("9 layers")
                .left("4 days old")
                .list(List.of("one", "two", "three"));
        table.row()
                .left("f")
                .right("12.0 KB")
                .right("1 layer")
                .left("a day old")
                .left("some words that are to be wrapped");
        table.row().left("g").right("1 B").right("1 layer").left("a day old").left("short");

        assertEquals(
                List.of(
                        "0a0b0c0d0e0f    4.0 KB   9 layers   4 days old   one, two, three",
                        "f              12.0 KB    1 layer   a day old    some words that",
                        " ".repeat(49) + "are to be",
                        " ".repeat(49) + "wrapped",
                        "g                  1 B    1 layer   a day old    short"),
                lines(table, 65));
        assertEquals(
                List.of(
                        "0a0b0c0d0e0f    4.0 KB   9 layers   4 days old",
                        "    one, two, three",
                        "f              12.0 KB    1 layer   a day old",
                        "    some words that are to be wrapped",
                        "g                  1 B    1 layer   a day old",
                        "    short"),
                lines(table, 50));
        assertEquals(
                List.of(
                        "0a0b0c0d0e0f    4.0 KB   9 layers",
                        "    4 days old   one, two, three",
                        "f              12.0 KB    1 layer",
                        "    a day old",
                        "    some words that are to be wrapped",
                        "g                  1 B    1 layer",
                        "    a day old   short"),
                lines(table, 40));
    }
}
