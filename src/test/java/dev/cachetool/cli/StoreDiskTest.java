package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.Blob;
import dev.cachetool.content.Compression;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.InMemoryContentStore;
import dev.cachetool.content.LayerPacker;
import dev.cachetool.content.PackedLayer;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.store.LocalImmutableRef;
import dev.cachetool.store.MutableRef;
import dev.cachetool.store.RefMetadata;
import dev.cachetool.store.RemoteImmutableRef;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a disk that is full, or cannot be written. */
final class StoreDiskTest {
    private static final RefMetadata METADATA = RefMetadata.of("step", Instant.parse("2026-03-04T05:06:07Z"));

    @TempDir
    private Path folder;

    private static FileTree tree(int files, int bytes) {
        return FileTree.of(Stream.iterate(0, i -> i + 1)
                .limit(files)
                .map(i -> TreeEntry.file("f" + i, 0644, bytes))
                .toList());
    }

    private static void fill(Path to, int files, int bytes) throws IOException {
        for (int i = 0; i < files; i++) {
            byte[] content = new byte[bytes];
            new Random(i).nextBytes(content);
            Files.write(to.resolve("f" + i), content);
        }
    }

    private static List<String> names(Path at) throws IOException {
        try (Stream<Path> found = Files.list(at)) {
            return found.map(path -> path.getFileName().toString()).toList();
        }
    }

    @Test
    void store_whenTheDiskIsFull_keepsWhatItHasAndGoesOnWhenThereIsRoom() throws Exception {
        Path from = Files.createDirectory(folder.resolve("from"));
        fill(from, 40, 100_000);
        PackedLayer layer = new LayerPacker(LayerPacker.Options.of(Compression.ZSTD))
                .pack(from, tree(40, 100_000), folder.resolve("layer"));
        InMemoryContentStore elsewhere = new InMemoryContentStore();
        elsewhere.ingest(Blob.of(layer.descriptor().mediaType(), Files.readAllBytes(layer.path())));
        List<Descriptor> layers = List.of(layer.descriptor());
        try (Mounted disk = Mounted.of(folder.resolve("disk"), 6_000_000)) {
            Path at = disk.at().resolve("store");
            try (Store store = Store.open(at, warning -> {})) {
                MutableRef first = store.refs().create("first");
                fill(first.folder(), 10, 100_000);
                LocalImmutableRef kept = first.commit(tree(10, 100_000), METADATA);

                RemoteImmutableRef remote = store.refs().remote(layers, elsewhere, METADATA);
                Path ballast = disk.at().resolve("ballast");
                Files.write(ballast, new byte[3_000_000]);
                IOException full = assertThrows(IOException.class, remote::mount);
                assertTrue(String.valueOf(full.getMessage()).contains("No space left"), full::toString);
                MutableRef second = store.refs().create("second");
                assertThrows(IOException.class, () -> fill(second.folder(), 40, 100_000));
                second.release();

                assertEquals(List.of(), names(at.resolve("scratch")));
                assertEquals(List.of(kept.id()), names(at.resolve("refs")));
                assertEquals(List.of(), store.verify(true).problems());

                Files.delete(ballast);
                assertEquals(40, remote.tree().size());
                assertTrue(Files.isDirectory(remote.mount()));
                assertEquals(List.of(), store.verify(true).problems());
            }
        }
    }

    @Test
    void store_whenItCannotBeWritten_isAnErrorThatSaysSo() throws Exception {
        WholeTool tool = new WholeTool(Files.createDirectory(folder.resolve("tmp")));
        try (Mounted disk = Mounted.of(folder.resolve("disk"), 4_000_000)) {
            Path at = disk.at().resolve("store");
            Store.open(at, warning -> {}).close();
            disk.makeReadOnly();
            WholeTool.Run run =
                    tool.run("store", "ls", "--store", at.toString()).requires(ExitCode.LOCAL_IO);
            assertTrue(run.err().contains("Read-only file system"), run.err());
            assertTrue(run.err().contains(at.toString()), run.err());
        }
    }
}
