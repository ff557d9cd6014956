package dev.cachetool.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

final class SafeTextTest {
    @Test
    void of_whenPlain_isTheTextItself() {
        String text = "src/a b.c \\ ~";
        assertSame(text, SafeText.of(text));
        assertEquals("größe·…\u6f22\ud83d\ude80", SafeText.of("größe·…\u6f22\ud83d\ude80"));
    }

    @Test
    void of_whenItWouldMoveTheCursor_isEscaped() {
        assertEquals("a\\x1b[31mb\\n\\r\\t\\x00\\x7f\\x9b", SafeText.of("a\u001b[31mb\n\r\t\0\u007f\u009b"));
    }

    @Test
    void of_whenItWouldReorderOrHide_isEscaped() {
        assertEquals("\\u202ea\\u2066\\u200b\\u2028", SafeText.of("\u202ea\u2066\u200b\u2028"));
        assertEquals("\\ud800x", SafeText.of("\ud800x"));
    }
}
