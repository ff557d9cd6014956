package dev.cachetool.step;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.TreeEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The inputs of a step laid over each other: of two at the same path, the later one counts. */
final class PlacedInputs {
    private final SortedMap<String, Placed> byPath = new TreeMap<>();
    /** The folders that its entries stand in, and those that are entries. */
    private final Set<String> folders = new HashSet<>();

    /**
     * An entry, and the input that it comes from.
     *
     * @param entry as the step is to see it
     */
    record Placed(TreeEntry entry, StepInput input) {
        /** Where it is. */
        Path source() throws IOException {
            return FileNames.resolve(input.root(), entry.path());
        }
    }

    static PlacedInputs of(List<StepInput> inputs) {
        PlacedInputs placed = new PlacedInputs();
        boolean first = true;
        for (StepInput input : inputs) {
            for (TreeEntry entry : input.tree().entries()) {
                if (!first) {
                    placed.makeRoom(entry);
                }
                placed.byPath.put(entry.path(), new Placed(entry, input));
            }
            first = false;
        }
        for (Placed one : placed.byPath.values()) {
            if (one.entry.type() == EntryType.DIRECTORY) {
                placed.folders.add(one.entry.path());
            }
            for (String above = one.entry.parent();
                    !above.isEmpty() && placed.folders.add(above);
                    above = parentOf(above)) {
                // All of them, up to one that is known.
            }
        }
        return placed;
    }

    /** Takes away what cannot stand where the entry does: files above it, and all below it where it is no folder. */
    private void makeRoom(TreeEntry entry) {
        for (String above = entry.parent(); !above.isEmpty(); above = parentOf(above)) {
            Placed there = byPath.get(above);
            if (there != null && there.entry.type() != EntryType.DIRECTORY) {
                byPath.remove(above);
            }
        }
        if (entry.type() != EntryType.DIRECTORY) {
            byPath.subMap(entry.path() + "/", entry.path() + "0").clear();
        }
    }

    /** All of them, those above others first. */
    Collection<Placed> all() {
        return byPath.values();
    }

    /** What of them stands at the path. */
    Optional<TreeEntry> find(String path) {
        return Optional.ofNullable(byPath.get(path)).map(Placed::entry);
    }

    /** Where the one at the path comes from. */
    Path sourceOf(String path) throws IOException {
        Placed placed = byPath.get(path);
        if (placed == null) {
            throw new IllegalArgumentException("no input at " + path);
        }
        return placed.source();
    }

    /** Whether the path is a folder of them, or leads to one of them. */
    boolean isFolder(String path) {
        return folders.contains(path);
    }

    /** The first of the path and what is above it that is an input, and no folder. */
    Optional<TreeEntry> inTheWayOf(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            Optional<TreeEntry> above = find(path.substring(0, slash)).filter(PlacedInputs::isNoFolder);
            if (above.isPresent()) {
                return above;
            }
        }
        return find(path).filter(PlacedInputs::isNoFolder);
    }

    private static boolean isNoFolder(TreeEntry entry) {
        return entry.type() != EntryType.DIRECTORY;
    }

    /** The folders of them, and those that lead to one of them. */
    Set<String> folders() {
        return Collections.unmodifiableSet(folders);
    }

    /** What of them stands below the path. */
    Collection<Placed> below(String path) {
        return byPath.subMap(path + "/", path + "0").values();
    }

    static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
