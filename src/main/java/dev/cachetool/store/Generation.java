package dev.cachetool.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A base, the journal on it, and what the two say together. The latest generation of a folder is the one whose journal has
 * the highest number; one that is not, says so at the end of its journal. Not for several threads.
 */
final class Generation implements Closeable {
    private static final String JOURNAL = "journal-";
    private static final String BASE = "base-";

    private final long number;
    private final Path journalFile;
    private final Path baseFile;
    private final Base base;
    private final Journal journal;
    private final KeyGraph graph;
    private boolean sealed;

    private Generation(Path folder, long number, Base base, Journal journal) {
        this.number = number;
        this.journalFile = journal(folder, number);
        this.baseFile = base(folder, number);
        this.base = base;
        this.journal = journal;
        this.graph = new KeyGraph(base);
    }

    static Path journal(Path folder, long number) {
        return folder.resolve(JOURNAL + number);
    }

    static Path base(Path folder, long number) {
        return folder.resolve(BASE + number);
    }

    /** The number of the latest generation; -1 where there is none. */
    static long latest(Path folder) throws IOException {
        long latest = -1;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                latest = Math.max(latest, number(file, JOURNAL));
            }
        }
        return latest;
    }

    private static long number(Path file, String prefix) {
        String name = Objects.requireNonNull(file.getFileName()).toString();
        if (!name.startsWith(prefix)) {
            return -1;
        }
        try {
            return Long.parseLong(name.substring(prefix.length()));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Removes the files of all generations before this one. Whoever has them open reads on. */
    static void removeBefore(Path folder, long number) throws IOException {
        List<Path> old = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                long other = Math.max(number(file, JOURNAL), number(file, BASE));
                if (other >= 0 && other < number) {
                    old.add(file);
                }
            }
        }
        for (Path file : old) {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Opens a generation, without reading its journal.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there (any more)
     * @throws NotAStoreException if a newer version of the program wrote it
     * @throws DamagedKeysException if it cannot be used
     * @throws IOException if it cannot be read
     */
    static Generation open(Path folder, long number) throws IOException {
        Path file = journal(folder, number);
        Journal journal = Journal.open(file);
        try {
            Base base = journal.stamp() == 0 ? Base.empty() : Base.open(base(folder, number));
            if (base.stamp() != journal.stamp()) {
                throw new DamagedKeysException(file, "it belongs to another base");
            }
            return new Generation(folder, number, base, journal);
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    long number() {
        return number;
    }

    KeyGraph graph() {
        return graph;
    }

    /** How many bytes its journal has, as far as it was read. */
    long journalBytes() {
        return journal.end();
    }

    /** What its journal stands on. */
    Base base() {
        return base;
    }

    /** Whether there is a later one. */
    boolean isSealed() {
        return sealed;
    }

    /**
     * Reads all that was appended since the last time.
     *
     * @throws DamagedKeysException if that is no change of this generation
     * @throws IOException if it cannot be read
     */
    void read() throws IOException {
        read(graph);
    }

    /** Reads what others said that they appended since the last time; throws as {@link #read()}. */
    void look() throws IOException {
        if (journal.hasMore()) {
            read(graph);
        }
    }

    /** Reads what was appended since the last time, and gives it; throws as {@link #read()}. */
    List<Change> readChanges() throws IOException {
        List<Change> changes = new ArrayList<>();
        read(new ChangeSink() {
            @Override
            public void link(int source, int info, int target) {
                changes.add(new Change.Link(
                        graph.keys().name(source),
                        graph.infos().name(info),
                        graph.keys().name(target)));
                graph.link(source, info, target);
            }

            @Override
            public void result(int key, int time, int result) {
                changes.add(new Change.Result(
                        graph.keys().name(key),
                        graph.times().name(time),
                        graph.results().name(result)));
                graph.result(key, time, result);
            }

            @Override
            public void release(int result) {
                changes.add(new Change.Release(graph.results().name(result)));
                graph.release(result);
            }
        });
        return changes;
    }

    private void read(ChangeSink sink) throws IOException {
        ChangeReader reader = new ChangeReader(graph, sink);
        try {
            journal.read((bytes, from, to) -> sealed |= reader.read(bytes, from, to));
        } catch (RuntimeException e) {
            throw damaged(e);
        }
    }

    /**
     * Answers a question about the graph.
     *
     * @throws DamagedKeysException if what is read for it cannot be what was written
     */
    <T> T answer(Supplier<T> question) throws DamagedKeysException {
        try {
            return question.get();
        } catch (RuntimeException e) {
            throw damaged(e);
        }
    }

    /** What was read of the base led somewhere where nothing is: numbers of entries, lengths, texts. */
    private DamagedKeysException damaged(RuntimeException e) {
        Path file = journal.stamp() == 0 ? journalFile : baseFile;
        DamagedKeysException damaged = new DamagedKeysException(file, "an entry of it is wrong");
        damaged.initCause(e);
        return damaged;
    }

    /**
     * Appends changes, in one frame. The caller has the lock, has read all there is, and knows this to be the latest
     * generation.
     *
     * @throws DamagedKeysException if what is there cannot be what was written
     * @throws IOException if they cannot be written
     */
    void append(Collection<Change> changes) throws IOException {
        byte[] bytes = answer(() -> {
            ChangeWriter writer = new ChangeWriter(graph);
            changes.forEach(writer::write);
            return writer.bytes();
        });
        journal.append(bytes);
        answer(() -> new ChangeReader(graph, graph).read(bytes, 0, bytes.length));
    }

    /**
     * Writes a base of what there is, which appears whole or not at all.
     *
     * @throws DamagedKeysException if what is there cannot be what was written
     * @throws IOException if it cannot be written
     */
    void writeBase(long newStamp, Path file) throws IOException {
        try {
            BaseWriter.write(graph, newStamp, file);
        } catch (RuntimeException e) {
            throw damaged(e);
        }
    }

    /** Says that there is a later one; the caller has the lock. */
    void seal() throws IOException {
        journal.append(ChangeWriter.seal());
        sealed = true;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
