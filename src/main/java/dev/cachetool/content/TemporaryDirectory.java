package dev.cachetool.content;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** A directory that is removed, with all that is in it, when this is closed. */
public final class TemporaryDirectory implements Closeable {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private final Path path;

    private TemporaryDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes one with an unused name.
     *
     * @param parent where; must be there
     * @param name a part of its name, for people who find it
     */
    public static TemporaryDirectory create(Path parent, String name) throws IOException {
        String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
        return new TemporaryDirectory(
                Files.createDirectory(parent.resolve("." + name + "." + random + AtomicFile.SUFFIX)));
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        deleteTree(path);
    }

    /**
     * Removes whatever stands at the path, a directory with all that is in it, read-only ones too; links are removed, not
     * followed. Nothing there is fine.
     *
     * @throws IOException if something cannot be removed; as much as can be is removed all the same
     */
    public static void deleteTree(Path path) throws IOException {
        Deque<Step> todo = new ArrayDeque<>();
        List<IOException> problems = new ArrayList<>();
        todo.push(new Step(path, false));
        while (!todo.isEmpty()) {
            Step step = todo.pop();
            try {
                if (!step.emptied() && Files.isDirectory(step.path(), LinkOption.NOFOLLOW_LINKS)) {
                    todo.push(new Step(step.path(), true));
                    unlock(step.path());
                    try (DirectoryStream<Path> children = Files.newDirectoryStream(step.path())) {
                        for (Path child : children) {
                            todo.push(new Step(child, false));
                        }
                    }
                } else {
                    Files.deleteIfExists(step.path());
                }
            } catch (DirectoryIteratorException e) {
                problems.add(e.getCause());
            } catch (IOException e) {
                // What is not there any more was removed by somebody else.
                if (!(e instanceof NoSuchFileException)) {
                    problems.add(e);
                }
            }
        }
        if (!problems.isEmpty()) {
            IOException first = problems.get(0);
            problems.stream().skip(1).limit(10).forEach(first::addSuppressed);
            throw first;
        }
    }

    private record Step(Path path, boolean emptied) {}

    /** Lets its owner list and empty the directory. */
    private static void unlock(Path directory) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null) {
            Set<PosixFilePermission> permissions = view.readAttributes().permissions();
            if (!permissions.containsAll(OWNER)) {
                permissions.addAll(OWNER);
                Files.setPosixFilePermissions(directory, permissions);
            }
        }
    }
}
