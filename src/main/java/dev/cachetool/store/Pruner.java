package dev.cachetool.store;

import dev.cachetool.content.PartialFile;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.solver.CacheKeyStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Lists what a store has, and removes what nobody holds. */
final class Pruner {
    /** What nobody has written to for so long was left by a process that is no more. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final StoreFolder folder;
    private final LockFile locks;
    private final CacheKeyStorage keys;

    Pruner(StoreFolder folder, LockFile locks, CacheKeyStorage keys) {
        this.folder = folder;
        this.locks = locks;
        this.keys = keys;
    }

    /** What the folder of a ref says; empty where it is gone, notes that cannot be read being none. */
    private record Listed(Path path, Optional<RefNotes> notes, Instant used) {}

    private static List<Path> children(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            children.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return found;
    }

    private static String name(Path path) {
        return Objects.requireNonNull(path.getFileName()).toString();
    }

    private List<Listed> refs() throws IOException {
        List<Listed> refs = new ArrayList<>();
        for (Path path : children(folder.refs())) {
            Instant used;
            try {
                used = Files.getLastModifiedTime(path).toInstant();
            } catch (NoSuchFileException e) {
                continue;
            }
            Optional<RefNotes> notes;
            try {
                notes = Optional.of(RefNotes.read(path));
            } catch (DamagedRefException | NoSuchFileException e) {
                notes = Optional.empty();
            }
            refs.add(new Listed(path, notes, used));
        }
        return refs;
    }

    private Holds.Leases leases() throws IOException {
        LockFile.Held lock = locks.exclusive(Holds.STORE_LOCK);
        try (lock) {
            return Holds.readAll(folder);
        }
    }

    /** How many refs know each blob. */
    private static Map<Digest, Integer> knownBlobs(List<Listed> refs) {
        Map<Digest, Integer> known = new HashMap<>();
        for (Listed ref : refs) {
            blobsOf(ref).forEach(blob -> known.merge(blob, 1, Integer::sum));
        }
        return known;
    }

    private static Set<Digest> blobsOf(Listed ref) {
        Set<Digest> blobs = new HashSet<>();
        if (ref.notes().isPresent()) {
            for (List<Descriptor> stack : ref.notes().get().layers()) {
                stack.forEach(layer -> blobs.add(layer.digest()));
            }
        }
        return blobs;
    }

    /**
     * Everything that takes room, in no certain order.
     *
     * @throws IOException if the store cannot be read
     */
    List<StoreRow> list() throws IOException {
        Holds.Leases leases = leases();
        List<Listed> refs = refs();
        Map<Digest, Integer> known = knownBlobs(refs);
        List<StoreRow> rows = new ArrayList<>();
        for (Listed ref : refs) {
            String id = name(ref.path());
            long bytes = ref.notes().isPresent() ? ref.notes().get().bytes() : DiskUse.of(ref.path());
            for (Digest blob : blobsOf(ref)) {
                bytes += known.getOrDefault(blob, 0) == 1 ? DiskUse.of(folder.blob(blob)) : 0;
            }
            rows.add(new StoreRow(
                    Refs.isOfLayers(id) ? StoreRow.Kind.PULLED : StoreRow.Kind.RESULT,
                    id,
                    ref.notes().map(RefNotes::description).orElse(""),
                    bytes,
                    ref.notes().map(notes -> notes.createdAt().instant()).orElse(ref.used()),
                    ref.used(),
                    leases.held().contains(id)));
        }
        named(StoreRow.Kind.CACHE, folder.caches(), rows);
        named(StoreRow.Kind.STEPS, folder.steps(), rows);
        return rows;
    }

    private void named(StoreRow.Kind kind, Path parent, List<StoreRow> rows) throws IOException {
        for (Path path : children(parent)) {
            try {
                Instant made =
                        Files.getLastModifiedTime(path.resolve(Store.NAME)).toInstant();
                Instant used =
                        Files.getLastModifiedTime(path.resolve(Snapshot.FILES)).toInstant();
                String name = Files.readString(path.resolve(Store.NAME), StandardCharsets.UTF_8);
                Locked locked = new Locked();
                boolean held = lock(kind, path, name, locked);
                locked.close();
                rows.add(new StoreRow(kind, name(path), name, DiskUse.of(path), made, used, held));
            } catch (NoSuchFileException e) {
                // It is only being made.
            }
        }
    }

    /** Locks that are held together. */
    private static final class Locked {
        private final List<LockFile.Held> held = new ArrayList<>();

        void close() throws IOException {
            for (LockFile.Held lock : held) {
                lock.close();
            }
        }
    }

    /** Takes the locks of a folder that steps use; says whether somebody else has one, and holds none then. */
    private boolean lock(StoreRow.Kind kind, Path path, String name, Locked locked) throws IOException {
        List<Long> slots = new ArrayList<>();
        if (kind == StoreRow.Kind.CACHE) {
            slots.add(LockFile.slot(Store.cacheLock(name)));
        } else {
            for (Path step : children(path.resolve(Snapshot.FILES))) {
                slots.add(Store.slotOf(step));
            }
        }
        for (long slot : slots) {
            Optional<LockFile.Held> lock = locks.tryExclusive(slot);
            if (lock.isEmpty()) {
                locked.close();
                return true;
            }
            locked.held.add(lock.get());
        }
        return false;
    }

    /**
     * Removes rows, and with them what nobody needs: blobs that no ref knows, and what dead processes left.
     *
     * @return what became of it
     * @throws IOException if something cannot be removed
     */
    PruneResult prune(List<StoreRow> victims) throws IOException {
        Instant began = Instant.now();
        List<Listed> refs = refs();
        List<StoreRow> removed = new ArrayList<>();
        List<Path> trash = new ArrayList<>();
        LockFile.Held lock = locks.exclusive(Holds.STORE_LOCK);
        try (lock) {
            Files.write(folder.pruning(), new byte[0]);
            try {
                Holds.Leases leases = Holds.readAll(folder);
                Set<String> gone = new HashSet<>();
                for (StoreRow row : victims) {
                    boolean held = row.kind().isRef() && leases.held().contains(row.id());
                    if (!held && remove(row, trash)) {
                        gone.add(row.id());
                        removed.add(row);
                    }
                }
                removeBlobs(refs, gone, leases, began, trash);
                removeScratch(leases, trash);
            } finally {
                Files.deleteIfExists(folder.pruning());
            }
        }
        // Results before their refs: a kill in between leaves at most keys whose result is not there, which is a miss.
        for (StoreRow row : removed) {
            if (row.kind().isRef()) {
                keys.release(row.id());
            }
        }
        for (Path part : children(folder.ingest())) {
            if (name(part).endsWith(PartialFile.SUFFIX) && isAbandoned(part)) {
                trash.add(part);
            }
        }
        Set<Path> all = new HashSet<>(trash);
        all.addAll(children(folder.trash()));
        long freed = 0;
        for (Path path : all) {
            freed += DiskUse.of(path);
            TemporaryDirectory.deleteTree(path);
        }
        return new PruneResult(removed, freed);
    }

    private boolean remove(StoreRow row, List<Path> trash) throws IOException {
        return switch (row.kind()) {
            case RESULT, PULLED -> discard(folder.ref(row.id()), trash);
            case CACHE -> removeNamed(row, folder.caches(), trash);
            case STEPS -> removeNamed(row, folder.steps(), trash);
        };
    }

    private boolean removeNamed(StoreRow row, Path parent, List<Path> trash) throws IOException {
        Locked locked = new Locked();
        Path path = parent.resolve(row.id());
        try {
            return !lock(row.kind(), path, row.description(), locked) && discard(path, trash);
        } finally {
            locked.close();
        }
    }

    /** Moves something to where it is nothing any more; it is deleted when others need not wait. */
    private boolean discard(Path path, List<Path> trash) throws IOException {
        Path to = folder.trash().resolve(UniqueNames.next());
        try {
            Files.move(path, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return false;
        }
        trash.add(to);
        return true;
    }

    /** Removes the blobs that no ref knows; of what came while it was looked, nothing. */
    private void removeBlobs(
            List<Listed> before, Set<String> gone, Holds.Leases leases, Instant began, List<Path> trash)
            throws IOException {
        Set<Digest> known = new HashSet<>();
        Set<Path> seen = new HashSet<>();
        Instant clock = began.minusSeconds(2);
        for (Listed ref : before) {
            if (ref.used().isBefore(clock)) {
                seen.add(ref.path());
                if (!gone.contains(name(ref.path()))) {
                    known.addAll(blobsOf(ref));
                }
            }
        }
        for (Path path : children(folder.refs())) {
            if (!seen.contains(path)) {
                try {
                    known.addAll(blobsOf(new Listed(path, Optional.of(RefNotes.read(path)), began)));
                } catch (DamagedRefException e) {
                    // Nobody can ask it for layers.
                }
            }
        }
        for (Path algorithm : children(Objects.requireNonNull(folder.blobs().getParent()))) {
            for (Path blob : children(algorithm)) {
                Optional<Digest> digest = Digest.tryParse(name(algorithm) + ":" + name(blob));
                boolean needed = digest.isPresent()
                        ? known.contains(digest.get())
                                || leases.held().contains(digest.get().toString())
                        : !isAbandoned(blob);
                if (!needed) {
                    discard(blob, trash);
                }
            }
        }
    }

    private void removeScratch(Holds.Leases leases, List<Path> trash) throws IOException {
        for (Path scratch : children(folder.scratch())) {
            String name = name(scratch);
            int dot = name.indexOf('.');
            if (dot > 0 ? !leases.live().contains(name.substring(0, dot)) : isAbandoned(scratch)) {
                discard(scratch, trash);
            }
        }
    }

    private static boolean isAbandoned(Path path) throws IOException {
        try {
            return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(Instant.now().minus(ABANDONED));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * What lies there that nobody needs, for people; the next prune removes it.
     *
     * @throws IOException if the store cannot be read
     */
    List<String> leftovers() throws IOException {
        Holds.Leases leases = leases();
        Set<Digest> known = new HashSet<>(knownBlobs(refs()).keySet());
        List<String> found = new ArrayList<>();
        for (Path scratch : children(folder.scratch())) {
            int dot = name(scratch).indexOf('.');
            if (dot > 0 && !leases.live().contains(name(scratch).substring(0, dot))) {
                found.add("scratch/" + name(scratch));
            }
        }
        for (Path path : children(folder.trash())) {
            found.add("trash/" + name(path));
        }
        for (Path algorithm : children(Objects.requireNonNull(folder.blobs().getParent()))) {
            for (Path blob : children(algorithm)) {
                Optional<Digest> digest = Digest.tryParse(name(algorithm) + ":" + name(blob));
                if (digest.isPresent()
                        && !known.contains(digest.get())
                        && !leases.held().contains(digest.get().toString())) {
                    found.add("blobs/" + name(algorithm) + "/" + name(blob));
                }
            }
        }
        found.sort(null);
        return found;
    }
}
