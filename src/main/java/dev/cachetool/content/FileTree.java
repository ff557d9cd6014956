package dev.cachetool.content;

import dev.cachetool.pattern.PatternMatcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Paths with types, modes, contents and link targets: what a vertex gives, a layer holds, or a selection of files on disk
 * is. The root itself is no entry. Folders that an entry stands in need not be entries themselves
 * ({@link #withParents}), but what is an entry and has entries below it is a folder. Immutable.
 */
public final class FileTree {
    /** The mode of a folder that is implied by what stands in it. */
    public static final int IMPLIED_DIRECTORY_MODE = 0755;

    private static final FileTree EMPTY = new FileTree(List.of());

    private final List<TreeEntry> entries;
    private final Map<String, TreeEntry> byPath;

    private FileTree(List<TreeEntry> sorted) {
        entries = sorted;
        byPath = new HashMap<>(sorted.size() * 2);
        for (TreeEntry entry : sorted) {
            if (byPath.put(entry.path(), entry) != null) {
                throw new IllegalArgumentException("\"" + FileNames.shown(entry.path()) + "\" is in the tree twice");
            }
        }
        String parentBefore = "";
        for (TreeEntry entry : sorted) {
            String parent = entry.parent();
            if (!parent.equals(parentBefore)) {
                for (String path = parent; !path.isEmpty(); path = parentOf(path)) {
                    TreeEntry above = byPath.get(path);
                    if (above != null && above.type() != EntryType.DIRECTORY) {
                        throw new IllegalArgumentException("\"" + FileNames.shown(entry.path()) + "\" is below \""
                                + FileNames.shown(path) + "\", which is no folder");
                    }
                }
                parentBefore = parent;
            }
        }
    }

    /**
     * The tree of the entries, in whatever order.
     *
     * @throws IllegalArgumentException if a path is there twice, or below something that is no folder
     */
    public static FileTree of(Collection<TreeEntry> entries) {
        if (entries.isEmpty()) {
            return EMPTY;
        }
        List<TreeEntry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparing(TreeEntry::path, FileNames.ORDER));
        return new FileTree(List.copyOf(sorted));
    }

    /** The tree without entries. */
    public static FileTree empty() {
        return EMPTY;
    }

    /** All entries, sorted by the bytes of their paths, so that a folder comes before what stands in it. */
    public List<TreeEntry> entries() {
        return entries;
    }

    /** The entry at the path; empty where there is none. */
    public Optional<TreeEntry> find(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    /** How many entries there are. */
    public int size() {
        return entries.size();
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The bytes of all files together. */
    public long totalBytes() {
        long total = 0;
        for (TreeEntry entry : entries) {
            total += entry.size();
        }
        return total;
    }

    /** This tree with every folder that is implied by an entry, with {@link #IMPLIED_DIRECTORY_MODE}. */
    public FileTree withParents() {
        Set<String> missing = new HashSet<>();
        String parentBefore = "";
        for (TreeEntry entry : entries) {
            String parent = entry.parent();
            if (!parent.equals(parentBefore)) {
                for (String path = parent; !path.isEmpty() && !byPath.containsKey(path); path = parentOf(path)) {
                    if (!missing.add(path)) {
                        break;
                    }
                }
                parentBefore = parent;
            }
        }
        if (missing.isEmpty()) {
            return this;
        }
        List<TreeEntry> more = new ArrayList<>(entries);
        for (String path : missing) {
            more.add(TreeEntry.directory(path, IMPLIED_DIRECTORY_MODE));
        }
        return of(more);
    }

    /** What the patterns match of it, with the folders on the way to that. */
    public FileTree select(PatternMatcher wanted) {
        Map<String, TreeEntry> selected = new HashMap<>();
        for (TreeEntry entry : entries) {
            if (!wanted.matchesOrParentMatches(entry.path())) {
                continue;
            }
            selected.put(entry.path(), entry);
            for (String path = entry.parent(); !path.isEmpty() && !selected.containsKey(path); path = parentOf(path)) {
                TreeEntry folder = byPath.get(path);
                selected.put(path, folder == null ? TreeEntry.directory(path, IMPLIED_DIRECTORY_MODE) : folder);
            }
        }
        return of(selected.values());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileTree that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.size() + " entries, " + totalBytes() + " bytes";
    }

    private static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
