package dev.cachetool.store;

import dev.cachetool.content.FileTree;
import dev.cachetool.content.TarEntry;
import dev.cachetool.content.TarWriter;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A process that does one thing after the other with a store that others use and prune: commits, pulls, holds and reads,
 * prunes, verifies. It prints a line for each, and one that begins with WRONG where what it holds is not what it was.
 */
final class StoreProcess {
    private final Store store;
    private final Random random;
    private final CountedBlobs elsewhere = new CountedBlobs();
    private final List<String> ids = new ArrayList<>();

    private StoreProcess(Store store, Random random) {
        this.store = store;
        this.random = random;
    }

    /**
     * Begins.
     *
     * @param args the folder of the store, the seed, how many operations
     */
    public static void main(String[] args) throws IOException {
        try (Store store = Store.open(Path.of(args[0]), warning -> {})) {
            StoreProcess process = new StoreProcess(store, new Random(Long.parseLong(args[1])));
            for (int i = Integer.parseInt(args[2]); i > 0; i--) {
                System.out.println(process.next());
            }
        }
    }

    private String next() throws IOException {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> commit();
            case 3, 4 -> pull();
            case 5, 6, 7 -> read();
            case 8 -> prune();
            default -> verify();
        };
    }

    private String commit() throws IOException {
        MutableRef ref = store.refs().create("step");
        int files = 1 + random.nextInt(20);
        for (int i = 0; i < files; i++) {
            Trees.write(ref.folder(), "d" + i % 3 + "/" + i, "content " + random.nextInt());
        }
        LocalImmutableRef committed =
                ref.commit(Trees.of(ref.folder()), RefMetadata.of("step", Instant.EPOCH.plusSeconds(1)));
        String problem = check(committed);
        ids.add(committed.id());
        committed.release();
        return problem + "commit";
    }

    private String pull() throws IOException {
        List<Descriptor> layers = List.of(layer(random.nextInt(5)), layer(5 + random.nextInt(3)));
        RemoteImmutableRef ref =
                store.refs().remote(layers, elsewhere, RefMetadata.of("pulled", Instant.EPOCH.plusSeconds(1)));
        String problem = check(ref);
        ids.add(ref.id());
        ref.release();
        return problem + "pull";
    }

    /** One of a few layers, which every process has. */
    private Descriptor layer(int number) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(bytes);
        for (int i = 0; i < 10; i++) {
            byte[] content = ("layer " + number + " file " + i).repeat(50).getBytes(StandardCharsets.UTF_8);
            tar.entry(TarEntry.file("l" + number + "/" + i, 0644, content.length));
            tar.write(content, 0, content.length);
        }
        tar.finish();
        byte[] blob = bytes.toByteArray();
        return elsewhere.put(
                Descriptor.of(MediaTypes.OCI_LAYER, blob)
                        .withAnnotation(
                                Annotations.UNCOMPRESSED, Digest.sha256(blob).toString()),
                blob);
    }

    private String read() throws IOException {
        if (ids.isEmpty()) {
            return "nothing to read";
        }
        Optional<ImmutableRef> found = store.refs().find(ids.get(random.nextInt(ids.size())));
        if (found.isEmpty()) {
            return "gone";
        }
        String problem = check(found.get());
        found.get().release();
        return problem + "read";
    }

    /** What is wrong with a ref that is held; empty if nothing is. */
    private static String check(ImmutableRef ref) throws IOException {
        FileTree tree = ref.tree();
        for (TreeEntry entry : tree.entries()) {
            if (entry.digest().isPresent()) {
                byte[] bytes = Files.readAllBytes(ref.mount().resolve(entry.path()));
                if (!Digest.sha256(bytes).equals(entry.digest().get())) {
                    return "WRONG " + ref.id() + " " + entry.path() + " ";
                }
            }
        }
        return "";
    }

    private String prune() throws IOException {
        List<StoreRow> rows = store.list();
        List<StoreRow> some = PrunePolicy.all().victims(rows, Instant.now());
        store.prune(some.subList(0, random.nextInt(some.size() + 1)));
        return "prune";
    }

    private String verify() throws IOException {
        StoreCheck check = store.verify(true);
        return check.problems().isEmpty() ? "verify" : "WRONG " + check.problems();
    }
}
