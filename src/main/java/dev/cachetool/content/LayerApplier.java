package dev.cachetool.content;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a stack of layers, lowest first, and tells what each entry changes (OCI image-spec, layer.md: "Applying
 * Changesets"). A blob is read to its end, so that its digest, its size and its diffID, where the descriptor names
 * it, are checked, or it is a seekable one, of which only parts are wanted.
 */
final class LayerApplier {
    private static final int SPECIAL_BITS = 06000;
    private static final String CAPABILITY = "security.capability";

    private final LayerTree tree = new LayerTree();
    private final Disk disk;
    private final boolean preserveSpecial;
    private final Consumer<LayerWarning> warnings;

    /** What follows the tree: a folder on disk, or nothing. */
    interface Disk extends LayerTree.Changes<IOException> {
        /** A file is there, newly, with the content that the reader is at. */
        void fileAdded(LayerTree.Node node, LayerEntries content) throws IOException;

        /** A symbolic link is there, newly; gives back its target. */
        String symlinkAdded(LayerTree.Node node) throws IOException;

        /** Another name of the original, a file or a symbolic link, is there. */
        void hardLinkAdded(LayerTree.Node node, LayerTree.Node original) throws IOException;
    }

    /** No disk: only the contents of files matter. */
    interface Contents extends Disk {
        @Override
        default String symlinkAdded(LayerTree.Node node) {
            return node.entry.linkName();
        }

        @Override
        default void hardLinkAdded(LayerTree.Node node, LayerTree.Node original) {}

        @Override
        default void removed(LayerTree.Node node) {}

        @Override
        default void directoryAdded(LayerTree.Node node) {}
    }

    LayerApplier(Disk disk, boolean preserveSpecial, Consumer<LayerWarning> warnings) {
        this.disk = disk;
        this.preserveSpecial = preserveSpecial;
        this.warnings = warnings;
    }

    LayerTree tree() {
        return tree;
    }

    /**
     * Reads the layers.
     *
     * @param parts whether of a seekable layer only those contents are to be read that the disk reads
     */
    void apply(Provider provider, List<Descriptor> layers, boolean parts) throws IOException {
        for (int i = 0; i < layers.size(); i++) {
            tree.beginLayer(i);
            Descriptor layer = layers.get(i);
            Optional<SeekableLayer> seekable = parts ? SeekableLayer.open(provider.blob(layer)) : Optional.empty();
            if (seekable.isPresent()) {
                try {
                    applyEntries(layer, seekable.get());
                } finally {
                    seekable.get().close();
                }
            } else {
                applyLayer(provider, layer);
            }
        }
    }

    /** Reads the entries of one layer. */
    void applyEntries(Descriptor layer, LayerEntries entries) throws IOException {
        Optional<TarEntry> entry = entries.next();
        while (entry.isPresent()) {
            try {
                applyEntry(layer.digest(), entry.get(), entries);
            } catch (LayerTree.Refusal e) {
                throw new UnsafeEntryException(layer.digest(), entry.get().name(), e.reason());
            }
            entry = entries.next();
        }
    }

    private void applyLayer(Provider provider, Descriptor layer) throws IOException {
        DiffId actual = LayerArchive.read(provider, layer, entries -> applyEntries(layer, entries));
        Optional<DiffId> diffId = layer.diffId();
        if (diffId.isPresent()
                && diffId.get().digest().algorithm() == Algorithm.SHA256
                && !actual.equals(diffId.get())) {
            throw DigestMismatchException.diffId(layer.digest(), diffId.get(), actual.digest());
        }
    }

    private void applyEntry(Digest layer, TarEntry entry, LayerEntries content) throws IOException, LayerTree.Refusal {
        String path = LayerTree.normalize(entry.name());
        if (path.isEmpty()) {
            if (entry.type() != TarType.DIRECTORY) {
                throw new LayerTree.Refusal("its name is the target itself");
            }
            return;
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.startsWith(Whiteout.PREFIX)) {
            applyWhiteout(path, name);
            return;
        }
        String at = tree.place(path, disk);
        Optional<LayerTree.Node> before = tree.find(at);
        switch (entry.type()) {
            case DIRECTORY -> {
                boolean there = before.isPresent() && before.get().entry.type() == TarType.DIRECTORY;
                if (!there) {
                    tree.remove(at, disk);
                }
                LayerTree.Node node = tree.put(at, withoutSpecial(layer, at, entry));
                if (!there) {
                    disk.directoryAdded(node);
                }
            }
            case FILE -> {
                tree.remove(at, disk);
                disk.fileAdded(tree.put(at, withoutSpecial(layer, at, entry)), content);
            }
            case SYMLINK -> {
                if (entry.linkName().isEmpty() || entry.linkName().indexOf('\0') >= 0) {
                    throw new LayerTree.Refusal("it is a link to nothing");
                }
                tree.remove(at, disk);
                String target = disk.symlinkAdded(tree.put(at, entry));
                if (!target.equals(entry.linkName())) {
                    tree.put(at, entry.withLinkName(target));
                    warnings.accept(new LayerWarning(
                            layer,
                            at,
                            "links to \"" + FileNames.shown(entry.linkName()) + "\", which became \""
                                    + FileNames.shown(target) + "\""));
                }
            }
            case HARD_LINK -> applyHardLink(at, entry);
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> {
                tree.remove(at, disk);
                String what = entry.type() == TarType.FIFO ? "is a named pipe" : "is a device";
                warnings.accept(new LayerWarning(layer, at, what + ", which is not restored"));
            }
        }
    }

    private void applyWhiteout(String path, String name) throws IOException, LayerTree.Refusal {
        String folder = path.substring(0, Math.max(0, path.length() - name.length() - 1));
        if (name.equals(Whiteout.OPAQUE)) {
            Optional<String> at = folder.isEmpty() ? Optional.of("") : tree.locate(path);
            if (at.isPresent()) {
                String resolved = at.get().substring(0, Math.max(0, at.get().lastIndexOf('/')));
                tree.empty(resolved, disk);
            }
        } else if (!name.startsWith(Whiteout.META_PREFIX)) {
            String hidden = name.substring(Whiteout.PREFIX.length());
            if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
                throw new LayerTree.Refusal("it deletes what is no name in its folder");
            }
            Optional<String> at = tree.locate(folder.isEmpty() ? hidden : folder + "/" + hidden);
            if (at.isPresent()) {
                tree.whiteOut(at.get(), disk);
            }
        }
    }

    private void applyHardLink(String at, TarEntry entry) throws IOException, LayerTree.Refusal {
        String target;
        try {
            target = LayerTree.normalize(entry.linkName());
        } catch (LayerTree.Refusal e) {
            throw new LayerTree.Refusal("it is a hard link to \"" + FileNames.shown(entry.linkName())
                    + "\", which is outside of the target or no name");
        }
        Optional<String> resolved = target.isEmpty() ? Optional.empty() : tree.locate(target);
        Optional<LayerTree.Node> original = resolved.isPresent() ? tree.find(resolved.get()) : Optional.empty();
        if (original.isEmpty() || original.get().entry.type() == TarType.DIRECTORY) {
            throw new LayerTree.Refusal("it is a hard link to \"" + FileNames.shown(entry.linkName())
                    + "\", which is no file of the layer");
        }
        if (original.get().path.equals(at)) {
            return;
        }
        tree.remove(at, disk);
        LayerTree.Node first = original.get();
        TarEntry same = first.entry;
        LayerTree.Node node = tree.put(
                at, new TarEntry(at, same.type(), same.mode(), same.size(), same.time(), same.linkName(), Map.of()));
        node.original = first.original == null ? first : first.original;
        disk.hardLinkAdded(node, first);
    }

    private TarEntry withoutSpecial(Digest layer, String path, TarEntry entry) {
        if (entry.attributes().containsKey(CAPABILITY)) {
            warnings.accept(new LayerWarning(layer, path, "has file capabilities, which are not restored"));
        }
        if ((entry.mode() & SPECIAL_BITS) == 0 || preserveSpecial) {
            return entry;
        }
        String bits = (entry.mode() & 04000) == 0
                ? "set-gid"
                : (entry.mode() & 02000) == 0 ? "set-uid" : "set-uid and set-gid";
        warnings.accept(new LayerWarning(layer, path, "is " + bits + ", which is not restored"));
        return new TarEntry(
                entry.name(),
                entry.type(),
                entry.mode() & ~SPECIAL_BITS,
                entry.size(),
                entry.time(),
                entry.linkName(),
                entry.attributes());
    }
}
