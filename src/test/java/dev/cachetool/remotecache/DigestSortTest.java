package dev.cachetool.remotecache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.cachetool.digest.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DigestSortTest {
    /** Sorts as the full order does; equal texts by the number behind them. */
    private static void assertSorted(List<String> texts) {
        Comparator<Integer> full =
                Comparator.<Integer, String>comparing(texts::get).thenComparing(i -> -i);
        int[] expected = IntStream.range(0, texts.size())
                .boxed()
                .sorted(full)
                .mapToInt(Integer::intValue)
                .toArray();

        assertArrayEquals(
                expected, DigestSort.sorted(IntStream.range(0, texts.size()).toArray(), texts::get, full));
    }

    private static List<String> digests() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            texts.add(Digest.sha256("text " + i % 400).toString());
        }
        Collections.shuffle(texts, new Random(1));
        return texts;
    }

    @Test
    void sorted_ofDigests_isTheFullOrder() {
        assertSorted(digests());
        assertSorted(List.of());
    }

    @Test
    void sorted_ofDigestsThatBeginAlike_isTheFullOrder() {
        String begin = "sha256:0123456";
        assertSorted(List.of(begin + "9", begin + "1", "sha256:0123455f", begin + "1", begin, "sha256:ffffffff0"));
    }

    @Test
    void sorted_withTextsThatAreNoSuchDigests_isTheFullOrder() {
        for (String odd :
                List.of("", "sha256:", "sha256:ABCDEF0123", "sha512:0123456789", "nonsense", "sha256:01234é6")) {
            List<String> texts = digests();
            texts.add(250, odd);
            assertSorted(texts);
        }
    }
}
