package dev.cachetool.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileNamesTest {
    @Test
    void decodeAndEncode_ofAnyBytes_giveTheSameBytes() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(8)];
            random.nextBytes(bytes);
            assertArrayEquals(
                    bytes,
                    FileNames.encode(FileNames.decode(bytes)),
                    () -> HexFormat.of().formatHex(bytes));
        }
        byte[] whole = "é\uD83D\uDE00\uFF5E".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertEquals("é\uD83D\uDE00\uFF5E", FileNames.decode(whole));
        assertArrayEquals(whole, FileNames.encode("é\uD83D\uDE00\uFF5E"));
    }

    @Test
    void order_ofAnyNames_isThatOfTheirBytes() {
        Random random = new Random(2);
        byte[][] some = new byte[400][];
        for (int i = 0; i < some.length; i++) {
            some[i] = new byte[random.nextInt(5)];
            random.nextBytes(some[i]);
            if (random.nextBoolean()) {
                some[i] = new String(some[i], java.nio.charset.StandardCharsets.UTF_16BE)
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            }
        }
        for (byte[] a : some) {
            for (byte[] b : some) {
                assertEquals(
                        Integer.signum(Arrays.compareUnsigned(a, b)),
                        Integer.signum(FileNames.ORDER.compare(FileNames.decode(a), FileNames.decode(b))));
            }
        }
    }

    @Test
    void encode_ofALoneSurrogate_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> FileNames.encode("a\uD800"));
    }

    @Test
    void shown_ofABytesName_hasItsHexadecimal() {
        assertEquals("a\\xff\uD83D\uDE00b", FileNames.shown("a\uDCFF\uD83D\uDE00b"));
        assertEquals("é", FileNames.shown("é"));
    }

    @Test
    void resolveAndNameOf_ofNamesThatAreNoUtf8_keepTheirBytes(@TempDir Path folder) throws Exception {
        List<String> names = List.of("caf\uDCE9", "100% #?;[x]", "é", "\uD83D\uDE00", "tab\tline\n", "a\\b");
        for (String name : names) {
            Files.writeString(FileNames.resolve(folder, name), name.length() + "");
        }
        try (Stream<Path> found = Files.list(folder)) {
            assertEquals(
                    names.stream().sorted(FileNames.ORDER).toList(),
                    found.map(FileNames::nameOf).sorted(FileNames.ORDER).toList());
        }
        for (String name : names) {
            assertEquals(name.length() + "", Files.readString(FileNames.resolve(folder, name)));
        }
    }

    @Test
    void linkTarget_ofAnyBytes_comesBack(@TempDir Path folder) throws Exception {
        for (String target : List.of("../caf\uDCE9/x", "/caf\uDCE9", "caf\uDCE9", "é/./x", "a//b", "..", "x/")) {
            Path link = folder.resolve("link");
            Files.createSymbolicLink(link, FileNames.linkTarget(folder, target));
            String expected = target.equals("a//b") ? "a/b" : target.equals("x/") ? "x" : target;
            assertEquals(FileNames.shown(expected), FileNames.shown(FileNames.textOf(Files.readSymbolicLink(link))));
            Files.delete(link);
        }
    }
}
