package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.json.JsonException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What registries write, and what is shown of it: errors, tags, addresses, scopes. */
final class RegistryTextsTest {
    private static ErrorBody error(String json) {
        return ErrorBody.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'errors':[{'code':'DENIED','message':'not yours'},{'code':'X'}]} | DENIED: not yours",
                "{'errors':[{'code':'DENIED'}]} | DENIED",
                "{'errors':[{'message':'not yours'}]} | not yours",
                "{'details':'incorrect username or password'} | incorrect username or password",
                "{'error':'unauthorized'} | unauthorized",
                "{'errors':[]} | ~~",
                "{'errors':[{'code':5,'message':null}]} | ~~",
                "{'errors':[7]} | ~~",
                "{'errors':'no'} | ~~",
                "[] | ~~",
                "<html>502</html> | ~~",
                "{'error':'see https://x.example/a?sig=hunter2&y=1 for more'} | see https://x.example/a for more",
                "{'error':'see https://me:hunter2@x.example/a'} | see https://x.example/a",
                "{'error':'bad header: Bearer hunter2.x_y'} | bad header: Bearer …",
                "{'error':'authorization=basic hunter2== refused'} | authorization=basic … refused",
                "{'errors':[{'code':'https://x.example/?hunter2','message':''}]} | https://x.example/",
            })
    void error_whateverItLooksLike_isReadAsFarAsItCanBe(String json, String text) {
        assertEquals(text, error(json).text());
    }

    @Test
    void error_whenItIsLong_isShortened() {
        String text = error("{'error':'" + "x".repeat(5000) + "'}").text();
        assertEquals("x".repeat(200) + "…", text);
        assertEquals(
                201,
                error("{'errors':[{'code':'" + "X".repeat(5000) + "'}]}").code().length());
    }

    @Test
    void tags_ofADocument_areThoseThatCanBeTags() throws JsonException {
        assertEquals(List.of("a", "b"), tags("{\"name\":\"x\",\"tags\":[\"a\",\"b\"]}"));
        assertEquals(List.of("a"), tags("{\"tags\":[\"a\",\"\",\"../x\",\"-b\",\"a b\"]}"));
        assertEquals(List.of(), tags("{\"name\":\"x\",\"tags\":null}"));
        assertEquals(List.of(), tags("{}"));
        assertThrows(JsonException.class, () -> tags("{\"tags\":5}"));
        assertThrows(JsonException.class, () -> tags("{\"tags\":[\"a\""));
    }

    private static List<String> tags(String json) throws JsonException {
        return TagList.parse(json.getBytes(StandardCharsets.UTF_8), "the tags");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "</v2/a/tags/list?last=x&n=5>; rel=\"next\" | https://r.example/v2/a/tags/list?last=x&n=5",
                "</v2/a/tags/list?last=x>;rel=next | https://r.example/v2/a/tags/list?last=x",
                "<https://r.example/p2>; rel=\"next\" | https://r.example/p2",
                "</p0>; rel=\"prev\", </p2>; rel=\"next\" | https://r.example/p2",
                "<https://other.example/p2>; rel=\"next\" | ''",
                "<http://r.example/p2>; rel=\"next\" | ''",
                "</p2>; rel=\"prev\" | ''",
                "nonsense | ''",
            })
    void link_toTheNextPage_isFollowedOnTheSameServer(String link, String next) {
        Optional<HttpUrl> found = TagList.next(link, HttpUrl.get("https://r.example/v2/a/tags/list?n=1000"));
        assertEquals(next.replace("''", ""), found.map(HttpUrl::toString).orElse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "https://me:hunter2@r.example:443/v2/?token=hunter2#hunter2, https://r.example/v2/",
        "http://r.example:5000/a/b?c=d, http://r.example:5000/a/b",
        "http://[::1]:5000/, http://[::1]:5000/",
    })
    void address_whenItIsShown_hasNothingThatMayBeSecret(String address, String shown) {
        assertEquals(shown, Urls.shown(HttpUrl.get(address)));
    }

    @Test
    void status_inWords_isOurs() {
        assertEquals("429 Too Many Requests", HttpStatus.text(429));
        assertEquals("status 599", HttpStatus.text(599));
    }

    @Test
    void scopes_ofSeveral_areSortedAndOnceEach() {
        assertEquals(List.of("repository:a/b:pull"), Scopes.of("a/b", Side.PULL).texts());
        assertEquals(
                List.of("repository:a/b:pull,push"), Scopes.of("a/b", Side.PUSH).texts());
        assertEquals(List.of("repository:a/b:delete"), Scopes.ofDeletion("a/b").texts());
        assertEquals(
                List.of("repository:a/a:pull", "repository:a/b:pull,push"),
                Scopes.of("a/b", Side.PUSH).andPull("a/a").andPull("a/a").texts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:5000", "a.localhost", "127.0.0.1", "127.9.9.9:80", "[::1]:5000"})
    void registry_onThisMachine_isAskedInPlainHttpFirst(String registry) {
        Origin origin = new Origin(registry, false, false);
        assertEquals("http", origin.url().scheme());
        // That does not make it a place for logins without encryption elsewhere.
        assertFalse(origin.mayBePlain());
        assertTrue(origin.failed(origin.url(), new ProtocolException("no HTTP")));
        assertEquals("https", origin.url().scheme());
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry.example.com", "localhost.example.com", "128.0.0.1", "127.0.0.1.example.com"})
    void registry_elsewhere_isAskedInHttpsOnly(String registry) {
        Origin origin = new Origin(registry, false, false);
        assertEquals("https", origin.url().scheme());
        assertFalse(origin.failed(origin.url(), new SSLException("no TLS")));
        assertFalse(origin.wantsHttps(origin.url()));
        assertEquals("https", origin.url().scheme());
    }

    @Test
    void registry_whenItMayBeInsecure_isAskedInPlainHttpWhereItSpeaksNoTls() {
        Origin origin = new Origin("registry.example.com", false, true);
        HttpUrl https = origin.url();
        assertEquals("https", https.scheme());
        assertFalse(origin.failed(https, new IOException("no route to host")));
        assertTrue(origin.failed(https, new SSLException("Unsupported or unrecognized SSL message")));
        HttpUrl http = origin.url();
        assertEquals("http", http.scheme());
        // Another request that was under way sees that it is asked elsewhere now.
        assertTrue(origin.failed(https, new SSLException("Unsupported or unrecognized SSL message")));
        assertEquals(http, origin.url());
        origin.settle(http);
        assertFalse(origin.failed(http, new ProtocolException("no HTTP")));
        assertEquals(http, origin.url());
        assertTrue(origin.mayBePlain());
        assertTrue(origin.isAt(https) && origin.isAt(http));
    }

    @Test
    void registry_ofDockerHub_isAtItsOwnHost() {
        assertEquals(
                "https://registry-1.docker.io/",
                new Origin("docker.io", false, false).url().toString());
    }
}
