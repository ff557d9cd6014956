package dev.cachetool.store;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheInfoLink;
import dev.cachetool.solver.CacheKeyStorage;
import dev.cachetool.solver.CacheResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The keys of a store: {@code fill FOLDER KEYS} saves so many, each with a result and two links, one from the key before it
 * and one from one of 1,000 roots; {@code touch FOLDER KEYS COUNT} follows links to so many of them and loads their results,
 * {@code save FOLDER KEYS COUNT} saves more, {@code release FOLDER KEYS COUNT} lets go of results, {@code compact FOLDER} merges the
 * journal; {@code names FOLDER KEYS COUNT} makes all the names that touch asks for, and nothing else. Prints milliseconds.
 */
final class Keys {
    private static final Timestamp TIME = Timestamp.of(Instant.ofEpochSecond(1_700_000_000));
    private static final int ROOTS = 1_000;

    private Keys() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[1]);
        int keys = args.length > 2 ? Integer.parseInt(args[2]) : 0;
        int count = args.length > 3 ? Integer.parseInt(args[3]) : keys;
        boolean touches = args[0].equals("touch") || args[0].equals("names");
        String[] roots = new String[touches ? count : 0];
        CacheInfoLink[] links = new CacheInfoLink[roots.length];
        for (int k = 0; k < roots.length; k++) {
            int i = (int) ((long) k * 7_919 * 104_729 % keys);
            roots[k] = root(i);
            links[k] = link(0, i);
        }
        if (args[0].equals("names")) {
            return;
        }
        long start = System.nanoTime();
        try (LockFile locks = LockFile.open(folder.resolve("lock"));
                PersistentKeyStorage storage =
                        PersistentKeyStorage.open(folder.resolve("keys"), locks, System.err::println)) {
            time("open", start);
            long work = System.nanoTime();
            switch (args[0]) {
                case "fill" -> save(storage, 0, count);
                case "touch" -> touch(storage, roots, links);
                case "save" -> save(storage, keys, count);
                case "release" -> {
                    for (int i = 0; i < count; i++) {
                        storage.release(id("result", i));
                    }
                    storage.exists("");
                }
                case "compact" -> storage.compact();
                default -> throw new IllegalArgumentException(args[0]);
            }
            time(args[0], work);
            start = System.nanoTime();
        }
        time("close", start);
    }

    private static void time(String what, long start) {
        System.out.println(what + " " + (System.nanoTime() - start) / 10_000 / 100.0 + " ms");
    }

    private static String id(String kind, int i) {
        return Digest.sha256(kind + i).encoded().substring(0, 24);
    }

    private static String root(int i) {
        return Digest.sha256("root " + i % ROOTS).toString();
    }

    private static CacheInfoLink link(int input, int i) {
        return new CacheInfoLink(input, Digest.sha256("record " + i), Optional.empty());
    }

    private static void save(CacheKeyStorage storage, int from, int count) {
        for (int i = from; i < from + count; i++) {
            storage.addLink(root(i), link(0, i), id("key", i));
            storage.addLink(i == 0 ? root(0) : id("key", i - 1), link(1, i), id("key", i));
            storage.addResult(id("key", i), new CacheResult(id("result", i), TIME));
        }
    }

    private static void touch(CacheKeyStorage storage, String[] roots, CacheInfoLink[] links) {
        int[] found = new int[1];
        for (int k = 0; k < roots.length; k++) {
            if (storage.countLinks(roots[k], links[k]) != 1) {
                throw new IllegalStateException("no link from " + roots[k]);
            }
            storage.walkLinks(
                    roots[k],
                    links[k],
                    id -> storage.walkResults(id, result -> {
                        if (storage.load(id, result.id()).isPresent()) {
                            found[0]++;
                        }
                    }));
        }
        if (found[0] != roots.length) {
            throw new IllegalStateException("found " + found[0] + " of " + roots.length);
        }
    }
}
