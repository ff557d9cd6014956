package dev.cachetool.store;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A noted tree as a file (docs/formats.md): a line that names the format, the number of entries, the entries in the tree's
 * order, and a CRC-32C of all that. Paths say how many bytes they share with the one before. About 60 bytes an entry.
 */
final class TreeFile {
    private static final byte[] MAGIC = "cachetool tree 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_BYTES = 32;
    private static final int CHECK_BYTES = 4;
    private static final byte[] NO_PATH = {};

    /** The low bits of the number that type and mode are written as. */
    private static final int FILE = 0;

    private static final int DIRECTORY = 1;
    private static final int SYMLINK = 2;
    private static final int TYPES = 4;

    private TreeFile() {}

    /** The bytes of the tree, whose files all have SHA-256 digests. */
    static byte[] bytes(FileTree tree) {
        Output out = new Output(64 * tree.size() + MAGIC.length + 16);
        out.writeBytes(MAGIC);
        out.number(tree.size());
        byte[] before = NO_PATH;
        for (TreeEntry entry : tree.entries()) {
            byte[] path = FileNames.encode(entry.path());
            int mismatch = Arrays.mismatch(before, path);
            int shared = mismatch < 0 ? path.length : mismatch;
            out.number(shared);
            out.number(path.length - shared);
            out.write(path, shared, path.length - shared);
            out.number((long) entry.mode() * TYPES + typeOf(entry.type()));
            switch (entry.type()) {
                case FILE -> {
                    out.number(entry.size());
                    out.writeBytes(HexFormat.of().parseHex(sha256(entry).encoded()));
                }
                case SYMLINK -> {
                    byte[] target = FileNames.encode(entry.linkTarget());
                    out.number(target.length);
                    out.writeBytes(target);
                }
                case DIRECTORY -> {}
            }
            before = path;
        }
        long check = out.check();
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write((int) (check >> shift));
        }
        return out.toByteArray();
    }

    private static Digest sha256(TreeEntry entry) {
        Digest digest = entry.digest().orElseThrow();
        if (digest.algorithm() != Algorithm.SHA256) {
            throw new IllegalArgumentException(FileNames.shown(entry.path()) + " has the digest " + digest);
        }
        return digest;
    }

    private static int typeOf(EntryType type) {
        return switch (type) {
            case FILE -> FILE;
            case DIRECTORY -> DIRECTORY;
            case SYMLINK -> SYMLINK;
        };
    }

    /**
     * Reads a tree.
     *
     * @throws DamagedRefException if the file is not what {@link #bytes} made
     * @throws IOException if it cannot be read
     */
    static FileTree read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length - CHECK_BYTES;
        if (end < MAGIC.length || Arrays.mismatch(bytes, MAGIC) != MAGIC.length) {
            throw new DamagedRefException(file, "it is no noted tree");
        }
        CRC32C check = new CRC32C();
        check.update(bytes, 0, end);
        int noted = 0;
        for (int i = end; i < bytes.length; i++) {
            noted = (noted << 8) | (bytes[i] & 0xFF);
        }
        if ((int) check.getValue() != noted) {
            throw new DamagedRefException(file, "its checksum is not that of its bytes");
        }
        try {
            return new Input(bytes, MAGIC.length, end).tree();
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw new DamagedRefException(file, "an entry of it is wrong", e);
        }
    }

    private static final class Output extends ByteArrayOutputStream {
        Output(int size) {
            super(size);
        }

        /** Seven bits a byte, the lowest first; all but the last have the highest bit. */
        void number(long value) {
            long left = value;
            while (left >= 0x80) {
                write((int) ((left & 0x7F) | 0x80));
                left >>>= 7;
            }
            write((int) left);
        }

        long check() {
            CRC32C check = new CRC32C();
            check.update(buf, 0, count);
            return check.getValue();
        }
    }

    private static final class Input {
        private final byte[] bytes;
        private final int end;
        private int at;

        Input(byte[] bytes, int start, int end) {
            this.bytes = bytes;
            this.at = start;
            this.end = end;
        }

        FileTree tree() {
            int size = Math.toIntExact(number());
            List<TreeEntry> entries = new ArrayList<>(Math.min(size, end));
            byte[] path = NO_PATH;
            for (int i = 0; i < size; i++) {
                int shared = Math.toIntExact(number());
                int more = Math.toIntExact(number());
                int start = take(more);
                byte[] next = new byte[Math.addExact(shared, more)];
                System.arraycopy(path, 0, next, 0, shared);
                System.arraycopy(bytes, start, next, shared, more);
                path = next;
                entries.add(entry(FileNames.decode(path)));
            }
            if (at != end) {
                throw new IllegalArgumentException("there is more than its entries");
            }
            return FileTree.of(entries);
        }

        private TreeEntry entry(String path) {
            int typeAndMode = Math.toIntExact(number());
            int mode = typeAndMode / TYPES;
            return switch (typeAndMode % TYPES) {
                case FILE -> {
                    long size = number();
                    yield TreeEntry.file(path, mode, size, Digest.of(Algorithm.SHA256, bytes, take(DIGEST_BYTES)));
                }
                case DIRECTORY -> TreeEntry.directory(path, mode);
                case SYMLINK -> {
                    int length = Math.toIntExact(number());
                    yield TreeEntry.symlink(path, FileNames.decode(bytes, take(length), length));
                }
                default -> throw new IllegalArgumentException("no type " + typeAndMode % TYPES);
            };
        }

        private int take(int length) {
            if (length < 0 || length > end - at) {
                throw new IllegalArgumentException("it is cut off");
            }
            int start = at;
            at += length;
            return start;
        }

        private long number() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
                byte b = bytes[take(1)];
                value |= (long) (b & 0x7F) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("a number is too long");
        }
    }
}
