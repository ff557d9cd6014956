package dev.cachetool.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every place does that caches are written to. It says nothing of how a place looks from outside; whoever runs it
 * opens the place to write ({@link #open}) and, as another reader, to read ({@link #reader}).
 */
public abstract class TargetContract extends ContentStoreContract {
    /** The place as somebody sees it who comes later; empty where nothing was published yet. The test closes it. */
    protected abstract Optional<Source> reader() throws IOException;

    /** Whether the place keeps what other tags lead to when it is opened again. */
    protected boolean keepsOtherTags() {
        return true;
    }

    /** A manifest, other ones for every number, with its blobs. */
    protected record Artifact(Manifest manifest, List<Blob> blobs) {
        static Artifact number(int number) {
            byte[] layer = bytes(number, 4000 + number);
            Descriptor described =
                    layer(layer).descriptor().withAnnotation("containerd.io/uncompressed", "" + Digest.sha256(layer));
            Blob config = Blob.of(MediaTypes.CACHE_CONFIG, ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8));
            return new Artifact(
                    Manifest.of(
                            MediaTypes.OCI_MANIFEST,
                            new ImageManifest(
                                            MediaTypes.OCI_MANIFEST, config.descriptor(), List.of(described), Map.of())
                                    .toBytes()),
                    List.of(layer(layer), config));
        }

        void ingestTo(Target target) throws IOException {
            for (Blob blob : blobs) {
                target.ingest(blob);
            }
        }

        /** The manifest and its blobs. */
        List<Descriptor> descriptors() {
            return Stream.concat(
                            Stream.of(manifest.descriptor()), blobs.stream().map(Blob::descriptor))
                    .toList();
        }

        Set<Digest> digests() {
            return descriptors().stream().map(Descriptor::digest).collect(Collectors.toCollection(TreeSet::new));
        }

        void writeTo(Target target, String tag) throws IOException {
            ingestTo(target);
            target.tag(tag, manifest);
        }
    }

    /** Another reader finds the artifact whole at the tag. */
    protected final void assertPublished(String tag, Artifact artifact) throws IOException {
        try (Source source = reader().orElseThrow()) {
            assertFound(source, tag, artifact);
        }
    }

    private static void assertFound(Source source, String tag, Artifact artifact) throws IOException {
        Manifest found = source.resolve(tag).orElseThrow();
        assertArrayEquals(artifact.manifest.bytes(), found.bytes());
        assertEquals(artifact.manifest.mediaType(), found.mediaType());
        assertEquals(artifact.manifest.digest(), found.digest());
        assertArrayEquals(
                artifact.manifest.bytes(),
                source.resolve(found.digest()).orElseThrow().bytes());
        assertTrue(source.tags().contains(tag));
        for (Blob blob : artifact.blobs) {
            assertTrue(source.contains(blob.descriptor()));
            try (var in = blob.open()) {
                assertArrayEquals(in.readAllBytes(), read(source, blob.descriptor()));
            }
        }
    }

    @Test
    void resolve_ofWhatIsNotThere_isEmpty() throws IOException {
        try (Target target = open()) {
            assertEquals(Optional.empty(), target.resolve("latest"));
            assertEquals(Optional.empty(), target.resolve(Digest.sha256("nothing")));
            assertEquals(List.of(), target.tags());
            Artifact.number(1).writeTo(target, "latest");
            assertEquals(Optional.empty(), target.resolve("other"));
            assertEquals(Optional.empty(), target.resolve(Digest.sha256("nothing")));
        }
    }

    @Test
    void tag_afterItsBlobs_isWhatTheWriterAndOtherReadersFind() throws IOException {
        Artifact artifact = Artifact.number(1);
        try (Target target = open()) {
            artifact.writeTo(target, "latest");
            assertFound(target, "latest", artifact);
            assertEquals(List.of("latest"), target.tags());
        }
        assertPublished("latest", artifact);
    }

    @Test
    void blobs_withoutATag_areNothingThatAnotherReaderCouldResolve() throws IOException {
        Artifact artifact = Artifact.number(1);
        try (Target target = open()) {
            for (Blob blob : artifact.blobs) {
                target.ingest(blob);
            }
        }
        Optional<Source> reader = reader();
        if (reader.isPresent()) {
            try (Source source = reader.get()) {
                assertEquals(List.of(), source.tags());
                assertEquals(Optional.empty(), source.resolve("latest"));
            }
        }
    }

    @Test
    void tag_whenItNamedAnother_namesTheNewOne() throws IOException {
        Artifact first = Artifact.number(1);
        Artifact second = Artifact.number(2);
        try (Target target = open()) {
            first.writeTo(target, "latest");
        }
        try (Target target = open()) {
            second.writeTo(target, "latest");
            assertFound(target, "latest", second);
            assertEquals(List.of("latest"), target.tags());
        }
        assertPublished("latest", second);
    }

    @Test
    void tag_besideOthers_leavesThemAsTheyAre() throws IOException {
        assumeTrue(keepsOtherTags(), "the place holds what was written last");
        Artifact first = Artifact.number(1);
        Artifact second = Artifact.number(2);
        Artifact third = Artifact.number(3);
        try (Target target = open()) {
            first.writeTo(target, "b");
        }
        try (Target target = open()) {
            second.writeTo(target, "a");
        }
        try (Target target = open()) {
            third.writeTo(target, "b");
        }
        try (Source source = reader().orElseThrow()) {
            assertEquals(List.of("a", "b"), source.tags());
            assertFound(source, "a", second);
            assertFound(source, "b", third);
        }
    }

    @Test
    void tag_ofAManifestThatHasOne_isASecondNameOfIt() throws IOException {
        assumeTrue(keepsOtherTags(), "the place holds what was written last");
        Artifact artifact = Artifact.number(1);
        try (Target target = open()) {
            artifact.writeTo(target, "one");
        }
        try (Target target = open()) {
            artifact.writeTo(target, "two");
        }
        assertPublished("one", artifact);
        assertPublished("two", artifact);
    }

    @Test
    void tag_ofAnyKindOfDocument_keepsItsBytesAndMediaType() throws IOException {
        Blob layer = layer(bytes(9, 100));
        for (String type : List.of(MediaTypes.OCI_INDEX, MediaTypes.DOCKER_INDEX)) {
            byte[] index = new ImageIndex(type, List.of(layer.descriptor()), Map.of()).toBytes();
            // No writer of ours puts white space there.
            byte[] odd = (" " + new String(index, StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
            Artifact artifact = new Artifact(Manifest.of(type, odd), List.of(layer));
            try (Target target = open()) {
                artifact.writeTo(target, "index");
            }
            assertPublished("index", artifact);
        }
    }

    @Test
    void ingest_ofABlobThatIsNotWhatItsDescriptorSays_publishesNothing() throws IOException {
        byte[] bytes = bytes(20, 5000);
        byte[] other = bytes.clone();
        other[4000] ^= 1;
        byte[] longer = java.util.Arrays.copyOf(bytes, 5001);
        byte[] shorter = java.util.Arrays.copyOf(bytes, 4999);
        Artifact before = Artifact.number(1);
        try (Target target = open()) {
            before.writeTo(target, "latest");
        }
        for (byte[] actual : List.of(other, longer, shorter, new byte[0])) {
            Descriptor descriptor = layer(bytes).descriptor();
            try (Target target = open()) {
                assertThrows(DigestMismatchException.class, () -> {
                    target.ingest(damaged(bytes, actual));
                    // A place that is one file reads its blobs when it is written.
                    target.tag("latest", Artifact.number(2).manifest);
                });
            }
            assertPublished("latest", before);
            try (Source source = reader().orElseThrow()) {
                assertFalse(source.contains(descriptor));
            }
        }
    }

    @Test
    void ingest_whenTheSourceFails_publishesNothingAndMayBeTriedAgain() throws IOException {
        byte[] bytes = bytes(21, 400_000);
        Artifact before = Artifact.number(1);
        try (Target target = open()) {
            before.writeTo(target, "latest");
        }
        try (Target target = open()) {
            IOException e = assertThrows(IOException.class, () -> {
                target.ingest(failing(bytes));
                target.tag("latest", Artifact.number(2).manifest);
            });
            assertEquals("the source went away", e.getMessage());
        }
        assertPublished("latest", before);
        try (Target target = open()) {
            target.ingest(layer(bytes));
            Artifact.number(3).writeTo(target, "latest");
        }
        assertPublished("latest", Artifact.number(3));
    }

    @Test
    void tagIf_whenTheTagIsNotWhatWasSeen_writesNothing() throws IOException {
        Artifact first = Artifact.number(1);
        Artifact second = Artifact.number(2);
        try (Target target = open()) {
            first.ingestTo(target);
            assertFalse(target.tagIf("latest", first.manifest, Optional.of(second.manifest.digest())));
            assertEquals(Optional.empty(), target.standing("latest"));
            assertTrue(target.tagIf("latest", first.manifest, Optional.empty()));
            assertEquals(Optional.of(first.manifest.digest()), target.settled("latest", first.manifest.digest()));
            second.ingestTo(target);
            assertFalse(target.tagIf("latest", second.manifest, Optional.empty()));
            assertEquals(Optional.of(first.manifest.digest()), target.standing("latest"));
        }
        assertPublished("latest", first);
    }

    @Test
    void tagIf_byTwoWritersWhoSawTheSame_isDoneForTheFirst() throws IOException {
        assumeTrue(keepsOtherTags(), "the place holds what was written last");
        Artifact before = Artifact.number(1);
        Artifact first = Artifact.number(2);
        Artifact second = Artifact.number(3);
        try (Target target = open()) {
            before.writeTo(target, "latest");
        }
        Optional<Digest> seen = Optional.of(before.manifest.digest());
        try (Target one = open();
                Target other = open()) {
            first.ingestTo(one);
            second.ingestTo(other);
            assertTrue(one.tagIf("latest", first.manifest, seen));
            assertFalse(other.tagIf("latest", second.manifest, seen));
            assertPublished("latest", first);
            // The second one sees what the first one wrote, and can go on from there.
            assertArrayEquals(
                    first.manifest.bytes(),
                    other.resolve(first.manifest.digest()).orElseThrow().bytes());
            assertTrue(other.tagIf("latest", second.manifest, other.standing("latest")));
        }
        assertPublished("latest", second);
    }

    @Test
    void tag_byTwoWritersWhoAreAtItAtOnce_keepsTheTagsOfBoth() throws IOException {
        assumeTrue(keepsOtherTags(), "the place holds what was written last");
        Artifact first = Artifact.number(1);
        Artifact second = Artifact.number(2);
        try (Target one = open();
                Target other = open()) {
            first.writeTo(one, "first");
            second.writeTo(other, "second");
        }
        assertPublished("first", first);
        assertPublished("second", second);
    }

    @Test
    void needed_isAllThatTagsLeadTo() throws IOException {
        assumeTrue(keepsOtherTags(), "the place holds what was written last");
        Artifact first = Artifact.number(1);
        Artifact second = Artifact.number(2);
        try (Target target = open()) {
            first.writeTo(target, "a");
        }
        try (Target target = open()) {
            second.writeTo(target, "b");
        }
        try (Source source = reader().orElseThrow()) {
            Set<Digest> both = new TreeSet<>(first.digests());
            both.addAll(second.digests());
            assertEquals(both, source.needed(Optional.empty()));
            assertEquals(second.digests(), source.needed(Optional.of("a")));
            assertEquals(both, source.needed(Optional.of("c")));
        }
    }

    @Test
    void remove_ofCandidates_takesThoseThatNothingNeeds() throws IOException {
        Artifact replaced = Artifact.number(1);
        Artifact kept = Artifact.number(2);
        Artifact other = Artifact.number(3);
        try (Target target = open()) {
            assumeTrue(target instanceof Remover, "the place is written as a whole");
            replaced.writeTo(target, "a");
            other.writeTo(target, "b");
            kept.writeTo(target, "a");
        }
        List<Descriptor> candidates = new ArrayList<>(replaced.descriptors());
        candidates.addAll(other.descriptors());
        candidates.add(layer(bytes(99, 10)).descriptor());
        try (Target target = open()) {
            Remover.Removal removal = ((Remover) target).remove(candidates);

            assertEquals(Set.copyOf(replaced.descriptors()), Set.copyOf(removal.removed()));
            assertEquals(List.of(), removal.refused());
            assertEquals(Optional.empty(), removal.refusal());
            assertEquals(List.of(), ((Remover) target).remove(candidates).removed(), "once is enough");
            // What was removed can be brought again.
            replaced.writeTo(target, "again");
        }
        assertPublished("a", kept);
        assertPublished("b", other);
        assertPublished("again", replaced);
    }

    @Test
    void remove_ofAManifestThatHasAnotherTag_keepsItWhole() throws IOException {
        Artifact artifact = Artifact.number(1);
        try (Target target = open()) {
            assumeTrue(target instanceof Remover, "the place is written as a whole");
            artifact.writeTo(target, "a");
            artifact.writeTo(target, "b");
            Artifact.number(2).writeTo(target, "a");

            assertEquals(
                    List.of(), ((Remover) target).remove(artifact.descriptors()).removed());
        }
        assertPublished("b", artifact);
    }

    @Test
    void target_underRandomUse_alwaysHoldsWhatWasTaggedLast() throws IOException {
        assumeTrue(keepsOtherTags(), "the place holds what was written last");
        Random random = new Random(42);
        Map<String, Artifact> expected = new java.util.TreeMap<>();
        for (int i = 0; i < 25; i++) {
            String tag = "t" + random.nextInt(5);
            Artifact artifact = Artifact.number(random.nextInt(8));
            try (Target target = open()) {
                artifact.writeTo(target, tag);
            }
            expected.put(tag, artifact);
            try (Source source = reader().orElseThrow()) {
                assertEquals(List.copyOf(expected.keySet()), source.tags());
                for (Map.Entry<String, Artifact> each : expected.entrySet()) {
                    assertFound(source, each.getKey(), each.getValue());
                }
            }
        }
    }
}
