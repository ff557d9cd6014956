package dev.cachetool.store;

import dev.cachetool.content.AtomicFile;
import dev.cachetool.solver.CacheInfoLink;
import dev.cachetool.solver.CacheKeyStorage;
import dev.cachetool.solver.CacheResult;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps keys, links and results in a folder that several processes share: what one of them adds, the others find as soon as
 * they ask. Opening it maps a file of any size and reads a short journal.
 *
 * <p>A result is in the journal when {@link #addResult} returns, with all links that were added before it, in one piece: a
 * kill loses all of it or nothing. Links and releases alone are written before the next question is answered, with the next
 * result, or when this is closed. What was written outlives the process; it is not synced, so that a failing machine may lose
 * the last results, but never leaves a part of one. Where the journal cannot be written, {@link #addResult} throws; questions are
 * answered without what could not be written. Whatever cannot be read throws an {@link UncheckedIOException}.
 *
 * <p>Files that are damaged are left: what they held is not found any more, a warning says so, and all begins anew.
 */
final class PersistentKeyStorage implements CacheKeyStorage, Closeable {
    /** How many bytes a journal may have before it is merged into a new base, and for how many links of the base one more. */
    private static final long JOURNAL_BYTES = 256 * 1024;

    private static final long LINKS_A_BYTE = 2;
    /** After how many changes they are written though nobody asks for it. */
    private static final int MOST_PENDING = 1_000;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;
    private final LockFile locks;
    private final Consumer<String> warnings;
    private final long writeLock;
    private final long compactionLock;
    private final List<Change> pending = new ArrayList<>();
    /** Whether any of what is pending may take links away. */
    private boolean releasing;

    private Generation current;
    private boolean hasWriteLock;
    private boolean closed;

    private PersistentKeyStorage(Path folder, LockFile locks, Consumer<String> warnings) throws IOException {
        this.folder = folder;
        this.locks = locks;
        this.warnings = warnings;
        this.writeLock = LockFile.slot("keys");
        this.compactionLock = LockFile.slot("keys compaction");
        this.current = latest();
    }

    /**
     * Opens what is kept in a folder, and makes it where nothing is.
     *
     * @param locks of the store, open as long as this is
     * @param warnings takes a line about what is lost
     * @throws NotAStoreException if a newer version of the program wrote it
     * @throws IOException if it cannot be made or read
     */
    static PersistentKeyStorage open(Path folder, LockFile locks, Consumer<String> warnings) throws IOException {
        Files.createDirectories(folder);
        return new PersistentKeyStorage(folder, locks, warnings);
    }

    /** Opens the latest generation, and reads it. */
    private Generation latest() throws IOException {
        while (true) {
            long number = Generation.latest(folder);
            if (number < 0) {
                begin(0);
                continue;
            }
            try {
                return latest(number);
            } catch (NoSuchFileException | DamagedKeysException e) {
                // Where there is a later one, this one was removed while it was opened.
                if (Generation.latest(folder) == number) {
                    abandon(number, e);
                }
            }
        }
    }

    private Generation latest(long number) throws IOException {
        Generation opened = Generation.open(folder, number);
        try {
            opened.read();
            if (opened.isSealed()) {
                throw new DamagedKeysException(Generation.journal(folder, number), "what comes after it is gone");
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /** Makes the generation, empty, unless there is one of that number or a higher one; says whether it did. */
    private boolean begin(long number) throws IOException {
        LockFile.Held held = lock();
        try (held) {
            if (Generation.latest(folder) >= number) {
                return false;
            }
            Journal.create(Generation.journal(folder, number), 0);
            return true;
        }
    }

    /** The lock of those who write; taken again by whoever has it, it is the same. */
    private LockFile.Held lock() throws IOException {
        if (hasWriteLock) {
            return () -> {};
        }
        LockFile.Held held = locks.exclusive(writeLock);
        hasWriteLock = true;
        return () -> {
            hasWriteLock = false;
            held.close();
        };
    }

    private void abandon(long number, Exception why) throws IOException {
        if (begin(number + 1)) {
            warnings.accept(why.getMessage() + "; what the store knew of earlier steps is lost");
        }
    }

    /** Reads what others appended, all of it before something is written, and goes on to the generation that they went on to. */
    private void look() throws IOException {
        if (closed) {
            throw new IllegalStateException("the keys in " + folder + " were closed");
        }
        try {
            if (hasWriteLock) {
                current.read();
            } else {
                current.look();
            }
        } catch (DamagedKeysException e) {
            abandon(current.number(), e);
            move();
        }
        if (current.isSealed()) {
            move();
        }
    }

    private void move() throws IOException {
        Generation next = latest();
        current.close();
        current = next;
    }

    /** Writes what is pending. */
    private void write() throws IOException {
        if (pending.isEmpty()) {
            return;
        }
        LockFile.Held held = lock();
        try (held) {
            look();
            // Who made a later one may have died before it could say so here.
            if (Generation.latest(folder) > current.number()) {
                move();
            }
            try {
                current.append(pending);
            } catch (DamagedKeysException e) {
                abandon(current.number(), e);
                move();
                current.append(pending);
            }
            pending.clear();
            releasing = false;
        }
    }

    /** An answer from all that is there by now. */
    private synchronized <T> T ask(Supplier<T> question) {
        try {
            try {
                write();
            } catch (IOException e) {
                // It is tried again with the next result, which says so.
            }
            look();
            try {
                return current.answer(question);
            } catch (DamagedKeysException e) {
                abandon(current.number(), e);
                move();
                return current.answer(question);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int key(String id) {
        return current.graph().keys().find(Name.of(id));
    }

    @Override
    public boolean exists(String id) {
        return ask(() -> {
            int key = key(id);
            return key >= 0 && current.graph().exists(key);
        });
    }

    @Override
    public void walk(Consumer<String> visitor) {
        List<String> ids = ask(() -> {
            List<String> found = new ArrayList<>();
            Names keys = current.graph().keys();
            for (int key = 0; key < keys.count(); key++) {
                if (current.graph().exists(key)) {
                    found.add(keys.name(key).text());
                }
            }
            return found;
        });
        ids.forEach(visitor);
    }

    @Override
    public void walkResults(String id, Consumer<CacheResult> visitor) {
        List<CacheResult> results = ask(() -> {
            int key = key(id);
            if (key < 0) {
                return List.of();
            }
            List<CacheResult> found = new ArrayList<>(1);
            for (int index : current.graph().records().ofFirst(key)) {
                found.add(result(index));
            }
            return found;
        });
        results.forEach(visitor);
    }

    private CacheResult result(int index) {
        KeyGraph graph = current.graph();
        return new CacheResult(
                graph.results().name(graph.records().third(index)).text(),
                graph.times().name(graph.records().second(index)).time());
    }

    @Override
    public Optional<CacheResult> load(String id, String resultId) {
        return ask(() -> {
            int key = key(id);
            int result = current.graph().results().find(Name.of(resultId));
            int index = key < 0 || result < 0 ? -1 : current.graph().record(key, result);
            return index < 0 ? Optional.empty() : Optional.of(result(index));
        });
    }

    @Override
    public synchronized void addResult(String id, CacheResult result) {
        Change.Result added = new Change.Result(Name.of(id), Name.of(result.createdAt()), Name.of(result.id()));
        pending.add(added);
        try {
            write();
        } catch (IOException e) {
            pending.remove(added);
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void release(String resultId) {
        releasing = true;
        later(new Change.Release(Name.of(resultId)));
    }

    @Override
    public synchronized void addLink(String id, CacheInfoLink link, String target) {
        Change.Link added = new Change.Link(Name.of(id), Name.of(link), Name.of(target));
        try {
            if (!releasing && current.answer(() -> isThere(added))) {
                return;
            }
        } catch (DamagedKeysException e) {
            // The next question finds that out as well, and may go on elsewhere.
        }
        later(added);
    }

    private boolean isThere(Change.Link link) {
        KeyGraph graph = current.graph();
        int source = graph.keys().find(link.source());
        int info = graph.infos().find(link.info());
        int target = graph.keys().find(link.target());
        return source >= 0 && info >= 0 && target >= 0 && graph.links().contains(source, info, target);
    }

    private void later(Change change) {
        pending.add(change);
        if (pending.size() >= MOST_PENDING) {
            try {
                write();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void walkLinks(String id, CacheInfoLink link, Consumer<String> visitor) {
        List<String> targets = ask(() -> {
            KeyGraph graph = current.graph();
            int key = key(id);
            int info = graph.infos().find(Name.of(link));
            if (key < 0 || info < 0) {
                return List.of();
            }
            List<String> found = new ArrayList<>(1);
            for (int index : graph.links().ofPair(key, info)) {
                found.add(graph.keys().name(graph.links().third(index)).text());
            }
            return found;
        });
        targets.forEach(visitor);
    }

    @Override
    public int countLinks(String id, CacheInfoLink link) {
        return ask(() -> {
            int key = key(id);
            int info = current.graph().infos().find(Name.of(link));
            return key < 0 || info < 0 ? 0 : current.graph().links().countOfPair(key, info);
        });
    }

    @Override
    public boolean hasLink(String id, CacheInfoLink link, String target) {
        return ask(() -> isThere(new Change.Link(Name.of(id), Name.of(link), Name.of(target))));
    }

    @Override
    public void walkBacklinks(String id, BiConsumer<String, CacheInfoLink> visitor) {
        record Backlink(String source, CacheInfoLink link) {}
        List<Backlink> backlinks = ask(() -> {
            KeyGraph graph = current.graph();
            int key = key(id);
            if (key < 0) {
                return List.of();
            }
            List<Backlink> found = new ArrayList<>(2);
            for (int index : graph.links().ofThird(key)) {
                found.add(new Backlink(
                        graph.keys().name(graph.links().first(index)).text(),
                        graph.infos().name(graph.links().second(index)).link()));
            }
            return found;
        });
        for (Backlink back : backlinks) {
            visitor.accept(back.source(), back.link());
        }
    }

    @Override
    public void walkIdsByResult(String resultId, Consumer<String> visitor) {
        List<String> ids = ask(() -> {
            KeyGraph graph = current.graph();
            int result = graph.results().find(Name.of(resultId));
            if (result < 0) {
                return List.of();
            }
            List<String> found = new ArrayList<>(1);
            for (int index : graph.records().ofThird(result)) {
                found.add(graph.keys().name(graph.records().first(index)).text());
            }
            return found;
        });
        ids.forEach(visitor);
    }

    /**
     * Writes what is pending, and merges the journal into a new base: what was released is then gone from the disk. Only
     * writes while another process merges.
     *
     * @throws IOException if it cannot be written; what was there stays
     */
    synchronized void compact() throws IOException {
        write();
        Optional<LockFile.Held> free = locks.tryExclusive(compactionLock);
        if (free.isEmpty()) {
            return;
        }
        LockFile.Held held = free.get();
        try (held) {
            look();
            Generation from = current;
            try {
                if (!from.base().isWhole()) {
                    throw new DamagedKeysException(
                            Generation.base(folder, from.number()), "it has other bytes than were written");
                }
                compact(from);
            } catch (DamagedKeysException e) {
                abandon(from.number(), e);
            }
            move();
        }
    }

    private void compact(Generation from) throws IOException {
        long number = from.number() + 1;
        Path file = Generation.base(folder, number);
        AtomicFile.removeAbandoned(folder, "");
        // Odd, so that it is not that of a generation without a base.
        long stamp = RANDOM.nextLong() | 1;
        from.writeBase(stamp, file);
        LockFile.Held held = lock();
        try (held) {
            if (Generation.latest(folder) >= number) {
                Files.deleteIfExists(file);
                return;
            }
            // What others appended meanwhile.
            ChangeWriter more = new ChangeWriter(new KeyGraph(Base.open(file)));
            from.readChanges().forEach(more::write);
            byte[] frame = more.bytes();
            Path journal = Generation.journal(folder, number);
            if (frame.length == 0) {
                Journal.create(journal, stamp);
            } else {
                Journal.create(journal, stamp, frame);
            }
            from.seal();
            Generation.removeBefore(folder, number);
        }
    }

    /**
     * What is wrong with the files that it reads and those of file digests, as half a sentence by the file's name; reads all
     * of them.
     *
     * @throws IOException if they cannot be read
     */
    synchronized Map<String, String> verify() throws IOException {
        look();
        Map<String, String> problems = new TreeMap<>();
        if (!current.base().isWhole()) {
            problems.put("base-" + current.number(), "has other bytes than were written");
        }
        problems.putAll(WorkspaceDigests.verify(folder));
        return problems;
    }

    /**
     * Writes what is pending, and merges a journal that has grown long.
     *
     * @throws IOException if what is pending cannot be written
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            write();
            if (current.journalBytes() > JOURNAL_BYTES + current.base().links().count() / LINKS_A_BYTE) {
                mergeIfPossible();
            }
        } finally {
            closed = true;
            current.close();
        }
    }

    private void mergeIfPossible() {
        try {
            compact();
        } catch (IOException e) {
            // The journal stays, and whoever closes it next tries again: nothing is lost, and nobody asked for this.
            return;
        }
    }
}
