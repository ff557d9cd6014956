package dev.cachetool.cachemap;

import dev.cachetool.digest.Digest;
import java.util.Optional;

/**
 * Remembers the digests of a workspace's files, as long as they look as they did when they were read. Safe for several
 * threads.
 */
public interface FileDigests {
    /** Remembers nothing. */
    FileDigests NONE = new FileDigests() {
        @Override
        public Optional<Digest> find(String path, FileStamp stamp) {
            return Optional.empty();
        }

        @Override
        public void put(String path, FileStamp stamp, Digest digest) {}
    };

    /**
     * How a file looks without being read; a file that was changed looks different, but for one that was changed within the
     * grain of the clock.
     *
     * @param size in bytes
     * @param modified time of the last change of its content, in nanoseconds since 1970
     * @param changed time of the last change of its content or attributes, in nanoseconds since 1970
     * @param inode its number in its file system
     */
    record FileStamp(long size, long modified, long changed, long inode) {}

    /** The digest that the file had when it looked like this; empty where that is not known, or not certain. */
    Optional<Digest> find(String path, FileStamp stamp);

    /** Remembers what was read, since this was opened, of a file that looked like this before and after. */
    void put(String path, FileStamp stamp, Digest digest);
}
