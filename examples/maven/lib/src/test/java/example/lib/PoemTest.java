package example.lib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class PoemTest {
    @Test
    void framed_ofTwoLines_centersTheShorterOne() {
        assertEquals(
                List.of("+-------+", "| a b c |", "|   d   |", "+-------+"), new Poem(List.of("a b c", "d")).framed());
    }

    @Test
    void named_whenTheLibraryHasIt_givesItsLines() {
        assertEquals("Poor thing?", Poem.named("robin").lines().get(3));
    }

    @Test
    void named_whenThereIsNone_saysSo() {
        assertThrows(IllegalArgumentException.class, () -> Poem.named("raven"));
    }
}
