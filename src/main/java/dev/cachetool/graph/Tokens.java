package dev.cachetool.graph;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A document as the tokens of JSON, whether it is written in JSON or in YAML. */
abstract class Tokens implements Closeable {
    /** What a token is. */
    enum Kind {
        BEGIN_OBJECT("an object"),
        END_OBJECT("the end of an object"),
        BEGIN_ARRAY("an array"),
        END_ARRAY("the end of an array"),
        NAME("a name"),
        STRING("a string"),
        NUMBER("a number"),
        TRUE("true"),
        FALSE("false"),
        NULL("null"),
        END("the end of the document");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** The next token. Syntax is checked: names stand in objects alone, what was begun ends. */
    abstract Kind next() throws IOException;

    /** The text of the name, the string or the number that {@link #next} gave last. */
    abstract String text() throws IOException;

    /**
     * The array that holds the text that {@link #text} would give as one byte for each character, all of them ASCII and none
     * a control character; null where it is otherwise or not known. Valid until {@link #next}.
     */
    byte @Nullable [] plain() {
        return null;
    }

    /** Where the text begins in {@link #plain}. */
    int plainFrom() {
        return 0;
    }

    /** Where the text ends in {@link #plain}. */
    int plainTo() {
        return 0;
    }

    /** An error at the token that {@link #next} gave last. */
    abstract GraphException error(String problem, String nextStep);
}
