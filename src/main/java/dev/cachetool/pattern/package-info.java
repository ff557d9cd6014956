/**
 * moby's pattern rules: which paths of a tree a list of patterns selects.
 *
 * <p>{@code include}, {@code exclude}, {@code paths} and {@code outputs} of a graph, and the lists that BuildKit itself
 * is given, mean what the Go module {@code github.com/moby/patternmatcher} makes of them, newest version. This package
 * does the same, and is held to it by vectors that the module made.
 *
 * <h2>Terms</h2>
 *
 * <dl>
 *   <dt>path
 *   <dd>relative, its names separated by {@code /} on every system. It is <i>clean</i> if it has no empty name, no
 *       {@code .}, no {@code ..}, and no slash at either end.
 *   <dt>pattern
 *   <dd>one entry of a list. Positive, or an <i>exception</i> if it starts with {@code !}. White space around it is
 *       dropped, then {@code .}, {@code ..} and superfluous slashes are resolved. A blank one does nothing.
 *   <dt>match
 *   <dd>a pattern is about a whole path, from its first character to its last. {@code ?} is one character but not
 *       {@code /}; {@code *} any number of these; {@code **} any number of whole names, at the end of a pattern of
 *       anything; {@code [a-z]} and {@code [^a-z]} one of a class; <code>\</code> takes the next character by its
 *       word. Case counts, and a name that starts with a dot is like any other.
 *   <dt>select
 *   <dd>the patterns are taken in order, and the last one that has something to say wins: a positive pattern that
 *       matches the path or a folder above it selects it, an exception that does so drops it again. So a folder stands
 *       for its whole tree.
 *   <dt>everything
 *   <dd>the pattern {@code .} (however it is written: {@code ./}, {@code a/..}) is {@code **}. This is cachetool's own:
 *       in moby's rules it matches the path {@code .} only.
 * </dl>
 *
 * <h2>What follows from how moby does it</h2>
 *
 * <p>The module turns a pattern with wildcards, a class or a backslash into a Go regular expression, and some of that
 * shows: {@code [^a]} is also a slash; <code>\d</code> is a digit and <code>\b</code> a word boundary; <code>\e</code>,
 * which means nothing there, is refused; <code>?{2}</code> is two characters, though <code>*.{js,ts}</code> has no
 * meaning but itself; {@code a*|b} are alternatives, of which the first may go on and the second may have begun earlier;
 * {@code **} does not step over a line feed, unless it is at the start or the end of a pattern that is otherwise plain;
 * a {@code *} inside a class ends the class. All this is the same here. What the module refuses only when it comes to
 * match is refused here at once.
 *
 * <p>Three things are not the same: characters that are newer than the JDK's Unicode are in no class of <code>\p</code>;
 * a pattern of more than 100,000 elements is refused; and so is a repetition right after an empty quotation
 * (<code>\Q\E{2}</code>).
 *
 * <p>A leading slash is part of the pattern, so that {@code /a} matches no relative path; and only what follows
 * {@code !} is the exception's pattern, so that {@code !./a} and {@code ! a} do not mean {@code !a}.
 *
 * <h2>Characters</h2>
 *
 * <p>A character is a Unicode code point. A file name that is no UTF-8 can be carried as a string with one lone
 * surrogate for each byte that does not fit (U+DC80 to U+DCFF): a lone surrogate counts as one character, equals itself
 * where a pattern has no wildcards, and counts as U+FFFD where it has; which is what Go does with such a byte.
 *
 * <p>May use the JDK only. Matching takes time proportional to the length of the path times, at worst, that of the
 * pattern; no pattern can make it go astray.
 */
@NullMarked
package dev.cachetool.pattern;

import org.jspecify.annotations.NullMarked;
