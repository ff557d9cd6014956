package dev.cachetool.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SuggestionTest {
    private static final List<String> KNOWN =
            List.of("vertices", "targets", "options", "inputs", "selector", "name", "args", "env", "op", "to");

    @ParameterizedTest
    @CsvSource({
        "vertexes, vertices",
        "Targets, targets",
        "target, targets",
        "inptus, inputs",
        "selectro, selector",
        "seletcor, selector",
        "nam, name",
        "agrs, args",
        "ENV, env",
        "evn, env",
        "ops, op",
    })
    void nearest_ofASlip_isTheWordThatWasMeant(String word, String meant) {
        assertEquals(Optional.of(meant), Suggestion.nearest(word, KNOWN));
    }

    @ParameterizedTest
    @CsvSource({"x", "colour", "platform", "in", "''", "verti"})
    void nearest_ofAnotherWord_isNone(String word) {
        assertEquals(Optional.empty(), Suggestion.nearest(word, KNOWN));
    }

    @Test
    void nearest_ofEquallyNearWords_isTheFirstByName() {
        assertEquals(Optional.of("bar"), Suggestion.nearest("baz", List.of("bay", "bar")));
    }

    @Test
    void nearest_ofAVeryLongWord_isNone() {
        assertEquals(Optional.empty(), Suggestion.nearest("x".repeat(1_000_000), KNOWN));
    }

    @Test
    void unknown_ofASlip_suggestsOnASecondLine() {
        assertEquals(
                "unknown mode \"mx\"\n  did you mean \"max\"?",
                Suggestion.unknown("mode", "mx", List.of("min", "max")));
    }

    @Test
    void unknown_ofAnotherWord_listsWhatIsKnown() {
        assertEquals(
                "unknown mode \"fastest\"\n  known: max, min, remote-only",
                Suggestion.unknown("mode", "fastest", List.of("min", "max", "remote-only")));
    }
}
