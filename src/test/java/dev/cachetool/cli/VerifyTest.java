package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.command.OutputSchema;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.digest.Digest;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code verify} through the whole tool, on caches that were put together wrong, one thing each, or several at once. */
final class VerifyTest {
    private static final String ROOT = "{\"digest\":\"" + Digest.sha256("root") + "\"}";

    @TempDir
    private Path folder;

    private WholeTool tool;
    private RawLayout layout;

    @BeforeEach
    void makeTool() throws IOException {
        tool = new WholeTool(Files.createDirectory(folder.resolve("tmp"))).at(Approved.NOW);
        layout = RawLayout.in(folder.resolve("layout"));
    }

    private static String digest(String name) {
        return Digest.sha256(name).toString();
    }

    private static byte[] tar(String name) throws IOException {
        return new Tar().file(name, "content of " + name).end();
    }

    /** Records: a root, and one on it whose result is the layer. */
    private static String records(String layer) {
        return records(layer, "2026-11-22T04:15:13Z");
    }

    private static String records(String layer, String createdAt) {
        return "[" + ROOT + ",{\"layers\":[{\"layer\":" + layer + ",\"createdAt\":\"" + createdAt + "\"}],\"digest\":\""
                + digest("step") + "\",\"inputs\":[[{\"link\":0}]]}]";
    }

    private static String config(String records, Descriptor... stack) {
        StringBuilder layers = new StringBuilder();
        for (int i = 0; i < stack.length; i++) {
            layers.append(i == 0 ? "" : ",")
                    .append("{\"blob\":\"" + stack[i].digest() + "\",\"parent\":" + (i - 1) + "}");
        }
        return "{\"layers\":[" + layers + "],\"records\":" + records + "}";
    }

    private List<String> found(String spec, String... flags) throws IOException {
        String[] words = Stream.concat(Stream.of("verify", spec, "--format=json"), Stream.of(flags))
                .toArray(String[]::new);
        WholeTool.Run run = tool.run(words);
        new OutputSchema().hold(run.out());
        JsonValue summary = JsonDocument.strict(run.bytes(), "answer").require("summary");
        assertEquals(
                summary.require("errors").asLong() == 0 ? ExitCode.DONE : ExitCode.ANSWER_NO,
                run.code(),
                run::toString);
        return Findings.of(run);
    }

    @Test
    void verify_ofACacheThatIsFine_saysSoFirstAndLast() throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        String spec = layout.list(layer).config(config(records("0"), layer)).manifest();

        WholeTool.Run shallow = tool.run("verify", spec).requires(ExitCode.DONE);
        WholeTool.Run deep = tool.run("verify", spec, "--deep").requires(ExitCode.DONE);

        assertEquals(
                folder.resolve("layout") + " is fine\n"
                        + "2 records, 1 layer looked for (--deep reads them): nothing is wrong\n",
                shallow.out());
        assertTrue(deep.out().endsWith("2 records, 1 layer read (2.0 KB): nothing is wrong\n"), deep.out());
    }

    @Test
    void verify_ofOwnCaches_findsNothingInAnyForm() throws IOException {
        SmallProject project = SmallProject.in(folder);
        for (String attributes : List.of(
                "", ",image-manifest=false", ",image-manifest=false,oci-mediatypes=false", ",compression=gzip")) {
            Path directory = folder.resolve("own" + attributes.hashCode());
            project.export("type=local,dest=" + directory + attributes).requires(ExitCode.DONE);
            assertEquals(List.of(), found("oci:" + directory, "--deep"), attributes);
        }
        Path tar = folder.resolve("own.tar");
        project.export("type=tar,dest=" + tar).requires(ExitCode.DONE);
        assertEquals(List.of(), found("oci-archive:" + tar, "--deep"));
        assertEquals(
                List.of(),
                Findings.of(tool.withInput(Files.readAllBytes(tar)).run("verify", "-", "--deep", "--format=json")));
    }

    @Test
    void verify_whenMuchIsWrong_tellsAllOfIt() throws IOException {
        Descriptor lost = layout.layer(tar("lost"));
        Descriptor naked = layout.blob(MediaTypes.OCI_LAYER, tar("naked"));
        layout.lose(lost);
        String records = "[" + ROOT + ",{\"digest\":\"" + digest("loop") + "\",\"inputs\":[[{\"link\":2}]]},"
                + "{\"digest\":\"" + digest("back") + "\",\"inputs\":[[{\"link\":1}],[]]},"
                + "{\"digest\":\"nonsense\",\"inputs\":[[{\"link\":77}]],\"layers\":[{\"layer\":9}]},"
                + "{\"digest\":\"random:x\"},{\"digest\":\"" + digest("y") + "\",\"inputs\":[[{\"link\":4}]],"
                + "\"layers\":[{\"layer\":1,\"createdAt\":\"2027-01-01T00:00:00Z\"}]}]";

        List<String> found = found(layout.list(lost)
                .list(naked)
                .config(config(records, lost, naked))
                .manifest());

        assertEquals(
                List.of(
                        "loop record 1",
                        "link-out-of-range record 3",
                        "link-to-random record 5",
                        "input-empty record 2",
                        "result-out-of-range record 3",
                        "digest-malformed record 3",
                        "blob-missing layer",
                        "diff-id-missing layer",
                        "record-random record 4",
                        "result-ahead record 5"),
                found);
    }

    @Test
    void verify_whenValuesHaveWrongTypes_tellsEachAndGoesOn() throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        String config = config(records("1.0", "yesterday"), layer);

        WholeTool.Run run =
                tool.run("verify", layout.list(layer).config(config).manifest()).requires(ExitCode.ANSWER_NO);

        assertTrue(run.out().contains("must be a whole number, is 1.0"), run.out());
        assertTrue(run.out().contains("is no RFC 3339 time: \"yesterday\""), run.out());
        assertTrue(run.out().contains("error  a config that cannot be read (2)"), run.out());
        assertEquals("cachetool: 2 errors in " + folder.resolve("layout") + "\n", run.err());
    }

    @Test
    void verify_ofRecordsOnOnesThatAreNone_saysThatNothingLeadsThere() throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        String records = "[{\"digest\":\"nonsense\"}," + records("0").substring(ROOT.length() + 2);

        assertEquals(
                List.of("digest-malformed record 0", "record-unreachable record 1"),
                found(layout.list(layer).config(config(records, layer)).manifest()));
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                Arguments.of("gone", "blob-missing layer", "blob-missing layer"),
                Arguments.of("shorter", "blob-size layer", "blob-size layer"),
                Arguments.of("longer", "blob-size layer", "blob-size layer"),
                Arguments.of("changed", "", "blob-digest layer"),
                Arguments.of("no tar", "", "layer-unreadable layer"),
                Arguments.of("another diffID", "", "diff-id-wrong layer"),
                Arguments.of("leads out", "", "entry-unsafe layer"));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void verify_ofADamagedBlob_findsIt(String damage, String shallow, String deep) throws IOException {
        byte[] good = tar("a");
        byte[] tar = switch (damage) {
            case "no tar" -> "this is no tar archive".repeat(100).getBytes(StandardCharsets.UTF_8);
            case "leads out" -> new Tar().file("../evil", "x").end();
            default -> good;
        };
        Descriptor layer = layout.layer(tar);
        if (damage.equals("another diffID")) {
            layer = layer.withAnnotation(Annotations.UNCOMPRESSED, digest("another"));
        }
        Path file = layout.file(layer.digest());
        switch (damage) {
            case "gone" -> Files.delete(file);
            case "shorter" -> Files.write(file, Arrays.copyOf(tar, tar.length - 1));
            case "longer" -> Files.write(file, Arrays.copyOf(tar, tar.length + 1));
            case "changed" -> {
                byte[] changed = tar.clone();
                changed[tar.length - 1] ^= 1;
                Files.write(file, changed);
            }
            default -> {}
        }
        String spec = layout.list(layer).config(config(records("0"), layer)).manifest();

        assertEquals(shallow.isEmpty() ? List.of() : List.of(shallow), found(spec));
        assertEquals(List.of(deep), found(spec, "--deep"));
    }

    @Test
    void verify_deep_judgesEntriesByTheWholeStack() throws IOException {
        Descriptor base =
                layout.layer(new Tar().file("file", "x").symlink("up", "..").end());
        Descriptor good = layout.layer(new Tar().hardLink("other", "file").end());
        Descriptor bad = layout.layer(
                new Tar().file("up/evil", "x").file("file/below", "x").end());
        String config = "{\"layers\":[{\"blob\":\"" + base.digest() + "\",\"parent\":-1},{\"blob\":\"" + good.digest()
                + "\"},{\"blob\":\"" + bad.digest() + "\"}],\"records\":[" + ROOT + ","
                + Stream.of(1, 2)
                        .map(i -> "{\"layers\":[{\"layer\":" + i + "}],\"digest\":\"" + digest("step" + i)
                                + "\",\"inputs\":[[{\"link\":0}]]}")
                        .reduce((a, b) -> a + "," + b)
                        .orElseThrow()
                + "]}";
        String spec = layout.list(base).list(good).list(bad).config(config).manifest();

        WholeTool.Run run = tool.run("verify", spec, "--deep").requires(ExitCode.ANSWER_NO);

        assertTrue(run.out().contains("(2)\n"), run.out());
        assertTrue(run.out().contains("\"up/evil\": it goes through a link that leads out"), run.out());
        assertTrue(run.out().contains("\"file/below\": it stands below \"file\", which is no folder"), run.out());
    }

    @Test
    void verify_whenDocumentsAreDamaged_judgesTheRest() throws IOException {
        Descriptor lost = layout.layer(tar("lost"));
        layout.lose(lost).list(lost).config(config(records("0"), lost));
        String spec = layout.manifest();
        Descriptor config = Descriptor.of(
                MediaTypes.CACHE_CONFIG, config(records("0"), lost).getBytes(StandardCharsets.UTF_8));

        Files.write(layout.file(config.digest()), new byte[3]);
        assertEquals(List.of("document-damaged cache config", "blob-missing layer"), found(spec));
        Files.delete(layout.file(config.digest()));
        assertEquals(List.of("document-missing cache config", "blob-missing layer"), found(spec));
    }

    @Test
    void verify_whenTheManifestIsDamaged_cannotGoOn() throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        String spec = layout.list(layer).config(config(records("0"), layer)).manifest();
        String index = Files.readString(folder.resolve("layout/index.json"));
        String manifest = index.replaceAll("(?s).*sha256:([0-9a-f]{64}).*", "$1");
        Files.writeString(folder.resolve("layout/blobs/sha256").resolve(manifest), "{}");

        WholeTool.Run run = tool.run("verify", spec).requires(ExitCode.INTEGRITY);

        assertEquals(folder.resolve("layout") + " could not be verified\n", run.out());
        assertTrue(run.err().startsWith("cachetool: could not read the cache in "), run.err());
    }

    @Test
    void verify_ofAConfigOfMoreThanAMebibyte_saysHowToPruneIt() throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        String config = config(records("0"), layer);
        String atLimit = config + " ".repeat((1 << 20) - config.length());

        assertEquals(List.of(), found(layout.list(layer).config(atLimit).manifest()));
        WholeTool.Run run =
                tool.run("verify", layout.config(atLimit + " ").manifest()).requires(ExitCode.ANSWER_NO);

        assertTrue(run.out().contains("it has 1048577 bytes"), run.out());
        assertTrue(
                run.out().contains("cachetool prune oci:" + folder.resolve("layout") + " --fit 1MiB --apply"),
                run.out());
    }

    @Test
    void verify_ofWhatTheManifestSaysOfLayers_findsWhatIsOdd() throws IOException {
        Descriptor told =
                layout.layer(tar("a")).withAnnotation(Annotations.DISTRIBUTION_SOURCE + "example.com", "secret/base");
        Descriptor other = layout.layer(tar("b")).withMediaType("application/octet-stream");
        Descriptor wrong = layout.layer(tar("c")).withAnnotation(Annotations.UNCOMPRESSED, "none");
        Descriptor unused = layout.layer(tar("d"));
        Descriptor twice = Descriptor.of(unused.mediaType(), unused.digest(), unused.size() + 1);

        List<String> found = found(layout.list(told)
                .list(other)
                .list(wrong)
                .list(unused)
                .list(twice)
                .config(config(records("2"), told, other, wrong))
                .index());

        assertEquals(
                List.of(
                        "diff-id-missing layer",
                        "layer-type layer",
                        "layer-twice layer",
                        "source-told layer",
                        "layer-unused blob"),
                found);
    }

    @Test
    void verify_ofNotesThatAreNone_orOfOtherRecords_warns() throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        Descriptor none = layout.blob(MediaTypes.NOTES, "{}".getBytes(StandardCharsets.UTF_8));
        Descriptor stray = layout.blob(
                MediaTypes.NOTES,
                ("{\"schemaVersion\":1,\"records\":[{\"record\":\"" + digest("other") + "\",\"names\":[\"x\"]}]}")
                        .getBytes(StandardCharsets.UTF_8));
        layout.list(layer).config(config(records("0"), layer));

        assertEquals(List.of("notes-stray notes"), found(layout.list(stray).manifest()));
        assertEquals(List.of("notes-unreadable notes"), found(layout.list(none).manifest()));
        layout.lose(none);
        WholeTool.Run lost =
                tool.run("verify", "oci:" + folder.resolve("layout")).requires(ExitCode.DONE);
        assertTrue(lost.out().contains("they are not there\n"), lost.out());
    }

    @Test
    void verify_ofRepeatedKeys_warnsThatTheLastCounts() throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        String config = config(records("0"), layer).replace("{\"layers\"", "{\"records\":[],\"layers\"");

        assertEquals(
                List.of("config-odd cache config"),
                found(layout.list(layer).config(config).manifest()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecr", "gcr", "harbor", "quay", "artifactory"})
    void verify_forARegistryThatTakesNoIndexOfLayers_saysWhichFormItTakes(String registry) throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        layout.list(layer).config(config(records("0"), layer));

        assertEquals(List.of(), found(layout.index(), "--for", "ghcr", "--for", "buildkit-0.11"));
        assertEquals(List.of("refused manifest"), found(layout.index(), "--for", registry));
        assertEquals(List.of(), found(layout.manifest(), "--for", registry));
        assertEquals(
                List.of("unseen manifest", "unseen manifest"),
                found(layout.manifest(), "--for", "buildkit-0.11", "--for", "docker-20.10"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0.11.6-p2-registry-index-docker-zstd-min", "0.32.2-p5-registry-index-docker-zstd-forced-min"})
    void verify_forBuildKit011_ofZstdWithDockersTypes_isAnErrorWhoseCureCures(String cache) throws IOException {
        String spec = "oci:" + GoldenCases.get("caches", cache).folder();
        String other = folder.resolve("other").toString();

        WholeTool.Run run = tool.run("verify", spec, "--for", "buildkit-0.11").requires(ExitCode.ANSWER_NO);

        assertTrue(
                run.out()
                        .replaceAll("\\s+", " ")
                        .contains("buildkit-0.11: it cannot unpack zstd with Docker's types, "),
                run.out());
        String command = "cachetool copy " + spec + " OTHER --form=index";
        assertTrue(run.out().contains("    " + command + "\n"), run.out());
        tool.run(command.replace("OTHER", "oci:" + other)
                        .replace("cachetool ", "")
                        .split(" "))
                .requires(ExitCode.DONE);
        assertEquals(List.of(), found("oci:" + other, "--deep", "--for", "buildkit-0.11"));
    }

    /** Changes one byte of the blob, wherever it lies. */
    private void damage(String spec, byte[] blob) throws IOException {
        Path file = spec.startsWith("oci:")
                ? Path.of(
                        spec.substring("oci:".length()),
                        "blobs/sha256",
                        Digest.sha256(blob).encoded())
                : Path.of(spec.substring("oci-archive:".length()));
        // One character a byte.
        String all = Files.readString(file, StandardCharsets.ISO_8859_1);
        int at = all.indexOf(new String(blob, StandardCharsets.ISO_8859_1));
        assertTrue(at >= 0, spec);
        char other = (char) (all.charAt(at + 30) ^ 1);
        Files.writeString(
                file, all.substring(0, at + 30) + other + all.substring(at + 31), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci:", "oci-archive:"})
    void verify_ofALayerWithOtherBytes_namesACureThatCures(String kind) throws IOException {
        byte[] tar = tar("a");
        Descriptor layer = layout.layer(tar);
        String source = layout.list(layer).config(config(records("0"), layer)).manifest();
        String spec = kind + folder.resolve("copied");
        tool.run("copy", source, spec).requires(ExitCode.DONE);
        damage(spec, tar);

        WholeTool.Run found = tool.run("verify", spec, "--deep").requires(ExitCode.ANSWER_NO);
        assertTrue(found.out().contains("    cachetool copy OTHER " + spec + " --repair\n"), found.out());

        tool.run("copy", source, spec).requires(ExitCode.DONE);
        WholeTool.Run dry =
                tool.run("copy", source, spec, "--repair", "--dry-run", "-v").requires(ExitCode.DONE);
        assertTrue(dry.err().contains("to write "), dry.err());
        assertEquals(List.of("blob-digest layer"), found(spec, "--deep"), "neither of these reads, or writes, layers");

        WholeTool.Run run = tool.run("copy", source, spec, "--repair").requires(ExitCode.DONE);

        assertTrue(run.err().contains(" is damaged, and brought again\n"), run.err());
        assertEquals(List.of(), found(spec, "--deep"));
        WholeTool.Run again = tool.run("copy", source, spec, "--repair").requires(ExitCode.DONE);
        assertTrue(again.err().contains("unchanged: "), again.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci:", "oci-archive:"})
    void verify_ofADocumentWithOtherBytes_namesACureThatCures(String kind) throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        String config = config(records("0"), layer);
        String source = layout.list(layer).config(config).manifest();
        String pinned =
                tool.run("copy", source, "oci:" + folder.resolve("other")).out();
        byte[] manifest =
                Files.readAllBytes(layout.file(Digest.parse(pinned.strip().substring(pinned.indexOf('@') + 1))));
        String spec = kind + folder.resolve("copied");
        for (byte[] document : List.of(config.getBytes(StandardCharsets.UTF_8), manifest)) {
            for (String how : List.of("--on-conflict=replace", "--on-conflict=merge", "--repair")) {
                tool.run("copy", source, spec).requires(ExitCode.DONE);
                damage(spec, document);
                if (document == manifest) {
                    tool.run("verify", spec).requires(ExitCode.INTEGRITY);
                } else {
                    WholeTool.Run found = tool.run("verify", spec).requires(ExitCode.ANSWER_NO);
                    assertTrue(found.out().contains("    cachetool copy OTHER " + spec + " --repair\n"), found.out());
                }

                WholeTool.Run dry =
                        tool.run("copy", source, spec, how, "--dry-run").requires(ExitCode.DONE);
                WholeTool.Run run = tool.run("copy", source, spec, how).requires(ExitCode.DONE);
                assertFalse(dry.err().contains("unchanged") || run.err().contains("unchanged"), run.err());
                boolean seen = how.equals("--repair") || (how.endsWith("merge") && document == manifest);
                assertEquals(seen, run.err().contains("damaged"), run.err());

                assertEquals(List.of(), found(spec, "--deep"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256:zz"})
    void verify_ofARecordWhoseDigestIsNone_namesNoCureThatKeepsIt(String digest) throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        String config = config(records("0"), layer).replace(digest("root"), digest);

        WholeTool.Run run =
                tool.run("verify", layout.list(layer).config(config).manifest()).requires(ExitCode.ANSWER_NO);

        assertTrue(run.out().contains("a record that no root leads to"), run.out());
        assertFalse(run.out().contains("cachetool merge"), run.out());
        assertTrue(run.out().contains("cachetool export GRAPH --to "), run.out());
    }

    @Test
    void verify_ofALayerThatIsNotThere_countsWhatWasRead() throws IOException {
        Descriptor there = layout.layer(tar("a"));
        Descriptor lost = layout.layer(tar("b"));
        String spec = layout.list(there)
                .list(lost)
                .config(config(records("0"), there, lost))
                .manifest();
        layout.lose(lost);

        WholeTool.Run run = tool.run("verify", spec, "--deep").requires(ExitCode.ANSWER_NO);

        assertTrue(run.out().contains("2 records, 1 layer read (2.0 KB): "), run.out());
    }

    @Test
    void verify_forSomebodyUnknown_namesWhoIsNear() {
        WholeTool.Run run = tool.run("verify", "oci:x", "--for", "ecs").requires(ExitCode.USAGE);

        assertTrue(run.err().contains("did you mean \"ecr\"?"), run.err());
    }

    @Test
    void verify_ofAnInlineCache_judgesItToo() throws IOException {
        byte[] tar = tar("a");
        Descriptor layer = layout.blob(MediaTypes.OCI_LAYER, tar);
        String records = Base64.getEncoder().encodeToString(records("5").getBytes(StandardCharsets.UTF_8));
        String image = "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                + Digest.sha256(tar) + "\",\"" + Digest.sha256(tar) + "\"]},\"moby.buildkit.cache.v0\":\"" + records
                + "\"}";

        assertEquals(
                List.of("result-out-of-range record 1", "image-mismatch image config"),
                found(layout.list(layer)
                        .config(MediaTypes.OCI_CONFIG, image.getBytes(StandardCharsets.UTF_8))
                        .manifest()));
    }

    @Test
    void verify_ofSeveral_goesOnAfterOneThatIsNotThere() throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        String good = layout.list(layer).config(config(records("0"), layer)).manifest();

        WholeTool.Run run =
                tool.run("verify", "oci:" + folder.resolve("none"), good).requires(ExitCode.NOT_FOUND);

        assertTrue(run.out().startsWith(folder.resolve("none") + " could not be verified\n"), run.out());
        assertTrue(run.out().endsWith("1 of 2 caches fine\n"), run.out());
        assertTrue(run.err().contains("there is no such directory"), run.err());
    }

    @Test
    void verify_ofMoreFindingsThanAreTold_tellsTheRestWhenVerbose() throws IOException {
        for (int i = 0; i < 12; i++) {
            layout.list(Descriptor.of(MediaTypes.OCI_LAYER, Digest.sha256("layer " + i), 5));
        }
        String spec = layout.config("{\"records\":[" + ROOT + "]}").manifest();

        WholeTool.Run run = tool.run("verify", spec).requires(ExitCode.ANSWER_NO);
        WholeTool.Run verbose = tool.run("verify", spec, "--verbose").requires(ExitCode.ANSWER_NO);

        assertTrue(run.out().contains("  and 2 more (all of them: --verbose)\n"), run.out());
        assertEquals(
                36,
                verbose.out()
                        .lines()
                        .filter(line -> line.startsWith("  layer ") || line.startsWith("  blob "))
                        .count(),
                verbose.out());
        assertTrue(
                run.out()
                        .lines()
                        .allMatch(line -> line.length() <= 80
                                || line.startsWith("    cachetool ")
                                || line.startsWith(folder.toString())),
                run.out());
    }

    /** Caches that the cure "write it anew" is for, by what is found in them first. */
    enum Curable {
        UNUSED_MISSING,
        RECORD_RANDOM,
        DUPLICATE,
        LAYER_UNUSED,
        SOURCE_TOLD,
        CONFIG_ODD,
        NOTES_STRAY,
        NOTES_UNREADABLE
    }

    @ParameterizedTest
    @EnumSource(Curable.class)
    void cure_thatVerifyNames_leavesNothingToFind(Curable kind) throws IOException {
        Descriptor layer = layout.layer(tar("a"));
        Descriptor listed = kind == Curable.SOURCE_TOLD
                ? layer.withAnnotation(Annotations.DISTRIBUTION_SOURCE + "example.com", "base")
                : layer;
        String more = switch (kind) {
            case RECORD_RANDOM -> ",{\"digest\":\"random:x\"}";
            case DUPLICATE -> "," + ROOT;
            default -> "";
        };
        String records = records("0");
        String config = config(records.substring(0, records.length() - 1) + more + "]", layer);
        layout.list(listed)
                .config(
                        kind == Curable.CONFIG_ODD
                                ? config.replace("{\"layers\":[{\"b", "{\"records\":[],\"layers\":[{\"b")
                                : config);
        switch (kind) {
            case LAYER_UNUSED -> layout.list(layout.layer(tar("b")));
            case UNUSED_MISSING -> {
                Descriptor lost = layout.layer(tar("b"));
                layout.list(lost).lose(lost);
            }
            case NOTES_STRAY ->
                layout.list(layout.blob(
                        MediaTypes.NOTES,
                        ("{\"schemaVersion\":1,\"records\":[{\"record\":\"" + digest("other")
                                        + "\",\"names\":[\"x\"]}]}")
                                .getBytes(StandardCharsets.UTF_8)));
            case NOTES_UNREADABLE -> layout.list(layout.blob(MediaTypes.NOTES, "{}".getBytes(StandardCharsets.UTF_8)));
            default -> {}
        }
        String spec = layout.manifest();
        WholeTool.Run run = tool.run("verify", spec);
        assertTrue(
                Findings.of(tool.run("verify", spec, "--format=json"))
                        .get(0)
                        .startsWith(kind.name().toLowerCase(Locale.ROOT).replace('_', '-')),
                run::toString);
        String cure = run.out()
                .lines()
                .filter(line -> line.startsWith("    cachetool "))
                .findFirst()
                .orElseThrow();

        tool.run(cure.strip().substring("cachetool ".length()).split(" ")).requires(ExitCode.DONE);

        assertEquals(List.of(), found(spec, "--deep"));
    }
}
