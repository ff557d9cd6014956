package dev.cachetool.graph;

import java.io.Closeable;
import java.io.IOException;

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

    /** An error at the token that {@link #next} gave last. */
    abstract GraphException error(String problem, String nextStep);
}
