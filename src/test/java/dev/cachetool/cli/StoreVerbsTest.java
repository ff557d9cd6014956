package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.store.MutableRef;
import dev.cachetool.store.RefMetadata;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb {@code store}, and {@code extract} out of a store, through the whole tool. */
final class StoreVerbsTest {
    @TempDir
    private Path folder;

    private WholeTool tool;
    private Path store;

    @BeforeEach
    void make() throws IOException {
        tool = new WholeTool(Files.createDirectory(folder.resolve("tmp")));
        store = folder.resolve("store");
        tool.with("CACHETOOL_STORE", store.toString());
    }

    /** Keeps a result of one file, made and last used so many days ago; gives its id. */
    private String keep(String name, int bytes, int days) throws IOException {
        Instant then = Instant.now().minus(Duration.ofDays(days));
        String id;
        try (Store open = Store.open(store, warning -> {})) {
            MutableRef ref = open.refs().create(name);
            Files.createDirectories(ref.folder().resolve("out"));
            Files.write(ref.folder().resolve("out/" + name), new byte[bytes]);
            FileTree tree =
                    FileTree.of(List.of(TreeEntry.directory("out", 0755), TreeEntry.file("out/" + name, 0644, bytes)));
            id = ref.commit(tree, RefMetadata.of(name, then)).id();
        }
        Files.setLastModifiedTime(store.resolve("refs").resolve(id), FileTime.from(then));
        return id;
    }

    @Test
    void verbs_whenThereIsNoStore_sayThatAndMakeNone() {
        for (List<String> words : List.of(List.of("ls"), List.of("du"), List.of("prune", "--all"), List.of("verify"))) {
            WholeTool.Run run = tool.run(
                            Stream.concat(Stream.of("store"), words.stream()).toArray(String[]::new))
                    .requires(ExitCode.DONE);
            assertEquals("no store in " + store + " yet; cachetool run makes one\n", run.out());
        }
        assertFalse(Files.exists(store));
        tool.run("extract", "store", "jar", "--to", folder.resolve("out").toString())
                .requires(ExitCode.NOT_FOUND);
    }

    @Test
    void ls_whenThereAreResults_namesTheLastUsedFirst() throws IOException {
        String old = keep("old", 1, 9);
        String jar = keep("jar", 200_000, 2);
        assertEquals(
                """
                result   %s   0.2 MB   2 days ago   jar
                result   %s   8.2 KB   9 days ago   old
                2 refs, 0.2 MB, 0 in use
                """.formatted(jar.substring(0, 12), old.substring(0, 12)),
                tool.run("store", "ls").requires(ExitCode.DONE).out());
    }

    @Test
    void du_whenThereAreResults_addsThemUp() throws IOException {
        keep("jar", 200_000, 2);
        String out = tool.run("store", "du").requires(ExitCode.DONE).out();
        List<String> lines = out.lines().toList();
        assertTrue(lines.get(0).endsWith(" in " + store), out);
        assertTrue(lines.get(1).matches("  result +1 +0\\.2 MB +what steps made"), out);
        assertEquals("0.2 MB in 1 ref that nobody uses now", lines.get(lines.size() - 1));
    }

    @Test
    void prune_whenItIsByAge_removesWhatWasNotUsed() throws IOException {
        String old = keep("old", 1, 9);
        String jar = keep("jar", 1, 2);
        WholeTool.Run dry =
                tool.run("store", "prune", "--keep-last=7d", "--dry-run").requires(ExitCode.DONE);
        assertTrue(dry.out().startsWith("prunable   " + old.substring(0, 12)), dry.out());
        assertTrue(dry.out().contains("1 ref would go, 8.2 KB would be freed; "), dry.out());
        assertTrue(Files.exists(store.resolve("refs").resolve(old)));
        WholeTool.Run run = tool.run("store", "prune", "--keep-last=7d").requires(ExitCode.DONE);
        assertTrue(run.out().startsWith("removed   " + old.substring(0, 12)), run.out());
        assertFalse(Files.exists(store.resolve("refs").resolve(old)));
        assertTrue(Files.exists(store.resolve("refs").resolve(jar)));
        WholeTool.Run again = tool.run("store", "prune", "--keep-last=7d").requires(ExitCode.DONE);
        assertTrue(again.out().startsWith("nothing removed, 0 B freed; "), again.out());
    }

    @Test
    void prune_whenAResultIsInUse_keepsIt() throws IOException {
        String jar = keep("jar", 1, 2);
        try (Store open = Store.open(store, warning -> {})) {
            assertTrue(open.refs().find(jar).isPresent());
            assertTrue(tool.run("store", "ls").out().contains("in use"));
            tool.run("store", "prune", "--all").requires(ExitCode.DONE);
            assertTrue(Files.exists(store.resolve("refs").resolve(jar)));
        }
        tool.run("store", "prune", "--all").requires(ExitCode.DONE);
        assertFalse(Files.exists(store.resolve("refs").resolve(jar)));
    }

    @Test
    void verify_whenAFileIsDamaged_answersNoAndNamesIt() throws IOException {
        String jar = keep("jar", 3, 2);
        assertEquals(
                "1 ref, 1 file, 0 layers checked: all as noted\n",
                tool.run("store", "verify", "--deep").requires(ExitCode.DONE).out());
        Files.write(store.resolve("refs").resolve(jar).resolve("fs/out/jar"), new byte[] {0, 0, 1});
        tool.run("store", "verify").requires(ExitCode.DONE);
        WholeTool.Run run = tool.run("store", "verify", "--deep").requires(ExitCode.ANSWER_NO);
        assertEquals("""
                damaged   ref   %s   jar: "out/jar" has other bytes than it had
                1 ref, 1 file, 0 layers checked: 1 problem
                """.formatted(jar.substring(0, 12)), run.out());
    }

    @Test
    void store_whenTheFolderHoldsSomethingElseOrIsNewer_isAnErrorThatSaysSo() throws IOException {
        Files.createDirectories(store);
        Files.writeString(store.resolve("format"), "cachetool store 9\n");
        WholeTool.Run run = tool.run("store", "ls").requires(ExitCode.INTEGRITY);
        assertTrue(run.err().contains("it has the format 9, this cachetool knows 1"), run.err());
    }

    @Test
    void extract_whenTheResultIsInTheStore_writesItsFiles() throws IOException {
        String jar = keep("jar", 3, 2);
        Path out = folder.resolve("extracted");
        for (String word : List.of("jar", jar, jar.substring(0, 6))) {
            WholeTool.Run run = tool.run("extract", "store", word, "out/jar", "--to", out.toString())
                    .requires(ExitCode.DONE);
            assertEquals("""
                    written   3 B   out/jar
                    1 file, 3 B of jar (%s) in %s
                    """.formatted(jar.substring(0, 12), out), run.out());
            assertEquals(3, Files.size(out.resolve("out/jar")));
        }
        WholeTool.Run unknown =
                tool.run("extract", "store", "jer", "--to", out.toString()).requires(ExitCode.NOT_FOUND);
        assertTrue(unknown.err().contains("did you mean \"jar\"?"), unknown.err());
    }
}
