package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tree that a stack of layers gives, while its entries come in, lowest layer first. It decides where an entry stands:
 * names are taken apart here and nowhere else, and a path never goes through a link on disk, because the links are known
 * here.
 */
final class LayerTree {
    private static final int MOST_LINKS = 40;
    /** Linux takes no longer path. */
    private static final int LONGEST_PATH = 4096;

    private final NavigableMap<String, Node> nodes = new TreeMap<>();
    private final Set<String> whitedOut = new HashSet<>();
    private int layer;
    /** The parent that came last and where it leads to; forgotten whenever something is replaced or removed. */
    private String lastParent = "";

    private String lastResolved = "";

    /** What stands at a path. */
    static final class Node {
        final String path;
        final TarEntry entry;
        final boolean implied;
        int layer;
        /** Of a file, once its content was read; another thread may read it. */
        volatile @Nullable Digest digest;
        /** Of a hard link: what it is a name of, and has its digest. */
        @Nullable
        Node original;

        Node(String path, TarEntry entry, boolean implied, int layer) {
            this.path = path;
            this.entry = entry;
            this.implied = implied;
            this.layer = layer;
        }

        Optional<Digest> contentDigest() {
            Node holder = original == null ? this : original;
            return Optional.ofNullable(holder.digest);
        }
    }

    /** An entry is not what may stand in a layer. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        Refusal(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /** What has to be done with the disk to follow the tree. */
    interface Changes<E extends Exception> {
        /** The path, with all below it, is no longer there. */
        void removed(Node node) throws E;

        /** A folder is there, newly. */
        void directoryAdded(Node node) throws E;
    }

    void beginLayer(int number) {
        layer = number;
        whitedOut.clear();
    }

    /**
     * The path that the name says, without {@code .} and empty segments; empty for the root.
     *
     * @throws Refusal if the name leads out, or says nothing
     */
    static String normalize(String name) throws Refusal {
        if (name.isEmpty()) {
            throw new Refusal("its name is empty");
        }
        if (name.charAt(0) == '/') {
            throw new Refusal("its name is absolute, and leads out of the target");
        }
        if (name.indexOf('\0') >= 0) {
            throw new Refusal("its name has a zero byte");
        }
        if (name.length() > LONGEST_PATH) {
            throw new Refusal("its name is longer than " + LONGEST_PATH + " bytes");
        }
        if (FileNames.problemOf(name) == null) {
            return name;
        }
        List<String> segments = new ArrayList<>();
        for (String segment : name.split("/", -1)) {
            if (segment.equals("..")) {
                throw new Refusal("its name has the segment .., and leads out of the target");
            }
            if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        return String.join("/", segments);
    }

    /** What stands at the path, which goes through no link. */
    Optional<Node> find(String path) {
        return Optional.ofNullable(nodes.get(path));
    }

    /** Puts an entry at the path, in place of what may have stood there and was removed. */
    Node put(String path, TarEntry entry) {
        Node node = new Node(path, entry, false, layer);
        Node before = nodes.put(path, node);
        if (entry.type() == TarType.SYMLINK || before != null) {
            forget();
        }
        return node;
    }

    /**
     * Where an entry stands whose normalized path is given: links in its parents are followed inside of the tree, and
     * missing parents are made.
     *
     * @throws Refusal if a parent is a link that leads out, or no folder
     */
    <E extends Exception> String place(String path, Changes<E> changes) throws Refusal, E {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return path;
        }
        String parent = path.substring(0, slash);
        if (!parent.equals(lastParent)) {
            String resolved = resolve(parent, changes);
            lastParent = parent;
            lastResolved = resolved;
        }
        return lastResolved + path.substring(slash);
    }

    /**
     * Where the path leads to when links in its parents are followed; empty where a parent is missing or no folder.
     *
     * @throws Refusal if a parent is a link that leads out
     */
    Optional<String> locate(String path) throws Refusal {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return Optional.of(path);
        }
        String resolved = this.<RuntimeException>walk(path.substring(0, slash), null);
        return resolved == null ? Optional.empty() : Optional.of(resolved + path.substring(slash));
    }

    private <E extends Exception> String resolve(String parent, Changes<E> changes) throws Refusal, E {
        String resolved = walk(parent, changes);
        if (resolved == null) {
            throw new Refusal("its folder cannot be made");
        }
        return resolved;
    }

    /** Follows the folder's path; without changes, null where it is missing. */
    private <E extends Exception> @Nullable String walk(String folder, @Nullable Changes<E> changes) throws Refusal, E {
        Deque<String> rest = new ArrayDeque<>(List.of(folder.split("/", -1)));
        String at = "";
        int links = 0;
        while (!rest.isEmpty()) {
            String segment = rest.remove();
            if (segment.isEmpty() || segment.equals(".")) {
                continue;
            }
            if (segment.equals("..")) {
                if (at.isEmpty()) {
                    throw new Refusal("it goes through a link that leads out of the target");
                }
                at = at.substring(0, Math.max(0, at.lastIndexOf('/')));
                continue;
            }
            String path = at.isEmpty() ? segment : at + "/" + segment;
            Node node = nodes.get(path);
            if (node == null) {
                if (changes == null) {
                    return null;
                }
                Node made = new Node(path, TarEntry.directory(path, FileTree.IMPLIED_DIRECTORY_MODE), true, layer);
                nodes.put(path, made);
                changes.directoryAdded(made);
                at = path;
            } else if (node.entry.type() == TarType.DIRECTORY) {
                at = path;
            } else if (node.entry.type() == TarType.SYMLINK) {
                String target = node.entry.linkName();
                if (target.startsWith("/")) {
                    throw new Refusal("it goes through the link \"" + FileNames.shown(path) + "\" to \""
                            + FileNames.shown(target) + "\", which leads out of the target");
                }
                if (++links > MOST_LINKS) {
                    throw new Refusal("it goes through too many links");
                }
                String[] segments = target.split("/", -1);
                for (int i = segments.length - 1; i >= 0; i--) {
                    rest.addFirst(segments[i]);
                }
            } else if (changes == null) {
                return null;
            } else {
                throw new Refusal("it stands below \"" + FileNames.shown(path) + "\", which is no folder");
            }
        }
        return at;
    }

    /** Removes what stands at the path, whatever layer it came from, with all below it. */
    <E extends Exception> void remove(String path, Changes<E> changes) throws E {
        Node node = nodes.remove(path);
        if (node != null) {
            below(path).clear();
            forget();
            changes.removed(node);
        }
    }

    /** Removes what lower layers have at the path and below it. */
    <E extends Exception> void whiteOut(String path, Changes<E> changes) throws E {
        Node node = nodes.get(path);
        if (node == null || !whitedOut.add(path)) {
            return;
        }
        boolean current = node.layer == layer || below(path).values().stream().anyMatch(child -> child.layer == layer);
        if (current) {
            node.layer = layer;
            empty(path, changes);
        } else {
            remove(path, changes);
        }
    }

    /** Removes what lower layers have below the path. */
    <E extends Exception> void empty(String path, Changes<E> changes) throws E {
        NavigableMap<String, Node> below = path.isEmpty() ? nodes : below(path);
        // From the deepest up: a folder stays while it holds something of this layer.
        List<Node> reversed = new ArrayList<>(below.descendingMap().values());
        for (Node node : reversed) {
            if (node.layer != layer) {
                if (below(node.path).isEmpty()) {
                    nodes.remove(node.path);
                    changes.removed(node);
                } else {
                    node.layer = layer;
                }
            }
        }
        forget();
    }

    private NavigableMap<String, Node> below(String path) {
        return nodes.subMap(path + "/", true, path + "0", false);
    }

    private void forget() {
        lastParent = "";
        lastResolved = "";
    }

    /** All that there is, folders before what stands in them. */
    Iterable<Node> nodes() {
        return nodes.values();
    }

    FileTree toFileTree() {
        List<TreeEntry> entries = new ArrayList<>(nodes.size());
        for (Map.Entry<String, Node> at : nodes.entrySet()) {
            TarEntry entry = at.getValue().entry;
            String path = at.getKey();
            entries.add(
                    switch (entry.type()) {
                        case DIRECTORY -> TreeEntry.directory(path, entry.mode());
                        case SYMLINK -> TreeEntry.symlink(path, entry.linkName());
                        default ->
                            new TreeEntry(
                                    path,
                                    EntryType.FILE,
                                    entry.mode(),
                                    entry.size(),
                                    "",
                                    at.getValue().contentDigest());
                    });
        }
        return FileTree.of(entries);
    }
}
