package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a registry without login and encryption serves, as a client sees it that is not cachetool. */
public final class ServedContent {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> MANIFESTS = List.of(
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String repository;

    /**
     * @param host {@code host:port}
     */
    public ServedContent(String host, String repository) {
        this.repository = "http://" + host + "/v2/" + repository + "/";
    }

    /**
     * The digests that the tags name; all that a tag leads to is there, of the right size and digest, or the test fails.
     */
    public Map<String, Digest> tags() throws IOException, InterruptedException {
        Map<String, Digest> tags = new TreeMap<>();
        HttpResponse<byte[]> list = get("tags/list");
        if (list.statusCode() == 200) {
            for (JsonNode tag : JSON.readTree(list.body()).path("tags")) {
                tags.put(tag.asText(), verified(tag.asText()));
            }
        } else {
            assertEquals(404, list.statusCode());
        }
        return tags;
    }

    private Digest verified(String tag) throws IOException, InterruptedException {
        HttpResponse<byte[]> manifest = get("manifests/" + tag);
        assertEquals(200, manifest.statusCode(), tag);
        JsonNode document = JSON.readTree(manifest.body());
        List<JsonNode> entries = new ArrayList<>();
        document.path("manifests").forEach(entries::add);
        document.path("layers").forEach(entries::add);
        if (document.has("config")) {
            entries.add(document.get("config"));
        }
        for (JsonNode entry : entries) {
            String digest = entry.get("digest").asText();
            HttpResponse<byte[]> blob = get("blobs/" + digest);
            assertEquals(200, blob.statusCode(), digest);
            assertEquals(entry.get("size").asLong(), blob.body().length, digest);
            assertEquals(digest, Digest.sha256(blob.body()).toString());
        }
        return Digest.sha256(manifest.body());
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(repository + path))
                .header("Accept", String.join(", ", MANIFESTS))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }
}
