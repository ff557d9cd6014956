package dev.cachetool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.Blob;
import dev.cachetool.content.Manifest;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.Notes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notes beside a cache: deterministic, good for forecasts without moving a layer, and never needed for a hit. */
final class NotesTest {
    private static final Instant SOURCES = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path temporary;

    private WholeTool tool;

    @BeforeEach
    void makeTool() throws IOException {
        tool = new WholeTool(Files.createDirectory(temporary.resolve("tmp")));
    }

    /**
     * A workspace in which "make" was run in the given version of its command, and what takes its output after it.
     *
     * @param user the name of the step that takes the output, which is also its command
     */
    private Path workspace(String name, String command, String user) throws IOException {
        Path workspace = Files.createDirectories(temporary.resolve(name));
        write(workspace.resolve("src/a.txt"), "a", SOURCES);
        Path graph = write(workspace.resolve("graph.json"), """
                {"schemaVersion": 1, "vertices": [
                  {"name": "src", "op": {"local": {"path": "src"}}},
                  {"name": "make", "op": {"exec": {"args": ["%s"], "outputs": ["out/made"]}}, "inputs": [{"vertex": "src"}]},
                  {"name": "%s", "op": {"exec": {"args": ["%s"], "outputs": ["out/%s"]}}, "inputs": [{"vertex": "make"}]}]}
                """.formatted(command, user, user, user), SOURCES);
        write(workspace.resolve("out/made"), "the same bytes whatever the command", SOURCES.plusSeconds(10));
        write(workspace.resolve("out/" + user), "made by " + user, SOURCES.plusSeconds(20));
        return graph;
    }

    private static Path write(Path file, String text, Instant modified) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setLastModifiedTime(file, FileTime.from(modified));
    }

    private Path export(Path graph, String layout) {
        Path to = temporary.resolve(layout);
        tool.run("export", graph.toString(), "--from-workspace", "--mode=max", "--to", "type=local,dest=" + to)
                .requires(ExitCode.DONE);
        return to;
    }

    private static Notes notes(Path layout) throws IOException {
        try (LayoutDirectory directory = LayoutDirectory.open(layout)) {
            return CacheArtifact.read(directory, directory.resolve("latest").orElseThrow(), text -> {
                        throw new AssertionError(text);
                    })
                    .notes();
        }
    }

    private static void removeLayers(Path layout) throws IOException {
        for (Descriptor layer : manifest(layout).layers()) {
            if (!layer.mediaType().equals(MediaTypes.NOTES)) {
                Files.delete(layout.resolve("blobs/sha256/" + layer.digest().encoded()));
            }
        }
    }

    private static ImageManifest manifest(Path layout) throws IOException {
        try (LayoutDirectory directory = LayoutDirectory.open(layout)) {
            return ImageManifest.parse(directory.resolve("latest").orElseThrow().bytes(), "manifest");
        }
    }

    /** Tags the cache again, its notes replaced by these; none where there are no bytes. */
    private static void replaceNotes(Path layout, byte[] bytes) throws IOException {
        ImageManifest before = manifest(layout);
        List<Descriptor> layers = new ArrayList<>(before.layers());
        layers.removeIf(layer -> layer.mediaType().equals(MediaTypes.NOTES));
        try (LayoutDirectory directory = LayoutDirectory.create(layout)) {
            if (bytes.length > 0) {
                Blob blob = Blob.of(MediaTypes.NOTES, bytes);
                directory.ingest(blob);
                layers.add(blob.descriptor());
            }
            ImageManifest after = new ImageManifest(before.mediaType(), before.config(), layers, before.annotations());
            directory.tag("latest", Manifest.of(before.mediaType(), after.toBytes()));
        }
    }

    @Test
    void plan_withNotes_settlesContentKeysWithoutMovingALayer() throws IOException {
        Path first = export(workspace("first", "make-1", "use"), "cache 1");
        Path second = export(workspace("second", "make-2", "other"), "cache 2");
        removeLayers(first);
        removeLayers(second);
        // Made by the second command, whose output only "other" had taken: by its content it is what "use" took before.
        Path graph = workspace("third", "make-2", "use");
        String[] plan = {
            "plan",
            graph.toString(),
            "--from",
            "oci:" + first,
            "--from",
            "oci:" + second,
            "--materialize=all",
            "--print=hit"
        };

        WholeTool.Run run = tool.run(plan).requires(ExitCode.DONE);
        assertEquals("make\nuse\n", run.out());
        assertEquals("", run.err());

        replaceNotes(second, new byte[0]);
        plan[plan.length - 1] = "--print=maybe";
        assertEquals("use\n", tool.run(plan).requires(ExitCode.DONE).out());
    }

    @Test
    void import_withoutNotes_hitsAllTheSame() throws IOException {
        Path first = export(workspace("first", "make-1", "use"), "cache 1");
        Path second = export(workspace("second", "make-2", "other"), "cache 2");
        replaceNotes(first, new byte[0]);
        replaceNotes(second, new byte[0]);
        Path graph = workspace("third", "make-2", "use");
        Path out = graph.resolveSibling("out");
        Files.delete(out.resolve("made"));
        Files.delete(out.resolve("use"));

        WholeTool.Run run = tool.run("import", graph.toString(), "--from", "oci:" + first, "--from", "oci:" + second)
                .requires(ExitCode.DONE);

        assertEquals("", run.err());
        assertEquals("the same bytes whatever the command", Files.readString(out.resolve("made")));
        assertEquals("made by use", Files.readString(out.resolve("use")));
    }

    @Test
    void plan_withDamagedNotes_warnsAndHitsAllTheSame() throws IOException {
        Path graph = workspace("first", "make-1", "use");
        Path cache = export(graph, "cache");
        for (String damage : List.of("{", "no JSON", "{\"schemaVersion\": 2, \"records\": []}", "{\"records\": []}")) {
            replaceNotes(cache, damage.getBytes(UTF_8));

            WholeTool.Run run = tool.run("plan", graph.toString(), "--from", "oci:" + cache, "--print=hit", "--strict")
                    .requires(ExitCode.DONE);

            assertEquals("use\n", run.out());
            assertTrue(run.err().startsWith("warning: could not read the notes beside the cache"), run.err());
        }
    }

    @Test
    void export_whenDoneAgain_notesTheSameBytes() throws IOException {
        Path graph = workspace("first", "make-1", "use");
        Path once = export(graph, "cache 1");
        Path again = export(graph, "cache 2");
        assertArrayEquals(manifest(once).toBytes(), manifest(again).toBytes());

        Notes notes = notes(once);
        assertEquals(3, notes.records().size(), "a record for every vertex");
        assertArrayEquals(notes.toBytes(), Notes.parse(notes.toBytes(), "notes").toBytes());
        assertEquals(notes, Notes.parse(notes.toBytes(), "notes"));
        assertTrue(new String(notes.toBytes(), UTF_8).contains("\"names\":[\"make\"]"));
        assertFalse(notes.records().values().stream()
                .allMatch(record -> record.results().isEmpty()));
    }

    @Test
    void union_ofNotes_isTheSameWhicheverComesFirst() throws IOException {
        Notes first = notes(export(workspace("first", "make-1", "use"), "cache 1"));
        Notes second = notes(export(workspace("second", "make-2", "other"), "cache 2"));

        Notes both = first.union(second);
        assertEquals(both, second.union(first));
        assertEquals(both, both.union(first));
        assertEquals(first, first.union(Notes.NONE));
        assertTrue(both.records().keySet().containsAll(first.records().keySet()));
        assertTrue(both.records().keySet().containsAll(second.records().keySet()));
    }
}
