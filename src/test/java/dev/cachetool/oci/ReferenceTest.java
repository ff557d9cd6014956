package dev.cachetool.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferenceTest {
    private static final Digest DIGEST = Digest.sha256("manifest");

    @ParameterizedTest
    @CsvSource({
        "registry.example/app, registry.example, app, ",
        "registry.example/app:1.0, registry.example, app, 1.0",
        "registry.example:5000/team/app:latest, registry.example:5000, team/app, latest",
        "localhost/a/b/c/d:x, localhost, a/b/c/d, x",
        "LOCALHOST:65535/app, LOCALHOST:65535, app, ",
        "127.0.0.1:5100/cache:p1, 127.0.0.1:5100, cache, p1",
        "[::1]:5000/app:x, [::1]:5000, app, x",
        "[fe80::1]/app, [fe80::1], app, ",
        "123456789/app, 123456789, app, ",
        "a-b.example/x_y/x__y/x.y/x-y/x---y:_A.b-c, a-b.example, x_y/x__y/x.y/x-y/x---y, _A.b-c",
    })
    void parse_ofAReference_findsItsParts(String text, String registry, String repository, String tag) {
        Reference reference = Reference.parse(text);

        assertEquals(new Reference(registry, repository, Optional.ofNullable(tag), Optional.empty()), reference);
        assertEquals(text, reference.toString());
        Reference byDigest = Reference.parse(text + "@" + DIGEST);
        assertEquals(new Reference(registry, repository, Optional.ofNullable(tag), Optional.of(DIGEST)), byDigest);
        assertEquals(text + "@" + DIGEST, byDigest.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "app",
                "app:latest",
                "/app",
                "registry.example/",
                "registry.example//app",
                "registry.example/app/",
                "registry.example/App",
                "registry.example/app:",
                "registry.example/app:a:b",
                "registry.example/app:-a",
                "registry.example/app:.a",
                "registry.example/app:a/b",
                "registry.example/app:ä",
                "registry.example/app@",
                "registry.example/app@sha256:abc",
                "registry.example/app@md5:d41d8cd98f00b204e9800998ecf8427e",
                "registry.example/app@random:x",
                "registry.example/app@latest@latest",
                "registry.example/_app",
                "registry.example/app_",
                "registry.example/a___b",
                "registry.example/a..b",
                "registry.example/a._b",
                "registry.example/a b",
                "registry.example/app\n",
                "registry.example:/app",
                "registry.example:x/app",
                "registry.example:65536/app",
                "registry.example:100000/app",
                "-registry/app",
                "registry-/app",
                "registry..example/app",
                "registry_x/app",
                "[::1/app",
                "[]/app",
                "https://registry.example/app",
            })
    void parse_ofWhatIsNone_refuses(String text) {
        assertThrows(IllegalArgumentException.class, () -> Reference.parse(text));
    }

    @Test
    void parse_whenRefused_saysWhich() {
        assertEquals(
                "\"app\" names no registry; it is written host/repository:tag",
                assertThrows(IllegalArgumentException.class, () -> Reference.parse("app"))
                        .getMessage());
        assertEquals(
                "\"App\" is no repository name: it has lower-case letters, digits and single . _ - between them",
                assertThrows(IllegalArgumentException.class, () -> Reference.parse("h/App"))
                        .getMessage());
        assertEquals(
                "\"h:70000\" is no registry host",
                assertThrows(IllegalArgumentException.class, () -> Reference.parse("h:70000/app"))
                        .getMessage());
    }

    @Test
    void parse_ofLongNames_stopsAtTheirLimits() {
        assertEquals(255, Reference.parse("h/" + "a".repeat(255)).repository().length());
        assertThrows(IllegalArgumentException.class, () -> Reference.parse("h/" + "a".repeat(256)));
        for (String part : new String[] {"a.", "a-", "a_", "-", "a/"}) {
            String longName = part.repeat(1_000_000) + "a";
            assertThrows(IllegalArgumentException.class, () -> Reference.parse("h/" + longName));
            assertThrows(IllegalArgumentException.class, () -> Reference.parse(longName + "/app"));
            assertThrows(IllegalArgumentException.class, () -> Reference.parse("h/app:" + longName));
        }
    }

    @Test
    void isTag_ofTexts_followsTheGrammar() {
        assertTrue(Reference.isTag("a".repeat(128)));
        assertFalse(Reference.isTag("a".repeat(129)));
        assertFalse(Reference.isTag(""));
        assertTrue(Reference.isTag("_"));
        assertEquals("v1.2-x_Y", Reference.requireTag("v1.2-x_Y"));
        assertEquals(
                "\"a b\" is no tag: it has letters, digits, _ . - (at most 128, no . or - in front)",
                assertThrows(IllegalArgumentException.class, () -> Reference.requireTag("a b"))
                        .getMessage());
    }
}
