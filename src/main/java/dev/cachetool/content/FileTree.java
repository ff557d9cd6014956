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
import org.jspecify.annotations.Nullable;

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
    /** Made when an entry is first looked for: most trees are only gone through. */
    private volatile @Nullable Map<String, TreeEntry> byPath;

    private FileTree(List<TreeEntry> sorted) {
        entries = sorted;
        String before = "";
        String parentBefore = "";
        for (TreeEntry entry : sorted) {
            if (entry.path().equals(before)) {
                throw new IllegalArgumentException("\"" + FileNames.shown(entry.path()) + "\" is in the tree twice");
            }
            before = entry.path();
            String parent = entry.parent();
            if (!parent.equals(parentBefore)) {
                for (String path = parent; !path.isEmpty(); path = parentOf(path)) {
                    int above = search(path);
                    if (above >= 0 && sorted.get(above).type() != EntryType.DIRECTORY) {
                        throw new IllegalArgumentException("\"" + FileNames.shown(entry.path()) + "\" is below \""
                                + FileNames.shown(path) + "\", which is no folder");
                    }
                }
                parentBefore = parent;
            }
        }
    }

    /** The place of the path among the entries; negative where it is none. */
    private int search(String path) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = FileNames.ORDER.compare(entries.get(middle).path(), path);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private Map<String, TreeEntry> byPath() {
        Map<String, TreeEntry> known = byPath;
        if (known == null) {
            known = new HashMap<>(entries.size() * 2);
            for (TreeEntry entry : entries) {
                known.put(entry.path(), entry);
            }
            byPath = known;
        }
        return known;
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
        return Optional.ofNullable(byPath().get(path));
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
                for (String path = parent; !path.isEmpty() && search(path) < 0; path = parentOf(path)) {
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
                TreeEntry folder = byPath().get(path);
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
