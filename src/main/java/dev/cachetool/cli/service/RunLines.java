package dev.cachetool.cli.service;

import dev.cachetool.content.FileNames;
import java.util.List;

/** The lines of what a step printed. */
final class RunLines {
    private RunLines() {}

    /** In order, without their ends; what is no UTF-8 as {@link FileNames} writes it. */
    static List<String> of(byte[] printed) {
        String text = FileNames.decode(printed);
        if (text.isEmpty()) {
            return List.of();
        }
        String whole = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return List.of(whole.split("\r?\n", -1));
    }
}
