package dev.cachetool.cachemap;

import dev.cachetool.cachemap.FileDigests.FileStamp;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How something in a file system looks, links not followed: one question to the system.
 *
 * @param kind what it is
 * @param mode permission bits, set-uid, set-gid and sticky bits (07777); without the latter where the file system has none
 * @param stamp tells it from what stood there before; where the file system does not say when it was changed, that is the
 *     latest time there is, which is never long ago
 */
public record FileLook(Kind kind, int mode, FileStamp stamp) {
    private static final int TYPE = 0170000;
    private static final int FOLDER_TYPE = 0040000;
    private static final int FILE_TYPE = 0100000;
    private static final int LINK_TYPE = 0120000;
    private static final int MODE = 07777;
    private static final String UNIX = "unix:mode,size,lastModifiedTime,ctime,ino";
    private static final long NANOS = 1_000_000_000;

    /** What stands at a path. */
    public enum Kind {
        FILE,
        FOLDER,
        LINK,
        /** A device, a pipe or a socket. */
        OTHER
    }

    /**
     * Looks at the path.
     *
     * @throws java.nio.file.NoSuchFileException if nothing is there
     * @throws IOException if it cannot be looked at
     */
    public static FileLook at(Path path) throws IOException {
        if (Direct.POSSIBLE) {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (Direct.knows(attributes)) {
                return Direct.look(attributes);
            }
        }
        return path.getFileSystem().supportedFileAttributeViews().contains("unix") ? byMap(path) : byPermissions(path);
    }

    static FileLook byMap(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, UNIX, LinkOption.NOFOLLOW_LINKS);
        return of(
                (int) attributes.getOrDefault("mode", 0),
                new FileStamp(
                        (long) attributes.getOrDefault("size", 0L),
                        nanos(attributes.get("lastModifiedTime")),
                        nanos(attributes.get("ctime")),
                        (long) attributes.getOrDefault("ino", 0L)));
    }

    private static long nanos(@Nullable Object time) {
        return time instanceof FileTime known ? known.to(TimeUnit.NANOSECONDS) : Long.MAX_VALUE;
    }

    private static FileLook of(int mode, FileStamp stamp) {
        Kind kind = switch (mode & TYPE) {
            case FILE_TYPE -> Kind.FILE;
            case FOLDER_TYPE -> Kind.FOLDER;
            case LINK_TYPE -> Kind.LINK;
            default -> Kind.OTHER;
        };
        return new FileLook(kind, mode & MODE, stamp);
    }

    static FileLook byPermissions(Path path) throws IOException {
        BasicFileAttributes attributes;
        int mode;
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            PosixFileAttributes posix =
                    Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            attributes = posix;
            mode = 0;
            int bit = 0400;
            for (PosixFilePermission permission : PosixFilePermission.values()) {
                mode |= posix.permissions().contains(permission) ? bit : 0;
                bit >>= 1;
            }
        } else {
            attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            mode = attributes.isDirectory() ? 0755 : 0644;
        }
        Kind kind = attributes.isRegularFile()
                ? Kind.FILE
                : attributes.isDirectory() ? Kind.FOLDER : attributes.isSymbolicLink() ? Kind.LINK : Kind.OTHER;
        long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        return new FileLook(kind, mode, new FileStamp(attributes.size(), modified, Long.MAX_VALUE, 0));
    }

    /**
     * Reads the fields of the JDK's answer where its package is open ({@code --add-opens java.base/sun.nio.fs=ALL-UNNAMED}, which
     * the launcher gives): the map that the JDK makes of them costs more than the question to the system.
     */
    private static final class Direct {
        private static final List<String> NAMES = List.of(
                "st_mode", "st_size", "st_mtime_sec", "st_mtime_nsec", "st_ctime_sec", "st_ctime_nsec", "st_ino");

        private static final Field[] FIELDS = fields();
        static final boolean POSSIBLE = FIELDS.length > 0;

        private static Field[] fields() {
            try {
                Class<?> type = Class.forName("sun.nio.fs.UnixFileAttributes");
                List<Field> fields = new ArrayList<>();
                for (String name : NAMES) {
                    Field field = type.getDeclaredField(name);
                    Class<?> wanted = name.equals("st_mode") ? int.class : long.class;
                    if (field.getType() != wanted || !field.trySetAccessible()) {
                        return new Field[0];
                    }
                    fields.add(field);
                }
                return fields.toArray(Field[]::new);
            } catch (ReflectiveOperationException e) {
                return new Field[0];
            }
        }

        static boolean knows(BasicFileAttributes attributes) {
            return FIELDS[0].getDeclaringClass() == attributes.getClass();
        }

        static FileLook look(BasicFileAttributes attributes) {
            try {
                return of(
                        FIELDS[0].getInt(attributes),
                        new FileStamp(
                                FIELDS[1].getLong(attributes),
                                FIELDS[2].getLong(attributes) * NANOS + FIELDS[3].getLong(attributes),
                                FIELDS[4].getLong(attributes) * NANOS + FIELDS[5].getLong(attributes),
                                FIELDS[6].getLong(attributes)));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
