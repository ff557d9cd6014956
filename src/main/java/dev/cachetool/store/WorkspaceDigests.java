package dev.cachetool.store;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.content.AtomicFile;
import dev.cachetool.content.FileNames;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers digests of the files of a workspace in a file of the store, which is replaced when this is closed, if something
 * changed. Where several processes do that at once, what each of them added is kept.
 *
 * <p>A file that is written twice within one tick of its file system's clock looks the same after both. So the digest of a file
 * is remembered only if its last change, content or attributes, had been more than such a tick ago already when this was
 * opened, and so before the file was read: {@link #FINE} where the time of the change has a fraction of a second, else
 * {@link #COARSE}. The clocks of this machine and of the file system must not differ by more. Of {@link FileStamp} all must
 * be the same; the system itself keeps the time of the last change, programs cannot set it.
 *
 * <p>What was of no use for {@link #KEPT} days is forgotten: files that are gone, and whole workspaces.
 */
final class WorkspaceDigests implements FileDigests, Closeable {
    private static final String PREFIX = "files-";
    private static final int NAME = 16;
    private static final int KEPT = 30;
    /** After so many days it is written down that an entry is of use. */
    private static final int NOTED = 7;

    private static final Duration FINE = Duration.ofMillis(100);
    private static final Duration COARSE = Duration.ofSeconds(2);
    private static final long NANOS = 1_000_000_000;

    private final Path file;
    private final LockFile locks;
    private final long opened;
    private final int today;
    private final FileMemo memo;
    private final Map<Name, FileMemo.Entry> added = new ConcurrentHashMap<>();
    /** By place in the memo; bytes, since several threads may set one each without a lock. */
    private final byte[] used;

    private volatile boolean isOld;

    private WorkspaceDigests(Path file, LockFile locks, Instant now, FileMemo memo) {
        this.file = file;
        this.locks = locks;
        this.opened = Math.addExact(Math.multiplyExact(now.getEpochSecond(), NANOS), now.getNano());
        this.today = (int) Duration.between(Instant.EPOCH, now).toDays();
        this.memo = memo;
        this.used = new byte[memo.count()];
    }

    /**
     * Opens what is remembered of a workspace.
     *
     * @param folder where the files of all workspaces are
     * @param locks of the store, open as long as this is
     * @throws IOException if the folder cannot be made
     */
    static WorkspaceDigests open(Path folder, Path workspace, LockFile locks, Clock clock) throws IOException {
        Files.createDirectories(folder);
        String name = Digest.sha256(workspace.toString()).encoded().substring(0, NAME);
        Path file = folder.resolve(PREFIX + name);
        return new WorkspaceDigests(file, locks, clock.instant(), read(file));
    }

    private static FileMemo read(Path file) {
        try {
            return FileMemo.open(file);
        } catch (IOException e) {
            // Not there, or not to be used: then the files are read again, and it is replaced.
            return FileMemo.empty();
        }
    }

    /**
     * What is wrong with the files of a folder, by their names; reads all of them.
     *
     * @throws IOException if they cannot be read
     */
    static Map<String, String> verify(Path folder) throws IOException {
        Map<String, String> problems = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : files) {
                boolean isWhole;
                try {
                    isWhole = FileMemo.open(file).isWhole();
                } catch (NoSuchFileException e) {
                    continue;
                } catch (DamagedKeysException e) {
                    isWhole = false;
                }
                if (!isWhole) {
                    String name = Objects.requireNonNull(file.getFileName()).toString();
                    problems.put(name, "has other bytes than were written; it is replaced when it is needed");
                }
            }
        }
        return problems;
    }

    private static Name name(String path) {
        return Name.of(FileNames.encode(path));
    }

    @Override
    public Optional<Digest> find(String path, FileStamp stamp) {
        Name name = name(path);
        FileMemo.Entry entry = added.get(name);
        if (entry == null) {
            int place = memo.find(name);
            entry = place < 0 ? null : memo.entry(name, place).orElse(null);
            if (entry != null && entry.stamp().equals(stamp)) {
                used[place] = 1;
                if (entry.day() <= today - NOTED) {
                    isOld = true;
                }
            }
        }
        return entry != null && entry.stamp().equals(stamp) ? Optional.of(entry.digest()) : Optional.empty();
    }

    @Override
    public void put(String path, FileStamp stamp, Digest digest) {
        long grain = (stamp.changed() % NANOS == 0 ? COARSE : FINE).toNanos();
        if (digest.algorithm() == Algorithm.SHA256 && stamp.changed() < opened - grain) {
            added.put(name(path), new FileMemo.Entry(stamp, digest, today));
        }
    }

    /** Writes what changed. Where that cannot be, the files are read again the next time. */
    @Override
    public void close() {
        if (added.isEmpty() && !isOld) {
            return;
        }
        try {
            LockFile.Held held = locks.exclusive(LockFile.slot(file.toString()));
            try (held) {
                // Another process may have replaced it meanwhile.
                FileMemo latest = read(file);
                if (!latest.isWhole()) {
                    latest = FileMemo.empty();
                }
                latest.write(file, added, usedIn(latest), today, KEPT);
                removeForgotten();
            }
        } catch (IOException e) {
            // A full disk, say: what a run has done does not depend on this.
            return;
        }
    }

    private BitSet usedIn(FileMemo latest) {
        BitSet places = new BitSet();
        for (int place = 0; place < used.length; place++) {
            int there = used[place] == 0 ? -1 : latest.find(memo.path(place));
            if (there >= 0) {
                places.set(there);
            }
        }
        return places;
    }

    /** Removes the files of workspaces that nothing was remembered of for long, and what kills left. */
    private void removeForgotten() throws IOException {
        Path folder = Objects.requireNonNull(file.getParent());
        AtomicFile.removeAbandoned(folder, "");
        Instant forgotten = Instant.EPOCH.plus(Duration.ofDays(today - KEPT - NOTED));
        List<Path> old = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path other : files) {
                if (Files.getLastModifiedTime(other).toInstant().isBefore(forgotten)) {
                    old.add(other);
                }
            }
        }
        for (Path other : old) {
            Files.deleteIfExists(other);
        }
    }
}
