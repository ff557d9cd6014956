package dev.cachetool.step;

import dev.cachetool.graph.ExecOp;
import dev.cachetool.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The cache folders of a step, its own until this is closed. */
final class CacheFolders implements Closeable {
    private final List<Store.CacheFolder> taken = new ArrayList<>();
    private final Map<String, Path> byVariable = new TreeMap<>();

    private CacheFolders() {}

    /**
     * Takes them, in the order of their names, so that no two steps wait for each other.
     *
     * @throws java.io.InterruptedIOException if the thread was interrupted while it waited
     */
    static CacheFolders take(Store store, ExecOp op) throws IOException {
        CacheFolders folders = new CacheFolders();
        boolean done = false;
        try {
            TreeSet<String> names = new TreeSet<>();
            op.caches().forEach(cache -> names.add(cache.name()));
            for (String name : names) {
                Store.CacheFolder folder = store.cacheFolder(name);
                folders.taken.add(folder);
                for (ExecOp.CacheFolder cache : op.caches()) {
                    if (cache.name().equals(name)) {
                        folders.byVariable.put(cache.env(), folder.folder().toAbsolutePath());
                    }
                }
            }
            done = true;
            return folders;
        } finally {
            if (!done) {
                folders.close();
            }
        }
    }

    /** The folders by the variables that tell the step of them. */
    Map<String, Path> byVariable() {
        return Collections.unmodifiableMap(byVariable);
    }

    @Override
    public void close() throws IOException {
        IOException problem = null;
        for (Store.CacheFolder folder : taken) {
            try {
                folder.close();
            } catch (IOException e) {
                if (problem == null) {
                    problem = e;
                } else {
                    problem.addSuppressed(e);
                }
            }
        }
        if (problem != null) {
            throw problem;
        }
    }
}
