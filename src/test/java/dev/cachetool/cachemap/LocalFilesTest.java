package dev.cachetool.cachemap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.GraphException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
    @TempDir
    Path workspace;

    private void write(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private FileTree select(String local) throws IOException {
        return select(local, "");
    }

    /** What the local op of a graph selects that has more vertices. */
    private FileTree select(String local, String more) throws IOException {
        String graph =
                "{\"schemaVersion\":1,\"vertices\":[{\"name\":\"src\",\"op\":{\"local\":" + local + "}}" + more + "]}";
        Path file = workspace.resolve("graph.json");
        Files.writeString(file, graph);
        Definition definition = Definition.load(file);
        return LocalFiles.of(definition, 2).treeOf(definition.vertex(0));
    }

    private static List<String> paths(FileTree tree) {
        return tree.entries().stream().map(TreeEntry::path).toList();
    }

    private static String exec(String outputs) {
        return ",{\"name\":\"step\",\"op\":{\"exec\":{\"args\":[\"true\"]," + outputs + "}}}";
    }

    @Test
    void treeOf_withoutInclude_takesEverythingButWhatIsNeverTaken() throws Exception {
        write("a", "1");
        write("src/b", "2");
        write(".git/HEAD", "x");
        write("sub/.git", "gitdir: elsewhere");
        write(".cachetool/state", "x");
        write("out/app", "made");
        assertEquals(List.of("a", "src/b"), paths(select("{}", exec("\"outputs\":[\"out/app\"]"))));
    }

    @Test
    void treeOf_ofAFile_knowsItsDigestAndWhetherItIsExecutable() throws Exception {
        write("run.sh", "hello\n");
        Files.setPosixFilePermissions(workspace.resolve("run.sh"), PosixFilePermissions.fromString("rwx------"));
        write("data", "hello\n");
        Files.setPosixFilePermissions(workspace.resolve("data"), PosixFilePermissions.fromString("rw-rw-rw-"));
        Digest hello = Digest.sha256("hello\n");
        assertEquals(
                List.of(TreeEntry.file("data", 0644, 6, hello), TreeEntry.file("run.sh", 0755, 6, hello)),
                select("{}").entries());
        assertEquals(
                List.of(TreeEntry.file("data", 0666, 6, hello), TreeEntry.file("run.sh", 0700, 6, hello)),
                select("{\"modes\":\"exact\"}").entries());
    }

    @Test
    void treeOf_withPatterns_selectsByMobysRulesBelowItsPath() throws Exception {
        write("lib/src/a.c", "1");
        write("lib/src/a.tmp", "2");
        write("lib/src/deep/b.c", "3");
        write("lib/test/t.c", "4");
        write("src/a.c", "5");
        assertEquals(
                List.of("lib/src/a.c", "lib/src/deep/b.c"),
                paths(select("{\"path\":\"lib\",\"include\":[\"src/**\"],\"exclude\":[\"**/*.tmp\"]}")));
        assertEquals(
                List.of("lib/src/a.c", "lib/src/a.tmp"),
                paths(select("{\"path\":\"./lib/\",\"include\":[\"src\",\"!src/deep\"]}")));
    }

    @Test
    void treeOf_ofOutputPatterns_takesWhatTheyDoNotMatch() throws Exception {
        write("build/keep.txt", "1");
        write("build/app.o", "2");
        write("gen/a", "3");
        write("log", "4");
        assertEquals(
                List.of("build/keep.txt"),
                paths(select("{}", exec("\"outputs\":[\"build\",\"!build/keep.txt\",\"gen/**\"],\"stdout\":\"log\""))));
        assertEquals(List.of("build/keep.txt", "gen/a", "log"), paths(select("{}", exec("\"outputs\":[\"**/*.o\"]"))));
    }

    @Test
    void treeOf_ofEmptyFolders_takesThemUnlessOutputsWereRemoved() throws Exception {
        Files.createDirectories(workspace.resolve("empty"));
        Files.createDirectories(workspace.resolve("out/bin"));
        write("full/a.tmp", "1");
        assertEquals(
                List.of(TreeEntry.directory("empty", 0755)),
                select("{\"exclude\":[\"**/*.tmp\"]}", exec("\"outputs\":[\"out/bin/app\"]"))
                        .entries());
    }

    @Test
    void treeOf_ofLinks_keepsThemAsLinks() throws Exception {
        write("real/a", "1");
        Files.createSymbolicLink(workspace.resolve("in"), Path.of("real"));
        Files.createSymbolicLink(workspace.resolve("out"), Path.of("../elsewhere"));
        Files.createSymbolicLink(workspace.resolve("broken"), Path.of("/no/such/file"));
        assertEquals(
                List.of(
                        TreeEntry.symlink("broken", "/no/such/file"),
                        TreeEntry.symlink("in", "real"),
                        TreeEntry.symlink("out", "../elsewhere"),
                        TreeEntry.file("real/a", 0644, 1, Digest.sha256("1"))),
                select("{}").entries());
    }

    @Test
    void treeOf_whosePathGoesThroughALink_staysInTheWorkspace(@TempDir Path elsewhere) throws Exception {
        write("v1/src/a", "1");
        Files.createSymbolicLink(workspace.resolve("current"), Path.of("v1"));
        Files.createSymbolicLink(workspace.resolve("away"), elsewhere);
        Files.createDirectories(elsewhere.resolve("src"));
        assertEquals(List.of("current/src/a"), paths(select("{\"path\":\"current/src\"}")));
        GraphException e = assertThrows(GraphException.class, () -> select("{\"path\":\"away/src\"}"));
        assertTrue(e.problem().startsWith("path of \"src\" goes through the link away -> "), e.problem());
        e = assertThrows(GraphException.class, () -> select("{\"include\":[\"away/src\"]}"));
        assertTrue(
                e.problem().startsWith("include \"away/src\" of \"src\" goes through the link away -> "), e.problem());
    }

    @Test
    void treeOf_whoseIncludeMatchesNothing_namesTheEntryAndItsPlace() throws Exception {
        write("src/a.c", "1");
        GraphException e =
                assertThrows(GraphException.class, () -> select("{\"include\":[\"src/*.c\",\n\"src/*.cc\"]}"));
        assertEquals(2, e.line());
        assertEquals(1, e.column());
        assertEquals("include \"src/*.cc\" of \"src\" matches nothing in " + workspace, e.problem());
        assertEquals("if that may be, write { \"path\": \"src/*.cc\", \"optional\": true }", e.nextStep());
        assertEquals(
                List.of("src/a.c"),
                paths(select("{\"include\":[\"src/*.c\",{\"path\":\"src/*.cc\",\"optional\":true}]}")));
    }

    @Test
    void treeOf_whoseIncludeIsAnOutput_saysWhyNothingIsTaken() throws Exception {
        write("out/app", "1");
        GraphException e = assertThrows(
                GraphException.class, () -> select("{\"include\":[\"out/app\"]}", exec("\"outputs\":[\"out\"]")));
        assertEquals("include \"out/app\" of \"src\" takes nothing, though it is there", e.problem());
    }

    @Test
    void treeOf_ofAMissingFolder_isAnErrorOfTheGraph() throws Exception {
        write("file", "1");
        GraphException e = assertThrows(GraphException.class, () -> select("{\"path\":\"nowhere\"}"));
        assertEquals("path of \"src\": there is no folder nowhere that could be taken in " + workspace, e.problem());
        e = assertThrows(GraphException.class, () -> select("{\"path\":\"file\"}"));
        assertEquals("path of \"src\": file is no folder", e.problem());
    }

    @Test
    void treeOf_ofManyFiles_readsAllOfThem() throws Exception {
        for (int i = 0; i < 1000; i++) {
            write("d" + i % 7 + "/f" + i, "content " + i);
        }
        FileTree tree = select("{}");
        assertEquals(1000, tree.size());
        assertTrue(IntStream.range(0, 1000)
                .allMatch(i -> tree.find("d" + i % 7 + "/f" + i)
                        .orElseThrow()
                        .digest()
                        .orElseThrow()
                        .equals(Digest.sha256("content " + i))));
    }

    @Test
    void treeOf_ofNamesThatAreNoUtf8_keepsTheirBytes() throws Exception {
        Path odd = Path.of(java.net.URI.create(workspace.toUri() + "odd%FF"));
        Files.write(odd, "x".getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of("odd\uDCFF"), paths(select("{}")));
    }

    @Test
    void treeOf_ofTheSameOp_looksOnce() throws Exception {
        write("a", "1");
        Files.writeString(
                workspace.resolve("graph.json"),
                "{\"schemaVersion\":1,\"vertices\":[{\"name\":\"x\",\"op\":{\"local\":{}}},"
                        + "{\"name\":\"y\",\"op\":{\"local\":{\"include\":[\"*\"]}}}]}");
        Definition definition = Definition.load(workspace.resolve("graph.json"));
        LocalFiles files = LocalFiles.of(definition, 1);
        FileTree first = files.treeOf(definition.vertex(0));
        write("a", "2");
        assertEquals(first, files.treeOf(definition.vertex(0)));
        assertEquals(first, files.treeOf(definition.vertex(1)));
    }
}
