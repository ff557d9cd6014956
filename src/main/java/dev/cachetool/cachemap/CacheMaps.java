package dev.cachetool.cachemap;

import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.FieldWriter;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.DiffOp;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.FileOp;
import dev.cachetool.graph.GitOp;
import dev.cachetool.graph.GraphException;
import dev.cachetool.graph.HttpOp;
import dev.cachetool.graph.ImageOp;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.MergeOp;
import dev.cachetool.graph.OpSpec;
import dev.cachetool.graph.OpaqueOp;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.graph.Tool;
import dev.cachetool.graph.Vertex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Computes the cache maps of the vertices of a graph (docs/formats.md, "Cache maps"). Nothing is remembered but what tools
 * printed and what was seen of the workspace. Safe for several threads.
 */
public final class CacheMaps {
    /** The files of a source are noted one by one up to this number, and as many folders of a larger one. */
    private static final int MOST_FILES = 5_000;

    private final Definition definition;
    private final Surroundings surroundings;
    private final LocalFiles localFiles;
    private final Map<String, Digest> toolDigests = new HashMap<>();
    private final Map<LocalOp, Digest> localDigests = new ConcurrentHashMap<>();
    private final Map<Integer, Boolean> exactModes = new HashMap<>();

    public CacheMaps(Definition definition, Surroundings surroundings, LocalFiles localFiles) {
        this.definition = definition;
        this.surroundings = surroundings;
        this.localFiles = localFiles;
    }

    /** How many cache maps the vertex has: 2 for an image, as many as it says for an opaque op, else 1. */
    public int count(Vertex vertex) {
        if (vertex.op() instanceof OpaqueOp opaque) {
            return opaque.cacheMaps().size();
        }
        return vertex.op() instanceof ImageOp ? 2 : 1;
    }

    /**
     * A cache map of the vertex.
     *
     * @param index from 0, below {@link #count}
     * @throws GraphException if a pattern matches nothing, or a tool fails or prints nothing that counts
     * @throws IOException if the workspace cannot be read, a tool cannot be run, or a source cannot be asked what it holds
     */
    public CacheMap of(Vertex vertex, int index) throws IOException {
        OpSpec op = vertex.op();
        if (index < 0 || index >= count(vertex)) {
            throw new IndexOutOfBoundsException("cache map " + index + " of " + vertex);
        }
        if (op instanceof OpaqueOp opaque) {
            List<CacheMap.Dep> deps = new ArrayList<>(opaque.deps().size());
            for (OpaqueOp.Dep dep : opaque.deps()) {
                deps.add(new CacheMap.Dep(dep.selector(), dep.contentDigest().map(ContentFunction::constant)));
            }
            return new CacheMap(opaque.cacheMaps().get(index), deps);
        }
        return new CacheMap(digestOf(vertex, op, index), depsOf(vertex));
    }

    private Digest digestOf(Vertex vertex, OpSpec op, int index) throws IOException {
        if (op instanceof LocalOp local) {
            return local(vertex, local);
        }
        if (op instanceof ExecOp exec) {
            return exec(vertex, exec);
        }
        if (op instanceof FileOp file) {
            return file(file);
        }
        if (op instanceof MergeOp) {
            return FieldWriter.of("cachetool.cachemap.merge.v1").sha256();
        }
        if (op instanceof DiffOp) {
            return FieldWriter.of("cachetool.cachemap.diff.v1").sha256();
        }
        if (op instanceof ImageOp image) {
            return index == 0 ? manifest(vertex, image) : config(vertex, image);
        }
        if (op instanceof HttpOp http) {
            return http(vertex, http);
        }
        if (op instanceof GitOp git) {
            return FieldWriter.of("cachetool.cachemap.git.v1")
                    .text(commit(vertex, git))
                    .text(git.subdir())
                    .sha256();
        }
        throw new IllegalArgumentException("no op " + op.kind());
    }

    private Digest local(Vertex vertex, LocalOp op) throws IOException {
        Digest known = localDigests.get(op);
        if (known != null) {
            return known;
        }
        FileTree tree = localFiles.treeOf(vertex);
        Digest digest = FieldWriter.of("cachetool.cachemap.local.v1")
                .text(op.path())
                .flag(op.exactModes())
                .digest(op.exactModes() ? TreeDigest.withModes(tree) : TreeDigest.of(tree))
                .sha256();
        localDigests.put(op, digest);
        return digest;
    }

    private Digest exec(Vertex vertex, ExecOp op) throws IOException {
        Optional<String> folder =
                op.pathSensitive() ? Optional.of(surroundings.folders().folderOf(vertex)) : Optional.empty();
        FieldWriter fields = FieldWriter.of("cachetool.cachemap.exec.v1")
                .texts(op.args())
                .text(op.cwd())
                .map(op.env())
                .map(keyEnv(op));
        fields.number(op.tools().size());
        for (String tool : op.tools()) {
            fields.digest(toolDigest(tool));
        }
        fields.texts(op.outputs().stream().map(PathPattern::path).toList())
                .optional(op.stdout())
                .octet(op.times() == ExecOp.Times.KEEP ? 1 : 0)
                .text(platform(op))
                .text(op.salt())
                .optional(folder);
        return fields.sha256();
    }

    private String platform(ExecOp op) {
        return op.platform().orElse(surroundings.platform());
    }

    private String platform(ImageOp op) {
        return op.platform().orElse(surroundings.platform());
    }

    private Digest manifest(Vertex vertex, ImageOp op) throws IOException {
        return FieldWriter.of("cachetool.cachemap.image.v1")
                .digest(manifestDigest(vertex, op))
                .text(platform(op))
                .sha256();
    }

    private Digest manifestDigest(Vertex vertex, ImageOp op) throws IOException {
        Optional<Digest> named = op.digest();
        return named.isPresent() ? named.get() : surroundings.sources().manifest(vertex);
    }

    private Digest config(Vertex vertex, ImageOp op) throws IOException {
        FieldWriter fields = FieldWriter.of("cachetool.cachemap.image-config.v1");
        Optional<Digest> config = surroundings.sources().config(vertex, platform(op));
        if (config.isPresent()) {
            return fields.digest(config.get()).sha256();
        }
        // Nothing is found under it or kept: what the image is named by was looked for before.
        Digest unknown = fields.digest(manifestDigest(vertex, op)).sha256();
        return Digest.parseCacheDigest("random:" + unknown.encoded());
    }

    private Digest http(Vertex vertex, HttpOp op) throws IOException {
        FieldWriter fields = FieldWriter.of("cachetool.cachemap.http.v1").text(op.name());
        RemoteSources.FileVersion version = version(vertex, op);
        if (version instanceof RemoteSources.Content content) {
            fields.octet(1).digest(content.digest());
        } else if (version instanceof RemoteSources.EntityTag tag) {
            fields.octet(2).text(op.url()).text(tag.value());
        } else if (version instanceof RemoteSources.Dated dated) {
            fields.octet(3).text(op.url()).text(dated.lastModified()).number(dated.length());
        }
        return fields.sha256();
    }

    private RemoteSources.FileVersion version(Vertex vertex, HttpOp op) throws IOException {
        return op.checksum().isPresent()
                ? new RemoteSources.Content(op.checksum().get())
                : surroundings.sources().file(vertex);
    }

    private String commit(Vertex vertex, GitOp op) throws IOException {
        Optional<String> named = op.commit();
        return named.isPresent() ? named.get() : surroundings.sources().commit(vertex);
    }

    /** The variables whose present values count. */
    private SortedMap<String, String> keyEnv(ExecOp op) {
        return Variables.pick(surroundings.environment(), op.keyEnv());
    }

    private Digest toolDigest(String name) throws IOException {
        synchronized (toolDigests) {
            Digest known = toolDigests.get(name);
            if (known != null) {
                return known;
            }
            Tool tool = definition.tools().get(name);
            if (tool == null) {
                throw new IllegalArgumentException("no tool " + name);
            }
            Digest digest = ToolText.digest(tool, run(tool))
                    .orElseThrow(() -> definition.error(
                            "match of the tool \"" + name + "\" matches nothing that it printed",
                            "see what it prints with: " + String.join(" ", tool.args()),
                            "tools",
                            name,
                            "match"));
            toolDigests.put(name, digest);
            return digest;
        }
    }

    private ToolRunner.Printed run(Tool tool) throws IOException {
        try {
            return surroundings.tools().run(tool);
        } catch (ToolFailedException e) {
            GraphException placed = definition.error(
                    "the tool \"" + tool.name() + "\" failed: " + e.problem(),
                    "see what it prints with: " + String.join(" ", tool.args()),
                    "tools",
                    tool.name());
            placed.initCause(e);
            throw placed;
        }
    }

    private static Digest file(FileOp op) {
        FieldWriter fields = FieldWriter.of("cachetool.cachemap.file.v1")
                .flag(op.onBase())
                .number(op.actions().size());
        for (FileOp.Action action : op.actions()) {
            action(action, fields);
        }
        return fields.sha256();
    }

    private static void action(FileOp.Action action, FieldWriter to) {
        if (action instanceof FileOp.Copy copy) {
            to.octet(1).number(copy.from()).text(copy.src()).text(copy.dest());
        } else if (action instanceof FileOp.MakeFolder folder) {
            to.octet(2).text(folder.path()).number(folder.mode()).flag(folder.parents());
        } else if (action instanceof FileOp.MakeFile file) {
            to.octet(3).text(file.path()).text(file.data()).number(file.mode());
        } else if (action instanceof FileOp.Remove remove) {
            to.octet(4).text(remove.path()).flag(remove.allowNotFound());
        } else if (action instanceof FileOp.MakeLink link) {
            to.octet(5).text(link.path()).text(link.target());
        }
    }

    private List<CacheMap.Dep> depsOf(Vertex vertex) {
        List<Input> inputs = vertex.inputs();
        List<CacheMap.Dep> deps = new ArrayList<>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            List<PathPattern> paths = inputs.get(i).paths();
            ContentFunction content = new PathsFunction(
                    vertex, i, paths, hasExactModes(inputs.get(i).edge().vertex()));
            deps.add(new CacheMap.Dep(selector(paths), Optional.of(content)));
        }
        return deps;
    }

    /** The digest of the paths of an input; empty where it is taken as a whole. */
    static Optional<Digest> selector(List<PathPattern> paths) {
        if (paths.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(FieldWriter.of("cachetool.selector.v1")
                .texts(paths.stream().map(PathPattern::path).toList())
                .sha256());
    }

    /** Whether all mode bits of what a vertex gives count: those of a local op that says so, and what is made of it. */
    private boolean hasExactModes(Vertex vertex) {
        synchronized (exactModes) {
            List<Vertex> stack = new ArrayList<>(List.of(vertex));
            while (!stack.isEmpty()) {
                Vertex top = stack.get(stack.size() - 1);
                if (exactModes.containsKey(top.index())) {
                    stack.remove(stack.size() - 1);
                    continue;
                }
                OpSpec op = top.op();
                boolean passesOn = op instanceof MergeOp || op instanceof DiffOp || op instanceof FileOp;
                boolean exact = op instanceof LocalOp local && local.exactModes();
                boolean known = true;
                if (passesOn) {
                    for (Input input : top.inputs()) {
                        Boolean below = exactModes.get(input.edge().vertex().index());
                        if (below == null) {
                            stack.add(input.edge().vertex());
                            known = false;
                        } else {
                            exact |= below;
                        }
                    }
                }
                if (known) {
                    exactModes.put(top.index(), exact);
                }
            }
            return exactModes.getOrDefault(vertex.index(), false);
        }
    }

    /**
     * The same as {@link #partsOf}, short enough to be noted: the files of a large source stand together by folder.
     *
     * @throws IOException as {@link #of} does
     */
    public KeyParts notedPartsOf(Vertex vertex) throws IOException {
        if (!(vertex.op() instanceof LocalOp) || localFiles.treeOf(vertex).size() <= MOST_FILES) {
            return partsOf(vertex);
        }
        int depth = 0;
        Set<String> folders = Set.of("");
        while (true) {
            Set<String> deeper = new HashSet<>();
            for (TreeEntry entry : localFiles.treeOf(vertex).entries()) {
                deeper.add(folder(entry, depth + 1));
            }
            if (deeper.size() > MOST_FILES || deeper.equals(folders)) {
                break;
            }
            folders = deeper;
            depth++;
        }
        return partsByFolder(vertex, depth);
    }

    /**
     * What goes into the cache map of a source, its files by folder: {@code files src/main}, with their number and a digest
     * over what stands directly in it and, in folders of the given depth, below it.
     *
     * @param depth how many names of a path tell folders apart
     * @throws IOException as {@link #of} does
     */
    public KeyParts partsByFolder(Vertex vertex, int depth) throws IOException {
        SortedMap<String, String> parts = new TreeMap<>();
        LocalOp local = (LocalOp) vertex.op();
        localParts(local, parts);
        parts.put("depth", Integer.toString(depth));
        Map<String, FieldWriter> folders = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (TreeEntry entry : localFiles.treeOf(vertex).entries()) {
            String folder = folder(entry, depth);
            folders.computeIfAbsent(folder, unused -> new FieldWriter())
                    .text(entry.path())
                    .text(shown(entry, local.exactModes()));
            counts.merge(folder, 1, Integer::sum);
        }
        folders.forEach((folder, fields) -> parts.put(
                "files " + (folder.isEmpty() ? "." : folder),
                counts.get(folder) + " " + fields.sha256().shortText()));
        return new KeyParts(parts);
    }

    /** The folder that an entry stands in, cut off behind so many names. */
    private static String folder(TreeEntry entry, int depth) {
        String parent = entry.parent();
        int end = -1;
        for (int i = 0; i < depth; i++) {
            end = parent.indexOf('/', end + 1);
            if (end < 0) {
                return parent;
            }
        }
        return depth == 0 ? "" : parent.substring(0, end);
    }

    private static void localParts(LocalOp local, SortedMap<String, String> parts) {
        parts.put("op", local.kind());
        parts.put("path", local.path());
        parts.put("modes", local.exactModes() ? "exact" : "executable");
    }

    /**
     * What goes into the cache maps of the vertex, for people.
     *
     * @throws IOException as {@link #of} does
     */
    public KeyParts partsOf(Vertex vertex) throws IOException {
        OpSpec op = vertex.op();
        SortedMap<String, String> parts = new TreeMap<>();
        parts.put("op", op.kind());
        if (op instanceof LocalOp local) {
            localParts(local, parts);
            for (TreeEntry entry : localFiles.treeOf(vertex).entries()) {
                parts.put("file " + entry.path(), shown(entry, local.exactModes()));
            }
        } else if (op instanceof ExecOp exec) {
            execParts(vertex, exec, parts);
        } else if (op instanceof OpaqueOp opaque) {
            for (int i = 0; i < opaque.cacheMaps().size(); i++) {
                parts.put("cacheMap[" + i + "]", opaque.cacheMaps().get(i).toString());
            }
            for (int i = 0; i < opaque.deps().size(); i++) {
                String input = "[" + i + "]";
                opaque.deps()
                        .get(i)
                        .selector()
                        .ifPresent(selector -> parts.put("selector" + input, selector.toString()));
            }
        } else if (op instanceof FileOp file) {
            parts.put("base", file.onBase() ? "input 0" : "");
            for (int i = 0; i < file.actions().size(); i++) {
                FieldWriter fields = new FieldWriter();
                action(file.actions().get(i), fields);
                parts.put("action[" + i + "]", fields.sha256().shortText());
            }
        } else if (op instanceof ImageOp image) {
            parts.put("manifest", manifestDigest(vertex, image).toString());
            parts.put("platform", platform(image));
        } else if (op instanceof HttpOp http) {
            RemoteSources.FileVersion version = version(vertex, http);
            // An address may hold a secret.
            parts.put(
                    "content",
                    version instanceof RemoteSources.Content content
                            ? content.digest().toString()
                            : http(vertex, http).toString());
            parts.put("filename", http.name());
        } else if (op instanceof GitOp git) {
            parts.put("commit", commit(vertex, git));
            parts.put("subdir", git.subdir());
        }
        List<Input> inputs = vertex.inputs();
        parts.put("inputs", Integer.toString(inputs.size()));
        for (int i = 0; i < inputs.size(); i++) {
            if (!inputs.get(i).paths().isEmpty()) {
                parts.put("paths[" + i + "]", joined(inputs.get(i).paths()));
            }
        }
        return new KeyParts(parts);
    }

    private void execParts(Vertex vertex, ExecOp op, SortedMap<String, String> parts) throws IOException {
        for (int i = 0; i < op.args().size(); i++) {
            parts.put("arg[" + i + "]", op.args().get(i));
        }
        parts.put("cwd", op.cwd());
        op.env().forEach((name, value) -> parts.put("env " + name, value));
        keyEnv(op)
                .forEach((name, value) ->
                        parts.put("keyEnv " + name, Digest.sha256(value).shortText()));
        for (String tool : op.tools()) {
            parts.put("tool " + tool, toolDigest(tool).shortText());
        }
        for (int i = 0; i < op.outputs().size(); i++) {
            parts.put("output[" + i + "]", op.outputs().get(i).path());
        }
        op.stdout().ifPresent(path -> parts.put("stdout", path));
        parts.put("times", op.times() == ExecOp.Times.KEEP ? "keep" : "zero");
        parts.put("platform", platform(op));
        if (!op.salt().isEmpty()) {
            parts.put("salt", op.salt());
        }
        if (op.pathSensitive()) {
            parts.put("folder", surroundings.folders().folderOf(vertex));
        }
    }

    private static String joined(List<PathPattern> paths) {
        return String.join(", ", paths.stream().map(PathPattern::path).toList());
    }

    private static String shown(TreeEntry entry, boolean modes) {
        String mode = modes ? " " + Integer.toOctalString(entry.mode()) : entry.isExecutable() ? " executable" : "";
        return switch (entry.type()) {
            case FILE -> entry.digest().map(Digest::shortText).orElse("") + mode;
            case DIRECTORY -> "folder" + (modes ? mode : "");
            case SYMLINK -> "link to " + entry.linkTarget();
        };
    }
}
