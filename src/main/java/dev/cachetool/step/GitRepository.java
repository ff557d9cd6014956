package dev.cachetool.step;

import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.graph.GitOp;
import dev.cachetool.step.GitException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Git repository that lies elsewhere, asked through the git program. Logins, proxies and addresses are what the user's own
 * configuration has for them; nobody is asked for a password. What is checked out depends on the commit alone: no hooks,
 * no filters or line ends of a configuration, no submodules, no large files that lie elsewhere. Not for several threads.
 * Closing it removes what was fetched.
 */
public final class GitRepository implements Closeable {
    private static final String PROGRAM = "git";
    private static final int LIMIT = 64 << 20;
    private static final int STALLED_SECONDS = 60;

    /** What belongs to another repository, or tells of what goes on: hooks and users set it. */
    private static final Pattern LEFT_OUT = Pattern.compile(
            "GIT_(?!SSH|ASKPASS|SSL_|PROXY_|HTTP_|CONFIG_COUNT|CONFIG_KEY_|CONFIG_VALUE_|CONFIG_GLOBAL|CONFIG_SYSTEM"
                    + "|CONFIG_NOSYSTEM|EXEC_PATH|CURL_VERBOSE).*");

    private static final Pattern LOGIN = Pattern.compile("(?<=://)[^/@\\s]*@");

    private final GitOp op;
    private final Path workspace;
    private final Map<String, String> environment;
    private final TemporaryDirectory folder;

    private GitRepository(GitOp op, Path workspace, Map<String, String> environment, TemporaryDirectory folder) {
        this.op = op;
        this.workspace = workspace;
        this.environment = environment;
        this.folder = folder;
    }

    /**
     * The repository of a git op; nothing is asked yet.
     *
     * @param workspace what a remote that is a relative path starts from
     * @param environment variables by name
     * @param temporary where it is fetched to; must be there
     * @throws IOException if nothing can be written there
     */
    public static GitRepository open(GitOp op, Path workspace, Map<String, String> environment, Path temporary)
            throws IOException {
        return new GitRepository(op, workspace, environment, TemporaryDirectory.create(temporary, PROGRAM));
    }

    /**
     * The full id of the commit that the op's ref names: a branch before a tag of the same name, as git checks out.
     *
     * @throws GitException if there is none, or the repository cannot be reached
     */
    public String commit() throws IOException {
        if (op.commit().isPresent()) {
            return op.commit().get();
        }
        String ref = op.ref().orElse("HEAD");
        Map<String, String> ids = new HashMap<>();
        byte[] printed = network(
                "could not look for \"" + ref + "\" in " + shown(op.remote()),
                "ls-remote",
                "--",
                op.remote(),
                ref,
                ref + "^{}");
        for (String line : new String(printed, StandardCharsets.UTF_8).split("\n", -1)) {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                ids.put(line.substring(tab + 1), line.substring(0, tab));
            }
        }
        for (String name : names(ref)) {
            String id = ids.getOrDefault(name + "^{}", ids.get(name));
            if (id != null) {
                return id;
            }
        }
        throw new GitException(
                Kind.NOT_FOUND,
                "could not find \"" + ref + "\" in " + shown(op.remote())
                        + ": it has no such branch or tag\ncommits are named by their full id",
                null);
    }

    private static List<String> names(String ref) {
        return List.of(ref, "refs/heads/" + ref, "refs/tags/" + ref, "refs/" + ref);
    }

    /**
     * Writes the files of a commit into a folder: those of the op's subdir, without {@code .git}.
     *
     * @param into an empty folder
     * @return what was written, without digests: modes are 0644 and 0755, whatever the umask is
     * @throws GitException if the commit or the subdir is not there, or the repository cannot be reached
     * @throws IOException if the files cannot be written
     */
    public FileTree checkOut(String commit, Path into) throws IOException {
        fetch(commit);
        boolean all = op.subdir().equals(".");
        String tree = all ? commit : commit + ":" + op.subdir();
        if (!all && !local(List.of("cat-file", "-t", tree)).says("tree")) {
            throw new GitException(
                    Kind.NOT_FOUND,
                    "could not find the folder " + op.subdir() + " in " + shown(op.remote()) + " at " + commit,
                    null);
        }
        Answer read = local(List.of("read-tree", tree));
        if (read.code() == 0) {
            read = local(List.of("--work-tree=" + into.toAbsolutePath(), "checkout-index", "--all", "--quiet"));
        }
        if (read.code() != 0) {
            throw new IOException("could not check out " + commit + " of " + shown(op.remote()) + ": " + said(read));
        }
        return treeOf(into);
    }

    private static FileTree treeOf(Path root) throws IOException {
        List<TreeEntry> entries = new ArrayList<>();
        Deque<String> open = new ArrayDeque<>(List.of(""));
        while (!open.isEmpty()) {
            String folder = open.pop();
            try (DirectoryStream<Path> children = Files.newDirectoryStream(FileNames.resolve(root, folder))) {
                for (Path child : children) {
                    String name = FileNames.nameOf(child);
                    String path = folder.isEmpty() ? name : folder + "/" + name;
                    PosixFileAttributes attributes =
                            Files.readAttributes(child, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    if (attributes.isSymbolicLink()) {
                        entries.add(TreeEntry.symlink(path, FileNames.textOf(Files.readSymbolicLink(child))));
                        continue;
                    }
                    boolean executable = attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
                    int mode = executable ? 0755 : 0644;
                    if (WorkspaceOutputs.mode(attributes) != mode) {
                        Files.setAttribute(child, "unix:mode", mode);
                    }
                    if (attributes.isDirectory()) {
                        entries.add(TreeEntry.directory(path, mode));
                        open.push(path);
                    } else {
                        entries.add(TreeEntry.file(path, mode, attributes.size()));
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return FileTree.of(entries);
    }

    /** Gets the commit with its files and without what was before it, or all there is where that cannot be had alone. */
    private void fetch(String commit) throws IOException {
        String action = "could not fetch " + commit + " of " + shown(op.remote());
        List<String> init = new ArrayList<>(List.of("init", "--quiet", "--bare", "--template="));
        if (commit.length() == 64) {
            init.add("--object-format=sha256");
        }
        Answer made = local(init);
        if (made.code() != 0) {
            throw new IOException(action + ": " + said(made));
        }
        List<String> fetch =
                List.of("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head");
        Answer alone = overNetwork(with(fetch, "--depth=1", "--", op.remote(), commit));
        if (alone.code() == 0) {
            return;
        }
        // Some servers give what a name leads to, and nothing else.
        Answer named = overNetwork(
                with(fetch, "--", op.remote(), "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"));
        if (named.code() != 0) {
            throw new GitException(Kind.UNREACHABLE, action + ": " + said(named), null);
        }
        if (!local(List.of("cat-file", "-t", commit)).says("commit")) {
            throw new GitException(Kind.NOT_FOUND, action + ": it has no such commit", null);
        }
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }

    private byte[] network(String action, String... command) throws IOException {
        Answer answer = overNetwork(List.of(command));
        if (answer.code() != 0) {
            throw new GitException(Kind.UNREACHABLE, action + ": " + said(answer), null);
        }
        return answer.out();
    }

    /** With the user's configuration, which has logins and proxies. */
    private Answer overNetwork(List<String> command) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "gc.auto=0",
                "-c",
                "maintenance.auto=false",
                "-c",
                "http.lowSpeedLimit=1",
                "-c",
                "http.lowSpeedTime=" + STALLED_SECONDS));
        all.addAll(command);
        return run(all, Map.of());
    }

    /** Without anybody's configuration. */
    private Answer local(List<String> command) throws IOException {
        return run(
                with(
                        List.of("-c", "core.hooksPath=/dev/null", "-c", "core.attributesFile=/dev/null"),
                        command.toArray(String[]::new)),
                Map.of(
                        "GIT_CONFIG_NOSYSTEM", "1",
                        "GIT_CONFIG_SYSTEM", "/dev/null",
                        "GIT_CONFIG_GLOBAL", "/dev/null",
                        "GIT_CONFIG_COUNT", "0",
                        "GIT_ATTR_NOSYSTEM", "1"));
    }

    private record Answer(int code, byte[] out, byte[] err) {
        boolean says(String word) {
            return code == 0 && new String(out, StandardCharsets.UTF_8).strip().equals(word);
        }
    }

    private Answer run(List<String> command, Map<String, String> more) throws IOException {
        String program = Wrappers.find(PROGRAM, environment.getOrDefault("PATH", ""), workspace)
                .orElseThrow(() -> noProgram(null));
        List<String> whole = new ArrayList<>(List.of(program));
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole).directory(workspace.toFile());
        Map<String, String> variables = builder.environment();
        variables.clear();
        environment.forEach((name, value) -> {
            if (!LEFT_OUT.matcher(name).matches()) {
                variables.put(name, value);
            }
        });
        variables.put(
                "GIT_DIR", folder.path().resolve("repository").toAbsolutePath().toString());
        variables.put("GIT_TERMINAL_PROMPT", "0");
        variables.put("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh");
        variables.put("LC_ALL", "C");
        variables.putIfAbsent("GIT_ASKPASS", "");
        if (!variables.containsKey("GIT_SSH")) {
            variables.putIfAbsent("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
        }
        variables.putAll(more);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw noProgram(e);
        }
        try {
            process.getOutputStream().close();
            FutureTask<byte[]> out = reading(process.getInputStream());
            FutureTask<byte[]> errors = reading(process.getErrorStream());
            return new Answer(process.waitFor(), out.get(), errors.get());
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while git ran");
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private static GitException noProgram(@Nullable IOException cause) {
        return new GitException(
                Kind.NO_PROGRAM,
                "could not run git, which git vertices need: it is not installed, or not on the PATH",
                cause);
    }

    /** Reads the stream to its end in a thread of its own, so that waiting for it can be interrupted. */
    private static FutureTask<byte[]> reading(InputStream in) {
        FutureTask<byte[]> reading = new FutureTask<>(() -> {
            byte[] bytes = in.readNBytes(LIMIT);
            in.transferTo(OutputStream.nullOutputStream());
            return bytes;
        });
        Thread reader = new Thread(reading, PROGRAM);
        reader.setDaemon(true);
        reader.start();
        return reading;
    }

    /** What git says of its failure: the last line of it, without logins. */
    private String said(Answer answer) {
        String text = new String(answer.err(), StandardCharsets.UTF_8).strip();
        String last = text.substring(text.lastIndexOf('\n') + 1);
        String plain = shown(last.replace(op.remote(), shown(op.remote())));
        return plain.isEmpty() ? "git ended with exit code " + answer.code() : plain;
    }

    /** An address, or a text with some, without logins. */
    static String shown(String text) {
        return LOGIN.matcher(text).replaceAll("");
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
