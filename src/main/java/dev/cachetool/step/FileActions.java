package dev.cachetool.step;

import dev.cachetool.cachemap.Selection;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.FileOp;
import dev.cachetool.graph.GraphException;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.graph.Vertex;
import dev.cachetool.step.PlannedTree.Item;
import dev.cachetool.step.PlannedTree.UnusablePathException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Does the actions of a {@code file} vertex, one after the other (docs/graph.md, "file"). For one thread. */
final class FileActions {
    private final Vertex vertex;
    private final List<StepInput> inputs;
    private final PlannedTree tree;
    private int action;

    /**
     * @param tree where they are done
     */
    FileActions(Vertex vertex, List<StepInput> inputs, PlannedTree tree) {
        this.vertex = vertex;
        this.inputs = inputs;
        this.tree = tree;
    }

    /**
     * Does them all.
     *
     * @throws GraphException if one cannot be done
     * @throws IOException if a name is none for the file system
     */
    void run(FileOp op) throws IOException {
        for (action = 0; action < op.actions().size(); action++) {
            FileOp.Action next = op.actions().get(action);
            if (next instanceof FileOp.Copy copy) {
                copy(copy);
            } else if (next instanceof FileOp.MakeFolder folder) {
                makeFolder(folder);
            } else if (next instanceof FileOp.MakeFile file) {
                makeFile(file);
            } else if (next instanceof FileOp.Remove remove) {
                remove(remove);
            } else if (next instanceof FileOp.MakeLink link) {
                makeLink(link);
            }
        }
    }

    private void makeFolder(FileOp.MakeFolder op) throws GraphException {
        String path = resolve("mkdir", "path", op.path(), true);
        if (tree.isFolder(path)) {
            if (!op.parents()) {
                throw error("mkdir", "path", op.path(), "is there already", "with \"parents\": true that is fine");
            }
            return;
        }
        if (tree.find(path).isPresent()) {
            throw error("mkdir", "path", op.path(), "is there already, and no folder", "");
        }
        if (!op.parents() && !tree.isFolder(parentOf(path))) {
            throw error(
                    "mkdir",
                    "path",
                    op.path(),
                    "would stand in a folder that is not there",
                    "\"parents\": true makes it too");
        }
        tree.put(Item.of(TreeEntry.directory(path, op.mode())));
    }

    private void makeFile(FileOp.MakeFile op) throws GraphException {
        String path = resolve("mkfile", "path", op.path(), true);
        if (tree.isFolder(path)) {
            throw error("mkfile", "path", op.path(), "is a folder", "");
        }
        byte[] data = op.data().getBytes(StandardCharsets.UTF_8);
        tree.put(new Item(TreeEntry.file(path, op.mode(), data.length, Digest.sha256(data)), null, data));
    }

    private void remove(FileOp.Remove op) throws GraphException {
        String path = resolve("rm", "path", op.path(), false);
        if (path.isEmpty()) {
            throw error("rm", "path", op.path(), "is the whole tree", "leave out \"base\" to begin with an empty one");
        }
        if (tree.find(path).isEmpty() && !op.allowNotFound()) {
            throw error("rm", "path", op.path(), "is not there", "with \"allowNotFound\": true that is fine");
        }
        tree.remove(path);
    }

    private void makeLink(FileOp.MakeLink op) throws GraphException {
        String path = resolve("symlink", "path", op.path(), false);
        if (path.isEmpty() || tree.find(path).isPresent()) {
            throw error("symlink", "path", op.path(), "is there already", "remove it first, with rm");
        }
        tree.put(Item.of(TreeEntry.symlink(path, op.target())));
    }

    private void copy(FileOp.Copy op) throws IOException {
        StepInput input = inputs.get(op.from());
        FileTree from = input.tree().withParents();
        boolean into = op.dest().endsWith("/");
        String dest = resolve("copy", "dest", op.dest(), true);
        PathPattern src = PathPattern.of(op.src());
        if (src.literal().equals(Optional.of("."))) {
            if (!into && tree.find(dest).isPresent() && !tree.isFolder(dest)) {
                throw error("copy", "dest", op.dest(), "is no folder", "");
            }
            makeFolder(dest, op);
            for (TreeEntry entry : from.entries()) {
                put(
                        op,
                        PlannedTree.item(input, entry),
                        dest.isEmpty() ? entry.path() : dest + "/" + entry.path(),
                        true);
            }
            return;
        }
        List<TreeEntry> found = topmost(Selection.of(from, List.of(src)).entries());
        if (found.isEmpty()) {
            throw error(
                    "copy",
                    "src",
                    op.src(),
                    "matches nothing of what \""
                            + vertex.inputs().get(op.from()).edge().vertex().name() + "\" gives",
                    "");
        }
        if (into) {
            makeFolder(dest, op);
        } else if (found.size() > 1 && !tree.isFolder(dest)) {
            throw error(
                    "copy",
                    "dest",
                    op.dest(),
                    "cannot be " + found.size() + " things, which src matches",
                    "end it with a / to copy them into a folder");
        }
        NavigableMap<String, TreeEntry> byPath = new TreeMap<>(FileNames.ORDER);
        from.entries().forEach(entry -> byPath.put(entry.path(), entry));
        for (TreeEntry entry : found) {
            copy(op, input, byPath, entry, dest);
        }
    }

    private void copy(FileOp.Copy op, StepInput input, NavigableMap<String, TreeEntry> from, TreeEntry top, String dest)
            throws IOException {
        String name = top.path().substring(top.path().lastIndexOf('/') + 1);
        String target = !tree.isFolder(dest) ? dest : dest.isEmpty() ? name : dest + "/" + name;
        put(op, PlannedTree.item(input, top), target, false);
        int length = top.path().length();
        for (TreeEntry entry : from.subMap(top.path() + "/", top.path() + "0").values()) {
            put(op, PlannedTree.item(input, entry), target + entry.path().substring(length), true);
        }
    }

    /** Puts what is copied at a path; a folder that is there keeps its mode, unless it is below what is copied. */
    private void put(FileOp.Copy op, Item item, String path, boolean below) throws GraphException {
        Optional<Item> there = tree.find(path);
        if (there.isPresent() && there.get().isFolder() != item.isFolder()) {
            throw error(
                    "copy",
                    "dest",
                    op.dest(),
                    item.isFolder()
                            ? "has " + FileNames.shown(path) + ", which is no folder, where a folder is copied to"
                            : "has the folder " + FileNames.shown(path) + " where something else is copied to",
                    "remove it first, with rm");
        }
        if (there.isEmpty() || !item.isFolder() || below) {
            tree.put(item.at(path));
        }
    }

    private void makeFolder(String path, FileOp.Copy op) throws GraphException {
        if (tree.find(path).isPresent() && !tree.isFolder(path)) {
            throw error("copy", "dest", op.dest(), "is no folder", "");
        }
        tree.makeFolder(path);
    }

    /** Those that do not stand below others, of entries in the order of a tree. */
    private static List<TreeEntry> topmost(List<TreeEntry> entries) {
        List<TreeEntry> top = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (TreeEntry entry : entries) {
            boolean below = false;
            for (String path = entry.parent(); !path.isEmpty() && !below; path = parentOf(path)) {
                below = taken.contains(path);
            }
            if (!below) {
                top.add(entry);
                taken.add(entry.path());
            }
        }
        return top;
    }

    private String resolve(String kind, String field, String path, boolean last) throws GraphException {
        try {
            return tree.resolve(path, last);
        } catch (UnusablePathException e) {
            throw error(kind, field, path, e.problem(), "");
        }
    }

    private GraphException error(String kind, String field, String value, String problem, String next) {
        return vertex.error(
                kind + " of \"" + vertex.name() + "\": " + field + " \"" + FileNames.shown(value) + "\" " + problem,
                next,
                "op",
                "file",
                "actions",
                action,
                kind,
                field);
    }

    private static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
