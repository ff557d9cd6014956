package dev.cachetool.cli.output;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows whose columns line up, with three spaces between them. Cells are made safe to print. A cell that is wider than its
 * column may be (40) moves the rest of its own row only, and the last cell of a row counts for no width.
 */
public final class Table {
    private static final int WIDEST = 40;
    private static final int LEAST_ROOM = 16;
    private static final String GAP = "   ";
    private static final String INDENT = "    ";

    private final List<List<Cell>> rows = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private final Style style;

    public Table(Style style) {
        this.style = style;
    }

    /** Begins a row. */
    public Row row() {
        return new Row();
    }

    /** The lines, without white space at their ends. */
    public Iterable<String> lines() {
        return lines(Integer.MAX_VALUE);
    }

    /**
     * The lines, without white space at their ends, in so many columns where that can be: of a list at the end of a row,
     * what fits is shown, other text there goes on below itself, and cells that find no room stand below their row.
     */
    public Iterable<String> lines(int columns) {
        return () ->
                rows.stream().flatMap(cells -> lines(cells, columns).stream()).iterator();
    }

    private List<String> lines(List<Cell> cells, int columns) {
        int start = 0;
        for (int column = 0; column < cells.size() - 1; column++) {
            Cell cell = cells.get(column);
            int width = Math.max(widths.get(column), cell.width);
            int end = start + (cell.right ? width : cell.width);
            if (column > 0 && end > columns) {
                return above(cells, column, columns);
            }
            start += width + GAP.length();
        }
        Cell last = cells.get(cells.size() - 1);
        int needed = last.right || last.width <= columns - start
                ? last.width
                : last.items.isEmpty() ? LEAST_ROOM : width(fitting(last.items, columns - start));
        if (cells.size() > 1 && start + needed > columns) {
            return above(cells, cells.size() - 1, columns);
        }
        return last(cells, Math.max(LEAST_ROOM, columns - start), " ".repeat(start));
    }

    /** The cells before the column in their line, and the others below it. */
    private List<String> above(List<Cell> cells, int column, int columns) {
        List<String> lines = new ArrayList<>();
        lines.add(line(cells.subList(0, column)));
        int room = Math.max(LEAST_ROOM, columns - INDENT.length());
        List<String> below = new ArrayList<>();
        int width = 0;
        for (Cell cell : cells.subList(column, cells.size() - 1)) {
            if (cell.text.isEmpty()) {
                continue;
            }
            if (!below.isEmpty() && width + GAP.length() + cell.width > room) {
                lines.add(INDENT + String.join(GAP, below));
                below.clear();
                width = 0;
            }
            width += (below.isEmpty() ? 0 : GAP.length()) + cell.width;
            below.add(style.paint(cell.word, cell.text));
        }
        Cell last = cells.get(cells.size() - 1);
        int left = room - width - GAP.length();
        if (!below.isEmpty() && !last.text.isEmpty() && last.width <= left) {
            below.add(style.paint(last.word, last.text));
            lines.add(INDENT + String.join(GAP, below));
            return lines;
        }
        if (!below.isEmpty()) {
            lines.add(INDENT + String.join(GAP, below));
        }
        if (!last.text.isEmpty()) {
            for (String part : parts(last, room)) {
                lines.add(INDENT + style.paint(last.word, part));
            }
        }
        return lines;
    }

    /** A row whose last cell has so much room. */
    private List<String> last(List<Cell> cells, int room, String indent) {
        Cell last = cells.get(cells.size() - 1);
        List<String> lines = new ArrayList<>();
        for (String part : parts(last, room)) {
            if (lines.isEmpty()) {
                List<Cell> row = new ArrayList<>(cells);
                row.set(row.size() - 1, last.with(part));
                lines.add(line(row));
            } else {
                lines.add(indent + style.paint(last.word, part));
            }
        }
        return lines;
    }

    /** What a row's last cell says in so much room, a line each. */
    private static List<String> parts(Cell cell, int room) {
        if (!cell.items.isEmpty()) {
            return List.of(fitting(cell.items, room));
        }
        return cell.right || cell.width <= room ? List.of(cell.text) : wrapped(cell.text, room);
    }

    private static List<String> wrapped(String text, int room) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (part.length() > 0 && width(part.toString()) + 1 + width(word) > room) {
                parts.add(part.toString());
                part.setLength(0);
            }
            part.append(part.length() == 0 ? "" : " ").append(word);
        }
        parts.add(part.toString());
        return parts;
    }

    /** The first items, one at least, and how many more there are. */
    private static String fitting(List<String> items, int room) {
        StringBuilder shown = new StringBuilder(items.get(0));
        String best = shown + more(items.size() - 1);
        for (int i = 1; i < items.size() && width(shown.toString()) <= room; i++) {
            shown.append(", ").append(items.get(i));
            String text = shown + more(items.size() - 1 - i);
            best = width(text) <= room ? text : best;
        }
        return best;
    }

    private static String more(int count) {
        return count == 0 ? "" : " and " + Figures.count(count) + " more";
    }

    private String line(List<Cell> cells) {
        StringBuilder line = new StringBuilder();
        int blanks = 0;
        for (int column = 0; column < cells.size(); column++) {
            Cell cell = cells.get(column);
            boolean last = column == cells.size() - 1;
            int padding = last && !cell.right ? 0 : Math.max(0, widths.get(column) - cell.width);
            if (cell.text.isEmpty()) {
                blanks += padding;
            } else {
                line.append(" ".repeat(blanks + (cell.right ? padding : 0)));
                line.append(style.paint(cell.word, cell.text));
                blanks = cell.right ? 0 : padding;
            }
            blanks += GAP.length();
        }
        return line.toString();
    }

    private record Cell(String word, String text, int width, boolean right, List<String> items) {
        Cell with(String other) {
            return new Cell(word, other, Table.width(other), right, List.of());
        }
    }

    /** One row, from left to right. */
    public final class Row {
        private final List<Cell> cells = new ArrayList<>(4);

        private Row() {
            rows.add(cells);
        }

        /** A cell whose text begins at the column's left. */
        public Row left(String text) {
            return add("", text, false);
        }

        /** The row's last cell: a list, of which as much is shown as fits. */
        public Row list(List<String> items) {
            return list("", items);
        }

        /** The row's last cell: a list behind some words, of which as much is shown as fits. */
        public Row list(String words, List<String> items) {
            left(words + String.join(", ", items));
            Cell cell = cells.get(cells.size() - 1);
            List<String> safe = new ArrayList<>(items.stream().map(SafeText::of).toList());
            safe.set(0, words + safe.get(0));
            cells.set(cells.size() - 1, new Cell(cell.word, cell.text, cell.width, cell.right, safe));
            return this;
        }

        /** A cell whose text ends at the column's right: a figure. */
        public Row right(String text) {
            return add("", text, true);
        }

        /** A cell with a status, in its colour. */
        public Row status(String word) {
            return add(word, word, false);
        }

        private Row add(String word, String text, boolean right) {
            if (!cells.isEmpty()) {
                widen(cells.size() - 1);
            }
            String safe = SafeText.of(text);
            cells.add(new Cell(word, safe, width(safe), right, List.of()));
            if (right) {
                widen(cells.size() - 1);
            }
            return this;
        }

        private void widen(int column) {
            while (widths.size() <= column) {
                widths.add(0);
            }
            int width = Math.min(cells.get(column).width, WIDEST);
            widths.set(column, Math.max(widths.get(column), width));
        }
    }

    /** How many columns a terminal takes for the text. */
    static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c < 0x300) {
                width++;
            } else {
                int type = Character.getType(c);
                boolean combining = type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
                width += combining ? 0 : isWide(c) ? 2 : 1;
            }
        }
        return width;
    }

    private static boolean isWide(int c) {
        return (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x2e80 && c <= 0xa4cf)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0xfe30 && c <= 0xfe6f)
                || (c >= 0xff00 && c <= 0xff60)
                || (c >= 0xffe0 && c <= 0xffe6)
                || (c >= 0x1f300 && c <= 0x1faff)
                || (c >= 0x20000 && c <= 0x3fffd);
    }
}
