package dev.cachetool.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DigestTest {
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void sha256_ofKnownBytes_isTheKnownDigest() {
        assertEquals("sha256:" + EMPTY_SHA256, Digest.sha256(new byte[0]).toString());
        // FIPS 180-2, appendix B.1.
        assertEquals(
                "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                Digest.sha256("abc").toString());
        assertEquals(Digest.sha256("é".getBytes(StandardCharsets.UTF_8)), Digest.sha256("é"));
        assertEquals(Digest.sha256(""), Digest.ofSha256(HexFormat.of().parseHex(EMPTY_SHA256)));
    }

    @Test
    void ofSha256_ofAnotherNumberOfBytes_refuses() {
        assertThrows(IllegalArgumentException.class, () -> Digest.ofSha256(new byte[31]));
    }

    @ParameterizedTest
    @CsvSource({"sha256, 64, SHA256", "sha384, 96, SHA384", "sha512, 128, SHA512"})
    void parse_ofEachAlgorithm_keepsItsText(String name, int digits, Algorithm algorithm) {
        String text = name + ":" + "0f".repeat(digits / 2);
        Digest digest = Digest.parse(text);

        assertEquals(text, digest.toString());
        assertEquals(algorithm, digest.algorithm());
        assertEquals("0f".repeat(digits / 2), digest.encoded());
        assertEquals("0f0f0f0f0f0f", digest.shortText());
        assertFalse(digest.isRandom());
        assertEquals(digest, Digest.parseCacheDigest(text));
        assertEquals(Optional.of(digest), Digest.tryParse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "'', it has no algorithm",
        "e3b0c44298fc, it has no algorithm",
        "sha256:, it needs 64 hexadecimal digits",
        "sha256:e3b0c44298fc, it needs 64 hexadecimal digits",
        "md5:d41d8cd98f00b204e9800998ecf8427e, 'its algorithm is none of sha256, sha384, sha512'",
        "SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, 'its algorithm is none of sha256, sha384, sha512'",
        "sha256:E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, it has a character that is no lower-case hexadecimal digit",
        "sha256:g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, it has a character that is no lower-case hexadecimal digit",
        "sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, it needs 128 hexadecimal digits",
        "'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 ', it needs 64 hexadecimal digits",
        "random:abc, 'its algorithm is none of sha256, sha384, sha512'",
    })
    void parse_ofWhatIsNoDigest_saysWhy(String text, String problem) {
        InvalidDigestException e = assertThrows(InvalidDigestException.class, () -> Digest.parse(text));

        assertEquals(text, e.text());
        assertEquals(problem, e.problem());
        assertEquals("\"" + text + "\" is no digest: " + problem, e.getMessage());
        assertEquals(Optional.empty(), Digest.tryParse(text));
    }

    @Test
    void parse_ofAVeryLongText_showsItsBeginning() {
        String message = assertThrows(InvalidDigestException.class, () -> Digest.parse("x".repeat(1_000_000)))
                .getMessage();

        assertTrue(message.length() < 250, message);
    }

    @Test
    void parseCacheDigest_ofARandomOne_keepsIt() {
        Digest digest = Digest.parseCacheDigest("random:session:1");

        assertTrue(digest.isRandom());
        assertEquals("random:session:1", digest.toString());
        assertEquals("session:1", digest.encoded());
        assertEquals("session:1", digest.shortText());
        assertThrows(IllegalStateException.class, digest::algorithm);
        assertThrows(InvalidDigestException.class, () -> Digest.parseCacheDigest("random:"));
        assertThrows(InvalidDigestException.class, () -> Digest.parseCacheDigest("RANDOM:x"));
    }

    @Test
    void digests_ofTheSameText_areEqualAndOrderedByIt() {
        Digest a = Digest.sha256("a");
        Digest again = Digest.parse(a.toString());
        Digest b = Digest.sha256("b");

        assertEquals(a, again);
        assertEquals(a.hashCode(), again.hashCode());
        assertNotEquals(a, b);
        assertNotEquals(a, (Object) a.toString());
        assertEquals(List.of(b, a), List.copyOf(new TreeSet<>(List.of(a, b, again))), "3e23… stands before ca97…");
    }

    @Test
    void diffIdAndChainId_ofARandomDigest_refuse() {
        Digest random = Digest.parseCacheDigest("random:x");

        assertThrows(InvalidDigestException.class, () -> new DiffId(random));
        assertThrows(InvalidDigestException.class, () -> new ChainId(random));
        assertThrows(InvalidDigestException.class, () -> DiffId.parse("random:x"));
    }

    @Test
    void diffId_ofText_keepsIt() {
        String text = Digest.sha256("layer").toString();

        assertEquals(text, DiffId.parse(text).toString());
        assertEquals(0, DiffId.parse(text).compareTo(new DiffId(Digest.sha256("layer"))));
        assertTrue(new DiffId(Digest.sha256("b")).compareTo(new DiffId(Digest.sha256("a"))) < 0);
    }

    @Test
    void chainId_ofAStack_followsTheSpecification() {
        DiffId a = new DiffId(Digest.sha256("a"));
        DiffId b = new DiffId(Digest.sha256("b"));
        DiffId c = new DiffId(Digest.sha256("c"));

        // ChainID(L0) = DiffID(L0); ChainID(L0|…|Ln) = Digest(ChainID(L0|…|Ln-1) + " " + DiffID(Ln)).
        assertEquals(new ChainId(a.digest()), ChainId.of(List.of(a)));
        Digest ab = Digest.sha256(a + " " + b);
        assertEquals(new ChainId(ab), ChainId.of(List.of(a, b)));
        assertEquals(new ChainId(Digest.sha256(ab + " " + c)), ChainId.of(List.of(a, b, c)));
        assertEquals(ab.toString(), ChainId.of(List.of(a, b)).toString());
        assertThrows(IllegalArgumentException.class, () -> ChainId.of(List.of()));
    }
}
