package dev.cachetool.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Text that is longer than a line, broken between words. */
public final class Wrapped {
    private Wrapped() {}

    /**
     * The lines; a word that is longer stands on a line of its own.
     *
     * @param columns how wide they may be
     * @param begin what the first line begins with
     * @param text safe to print
     * @param indent what the others begin with
     */
    public static List<String> lines(int columns, String begin, String text, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(begin);
        boolean first = true;
        for (String word : text.split(" ", -1)) {
            if (!first && Table.width(line.toString()) + 1 + Table.width(word) > columns) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(indent);
                first = true;
            }
            line.append(first ? "" : " ").append(word);
            first = false;
        }
        lines.add(line.toString());
        return lines;
    }
}
