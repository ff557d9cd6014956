package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobTransfer;
import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.content.Manifest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.registry.TestArtifact.Lies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a registry, and nothing more. */
@Timeout(60)
final class RequestCountTest {
    private static final String REPOSITORY = TestClient.REPOSITORY;

    @TempDir
    private Path folder;

    @Test
    void push_whenNothingIsThere_sendsEachBlobOnceAndTheManifest() throws Exception {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000, 10);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PUSH)) {
            RegistryTarget target = client.open(registry);
            List<Ingested> how = Collections.synchronizedList(new ArrayList<>());
            new BlobTransfer(3).run(artifact.blobs(Lies.IN_FILES, folder), target, (blob, what) -> how.add(what));
            target.tag("latest", artifact.manifest());
            assertEquals(Collections.nCopies(4, Ingested.WRITTEN), how);
            assertEquals(
                    "4 HEAD blob, 4 POST upload, 4 PUT upload, 1 PUT manifest",
                    registry.log().summary());
            assertEquals(
                    Map.of("POST /v2/team/app/blobs/uploads/", 4L),
                    registry.log().repeated());
            assertEquals(
                    artifact.contents().stream().mapToLong(b -> b.length).sum(),
                    registry.log().requests("PUT", RequestKind.UPLOAD).stream()
                            .mapToLong(LoggedRequest::requestBytes)
                            .sum());
            LoggedRequest last = registry.log().requests().get(12);
            assertEquals("PUT /v2/team/app/manifests/latest -> 201", last.toString());
            assertEquals(0, registry.openUploads());
            artifact.assertPublished(registry, REPOSITORY, "latest");
        }
    }

    @Test
    void push_whenAllIsThere_looksOnly() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000, 10);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PUSH)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            RegistryTarget target = client.open(registry);
            for (Blob blob : artifact.blobs(Lies.IN_MEMORY, folder)) {
                assertEquals(Ingested.EXISTS, target.ingest(blob));
            }
            assertEquals(Optional.of(artifact.manifest().digest()), target.digestOf("latest"));
            assertEquals("4 HEAD blob, 1 HEAD manifest", registry.log().summary());
            assertEquals(Map.of(), registry.log().repeated());
        }
    }

    @Test
    void push_ofABlobThatWasJustPushed_asksNothing() throws Exception {
        TestArtifact artifact = TestArtifact.of(1, 300_000);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PUSH)) {
            RegistryTarget target = client.open(registry);
            Blob layer = artifact.blobs(Lies.IN_MEMORY, folder).get(0);
            List<Ingested> how = Collections.synchronizedList(new ArrayList<>());
            new BlobTransfer(4).run(List.of(layer, layer, layer, layer), target, (blob, what) -> how.add(what));
            assertEquals(
                    "1 HEAD blob, 1 POST upload, 1 PUT upload", registry.log().summary());
            assertEquals(1, Collections.frequency(how, Ingested.WRITTEN));
            assertEquals(3, Collections.frequency(how, Ingested.EXISTS));
        }
    }

    @Test
    void pull_ofEverything_getsEachOnce() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000, 10);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PULL)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            artifact.assertPulledFrom(client.open(registry), "latest");
            assertEquals("4 GET blob, 1 GET manifest", registry.log().summary());
            assertEquals(Map.of(), registry.log().repeated());
        }
    }

    @Test
    void mount_fromAnotherRepositoryOfTheRegistry_movesNoByte() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient from = TestClient.of(Side.PULL);
                TestClient to = TestClient.of(Side.PUSH)) {
            artifact.addTo(registry, "team/base", "latest");
            RegistryTarget source = from.open(registry, "team/base");
            RegistryTarget target = to.open(registry);
            for (Descriptor blob : artifact.blobs()) {
                assertEquals(Ingested.MOUNTED, target.ingest(source.blob(blob)));
            }
            target.tag("latest", artifact.manifest());
            assertEquals(
                    "3 HEAD blob, 3 POST mount, 1 PUT manifest", registry.log().summary());
            assertEquals(Map.of(), registry.log().repeated());
            artifact.assertPublished(registry, REPOSITORY, "latest");
        }
    }

    @Test
    void copy_toAnotherRegistry_isNoMount() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000);
        try (FaultyRegistry one = FaultyRegistry.start();
                FaultyRegistry other = FaultyRegistry.start();
                TestClient from = TestClient.of(Side.PULL);
                TestClient to = TestClient.of(Side.PUSH)) {
            artifact.addTo(one, "team/base", "latest");
            RegistryTarget source = from.open(one, "team/base");
            RegistryTarget target = to.open(other);
            for (Descriptor blob : artifact.blobs()) {
                assertEquals(Ingested.WRITTEN, target.ingest(source.blob(blob)));
            }
            target.tag("latest", artifact.manifest());
            assertEquals("2 GET blob", one.log().summary());
            assertEquals(
                    "2 HEAD blob, 2 POST upload, 2 PUT upload, 1 PUT manifest",
                    other.log().summary());
            artifact.assertPublished(other, REPOSITORY, "latest");
        }
    }

    @Test
    void manifests_underAnIndex_arePublishedByDigest() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 1000);
        byte[] index =
                new ImageIndex(MediaTypes.OCI_INDEX, List.of(artifact.manifest().descriptor()), Map.of()).toBytes();
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PUSH)) {
            RegistryTarget target = client.open(registry);
            for (Blob blob : artifact.blobs(Lies.IN_MEMORY, folder)) {
                target.ingest(blob);
            }
            target.publish(artifact.manifest());
            target.tag("latest", Manifest.of(MediaTypes.OCI_INDEX, index));
            assertEquals(List.of(), registry.missing(REPOSITORY));
            assertEquals(List.of("latest"), target.tags());
            assertEquals(
                    artifact.manifest().digest(),
                    target.resolve(artifact.manifest().digest()).orElseThrow().digest());
        }
    }

    @Test
    void tags_ofManyPages_areAllListedOnceAndSorted() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 10);
        try (FaultyRegistry registry = FaultyRegistry.options().tagsPage(7).start();
                TestClient client = TestClient.of(Side.PULL)) {
            RegistryTarget source = client.open(registry);
            assertEquals(List.of(), source.tags());
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                expected.add("t" + (10 + i));
                artifact.addTo(registry, REPOSITORY, "t" + (10 + i));
            }
            registry.log().clear();
            assertEquals(expected, source.tags());
            assertEquals("5 GET tags", registry.log().summary());
        }
    }

    @Test
    void tags_whenPagesGoInACircleOrToAnotherServer_end() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 10);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PULL)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            RegistryTarget source = client.open(registry);
            registry.on("GET", RequestKind.TAGS)
                    .then(Fault.header("Link", "</v2/team/app/tags/list?last=a>; rel=\"next\""));
            assertEquals(List.of("latest"), source.tags());
            assertEquals("2 GET tags", registry.log().summary());
            registry.behave();
            registry.on("GET", RequestKind.TAGS)
                    .then(Fault.header(
                            "Link", "<" + registry.otherUrl() + "/v2/team/app/tags/list?last=a>; rel=\"next\""));
            assertEquals(List.of("latest"), source.tags());
            assertEquals("3 GET tags", registry.log().summary());
        }
    }

    @Test
    void delete_ofAManifest_asksForThatRightOnly() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 10);
        TokenIssuer issuer = new TokenIssuer().user(TestClient.USER, TestClient.PASSWORD);
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                TestClient client = TestClient.of(Side.PUSH)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            RegistryTarget target = client.open(registry);
            assertTrue(target.delete(artifact.manifest().digest()));
            assertFalse(target.delete(artifact.manifest().digest()));
            assertEquals(List.of(), registry.tags(REPOSITORY));
            assertEquals("1 GET token, 3 DELETE manifest", registry.log().summary());
        }
    }
}
