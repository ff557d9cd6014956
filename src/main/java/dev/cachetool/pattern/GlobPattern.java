package dev.cachetool.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pattern with wildcards: sequences of elements, nearly always one, matched by following all the ways through them at
 * once.
 *
 * <p>A position is the set of elements that may have to take the next character, one bit each. A set is kept closed: where an element can take nothing at all, the one after it is in the set
 * too. If some elements are about the characters before and after a place, one more long says what kind of character came last.
 */
final class GlobPattern extends PathPattern {

    private enum Kind {
        /** Takes one character. */
        ONE,
        /** Takes one character or none. */
        MAYBE,
        /** Takes any number of characters. */
        MANY,
        /** Takes nothing: goes on with the NAMES after it, and with what follows those. */
        MAYBE_NAMES,
        /** Takes characters, and goes on after any slash. */
        NAMES,
        /** Takes nothing; holds before the first character. */
        AT_START,
        /** Takes nothing; holds after the last character. */
        AT_END,
        /** Takes nothing; holds where a word of ASCII letters, digits and underscores starts or ends. */
        AT_WORD,
        /** Takes nothing; holds where AT_WORD does not. */
        OFF_WORD,
        /** The end of an alternative: what was read until here matches. */
        END;

        boolean isBoundary() {
            return this == AT_START || this == AT_END || this == AT_WORD || this == OFF_WORD;
        }
    }

    private record Element(Kind kind, CodePointSet takes) {}

    private static final int NO_CHARACTER = -1;

    private static final int REPLACEMENT = 0xFFFD;

    private static final long AFTER_NOTHING = 0;
    private static final long AFTER_WORD = 1;
    private static final long AFTER_OTHER = 2;

    private final Element[] elements;
    private final int words;
    private final long[] ends;
    private final boolean boundaries;

    private GlobPattern(List<Element> elements) {
        this.elements = elements.toArray(Element[]::new);
        this.words = (elements.size() + 63) / 64;
        this.ends = new long[words];
        for (int i = 0; i < this.elements.length; i++) {
            if (this.elements[i].kind == Kind.END) {
                add(i, ends, 0);
            }
        }
        this.boundaries = elements.stream().anyMatch(element -> element.kind.isBoundary());
    }

    @Override
    boolean matches(String path) {
        long[] position = new long[positionSize()];
        start(position, 0);
        read(path, 0, path.length(), position, 0);
        return matchesHere(position, 0);
    }

    @Override
    int positionSize() {
        return boundaries ? words + 1 : words;
    }

    @Override
    void start(long[] positions, int at) {
        for (int i = 0; i < elements.length; i++) {
            if (i == 0 || elements[i - 1].kind == Kind.END) {
                enter(i, positions, at);
            }
        }
        if (boundaries) {
            positions[at + words] = AFTER_NOTHING;
        }
    }

    @Override
    void read(String text, int from, int to, long[] positions, int at) {
        if (isEmpty(positions, at)) {
            return;
        }
        long[] next = new long[words];
        int c;
        for (int i = from; i < to; i += Character.charCount(c)) {
            c = text.codePointAt(i);
            int taken = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c;
            if (boundaries) {
                passBoundaries(taken, positions, at);
                positions[at + words] = isWordCharacter(taken) ? AFTER_WORD : AFTER_OTHER;
            }
            step(taken, positions, at, next);
            System.arraycopy(next, 0, positions, at, words);
            if (isEmpty(positions, at)) {
                return;
            }
            Arrays.fill(next, 0);
        }
    }

    private boolean isEmpty(long[] positions, int at) {
        for (int word = 0; word < words; word++) {
            if (positions[at + word] != 0) {
                return false;
            }
        }
        return true;
    }

    private void step(int c, long[] positions, int at, long[] next) {
        for (int word = 0; word < words; word++) {
            for (long bits = positions[at + word]; bits != 0; bits &= bits - 1) {
                int index = word * 64 + Long.numberOfTrailingZeros(bits);
                Element element = elements[index];
                if (!element.takes.contains(c)) {
                    continue;
                }
                if (element.kind == Kind.ONE || element.kind == Kind.MAYBE) {
                    enter(index + 1, next, 0);
                } else if (element.kind == Kind.MANY) {
                    enter(index, next, 0);
                } else {
                    add(index, next, 0);
                    if (c == '/') {
                        enter(index + 1, next, 0);
                    }
                }
            }
        }
    }

    /** Adds an element, and those after it that can be reached without a character. */
    private void enter(int first, long[] positions, int at) {
        int index = first;
        while (add(index, positions, at)) {
            Kind kind = elements[index].kind;
            if (kind == Kind.MANY || kind == Kind.MAYBE) {
                index++;
            } else if (kind == Kind.MAYBE_NAMES) {
                add(index + 1, positions, at);
                index += 2;
            } else {
                return;
            }
        }
    }

    /** Whether it was not there yet. */
    private static boolean add(int index, long[] positions, int at) {
        int word = at + index / 64;
        long bit = 1L << (index % 64);
        boolean absent = (positions[word] & bit) == 0;
        positions[word] |= bit;
        return absent;
    }

    private static boolean isWordCharacter(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 'a' && c <= 'z');
    }

    /** Adds what lies behind the boundaries that hold here, before the next character. */
    private void passBoundaries(int next, long[] positions, int at) {
        long before = positions[at + words];
        boolean atWord = (before == AFTER_WORD) != (next != NO_CHARACTER && isWordCharacter(next));
        // In order: what is added always lies further on.
        for (int index = 0; index < elements.length; index++) {
            if (!elements[index].kind.isBoundary() || (positions[at + index / 64] >>> (index % 64) & 1) == 0) {
                continue;
            }
            boolean holds = switch (elements[index].kind) {
                case AT_START -> before == AFTER_NOTHING;
                case AT_END -> next == NO_CHARACTER;
                case AT_WORD -> atWord;
                case OFF_WORD -> !atWord;
                case ONE, MAYBE, MANY, MAYBE_NAMES, NAMES, END -> false;
            };
            if (holds) {
                enter(index + 1, positions, at);
            }
        }
    }

    @Override
    boolean matchesHere(long[] positions, int at) {
        if (!boundaries) {
            return hasEnd(positions, at);
        }
        long[] ended = Arrays.copyOfRange(positions, at, at + positionSize());
        passBoundaries(NO_CHARACTER, ended, 0);
        return hasEnd(ended, 0);
    }

    private boolean hasEnd(long[] positions, int at) {
        for (int word = 0; word < words; word++) {
            if ((positions[at + word] & ends[word]) != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    boolean mayMatchLonger(long[] positions, int at) {
        for (int word = 0; word < words; word++) {
            if ((positions[at + word] & ~ends[word]) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Puts a pattern together, element by element. */
    static final class Builder {
        private static final int LIMIT = 100_000;

        private final List<Element> elements = new ArrayList<>();

        void one(CodePointSet set) throws MalformedPatternException {
            add(Kind.ONE, set);
        }

        void many(CodePointSet set) throws MalformedPatternException {
            add(Kind.MANY, set);
        }

        /** Nothing, or any characters but line feeds and then a slash. */
        void anyNames() throws MalformedPatternException {
            add(Kind.MAYBE_NAMES, CodePointSet.NONE);
            add(Kind.NAMES, CodePointSet.NO_LINE_FEED);
        }

        void atStart() throws MalformedPatternException {
            add(Kind.AT_START, CodePointSet.NONE);
        }

        void atEnd() throws MalformedPatternException {
            add(Kind.AT_END, CodePointSet.NONE);
        }

        void atWord() throws MalformedPatternException {
            add(Kind.AT_WORD, CodePointSet.NONE);
        }

        void offWord() throws MalformedPatternException {
            add(Kind.OFF_WORD, CodePointSet.NONE);
        }

        /**
         * Has the last element, which takes one character or is a boundary, as often as this.
         *
         * @param most not below the least; negative for any number
         */
        void repeat(int least, int most) throws MalformedPatternException {
            Element last = elements.remove(elements.size() - 1);
            if (last.kind.isBoundary()) {
                // True once is true again, and what need not be true says nothing.
                if (least > 0) {
                    elements.add(last);
                }
                return;
            }
            for (int i = 0; i < least; i++) {
                add(Kind.ONE, last.takes);
            }
            if (most < 0) {
                add(Kind.MANY, last.takes);
            }
            for (int i = least; i < most; i++) {
                add(Kind.MAYBE, last.takes);
            }
        }

        /** Ends an alternative. The next element, if there is one, begins another. */
        void end() throws MalformedPatternException {
            add(Kind.END, CodePointSet.NONE);
        }

        private void add(Kind kind, CodePointSet takes) throws MalformedPatternException {
            if (elements.size() == LIMIT) {
                throw new MalformedPatternException("it is too long");
            }
            elements.add(new Element(kind, takes));
        }

        /** The pattern, after its last alternative was ended. */
        GlobPattern build() {
            return new GlobPattern(elements);
        }
    }
}
