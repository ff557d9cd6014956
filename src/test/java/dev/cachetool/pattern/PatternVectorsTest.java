package dev.cachetool.pattern;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the Go module says: see {@code fixtures/patternmatcher/README.md}. */
final class PatternVectorsTest {
    private static final String VECTORS = "/fixtures/patternmatcher/vectors.tsv";

    record Vectors(int line, List<String> patterns, int refused, List<Answer> answers) {
        @Override
        public String toString() {
            return "line " + line + " " + patterns;
        }
    }

    record Answer(String path, boolean own, boolean whole) {}

    static Stream<Vectors> accepted() throws IOException {
        return vectors().stream().filter(vectors -> vectors.refused < 0);
    }

    static Stream<Vectors> refused() throws IOException {
        return vectors().stream().filter(vectors -> vectors.refused >= 0);
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void matcher_whenAskedWhatTheModuleWasAsked_givesItsAnswers(Vectors vectors) {
        PatternMatcher matcher = PatternMatcher.of(vectors.patterns);

        assertAll(vectors.answers.stream().map(answer -> () -> check(matcher, answer)));
    }

    private static void check(PatternMatcher matcher, Answer answer) {
        assertEquals(answer.own, matcher.matches(answer.path), () -> "matches " + answer.path);
        assertEquals(
                answer.whole,
                matcher.matchesOrParentMatches(answer.path),
                () -> "matches or parent matches " + answer.path);
        if (SlashPath.isClean(answer.path)) {
            assertEquals(answer.whole, matcher.at(answer.path).matches(), () -> "walk to " + answer.path);
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void of_whenTheModuleRefusesAPattern_refusesTheSame(Vectors vectors) {
        InvalidPatternException refusal =
                assertThrows(InvalidPatternException.class, () -> PatternMatcher.of(vectors.patterns));

        assertEquals(vectors.refused, refusal.index(), refusal.getMessage());
        assertEquals(vectors.patterns.get(vectors.refused), refusal.pattern());
    }

    @Test
    void vectors_whenRead_areThousands() throws IOException {
        assertTrue(accepted().mapToInt(vectors -> vectors.answers.size()).sum() > 10_000);
        assertTrue(refused().count() > 50);
    }

    private static List<Vectors> vectors() throws IOException {
        List<Vectors> all = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(PatternVectorsTest.class.getResourceAsStream(VECTORS), VECTORS);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, US_ASCII))) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                List<String> fields = Arrays.stream(line.split("\t", -1))
                        .map(PatternVectorsTest::unescape)
                        .toList();
                String head = fields.get(0);
                if (head.equals("=") || head.startsWith("!")) {
                    int refused = head.equals("=") ? -1 : Integer.parseInt(head.substring(1));
                    all.add(new Vectors(number, fields.subList(1, fields.size()), refused, new ArrayList<>()));
                } else {
                    int bits = Integer.parseInt(head);
                    Answer answer = new Answer(fields.get(1), (bits & 1) != 0, (bits & 2) != 0);
                    all.get(all.size() - 1).answers.add(answer);
                }
            }
        }
        return all;
    }

    private static String unescape(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) != '\\') {
                text.append(field.charAt(i));
            } else if (field.charAt(i + 1) == '\\') {
                text.append('\\');
                i++;
            } else {
                text.append((char) Integer.parseInt(field, i + 2, i + 6, 16));
                i += 5;
            }
        }
        return text.toString();
    }
}
