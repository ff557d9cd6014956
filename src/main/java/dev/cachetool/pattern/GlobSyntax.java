package dev.cachetool.pattern;

/**
 * The check that a pattern goes through first: whether Go's {@code filepath.Match} can compare it with the path
 * {@code .}. That looks no further than the first star, or than the second if what stands before the first matches the
 * dot; the rest is for {@link ExpressionReader} to find fault with, which has a slightly different opinion.
 */
final class GlobSyntax {
    private final String pattern;
    private int at;

    private GlobSyntax(String pattern) {
        this.pattern = pattern;
    }

    static void check(String pattern) throws MalformedPatternException {
        GlobSyntax syntax = new GlobSyntax(pattern);
        if (syntax.partIsDot()) {
            syntax.partIsDot();
        }
    }

    /** Reads stars, then up to the next star; whether this is one element, and the dot is what it stands for. */
    private boolean partIsDot() throws MalformedPatternException {
        while (more() && peek() == '*') {
            at++;
        }
        int elements = 0;
        boolean dot = false;
        while (more() && peek() != '*') {
            dot = elementIsDot();
            elements++;
        }
        return dot && elements == 1;
    }

    private boolean elementIsDot() throws MalformedPatternException {
        int c = next();
        return switch (c) {
            case '[' -> classHasDot();
            case '?' -> true;
            case '\\' -> next() == '.';
            default -> c == '.';
        };
    }

    private boolean classHasDot() throws MalformedPatternException {
        boolean negated = more() && peek() == '^';
        if (negated) {
            at++;
        }
        boolean dot = false;
        do {
            int first = member();
            int last = first;
            if (peek() == '-') {
                at++;
                last = member();
            }
            dot |= first <= '.' && '.' <= last;
        } while (peek() != ']');
        at++;
        return dot != negated;
    }

    /** A character of a class, after which the class must go on. */
    private int member() throws MalformedPatternException {
        if (!more()) {
            throw new MalformedPatternException(MalformedPatternException.OPEN_CLASS);
        }
        int c = next();
        if (c == ']') {
            throw new MalformedPatternException("a character class has a ] where a character is due");
        }
        if (c == '-') {
            throw new MalformedPatternException("a character class has a - where a character is due");
        }
        if (c == '\\') {
            c = next();
        }
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            throw new MalformedPatternException("a character class has a member that is no Unicode character");
        }
        if (!more()) {
            throw new MalformedPatternException(MalformedPatternException.OPEN_CLASS);
        }
        return c;
    }

    private boolean more() {
        return at < pattern.length();
    }

    private char peek() {
        return pattern.charAt(at);
    }

    private int next() throws MalformedPatternException {
        if (!more()) {
            throw new MalformedPatternException("nothing follows the last \\");
        }
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }
}
