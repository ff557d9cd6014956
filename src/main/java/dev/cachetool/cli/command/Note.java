package dev.cachetool.cli.command;

import java.util.List;
import java.util.stream.Stream;

/**
 * Something more that help says of a verb.
 *
 * @param word what is explained, where a list of words is; else empty
 * @param text a paragraph, or what the word means
 */
record Note(String word, String text) {
    /** Paragraphs. */
    static List<Note> texts(String... paragraphs) {
        return Stream.of(paragraphs).map(text -> new Note("", text)).toList();
    }
}
