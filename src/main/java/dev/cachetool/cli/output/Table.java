package dev.cachetool.cli.output;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows whose columns line up, with three spaces between them. Cells are made safe to print. A cell that is wider than its
 * column may be (40) moves the rest of its own row only, and the last cell of a row counts for no width.
 */
public final class Table {
    private static final int WIDEST = 40;
    private static final String GAP = "   ";

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
        return () -> rows.stream().map(this::line).iterator();
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

    private record Cell(String word, String text, int width, boolean right) {}

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
            cells.add(new Cell(word, safe, width(safe), right));
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
