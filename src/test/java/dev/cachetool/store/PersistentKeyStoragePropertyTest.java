package dev.cachetool.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheInfoLink;
import dev.cachetool.solver.CacheKeyStorage;
import dev.cachetool.solver.CacheResult;
import dev.cachetool.solver.InMemoryCacheKeyStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random changes through several storages on one folder, which are closed, opened and compacted in between, answer as one in
 * memory does. {@code -Dcachetool.seed=N} runs others.
 */
class PersistentKeyStoragePropertyTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20261125);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 2_000 : 20;
    private static final int CHANGES = 400;

    private final List<PersistentKeyStorage> opened = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @TempDir
    Path temp;

    @Test
    void storages_onOneFolder_answerAsOneInMemory() throws IOException {
        System.out.println("PersistentKeyStoragePropertyTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
        try (LockFile locks = LockFile.open(temp.resolve("lock"))) {
            for (int i = 0; i < CASES; i++) {
                try {
                    run(new Random(SEED + i), temp.resolve("keys " + i), locks);
                } finally {
                    for (PersistentKeyStorage keys : opened) {
                        keys.close();
                    }
                    opened.clear();
                }
            }
        }
        assertEquals(List.of(), warnings);
    }

    private void run(Random random, Path folder, LockFile locks) throws IOException {
        CacheKeyStorage model = new InMemoryCacheKeyStorage();
        int names = 2 + random.nextInt(60);
        for (int change = 0; change < CHANGES; change++) {
            if (opened.isEmpty() || (opened.size() < 3 && random.nextInt(20) == 0)) {
                opened.add(PersistentKeyStorage.open(folder, locks, warnings::add));
            }
            PersistentKeyStorage keys = opened.get(random.nextInt(opened.size()));
            switch (random.nextInt(40)) {
                case 0 -> keys.compact();
                case 1 -> {
                    keys.close();
                    opened.remove(keys);
                }
                case 2, 3, 4, 5 -> {
                    String result = result(random, names);
                    model.release(result);
                    keys.release(result);
                }
                case 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 -> {
                    String key = key(random, names);
                    CacheResult result = new CacheResult(result(random, names), time(random));
                    model.addResult(key, result);
                    keys.addResult(key, result);
                }
                case 16, 17, 18 -> compare(random, names, model, keys);
                default -> {
                    String key = key(random, names);
                    CacheInfoLink link = link(random);
                    String target = key(random, names);
                    model.addLink(key, link, target);
                    keys.addLink(key, link, target);
                }
            }
            if (opened.contains(keys)) {
                // Links and releases are for others to see once the one that made them is asked.
                keys.exists("anything");
            }
        }
        for (PersistentKeyStorage keys : opened) {
            assertEquals(PersistentKeyStorageTest.dump(model), PersistentKeyStorageTest.dump(keys));
        }
    }

    private static String key(Random random, int names) {
        int number = random.nextInt(names);
        return switch (number % 3) {
            case 0 -> Digest.sha256("key " + number).toString();
            case 1 -> String.format("%024x", number);
            default -> "key " + number;
        };
    }

    private static String result(Random random, int names) {
        return String.format("%08x", random.nextInt(names));
    }

    private static Timestamp time(Random random) {
        return Timestamp.of(Instant.ofEpochSecond(1_700_000_000L + random.nextInt(3), random.nextInt(2)));
    }

    private static CacheInfoLink link(Random random) {
        Optional<Digest> selector =
                random.nextInt(3) == 0 ? Optional.of(Digest.sha256("selector " + random.nextInt(2))) : Optional.empty();
        return new CacheInfoLink(random.nextInt(2), Digest.sha256("record " + random.nextInt(3)), selector);
    }

    private static void compare(Random random, int names, CacheKeyStorage model, CacheKeyStorage keys) {
        String key = key(random, names);
        String other = key(random, names);
        String result = result(random, names);
        CacheInfoLink link = link(random);
        List<Function<CacheKeyStorage, Object>> questions = List.of(
                each -> each.exists(key),
                each -> each.countLinks(key, link),
                each -> each.hasLink(key, link, other),
                each -> each.load(key, result),
                each -> {
                    TreeSet<String> found = new TreeSet<>();
                    each.walkLinks(key, link, found::add);
                    return found;
                },
                each -> {
                    TreeSet<String> found = new TreeSet<>();
                    each.walkIdsByResult(result, found::add);
                    return found;
                },
                PersistentKeyStorageTest::dump);
        for (Function<CacheKeyStorage, Object> question : questions) {
            assertEquals(question.apply(model), question.apply(keys));
        }
    }
}
