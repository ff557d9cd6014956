package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.FileChangedException;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.GraphException;
import dev.cachetool.graph.Vertex;
import dev.cachetool.store.ImmutableRef;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is made of trees, written into a store. */
final class TreeOpsTest {
    @TempDir
    private Path temp;

    private Store store;

    @BeforeEach
    void openStore() throws IOException {
        store = Store.open(temp.resolve("store"), warning -> {});
    }

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    /** A vertex of the op on inputs; all are JSON with ' for ". */
    private Vertex vertex(String op, int inputs) throws IOException {
        StringBuilder graph = new StringBuilder("{'schemaVersion': 1, 'vertices': [{'name': 'made', 'op': ")
                .append(op)
                .append(", 'inputs': [");
        for (int i = 0; i < inputs; i++) {
            graph.append(i == 0 ? "" : ", ").append("{'vertex': 'in").append(i).append("'}");
        }
        graph.append("]}");
        for (int i = 0; i < inputs; i++) {
            graph.append(", {'name': 'in")
                    .append(i)
                    .append("', 'op': {'exec': {'args': ['")
                    .append(i)
                    .append("']}}}");
        }
        byte[] json = graph.append("]}").toString().replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return Definition.parse(json, "graph.json", temp).vertices().get(0);
    }

    /** An input of entries such as {@code f=text}, {@code x*=text} (executable), {@code d/}, {@code l->target}. */
    private StepInput input(String name, String... entries) throws IOException {
        Path root = Files.createDirectories(temp.resolve(name));
        List<TreeEntry> tree = new ArrayList<>();
        for (String text : entries) {
            int link = text.indexOf("->");
            int equals = text.indexOf('=');
            if (link > 0) {
                tree.add(TreeEntry.symlink(text.substring(0, link), text.substring(link + 2)));
            } else if (equals < 0) {
                int colon = text.indexOf(':');
                String path = text.substring(0, (colon < 0 ? text.length() : colon) - 1);
                tree.add(TreeEntry.directory(path, colon < 0 ? 0755 : Integer.parseInt(text.substring(colon + 1), 8)));
            } else {
                boolean executable = text.charAt(equals - 1) == '*';
                String path = text.substring(0, executable ? equals - 1 : equals);
                byte[] data = text.substring(equals + 1).getBytes(StandardCharsets.UTF_8);
                Path file = FileNames.resolve(root, path);
                Files.createDirectories(file.getParent());
                Files.write(file, data);
                tree.add(TreeEntry.file(path, executable ? 0755 : 0644, data.length, Digest.sha256(data)));
            }
        }
        return new StepInput(root, FileTree.of(tree), false);
    }

    /** What comes out, written as the inputs are, after it was compared with what lies in the store. */
    private List<String> made(Vertex vertex, StepInput... inputs) throws IOException {
        ImmutableRef ref = new TreeOps(store.refs()).execute(vertex, List.of(inputs));
        List<String> lines = new ArrayList<>();
        FileTree tree = ref.tree();
        Path root = ref.mount();
        for (TreeEntry entry : tree.entries()) {
            Path path = FileNames.resolve(root, entry.path());
            lines.add(
                    switch (entry.type()) {
                        case DIRECTORY -> {
                            assertTrue(Files.isDirectory(path));
                            yield entry.path() + "/"
                                    + (entry.mode() == 0755 ? "" : ":" + Integer.toOctalString(entry.mode()));
                        }
                        case SYMLINK -> {
                            assertEquals(entry.linkTarget(), FileNames.textOf(Files.readSymbolicLink(path)));
                            yield entry.path() + "->" + entry.linkTarget();
                        }
                        case FILE -> {
                            String text = Files.readString(path);
                            assertEquals(Digest.sha256(text), entry.digest().orElseThrow());
                            assertEquals(entry.mode(), (int) Files.getAttribute(path, "unix:mode") & 07777);
                            String mode = switch (entry.mode()) {
                                case 0644 -> "";
                                case 0755 -> "*";
                                default -> ":" + Integer.toOctalString(entry.mode());
                            };
                            yield entry.path() + mode + "=" + text;
                        }
                    });
        }
        ref.release();
        return lines;
    }

    private List<String> actions(String actions, StepInput... inputs) throws IOException {
        return made(vertex("{'file': {'actions': [" + actions + "]}}", inputs.length), inputs);
    }

    private static String copy(String src, String dest) {
        return "{'copy': {'from': 0, 'src': '" + src + "', 'dest': '" + dest + "'}}";
    }

    static Stream<Arguments> copies() {
        return Stream.of(
                Arguments.of(copy("a/f", "g"), List.of("g=1")),
                Arguments.of(copy("a/f", "b/"), List.of("b/", "b/f=1")),
                Arguments.of(copy("a/f", "b/c/g"), List.of("b/", "b/c/", "b/c/g=1")),
                Arguments.of(copy("a/f", "."), List.of("f=1")),
                Arguments.of(copy("a", "b"), List.of("b/", "b/d/", "b/d/x*=2", "b/f=1", "b/l->f")),
                Arguments.of(copy("a", "b/"), List.of("b/", "b/a/", "b/a/d/", "b/a/d/x*=2", "b/a/f=1", "b/a/l->f")),
                Arguments.of(copy("a/**", "b/"), List.of("b/", "b/d/", "b/d/x*=2", "b/f=1", "b/l->f")),
                Arguments.of(copy("a/*", "b/"), List.of("b/", "b/d/", "b/d/x*=2", "b/f=1", "b/l->f")),
                Arguments.of(copy("**/x", "b/"), List.of("b/", "b/x*=2")),
                Arguments.of(copy("a/l", "m"), List.of("m->f")),
                Arguments.of(
                        copy(".", "b"),
                        List.of("b/", "b/a/", "b/a-/", "b/a-/f=3", "b/a/d/", "b/a/d/x*=2", "b/a/f=1", "b/a/l->f")),
                Arguments.of(
                        copy("a", "b") + "," + copy("a-", "b"),
                        List.of("b/", "b/a-/", "b/a-/f=3", "b/d/", "b/d/x*=2", "b/f=1", "b/l->f")),
                Arguments.of(copy("a-/f", "b/") + "," + copy("a/f", "b/"), List.of("b/", "b/f=1")));
    }

    @ParameterizedTest
    @MethodSource("copies")
    void copy_ofWhatIsThere_landsWhereBuildKitPutsIt(String actions, List<String> expected) throws IOException {
        assertEquals(expected, actions(actions, input("in", "a/d/x*=2", "a/f=1", "a/l->f", "a-/f=3")));
    }

    @Test
    void copy_ofAReadOnlyFolder_keepsItsMode() throws IOException {
        assertEquals(List.of("b/:555", "b/f=1"), actions(copy("a", "b"), input("in", "a/:555", "a/f=1")));
    }

    @Test
    void copy_throughALinkOfTheTree_followsIt() throws IOException {
        assertEquals(
                List.of("f=1", "l->x/y", "x/", "x/y/", "x/y/f=1"),
                actions(
                        "{'mkdir': {'path': 'x/y', 'parents': true}}, {'symlink': {'path': 'l', 'target': 'x/y'}},"
                                + copy("f", "l/") + "," + copy("f", "."),
                        input("in", "f=1")));
    }

    @Test
    void actions_oneAfterTheOther_makeTheTree() throws IOException {
        assertEquals(
                List.of("a-b=3", "d/", "d/e/:700", "d/e/f:600=\u00e4", "l->d/e/f"),
                made(
                        vertex(
                                "{'file': {'base': 0, 'actions': [{'mkdir': {'path': 'd/e', 'mode': '0700', 'parents': true}},"
                                        + "{'mkdir': {'path': 'd', 'mode': '0700', 'parents': true}},"
                                        + "{'mkfile': {'path': 'd/e/f', 'data': 'x'}},"
                                        + "{'mkfile': {'path': 'd/e/f', 'data': '\u00e4', 'mode': '0600'}},"
                                        + "{'symlink': {'path': 'l', 'target': 'd/e/f'}},"
                                        + "{'rm': {'path': 'a'}}, {'rm': {'path': 'no/such', 'allowNotFound': true}}]}}",
                                1),
                        input("in", "a/x=1", "a/y/z=2", "a-b=3")));
    }

    @Test
    void rm_ofALink_leavesWhatItPointsTo() throws IOException {
        assertEquals(
                List.of("d/", "d/f=1"),
                made(
                        vertex("{'file': {'base': 0, 'actions': [{'rm': {'path': 'l'}}]}}", 1),
                        input("in", "d/f=1", "l->d")));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(
                        copy("nothing", "b"),
                        "copy of \"made\": src \"nothing\" matches nothing of what \"in0\" gives"),
                Arguments.of(copy("d/*", "b"), "copy of \"made\": dest \"b\" cannot be 2 things, which src matches"),
                Arguments.of(copy("d", "f"), "has f, which is no folder, where a folder is copied to"),
                Arguments.of(copy("f", "out/x"), "goes through the link out, which leads out of the tree"),
                Arguments.of(copy("f", "up/x"), "dest \"up/x\" leads out of the tree"),
                Arguments.of(copy("f", "loop/x"), "goes through too many links"),
                Arguments.of(copy("f", "f/x"), "goes through f, which is no folder"),
                Arguments.of("{'mkfile': {'path': 'out/x', 'data': ''}}", "leads out of the tree"),
                Arguments.of("{'mkfile': {'path': 'd', 'data': ''}}", "mkfile of \"made\": path \"d\" is a folder"),
                Arguments.of("{'mkdir': {'path': 'd'}}", "mkdir of \"made\": path \"d\" is there already"),
                Arguments.of("{'mkdir': {'path': 'n/m'}}", "would stand in a folder that is not there"),
                Arguments.of("{'mkdir': {'path': 'f', 'parents': true}}", "is there already, and no folder"),
                Arguments.of("{'rm': {'path': 'n'}}", "rm of \"made\": path \"n\" is not there"),
                Arguments.of("{'rm': {'path': 'out/etc'}}", "leads out of the tree"),
                Arguments.of(
                        "{'symlink': {'path': 'f', 'target': 'd'}}",
                        "symlink of \"made\": path \"f\" is there already"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void action_thatCannotBeDone_isRefusedAndLeavesNothing(String action, String words) throws IOException {
        Vertex vertex = vertex("{'file': {'base': 0, 'actions': [" + action + "]}}", 1);
        StepInput input = input("in", "f=1", "d/a=2", "d/b=3", "out->/etc", "up->../..", "loop->loop");
        GraphException e =
                assertThrows(GraphException.class, () -> new TreeOps(store.refs()).execute(vertex, List.of(input)));
        assertTrue(e.getMessage().contains(words), e.getMessage());
        assertTrue(e.getMessage().startsWith("graph.json:1:"), e.getMessage());
    }

    @Test
    void file_thatChangedSinceItWasHashed_isInNoResult() throws IOException {
        StepInput input = input("in", "f=1");
        Files.writeString(temp.resolve("in/f"), "2");
        assertThrows(FileChangedException.class, () -> actions(copy("f", "g"), input));
    }

    @Test
    void merge_ofInputs_laysThemOverEachOther() throws IOException {
        assertEquals(
                List.of("a/", "a/x=1", "a/y*=4", "b=5", "c/", "c/z=6", "d->e", "f/", "f/g=8"),
                made(
                        vertex("{'merge': {}}", 3),
                        input("in0", "a/x=1", "a/y=2", "b/old=3", "c->a", "f=7"),
                        input("in1", "a/y*=4", "b=5", "c/z=6", "d=0"),
                        input("in2", "d->e", "f/g=8")));
    }

    @Test
    void diff_ofInputs_hasWhatTheSecondAdds() throws IOException {
        assertEquals(
                List.of("a/:700", "a/new=2", "changed=4", "e/", "l->b", "x*=5"),
                made(
                        vertex("{'diff': {}}", 2),
                        input("in0", "a/:700", "a/same=1", "changed=3", "gone=9", "l->a", "x=5", "k/same=6"),
                        input(
                                "in1",
                                "a/:700",
                                "a/same=1",
                                "a/new=2",
                                "changed=4",
                                "e/",
                                "l->b",
                                "x*=5",
                                "k/",
                                "k/same=6")));
    }
}
