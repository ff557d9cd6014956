package dev.cachetool.step;

import dev.cachetool.cachemap.FileDigests.FileStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Takes stamps of files: how they look without being read. */
final class FileStamps {
    private static final String ATTRIBUTES = "unix:size,lastModifiedTime,ctime,ino,mode";

    private FileStamps() {}

    /** How a file looks, with its mode (07777). */
    record Seen(FileStamp stamp, int mode) {}

    /**
     * Looks at a file; a link is looked at, not followed.
     *
     * @throws IOException if it is not there, or cannot be looked at
     */
    static Seen look(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        FileStamp stamp = new FileStamp(
                number(attributes.get("size")),
                nanoseconds(attributes.get("lastModifiedTime")),
                nanoseconds(attributes.get("ctime")),
                number(attributes.get("ino")));
        return new Seen(stamp, (int) number(attributes.get("mode")) & 07777);
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }

    private static long nanoseconds(Object time) {
        return ((FileTime) time).to(TimeUnit.NANOSECONDS);
    }
}
