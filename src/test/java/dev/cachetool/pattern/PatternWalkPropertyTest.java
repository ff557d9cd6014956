package dev.cachetool.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Walks over random trees with random lists. {@code -Dcachetool.seed=N} runs others. */
final class PatternWalkPropertyTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20260102);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;

    private static final String[] PARTS = {
        "a",
        "a",
        "b",
        "b",
        "ab",
        "c",
        "d.x",
        "é",
        "/",
        "/",
        "/",
        "/",
        "*",
        "*",
        "*",
        "**",
        "**",
        "**/",
        "/**",
        "?",
        "[ab]",
        "[^a]",
        "[a/]",
        "\\*",
        "\\b",
        "\\B",
        "^",
        "|",
        "{2}",
        "$",
        ".",
        "\\Qa",
        "\uD83D\uDE00",
        "\uDCFF"
    };
    private static final String[] NAMES = {
        "a", "b", "ab", "c", "d.x", "é", "aab", "abb", "bb", "*", ".h", "a\nb", "a b", "\uD83D\uDE00", "\uDCFF"
    };

    /** A list, and the paths of a tree in order: a folder stands before what is in it. */
    private record Case(PatternMatcher matcher, List<String> paths) {
        static Case random(Random random) {
            List<String> patterns = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                patterns.add(pattern(random));
            }
            TreeSet<String> paths = new TreeSet<>();
            for (int i = 0; i < 8; i++) {
                String path = name(random);
                paths.add(path);
                for (int depth = random.nextInt(4); depth > 0; depth--) {
                    path += "/" + name(random);
                    paths.add(path);
                }
            }
            return new Case(PatternMatcher.of(patterns), List.copyOf(paths));
        }

        private static String pattern(Random random) {
            while (true) {
                StringBuilder pattern = new StringBuilder(random.nextInt(3) == 0 ? "!" : "");
                for (int i = 1 + random.nextInt(6); i > 0; i--) {
                    pattern.append(PARTS[random.nextInt(PARTS.length)]);
                }
                try {
                    PatternMatcher.of(List.of(pattern.toString()));
                    return pattern.toString();
                } catch (InvalidPatternException e) {
                    // Another one.
                }
            }
        }

        private static String name(Random random) {
            return NAMES[random.nextInt(NAMES.length)];
        }

        List<String> below(String folder) {
            return paths.stream().filter(path -> path.startsWith(folder + "/")).toList();
        }

        @Override
        public String toString() {
            return "patterns " + matcher.patterns() + " paths " + paths;
        }
    }

    private static Stream<Case> cases() {
        Random random = new Random(SEED);
        return IntStream.range(0, CASES).mapToObj(i -> Case.random(random));
    }

    @BeforeAll
    static void printSeed() {
        System.out.println("PatternWalkPropertyTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
    }

    @Test
    void walk_whenAskedForAnyPath_agreesWithTheMatcher() {
        cases().forEach(each -> {
            for (String path : each.paths) {
                MatchState state = each.matcher.at(path);
                assertEquals(each.matcher.matchesOrParentMatches(path), state.matches(), () -> path + " of " + each);
                assertEquals(each.matcher.mayMatchBelow(path), state.mayMatchBelow(), () -> path + " of " + each);
                state.decidingPattern()
                        .ifPresent(i -> assertEquals(
                                state.matches(),
                                each.matcher.positives().get(i),
                                () -> path + " is due to " + i + " of " + each));
            }
        });
    }

    @Test
    void mayMatchBelow_whenFalse_isRightAboutAllThatIsBelow() {
        int pruned = 0;
        for (Case each : cases().toList()) {
            for (String path : each.paths) {
                if (!each.matcher.mayMatchBelow(path)) {
                    List<String> below = each.below(path);
                    pruned += below.size();
                    below.forEach(p ->
                            assertTrue(!each.matcher.matchesOrParentMatches(p), () -> p + " below " + path + each));
                }
            }
        }
        assertTrue(pruned > CASES, "of so many paths it was foretold: " + pruned);
    }

    @Test
    void matchesAllBelow_whenTrue_isRightAboutAllThatIsBelow() {
        int taken = 0;
        for (Case each : cases().toList()) {
            for (String path : each.paths) {
                if (each.matcher.at(path).matchesAllBelow()) {
                    List<String> below = each.below(path);
                    taken += below.size();
                    below.forEach(
                            p -> assertTrue(each.matcher.matchesOrParentMatches(p), () -> p + " below " + path + each));
                }
            }
        }
        assertTrue(taken > CASES, "of so many paths it was foretold: " + taken);
    }

    @Test
    void walk_whenItPassesOverFolders_selectsTheSamePathsByTheSamePatterns() {
        cases().forEach(each -> {
            List<String> all = new ArrayList<>();
            BitSet allPatterns = new BitSet();
            for (String path : each.paths) {
                if (each.matcher.matchesOrParentMatches(path)) {
                    all.add(path);
                    for (int i = 0; i < each.matcher.patterns().size(); i++) {
                        List<String> one = Collections.singletonList(
                                each.matcher.patterns().get(i));
                        if (PatternMatcher.of(one).matchesOrParentMatches(path)) {
                            allPatterns.set(i);
                        }
                    }
                }
            }
            List<String> found = new ArrayList<>();
            BitSet foundPatterns = new BitSet();
            walk(each, "", each.matcher.start(), found, foundPatterns);
            assertEquals(new TreeSet<>(all), new TreeSet<>(found), each::toString);
            assertEquals(allPatterns, foundPatterns, each::toString);
        });
    }

    private static void walk(Case each, String folder, MatchState state, List<String> found, BitSet patterns) {
        if (!state.mayMatchBelow()) {
            return;
        }
        for (String path : each.paths) {
            if (path.startsWith(folder) && path.indexOf('/', folder.length()) < 0) {
                MatchState child = state.child(path.substring(folder.length()));
                child.addSelecting(patterns);
                if (child.matches()) {
                    found.add(path);
                }
                walk(each, path + "/", child, found, patterns);
            }
        }
    }
}
