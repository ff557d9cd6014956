package dev.cachetool.step;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file tree that is to be written: what stands where, and from where its content comes. Links are followed in it and
 * nowhere else, so that no path leads out of it. For one thread.
 */
final class PlannedTree {
    private static final int MOST_LINKS = 40;

    private final NavigableMap<String, Item> items = new TreeMap<>(FileNames.ORDER);

    /**
     * One entry.
     *
     * @param entry with the digest of its content
     * @param source the file whose content a file has; null where it is {@code data}
     * @param data the content of a file that has no source
     */
    record Item(TreeEntry entry, @Nullable Path source, byte[] data) {
        private static final byte[] NOTHING = {};

        /** A folder or a link. */
        static Item of(TreeEntry entry) {
            return new Item(entry, null, NOTHING);
        }

        Item at(String path) {
            TreeEntry moved =
                    new TreeEntry(path, entry.type(), entry.mode(), entry.size(), entry.linkTarget(), entry.digest());
            return new Item(moved, source, data);
        }

        boolean isFolder() {
            return entry.type() == EntryType.DIRECTORY;
        }
    }

    /** A path is none that can be used here. */
    static final class UnusablePathException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String problem;

        /**
         * @param problem what is wrong, as half a sentence
         */
        UnusablePathException(String problem) {
            super(problem);
            this.problem = problem;
        }

        String problem() {
            return problem;
        }
    }

    /** All of it, folders before what stands in them. */
    Collection<Item> items() {
        return items.values();
    }

    /** What stands at the path, which goes through no link; the root is no entry. */
    Optional<Item> find(String path) {
        return Optional.ofNullable(items.get(path));
    }

    /** Whether a folder stands at the path, as one does at the root. */
    boolean isFolder(String path) {
        return path.isEmpty() || find(path).map(Item::isFolder).orElse(false);
    }

    /** Everything below the path, folders first. */
    Collection<Item> below(String path) {
        return path.isEmpty()
                ? items.values()
                : items.subMap(path + "/", true, path + "0", false).values();
    }

    /** Puts an entry at its path, in place of what stands there; only a folder in place of a folder keeps what is in it. */
    void put(Item item) {
        String path = item.entry().path();
        if (!item.isFolder()) {
            below(path).clear();
        }
        makeFolder(item.entry().parent());
        items.put(path, item);
    }

    /** Sees to it that a folder is at the path, in place of whatever else stands there or on the way to it. */
    void makeFolder(String path) {
        for (String at = path; !isFolder(at); at = parentOf(at)) {
            items.put(at, Item.of(TreeEntry.directory(at, FileTree.IMPLIED_DIRECTORY_MODE)));
        }
    }

    /** Removes what stands at the path, a folder with everything in it. */
    void remove(String path) {
        below(path).clear();
        items.remove(path);
    }

    /** Lays a tree over this one: what it has stands, and a folder that both have has what is in both. */
    void lay(StepInput input, List<TreeEntry> entries) throws IOException {
        for (TreeEntry entry : entries) {
            put(item(input, entry));
        }
    }

    /** An entry of an input. */
    static Item item(StepInput input, TreeEntry entry) throws IOException {
        return entry.type() == EntryType.FILE
                ? new Item(entry, FileNames.resolve(input.root(), entry.path()), Item.NOTHING)
                : Item.of(entry);
    }

    /**
     * Where a path leads to, in this tree; what stands there need not be.
     *
     * @param last whether a link is followed that the path itself names
     * @return without links, empty for the root
     * @throws UnusablePathException if it leads out, goes through a file, or through links without end
     */
    String resolve(String path, boolean last) throws UnusablePathException {
        Deque<String> open = new ArrayDeque<>();
        addFront(open, path);
        String at = "";
        int links = 0;
        while (!open.isEmpty()) {
            String name = open.pop();
            if (name.equals("..")) {
                if (at.isEmpty()) {
                    throw new UnusablePathException("leads out of the tree");
                }
                at = parentOf(at);
                continue;
            }
            String next = at.isEmpty() ? name : at + "/" + name;
            Item item = items.get(next);
            if (item != null && item.entry().type() == EntryType.SYMLINK && (last || !open.isEmpty())) {
                String target = item.entry().linkTarget();
                if (target.startsWith("/")) {
                    throw new UnusablePathException(
                            "goes through the link " + FileNames.shown(next) + ", which leads out of the tree");
                }
                if (++links > MOST_LINKS) {
                    throw new UnusablePathException("goes through too many links");
                }
                addFront(open, target);
                continue;
            }
            if (item != null && !item.isFolder() && !open.isEmpty()) {
                throw new UnusablePathException("goes through " + FileNames.shown(next) + ", which is no folder");
            }
            at = next;
        }
        return at;
    }

    private static void addFront(Deque<String> open, String path) {
        String[] names = path.split("/", -1);
        for (int i = names.length - 1; i >= 0; i--) {
            if (!names[i].isEmpty() && !names[i].equals(".")) {
                open.push(names[i]);
            }
        }
    }

    private static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
