package dev.cachetool.pattern;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PatternMatcherTest {
    private static PatternMatcher matcher(String... patterns) {
        return PatternMatcher.of(List.of(patterns));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "./", " . ", "a/..", ".//./"})
    void matcher_ofADot_selectsEverything(String dot) {
        PatternMatcher matcher = matcher(dot);
        assertAll(
                () -> assertTrue(matcher.matches("a/b")),
                () -> assertTrue(matcher.matchesOrParentMatches("a")),
                () -> assertTrue(matcher.matchesOrParentMatches("a\n/b")),
                () -> assertTrue(matcher.at("a/b").matches()),
                () -> assertTrue(matcher.mayMatchBelow("a")),
                () -> assertTrue(matcher.start().matchesAllBelow()));
    }

    @Test
    void matcher_whenADotIsAnException_dropsEverythingBefore() {
        PatternMatcher matcher = matcher("a", "!.", "b");
        assertFalse(matcher.matchesOrParentMatches("a"));
        assertTrue(matcher.matchesOrParentMatches("b"));
    }

    @Test
    void matcher_ofBlankEntriesOnly_selectsNothing() {
        PatternMatcher matcher = matcher("", "  ");
        assertFalse(matcher.matchesOrParentMatches("a"));
        assertFalse(matcher.mayMatchBelow("a/../b"));
        assertTrue(matcher.positives().isEmpty());
    }

    @Test
    void mayMatchBelow_ofFoldersOnAndOffThePatternsWay_isTrueOnItOnly() {
        PatternMatcher matcher = matcher("src/main/*.c", "lib/**/x", "!lib/old", "doc");
        assertAll(
                () -> assertTrue(matcher.mayMatchBelow("")),
                () -> assertTrue(matcher.mayMatchBelow(".")),
                () -> assertTrue(matcher.mayMatchBelow("src")),
                () -> assertTrue(matcher.mayMatchBelow("src/main")),
                () -> assertFalse(matcher.mayMatchBelow("src/main/deep")),
                () -> assertTrue(matcher.mayMatchBelow("src/main/deep.c")),
                () -> assertFalse(matcher.mayMatchBelow("src/test")),
                () -> assertTrue(matcher.mayMatchBelow("lib/a/b")),
                () -> assertFalse(matcher.mayMatchBelow("lib/old")),
                () -> assertFalse(matcher.mayMatchBelow("lib/old/a")),
                () -> assertTrue(matcher.mayMatchBelow("doc/a/b")),
                () -> assertFalse(matcher.mayMatchBelow("document")));
    }

    @Test
    void mayMatchBelow_whenAPatternBringsBackAPartOfAnException_isTrueOnTheWayThere() {
        PatternMatcher matcher = matcher("**", "!out", "out/keep/a");
        assertTrue(matcher.mayMatchBelow("out"));
        assertTrue(matcher.mayMatchBelow("out/keep"));
        assertFalse(matcher.mayMatchBelow("out/lose"));
    }

    @Test
    void mayMatchBelow_ofAPathThatIsNotClean_isTrue() {
        assertTrue(matcher("a/b").mayMatchBelow("x/../c"));
        assertTrue(matcher("a/b").mayMatchBelow("/c"));
        assertFalse(matcher("!a/b").mayMatchBelow("/c"));
    }

    @Test
    void matchesAllBelow_whenAnExceptionMayApply_isFalse() {
        PatternMatcher matcher = matcher("node_modules", "!**/keep.js", "other");
        assertFalse(matcher.at("node_modules").matchesAllBelow());
        assertTrue(matcher.at("other").matchesAllBelow());
        assertFalse(matcher.at("src").matchesAllBelow());
        assertTrue(matcher("gen/**").at("gen").matchesAllBelow());
        assertFalse(matcher("**", "!gen/**").mayMatchBelow("gen"));
    }

    @Test
    void addSelecting_overSeveralPaths_leavesOutWhatSelectsNothing() {
        PatternMatcher matcher = matcher("src", "", "src/**", "sr/c", "gone", "!gone", "!typo");
        BitSet selecting = new BitSet();
        for (String path : List.of("src/a", "gone", "b")) {
            matcher.at(path).addSelecting(selecting);
        }
        BitSet nothing = matcher.positives();
        nothing.andNot(selecting);
        assertEquals("{3, 4}", nothing.toString());
    }

    @Test
    void decidingPattern_ofPathsThatPatternsDisagreeOn_isTheLastToChangeTheAnswer() {
        PatternMatcher matcher = matcher("", "a", "a/**", "!a/b", "!a");
        assertEquals(OptionalInt.of(3), matcher.at("a/b/c").decidingPattern());
        assertEquals(OptionalInt.of(4), matcher.at("a/c").decidingPattern());
        assertEquals(OptionalInt.empty(), matcher.at("c").decidingPattern());
        assertEquals(OptionalInt.empty(), matcher.start().decidingPattern());
        assertFalse(matcher("**").start().matches());
    }

    @Test
    void walk_whenAnExceptionMatchedAFolderThatNothingSelected_stillDropsWhatIsBelow() {
        PatternMatcher matcher = matcher("a/b", "!a");
        assertFalse(matcher.start().child("a").child("b").matches());
        assertFalse(matcher.matchesOrParentMatches("a/b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/"})
    void child_whenGivenNoName_isRefused(String name) {
        MatchState start = matcher("a").start();
        assertThrows(IllegalArgumentException.class, () -> start.child(name));
    }

    @Test
    void at_whenThePathIsNotClean_isRefused() {
        PatternMatcher matcher = matcher("a");
        for (String path : List.of("", "/a", "a/", "a//b", "./a", "a/../b")) {
            assertThrows(IllegalArgumentException.class, () -> matcher.at(path), path);
        }
    }

    @Test
    void matcher_whenThePatternIsMadeToGoAstray_answersAllTheSame() {
        String path = "a".repeat(4_000);
        assertAll(
                () -> assertFalse(matcher("*a".repeat(100) + "b").matches(path)),
                () -> assertTrue(matcher("*a".repeat(100)).matches(path)),
                () -> assertFalse(matcher("**a".repeat(100) + "/b").matchesOrParentMatches("a/".repeat(2_000) + "c")),
                () -> assertFalse(matcher("**/".repeat(200) + "b").matchesOrParentMatches("a/".repeat(2_000) + "c")),
                () -> assertTrue(matcher("**/".repeat(200) + "c").matchesOrParentMatches("a/".repeat(2_000) + "c")),
                () -> assertFalse(matcher("?{0,1000}".repeat(20) + "b").matches(path)),
                () -> assertFalse(matcher("**" + "a".repeat(2_000) + "b").matchesOrParentMatches(path)));
    }

    @Test
    void of_whenAPatternIsTooLong_refusesIt() {
        InvalidPatternException refusal =
                assertThrows(InvalidPatternException.class, () -> matcher("?{1000}".repeat(101)));
        assertEquals("it is too long", refusal.reason());
    }

    @Test
    void of_whenAPatternMakesNoSense_namesItsPlaceAndWhatIsWrong() {
        InvalidPatternException refusal = assertThrows(InvalidPatternException.class, () -> matcher("a", "", "!b[c"));
        assertAll(
                () -> assertEquals(2, refusal.index()),
                () -> assertEquals("!b[c", refusal.pattern()),
                () -> assertEquals("a character class lacks its closing ]", refusal.reason()),
                () -> assertEquals(
                        "could not read the pattern \"!b[c\": a character class lacks its closing ]\n"
                                + "write \\ before a character that stands for itself, as in \\[",
                        refusal.getMessage()));
    }
}
