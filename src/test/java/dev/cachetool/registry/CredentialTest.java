package dev.cachetool.registry;

import static dev.cachetool.registry.Machine.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CredentialTest {
    static Stream<Credential> credentials() {
        return Stream.of(
                new Credential.Password("user " + SECRET, SECRET),
                new Credential.IdentityToken(SECRET),
                new Credential.RegistryToken(SECRET));
    }

    @ParameterizedTest
    @MethodSource("credentials")
    void credential_whenPrinted_showsNothingOfItself(Credential credential) {
        assertFalse(credential.toString().contains(SECRET));
    }

    @Test
    void credential_whenTheUserNameStandsForTokens_isAnIdentityToken() {
        assertEquals(new Credential.IdentityToken("t"), Credential.of("<token>", "t"));
        assertEquals(new Credential.Password("token", "t"), Credential.of("token", "t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", SECRET + "\n", SECRET + " x", SECRET + "\u00e9"})
    void registryToken_whenItCannotStandInAHeader_isRefusedWithoutBeingShown(String token) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Credential.RegistryToken(token));
        assertFalse(String.valueOf(e.getMessage()).contains(SECRET));
    }

    @Test
    void fixedCredential_whenAskedForAnyRegistry_isTheOneThatWasGiven() {
        FixedCredential fixed = new FixedCredential("ada", "a:b");
        assertEquals(new Credential.Password("ada", "a:b"), fixed.find("one.example.com", "app"));
        assertEquals(new Credential.Password("ada", "a:b"), fixed.find("localhost:5000", ""));
    }
}
