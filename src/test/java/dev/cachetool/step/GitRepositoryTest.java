package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.graph.GitOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories of the git program. */
final class GitRepositoryTest {
    @TempDir
    private Path temp;

    private Path origin;
    private final Map<String, String> environment = new HashMap<>();
    private String first = "";
    private String second = "";

    @BeforeEach
    void makeRepository() throws Exception {
        Assumptions.assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "git"))),
                "git is not installed");
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", Files.createDirectory(temp.resolve("home")).toString());
        origin = Files.createDirectory(temp.resolve("origin"));
        Files.createDirectory(temp.resolve("tmp"));
        git("init", "--quiet", "--initial-branch=main");
        Files.writeString(origin.resolve("f"), "one\n");
        git("add", ".");
        git("commit", "--quiet", "-m", "one");
        git("tag", "-a", "-m", "v1", "v1");
        first = git("rev-parse", "HEAD");
        Files.createDirectories(origin.resolve("sub/deep"));
        Files.writeString(origin.resolve("sub/deep/run"), "two\n");
        Files.setAttribute(origin.resolve("sub/deep/run"), "unix:mode", 0755);
        Files.createSymbolicLink(origin.resolve("sub/link"), Path.of("deep/run"));
        Files.writeString(origin.resolve("\u00e4\nb"), "\r\n");
        git("add", ".");
        git("commit", "--quiet", "-m", "two");
        git("branch", "side");
        git("tag", "side", first);
        second = git("rev-parse", "HEAD");
    }

    private String git(String... command) throws Exception {
        String[] whole = Stream.concat(
                        Stream.of("git", "-c", "user.name=a", "-c", "user.email=a@example.com"), Stream.of(command))
                .toArray(String[]::new);
        ProcessBuilder builder = new ProcessBuilder(whole).directory(origin.toFile());
        builder.environment().putAll(environment);
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), List.of(command)::toString);
        return out.strip();
    }

    private GitRepository open(String remote, String ref, String subdir) throws IOException {
        GitOp op = new GitOp(remote, ref.isEmpty() ? Optional.empty() : Optional.of(ref), subdir);
        return GitRepository.open(op, temp, environment, temp.resolve("tmp"));
    }

    private String commit(String ref) throws IOException {
        try (GitRepository repository = open("origin", ref, ".")) {
            return repository.commit();
        }
    }

    private FileTree checkOut(String commit, String subdir, String name) throws IOException {
        try (GitRepository repository = open("origin", commit, subdir)) {
            return repository.checkOut(repository.commit(), Files.createDirectory(temp.resolve(name)));
        } finally {
            try (Stream<Path> left = Files.list(temp.resolve("tmp"))) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    private static List<String> paths(FileTree tree) {
        return tree.entries().stream()
                .map(entry -> Integer.toOctalString(entry.mode()) + " " + entry.path())
                .toList();
    }

    @Test
    void commit_ofBranchTagAndHead_isTheirs() throws IOException {
        assertEquals(second, commit("main"));
        assertEquals(second, commit(""));
        assertEquals(first, commit("v1"));
        assertEquals(first, commit("refs/tags/v1"));
        assertEquals(second, commit("side"), "a branch goes before a tag");
        assertEquals("ab".repeat(20), commit("ab".repeat(20)), "a full id is not looked for");
    }

    @Test
    void commit_ofWhatIsNotThere_isNotFound() {
        GitException e = assertThrows(GitException.class, () -> commit("no-such"));
        assertEquals(GitException.Kind.NOT_FOUND, e.kind());
        assertTrue(e.getMessage().contains("could not find \"no-such\" in origin"), e.getMessage());
    }

    @Test
    void checkOut_ofACommit_hasItsFilesAlone() throws IOException {
        assertEquals(
                List.of("755 sub", "755 sub/deep", "755 sub/deep/run", "777 sub/link", "644 \u00e4\nb", "644 f")
                        .stream()
                        .sorted()
                        .toList(),
                paths(checkOut("main", ".", "all")).stream().sorted().toList());
        assertEquals("two\n", Files.readString(temp.resolve("all/sub/deep/run")));
        assertEquals("\r\n", Files.readString(temp.resolve("all/\u00e4\nb")));
        assertFalse(Files.exists(temp.resolve("all/.git")));
        assertEquals(List.of("644 f"), paths(checkOut(first, ".", "first")), "an older commit, by its id");
    }

    @Test
    void checkOut_ofASubdir_hasWhatIsInIt() throws IOException {
        assertEquals(List.of("755 deep", "755 deep/run", "777 link"), paths(checkOut("main", "sub", "sub")));
        GitException e = assertThrows(GitException.class, () -> checkOut("main", "f", "file"));
        assertEquals(GitException.Kind.NOT_FOUND, e.kind());
    }

    @Test
    void checkOut_whateverTheUserHasConfigured_isTheSame() throws Exception {
        Path hooks = Files.createDirectory(temp.resolve("hooks"));
        Path ran = temp.resolve("ran");
        for (String hook : List.of("post-checkout", "reference-transaction", "post-index-change")) {
            Files.writeString(hooks.resolve(hook), "#!/bin/sh\necho " + hook + " >> " + ran + "\n");
            Files.setAttribute(hooks.resolve(hook), "unix:mode", 0755);
        }
        Files.writeString(
                temp.resolve("home/.gitconfig"),
                "[core]\n\thooksPath = " + hooks + "\n\tautocrlf = true\n\teol = crlf\n\tattributesFile = " + temp
                        + "/attributes\n[filter \"up\"]\n\tsmudge = tr a-z A-Z\n");
        Files.writeString(temp.resolve("attributes"), "* filter=up\n");
        environment.put("GIT_DIR", "/nowhere");
        environment.put("GIT_WORK_TREE", "/nowhere");
        checkOut("main", ".", "configured");
        assertEquals("one\n", Files.readString(temp.resolve("configured/f")));
        assertFalse(Files.exists(ran));
    }

    @Test
    void checkOut_ofACommitThatIsNotThere_isNotFound() {
        GitException e = assertThrows(GitException.class, () -> checkOut("ab".repeat(20), ".", "none"));
        assertEquals(GitException.Kind.NOT_FOUND, e.kind());
    }

    @Test
    void repository_thatCannotBeReached_isToldWithoutItsLogin() throws IOException {
        try (GitRepository repository = open("http://ann:hunter2@127.0.0.1:9/r.git", "main", ".")) {
            GitException e = assertThrows(GitException.class, repository::commit);
            assertEquals(GitException.Kind.UNREACHABLE, e.kind());
            assertTrue(e.getMessage().contains("http://127.0.0.1:9/r.git"), e.getMessage());
            assertFalse(e.getMessage().contains("hunter2"), e.getMessage());
        }
    }

    @Test
    void git_thatIsNotInstalled_isSaidSo() throws IOException {
        environment.put("PATH", temp.toString());
        try (GitRepository repository = open("origin", "main", ".")) {
            GitException e = assertThrows(GitException.class, repository::commit);
            assertEquals(GitException.Kind.NO_PROGRAM, e.kind());
        }
    }

    @Test
    void checkOut_ofSubmodules_leavesThemOut() throws Exception {
        git("update-index", "--add", "--cacheinfo", "160000," + first + ",module");
        git("commit", "--quiet", "-m", "three");
        FileTree tree = checkOut("main", ".", "with");
        assertEquals(Optional.of(TreeEntry.directory("module", 0755)), tree.find("module"));
    }
}
