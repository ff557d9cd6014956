package dev.cachetool.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a word of the command line may be: the value of a flag, or an argument. Completions and pages are made of it.
 *
 * @param kind what it is
 * @param words the words that it may be; all there are for {@link Kind#WORD}, further ones for the other kinds
 */
record Value(Kind kind, List<String> words) {
    /** Of a switch, which has none. */
    static final Value NONE = of(Kind.NONE);

    static final Value SOURCE = of(Kind.SOURCE);
    static final Value TARGET = of(Kind.TARGET);
    static final Value FILE = of(Kind.FILE);
    static final Value FOLDER = of(Kind.FOLDER);
    static final Value GRAPH = of(Kind.GRAPH);
    static final Value VERTEX = of(Kind.VERTEX);
    static final Value TIME = of(Kind.TIME);
    static final Value SIZE = of(Kind.SIZE);
    static final Value NUMBER = of(Kind.NUMBER);
    static final Value TEXT = of(Kind.TEXT);

    /** What kind of thing the word is. */
    enum Kind {
        NONE,
        /** One of a few words. One that ends with {@code =} is a beginning, and text follows. */
        WORD,
        /** The SPEC of a place that is read. */
        SOURCE,
        /** The SPEC of a place that is written. */
        TARGET,
        FILE,
        FOLDER,
        /** The file of a build graph. */
        GRAPH,
        /** The name of a vertex of the graph on the line. */
        VERTEX,
        TIME,
        SIZE,
        NUMBER,
        /** Any other text. */
        TEXT
    }

    Value {
        words = List.copyOf(words);
        if (kind == Kind.WORD && words.isEmpty()) {
            throw new IllegalArgumentException("a value of no words");
        }
    }

    private static Value of(Kind kind) {
        return new Value(kind, List.of());
    }

    /** One of these words. */
    static Value word(List<String> words) {
        return new Value(Kind.WORD, words);
    }

    /** One of these words. */
    static Value word(String... words) {
        return word(List.of(words));
    }

    /** Also this word. */
    Value or(String word) {
        List<String> all = new ArrayList<>(words);
        all.add(word);
        return new Value(kind, all);
    }

    /** One of the words of these, in their order. */
    static <T> Value word(T[] all, Function<T, String> word) {
        return word(Stream.of(all).map(word).toList());
    }
}
