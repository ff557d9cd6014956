package dev.cachetool.graph;

import dev.cachetool.graph.Tokens.Kind;
import java.io.IOException;

/** Reads a document again to tell where in it something is. */
final class Locator {
    private long read;
    private long found;

    private Locator() {}

    /** The error at the token of the number, counted from 1. */
    static GraphException atToken(GraphSource source, long number, String problem, String nextStep) {
        try (Tokens tokens = source.open()) {
            for (long i = 0; i < number; i++) {
                tokens.next();
            }
            return tokens.error(problem, nextStep);
        } catch (IOException e) {
            return new GraphException(source.place(), 0, 0, problem, nextStep);
        }
    }

    /**
     * The error at what the names and indexes lead to, or as far on the way there as the document goes.
     *
     * @param pointer names of fields and numbers of items
     */
    static GraphException at(GraphSource source, String problem, String nextStep, Object... pointer) {
        Locator locator = new Locator();
        try (Tokens tokens = source.open()) {
            locator.follow(tokens, pointer);
        } catch (IOException e) {
            // As far as it went has to do.
        }
        return atToken(source, locator.found, problem, nextStep);
    }

    private void follow(Tokens tokens, Object... pointer) throws IOException {
        Kind kind = next(tokens);
        found = read;
        for (Object part : pointer) {
            boolean there = false;
            if (part instanceof Integer index && kind == Kind.BEGIN_ARRAY) {
                kind = next(tokens);
                for (int i = 0; i < index && kind != Kind.END_ARRAY; i++) {
                    skipValue(tokens, kind);
                    kind = next(tokens);
                }
                there = kind != Kind.END_ARRAY;
            } else if (part instanceof String name && kind == Kind.BEGIN_OBJECT) {
                while (!there && next(tokens) == Kind.NAME) {
                    there = tokens.text().equals(name);
                    kind = next(tokens);
                    if (!there) {
                        skipValue(tokens, kind);
                    }
                }
            }
            if (!there) {
                return;
            }
            found = read;
        }
    }

    private Kind next(Tokens tokens) throws IOException {
        read++;
        return tokens.next();
    }

    private void skipValue(Tokens tokens, Kind first) throws IOException {
        int depth = 0;
        Kind kind = first;
        while (true) {
            switch (kind) {
                case BEGIN_OBJECT, BEGIN_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                default -> {}
            }
            if (depth == 0 || kind == Kind.END) {
                return;
            }
            kind = next(tokens);
        }
    }
}
