package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuthKeyTest {
    @ParameterizedTest
    @CsvSource({
        "registry.example.com, registry.example.com, ''",
        "registry.example.com:5000, registry.example.com:5000, ''",
        "registry.example.com/, registry.example.com, ''",
        "https://registry.example.com, registry.example.com, ''",
        "https://registry.example.com:443/, registry.example.com:443, ''",
        "https://registry.example.com/v1/, registry.example.com, ''",
        "https://registry.example.com/v2/, registry.example.com, ''",
        "https://registry.example.com/team, registry.example.com, ''",
        "http://localhost:5000/v2, localhost:5000, ''",
        "registry.example.com/v1/, registry.example.com, ''",
        "registry.example.com/v1, registry.example.com, v1",
        "registry.example.com/team, registry.example.com, team",
        "registry.example.com/team/, registry.example.com, team",
        "registry.example.com/team/app, registry.example.com, team/app",
        "Registry.Example.COM/team, registry.example.com, team",
        "[::1]:5000/team, [::1]:5000, team",
        "https://index.docker.io/v1/, docker.io, ''",
        "index.docker.io, docker.io, ''",
        "registry-1.docker.io, docker.io, ''",
        "docker.io/library, docker.io, library",
        "'', '', ''",
        "https://, '', ''",
        "//, '', ''",
    })
    void key_whenParsed_isAHostAndAPath(String text, String host, String path) {
        assertEquals(new AuthKey(host, path), AuthKey.parse(text));
        assertEquals(host, AuthKey.parse(text).host());
    }

    @ParameterizedTest
    @CsvSource({
        "https://registry.example.com/v1/, registry.example.com",
        "localhost:5000, localhost:5000",
        "docker.io, https://index.docker.io/v1/",
        "docker.io/library/alpine, docker.io/library/alpine",
    })
    void key_whenWritten_isWhatProgramsThatLogInWrite(String text, String written) {
        assertEquals(written, AuthKey.parse(text).text());
    }
}
