package dev.cachetool.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvTest {
    private static List<String> record(String text) {
        return Csv.record(text, "the text");
    }

    @Test
    void record_whenPlain_isSplitAtCommas() {
        assertEquals(List.of("type=local", " src = a "), record("type=local, src = a "));
        assertEquals(List.of("a", ""), record("a,"));
        assertEquals(List.of(""), record(""));
    }

    @Test
    void record_whenQuoted_keepsCommasQuotesAndLines() {
        assertEquals(List.of("dest=a,b", "c"), record("\"dest=a,b\",c"));
        assertEquals(List.of("say \"x\""), record("\"say \"\"x\"\"\""));
        assertEquals(List.of("a\nb"), record("\"a\nb\""));
        assertEquals(List.of("", "b"), record("\"\",b"));
    }

    @Test
    void record_whenALineEndFollows_dropsIt() {
        assertEquals(List.of("a", "b"), record("a,b\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dest=\"a,b\"", "a\"", "\"a", "\"a\"b", "\"a\"\"", "a\nb", "\"a\"\nb", " \"a\""})
    void record_whenQuotesOrLinesAreWrong_isRefused(String text) {
        assertThrows(UsageException.class, () -> record(text));
    }
}
