package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Blob;
import dev.cachetool.content.InMemoryContentStore;
import dev.cachetool.content.Manifest;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.CacheArtifactWriter;
import dev.cachetool.remotecache.CacheChains;
import dev.cachetool.remotecache.CacheContents;
import dev.cachetool.remotecache.CachePublisher.Outcome;
import dev.cachetool.remotecache.CachePublisher.Published;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.MergingPublisher;
import dev.cachetool.remotecache.NotedChains;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.remotecache.OccupiedTagException;
import dev.cachetool.remotecache.Offer;
import dev.cachetool.remotecache.TagConflictException;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.Remote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Caches that are merged into one tag by clients that get in each other's way at the worst moments. */
@Timeout(120)
final class MergingRaceTest {
    private static final String TAG = "main";
    private static final CacheArtifactWriter IMAGE_MANIFEST =
            new CacheArtifactWriter(ArtifactForm.IMAGE_MANIFEST, true);
    private static final CacheArtifactWriter INDEX = new CacheArtifactWriter(ArtifactForm.INDEX, true);

    private final List<String> warnings = new ArrayList<>();
    private FaultyRegistry registry;
    private TestClient client;
    private TestClient otherClient;
    private RegistryTarget target;

    @BeforeEach
    void start() throws IOException {
        registry = FaultyRegistry.start();
        client = TestClient.of(Side.PUSH);
        otherClient = TestClient.of(Side.PUSH);
        target = client.open(registry);
    }

    @AfterEach
    void close() {
        client.close();
        otherClient.close();
        registry.close();
    }

    /** A cache with one result, which no other one has, and one that all have. */
    private static NotedChains cache(String name) throws IOException {
        InMemoryContentStore store = new InMemoryContentStore();
        CacheChains chains = new CacheChains();
        for (String record : List.of("common", name)) {
            byte[] bytes = ("layer of " + record).getBytes(StandardCharsets.UTF_8);
            Descriptor layer = store.put(MediaTypes.OCI_LAYER, bytes)
                    .withAnnotation(
                            Annotations.UNCOMPRESSED, Digest.sha256(bytes).toString());
            chains.add(
                    Digest.sha256(record),
                    List.of(),
                    List.of(new CacheExportResult(
                            Timestamp.parse("2026-01-02T03:04:05Z"), new Remote(List.of(layer), store))));
        }
        return new NotedChains(chains.normalize(), Notes.NONE);
    }

    private static Offer offer(String name) throws IOException {
        return Offer.of(cache(name), IMAGE_MANIFEST);
    }

    private Published merge(RegistryTarget into, Offer offer) throws IOException, InterruptedException {
        return new MergingPublisher(offer, into, TAG, warnings::add).publish((layer, ingested) -> {});
    }

    /** What another client does that merges: all of it, with its own checks. */
    private void otherMerges(String name) throws IOException {
        otherMerges(offer(name));
    }

    private void otherMerges(Offer offer) throws IOException {
        try {
            assertEquals(
                    Outcome.WRITTEN, merge(otherClient.open(registry), offer).outcome());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What another client does that only replaces, as BuildKit. */
    private void otherReplaces(String name) throws IOException {
        RegistryTarget other = otherClient.open(registry);
        CacheContents contents = IMAGE_MANIFEST.contents(cache(name)).orElseThrow();
        for (Blob blob : contents.layers()) {
            other.ingest(blob);
        }
        for (Blob blob : contents.documents()) {
            other.ingest(blob);
        }
        other.tag(TAG, contents.manifest());
    }

    /** The names of the caches whose results stand at the tag; each record that stands there has its layer. */
    private Set<String> standing() throws IOException {
        CacheArtifact artifact = CacheArtifact.read(target, target.resolve(TAG).orElseThrow(), text -> {
            throw new AssertionError(text);
        });
        Set<String> found = artifact.chains("test").normalize().records().stream()
                .filter(record -> record.results().size() == 1)
                .map(ChainRecord::digest)
                .collect(Collectors.toSet());
        assertEquals(List.of(), registry.missing(TestClient.REPOSITORY));
        Set<String> names = new TreeSet<>();
        for (String name : List.of("ours", "theirs", "third", "standing")) {
            if (found.contains(Digest.sha256(name).toString())) {
                names.add(name);
            }
        }
        return names;
    }

    private int puts() {
        return registry.log().count("PUT", RequestKind.MANIFEST);
    }

    private FaultRule on(String methods) {
        return registry.on(methods, "/manifests/" + TAG);
    }

    @Test
    void publish_whenNothingStandsThere_writesTheCacheAlone() throws Exception {
        Published published = merge(target, offer("ours"));
        assertEquals(Set.of("ours"), standing());
        assertEquals(Optional.empty(), published.union());
        assertEquals(
                Outcome.UNCHANGED, merge(client.open(registry), offer("ours")).outcome());
    }

    @Test
    void publish_whenACacheStandsThere_unitesBothAndReadsNoLayer() throws Exception {
        otherMerges("standing");
        registry.log().clear();
        Published published = merge(target, offer("ours"));
        assertEquals(Set.of("ours", "standing"), standing());
        assertTrue(published.union().isPresent());
        assertEquals(Optional.of(published.manifest().orElseThrow()), target.digestOf(TAG));
        // The config of what stands; the test itself reads another one.
        assertEquals(2, registry.log().count("GET", RequestKind.BLOB));
        registry.log().clear();
        assertEquals(
                Outcome.UNCHANGED, merge(client.open(registry), offer("ours")).outcome());
        assertEquals(0, puts());
        assertEquals(List.of(), client.pause.waits().stream().skip(4).toList());
    }

    @Test
    void publish_whenTheTagChangesBeforeItIsWritten_unitesOnceMore() throws Exception {
        otherMerges("standing");
        registry.on("POST", RequestKind.UPLOAD).nth(1).then(Fault.before(() -> otherMerges("theirs")));
        merge(target, offer("ours"));
        assertEquals(Set.of("ours", "standing", "theirs"), standing());
    }

    /** Both have looked, both write, and the one that wrote first finds that it is gone, in whatever order. */
    @Test
    void publish_whenAnotherClientThatLookedBeforeWritesLater_writesAgain() throws Exception {
        otherMerges("standing");
        Manifest late = IMAGE_MANIFEST.contents(cache("theirs")).orElseThrow().manifest();
        otherReplaces("theirs");
        otherReplaces("standing");
        // Right after our writing, and another time while we look whether it stays.
        on("PUT").nth(1).then(Fault.afterwards(() -> otherClient.open(registry).tag(TAG, late)));
        on("HEAD").nth(9).then(Fault.before(() -> otherReplaces("third")));
        merge(target, offer("ours"));
        assertEquals(Set.of("ours", "third"), standing());
        // Five by others, and three of ours.
        assertEquals(8, puts());
    }

    @Test
    void publish_whenAnotherClientReplacesAllOfIt_addsItsOwnAgain() throws Exception {
        on("HEAD").nth(5).then(Fault.before(() -> otherReplaces("theirs")));
        Published published = merge(target, offer("ours"));
        assertEquals(Set.of("ours", "theirs"), standing());
        assertEquals(published.manifest(), target.digestOf(TAG));
    }

    @Test
    void publish_whenAnotherClientMergesAfterwards_isDoneWithWhatStandsThen() throws Exception {
        on("HEAD").nth(5).then(Fault.before(() -> otherMerges("theirs")));
        Published published = merge(target, offer("ours"));
        assertEquals(Set.of("ours", "theirs"), standing());
        assertEquals(published.manifest(), target.digestOf(TAG));
        assertEquals(3, published.union().orElseThrow().chains().records().size());
    }

    /** A writer in another form has the same records, so that nobody needs to write again. */
    @Test
    void publish_whenAnotherClientMergesInAnotherForm_doesNotWriteItBack() throws Exception {
        on("HEAD").nth(5).then(Fault.before(() -> otherMerges(Offer.of(cache("theirs"), INDEX))));
        merge(target, offer("ours"));
        assertEquals(Set.of("ours", "theirs"), standing());
        assertEquals(MediaTypes.OCI_INDEX, target.resolve(TAG).orElseThrow().mediaType());
    }

    @Test
    void publish_whenTheTagIsRemovedMeanwhile_writesItAgain() throws Exception {
        on("HEAD").nth(5).then(Fault.before(() -> {
            RegistryTarget other = otherClient.open(registry);
            other.delete(other.digestOf(TAG).orElseThrow());
        }));
        merge(target, offer("ours"));
        assertEquals(Set.of("ours"), standing());
    }

    @Test
    void publish_whenTheRegistryCompares_losesNothingEvenWhereBothLookedAtOnce() throws Exception {
        close();
        registry = FaultyRegistry.options().conditions().start();
        client = TestClient.of(Side.PUSH);
        otherClient = TestClient.of(Side.PUSH);
        target = client.open(registry);
        otherMerges("standing");
        // Between our look and our writing, another client does all of it and goes away.
        on("HEAD").nth(2).then(Fault.afterwards(() -> otherMerges("theirs")));
        merge(target, offer("ours"));
        assertEquals(Set.of("ours", "standing", "theirs"), standing());
    }

    @Test
    void publish_whenOthersAreAlwaysFaster_givesUpAndSaysSo() throws Exception {
        int[] n = new int[1];
        on("HEAD").every(2).then(Fault.before(() -> otherReplaces("other " + n[0]++)));
        TagConflictException e = assertThrows(TagConflictException.class, () -> merge(target, offer("ours")));
        assertTrue(e.getMessage().contains("100 times"), e.getMessage());
        assertTrue(client.pause.waits().size() >= 100);
    }

    private void assertOccupied() throws Exception {
        Digest before = target.digestOf(TAG).orElseThrow();
        OccupiedTagException e = assertThrows(OccupiedTagException.class, () -> merge(target, offer("ours")));
        assertTrue(e.getMessage().contains("is an image, not a cache"), e.getMessage());
        assertEquals(Optional.of(before), target.digestOf(TAG));
        assertEquals(0, puts());
        assertEquals(List.of(), warnings);
    }

    @Test
    void publish_whereAnImageStands_leavesItAlone() throws Exception {
        String config =
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";
        Digest digest = registry.addBlob(TestClient.REPOSITORY, config.getBytes(StandardCharsets.UTF_8));
        Descriptor described = Descriptor.of(MediaTypes.OCI_CONFIG, digest, config.length());
        byte[] image = new ImageManifest(MediaTypes.OCI_MANIFEST, described, List.of(), Map.of()).toBytes();
        registry.addManifest(TestClient.REPOSITORY, TAG, MediaTypes.OCI_MANIFEST, image);
        assertOccupied();

        // One that cannot be read is none that may be replaced, either.
        registry.on("GET", RequestKind.BLOB).then(Fault.status(404));
        assertOccupied();
        registry.behave();

        byte[] index = new ImageIndex(
                        MediaTypes.OCI_INDEX, List.of(Descriptor.of(MediaTypes.OCI_MANIFEST, image)), Map.of())
                .toBytes();
        registry.addManifest(TestClient.REPOSITORY, TAG, MediaTypes.OCI_INDEX, index);
        assertOccupied();
    }

    @Test
    void publish_whereADamagedCacheStands_replacesItAndSaysSoOnce() throws Exception {
        otherMerges("standing");
        String config = target.resolve(TAG).orElseThrow().digest().shortText();
        registry.on("GET", RequestKind.BLOB).then(Fault.wrongByteAt(3));
        on("HEAD").nth(2).then(Fault.before(() -> otherReplaces("standing")));
        merge(target, offer("ours"));
        registry.behave();
        assertEquals(Set.of("ours"), standing());
        assertEquals(1, warnings.stream().filter(text -> text.contains(config)).count(), warnings::toString);
        assertTrue(warnings.get(0).contains("is damaged, and replaced"), warnings::toString);
    }

    @Test
    void publish_whereACacheStandsThatLostALayer_leavesOutThatResultOnly() throws Exception {
        otherMerges("standing");
        Digest lost = Digest.sha256("layer of standing");
        registry.on("HEAD", "/blobs/" + lost).then(Fault.status(404));
        merge(target, offer("ours"));
        assertEquals(Set.of("ours"), standing());
        assertFalse(registry.manifest(TestClient.REPOSITORY, TAG).orElseThrow().references().stream()
                .anyMatch(reference -> reference.digest().equals(lost)));
    }
}
