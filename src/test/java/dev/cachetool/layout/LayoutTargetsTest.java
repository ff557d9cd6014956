package dev.cachetool.layout;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.cachetool.content.Source;
import dev.cachetool.content.Target;
import dev.cachetool.content.TargetContract;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract of targets, on layouts as directory, as tarball and as stream, on the real file system and in memory. */
final class LayoutTargetsTest {
    private abstract static class Directory extends TargetContract {
        abstract Path place();

        @Override
        protected Target open() throws IOException {
            return LayoutDirectory.create(place());
        }

        @Override
        protected Optional<Source> reader() throws IOException {
            try {
                return Optional.of(LayoutDirectory.open(place()));
            } catch (NoLayoutException e) {
                return Optional.empty();
            }
        }
    }

    private abstract static class Tar extends TargetContract {
        abstract Path place();

        @Override
        protected Target open() throws IOException {
            return LayoutTar.create(place());
        }

        @Override
        protected Optional<Source> reader() throws IOException {
            return Files.exists(place())
                    ? Optional.of(LayoutTar.open(place(), place().resolveSibling("")))
                    : Optional.empty();
        }
    }

    @Nested
    final class RealDirectory extends Directory {
        @TempDir
        private Path folder;

        @Override
        Path place() {
            return folder.resolve("a/b");
        }
    }

    @Nested
    final class DirectoryInMemory extends Directory {
        private final FileSystem memory = Jimfs.newFileSystem(Configuration.unix());

        @Override
        Path place() {
            return memory.getPath("/a/b");
        }

        @AfterEach
        void close() throws IOException {
            memory.close();
        }
    }

    @Nested
    final class RealTar extends Tar {
        @TempDir
        private Path folder;

        @Override
        Path place() {
            return folder.resolve("cache.tar");
        }
    }

    @Nested
    final class TarInMemory extends Tar {
        private final FileSystem memory = Jimfs.newFileSystem(Configuration.unix());

        @Override
        Path place() {
            return memory.getPath("/work/cache.tar");
        }

        @AfterEach
        void close() throws IOException {
            memory.close();
        }
    }

    /** A stream takes one tarball; a reader sees the last one that came out whole. */
    @Nested
    final class Stream extends TargetContract {
        @TempDir
        private Path folder;

        private byte[] published = {};

        @Override
        protected boolean keepsOtherTags() {
            return false;
        }

        @Override
        protected Target open() {
            ByteArrayOutputStream out = new ByteArrayOutputStream() {
                @Override
                public void flush() {
                    published = toByteArray();
                }
            };
            return LayoutTar.write(out, "the stream");
        }

        @Override
        protected Optional<Source> reader() throws IOException {
            return published.length == 0
                    ? Optional.empty()
                    : Optional.of(LayoutTar.read(new ByteArrayInputStream(published), "the stream", folder));
        }
    }
}
