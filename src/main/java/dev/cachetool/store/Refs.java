package dev.cachetool.store;

import dev.cachetool.content.LayerWarning;
import dev.cachetool.content.Provider;
import dev.cachetool.digest.ChainId;
import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.FieldWriter;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.solver.Remote;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The refs of a store. Safe for several threads. */
public final class Refs {
    private static final String OF_DIFF_IDS = "l";
    private static final String OF_BLOBS = "b";
    private static final int ID_LENGTH = 32;

    private final StoreFolder folder;
    private final File refsFolder;
    private final LockFile locks;
    private final Holds holds;
    private final StoreBlobs blobs;
    private final Consumer<LayerWarning> warnings;
    /** Those of refs that are held, so that several holds of one read what is noted once. */
    private final Map<String, Snapshot> snapshots = new ConcurrentHashMap<>();
    /** Those of remote refs that are held. */
    private final Map<String, Pull> pulls = new ConcurrentHashMap<>();

    Refs(StoreFolder folder, LockFile locks, Holds holds, StoreBlobs blobs, Consumer<LayerWarning> warnings) {
        this.folder = folder;
        this.refsFolder = folder.refs().toFile();
        this.locks = locks;
        this.holds = holds;
        this.blobs = blobs;
        this.warnings = warnings;
    }

    /**
     * An empty folder to be filled.
     *
     * @param description for people who find it
     * @throws IOException if it cannot be made
     */
    public MutableRef create(String description) throws IOException {
        return new MutableRef(this, description, newScratch());
    }

    /**
     * A result whose layers lie elsewhere. The same layers give the same ref, which has its files already where anybody
     * read them before.
     *
     * @param layers lowest first; may be none, for an empty tree
     * @param provider opens them; used until the ref is released
     * @throws IOException if the store cannot be read
     */
    public RemoteImmutableRef remote(List<Descriptor> layers, Provider provider, RefMetadata metadata)
            throws IOException {
        String id = idOf(layers);
        holds.hold(id);
        Pull pull = pulls.computeIfAbsent(id, unused -> new Pull(this, id, layers));
        return new RemoteImmutableRef(this, pull, provider, metadata);
    }

    /**
     * The ref with that id, held for the caller; empty where the store has none, or not its files.
     *
     * @throws IOException if the store cannot be read
     */
    public Optional<ImmutableRef> find(String id) throws IOException {
        holds.hold(id);
        Optional<Snapshot> found = Optional.empty();
        try {
            found = snapshot(id);
        } finally {
            if (found.isEmpty()) {
                release(id);
            }
        }
        return found.map(snapshot -> new LocalImmutableRef(this, snapshot));
    }

    /**
     * Notes that the layers give the ref's tree, so that it is transferable as it is from now on.
     *
     * @param ref whose files are in the store; nothing is done for one that is lazy
     * @param remote the layers, whose blobs are best in {@link Store#blobs}: where they are nowhere to be had, they count for
     *     nothing
     * @throws IOException if that cannot be written
     */
    public void remember(ImmutableRef ref, Remote remote) throws IOException {
        Optional<Snapshot> found = snapshot(ref.id());
        if (found.isPresent()) {
            LockFile.Held held = locks.exclusive(LockFile.slot(ref.id()));
            try (held) {
                Snapshot snapshot = found.get();
                snapshot.keepNotes(snapshot.reread().withLayers(remote.descriptors()));
            }
        }
    }

    /** The id of the ref that the layers give: by what they unpack to, where all say that, else by their blobs. */
    private static String idOf(List<Descriptor> layers) {
        List<DiffId> diffIds =
                layers.stream().flatMap(layer -> layer.diffId().stream()).toList();
        if (!layers.isEmpty() && diffIds.size() == layers.size()) {
            return OF_DIFF_IDS + ChainId.of(diffIds).digest().encoded().substring(0, ID_LENGTH);
        }
        FieldWriter fields = FieldWriter.of("cachetool ref of blobs 1").number(layers.size());
        layers.forEach(layer -> fields.digest(layer.digest()));
        return OF_BLOBS + fields.sha256().encoded().substring(0, ID_LENGTH);
    }

    /** Whether the id is that of a remote ref. */
    static boolean isOfLayers(String id) {
        return id.startsWith(OF_DIFF_IDS) || (id.startsWith(OF_BLOBS) && id.length() == OF_BLOBS.length() + ID_LENGTH);
    }

    /** The snapshot of a ref that is held; empty where there is none. */
    Optional<Snapshot> snapshot(String id) {
        Optional<Snapshot> found = peek(id);
        if (found.isEmpty()) {
            snapshots.remove(id);
            return found;
        }
        Snapshot first = snapshots.putIfAbsent(id, found.get());
        return first == null ? found : Optional.of(first);
    }

    /** The same of a ref that may not be held, and so be gone at any time. */
    Optional<Snapshot> peek(String id) {
        return Snapshot.find(refsFolder, id);
    }

    /** Whether the store has the files of the ref. */
    boolean exists(String id) {
        return Files.exists(folder.ref(id));
    }

    /** A folder of this process in the file system of the store. */
    Path newScratch() throws IOException {
        Path scratch = folder.scratch().resolve(holds.lease() + "." + UniqueNames.next());
        Files.createDirectory(scratch);
        return scratch;
    }

    /** Makes a folder that holds everything of a ref a ref, which the caller holds. */
    Snapshot publish(Path scratch, String id) throws IOException {
        Files.move(scratch, folder.ref(id), StandardCopyOption.ATOMIC_MOVE);
        return snapshot(id).orElseThrow(() -> new IOException("could not find ref " + id + " of " + folder.root()));
    }

    void hold(String id) throws IOException {
        holds.hold(id);
    }

    void holdAgain(String id) {
        holds.holdAgain(id);
    }

    void release(String id) {
        if (holds.release(id)) {
            snapshots.remove(id);
            pulls.remove(id);
        }
    }

    StoreBlobs blobs() {
        return blobs;
    }

    LockFile locks() {
        return locks;
    }

    Consumer<LayerWarning> warnings() {
        return warnings;
    }
}
