package dev.cachetool.content;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * File names between bytes, text and the JDK's paths, without loss in any locale.
 *
 * <p>A name on Linux is bytes. As text it is their UTF-8 reading; a byte that is part of no UTF-8 sequence becomes the
 * one character U+DC00 + byte (U+DC80 to U+DCFF), which no UTF-8 text holds, so that text and bytes say the same. The
 * JDK's own reading of names follows the locale and loses bytes; what is not ASCII goes through the URI form of a path
 * where it must, which keeps them.
 */
public final class FileNames {
    /** Orders paths by their bytes. */
    public static final Comparator<String> ORDER = FileNames::compare;

    private static final boolean UTF8_LOCALE = "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding", ""));

    private FileNames() {}

    /** The text of a name's or path's bytes. */
    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /** The text of the bytes of a name or path that stand in a part of an array. */
    public static String decode(byte[] bytes, int offset, int length) {
        boolean ascii = true;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0) {
                ascii = false;
                break;
            }
        }
        if (ascii) {
            return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        CharBuffer out = CharBuffer.allocate(length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isError()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (0xDC00 | (in.get() & 0xFF)));
            }
            decoder.reset();
        }
    }

    /**
     * The bytes of a name's or path's text.
     *
     * @throws IllegalArgumentException if the text has a surrogate that is neither half of a pair nor a byte's character
     */
    public static byte[] encode(String name) {
        int length = name.length();
        boolean plain = true;
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (Character.isSurrogate(c)) {
                plain = false;
                break;
            }
        }
        if (plain) {
            return name.getBytes(StandardCharsets.UTF_8);
        }
        ByteBuffer out = ByteBuffer.allocate(3 * length);
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (c < 0x80) {
                out.put((byte) c);
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(name.charAt(i + 1))) {
                out.put(name.substring(i, i + 2).getBytes(StandardCharsets.UTF_8));
                i++;
            } else if (isByte(c)) {
                out.put((byte) c);
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException("\"" + shown(name) + "\" is no file name: a lone surrogate");
            } else {
                out.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** The path as it can be shown or written as JSON: a byte that is no UTF-8 becomes {@code \xHH}. */
    public static String shown(String path) {
        StringBuilder text = null;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < path.length()
                    && Character.isLowSurrogate(path.charAt(i + 1));
            if (!pair && Character.isSurrogate(c)) {
                if (text == null) {
                    text = new StringBuilder(path.length() + 8).append(path, 0, i);
                }
                text.append(isByte(c) ? String.format("\\x%02x", c & 0xFF) : "\uFFFD");
            } else if (text != null) {
                text.append(c);
            }
            if (pair) {
                i++;
                if (text != null) {
                    text.append(path.charAt(i));
                }
            }
        }
        return text == null ? path : text.toString();
    }

    /**
     * The path below the root, in the root's file system.
     *
     * @param path of a tree, parted by {@code /}; empty for the root itself
     * @throws IOException if the file system knows no such name
     */
    public static Path resolve(Path root, String path) throws IOException {
        if (path.isEmpty()) {
            return root;
        }
        try {
            if (isAscii(path) || !isDefault(root) || (UTF8_LOCALE && !hasByte(path))) {
                return root.resolve(path);
            }
            String base = root.toUri().getRawPath();
            StringBuilder uri = new StringBuilder("file://").append(base);
            if (!base.endsWith("/")) {
                uri.append('/');
            }
            for (byte b : encode(path)) {
                appendEscaped(uri, b);
            }
            return Path.of(URI.create(uri.toString()));
        } catch (InvalidPathException e) {
            throw new IOException(
                    "could not use the name \"" + shown(path) + "\" below " + root + ": " + e.getReason(), e);
        }
    }

    /** The text of the last segment of the path. */
    public static String nameOf(Path path) {
        Path last = path.getFileName();
        if (last == null) {
            return "";
        }
        String name = last.toString();
        if (isAscii(name) || !isDefault(path) || (UTF8_LOCALE && name.indexOf('\uFFFD') < 0)) {
            return name;
        }
        String raw = path.toUri().getRawPath();
        int end = raw.endsWith("/") ? raw.length() - 1 : raw.length();
        return unescape(raw.substring(raw.lastIndexOf('/', end - 1) + 1, end));
    }

    /** The text of a symbolic link's target, which {@link java.nio.file.Files#readSymbolicLink} gave. */
    public static String textOf(Path target) {
        String text = target.toString();
        if (isAscii(text) || !isDefault(target) || (UTF8_LOCALE && text.indexOf('\uFFFD') < 0)) {
            return text;
        }
        // The URI form is absolute, and has a / at the end where a folder stands.
        String raw = target.toUri().getRawPath();
        if (raw.endsWith("/") && !text.endsWith("/")) {
            raw = raw.substring(0, raw.length() - 1);
        }
        if (!target.isAbsolute()) {
            String base = Path.of("").toAbsolutePath().toUri().getRawPath();
            raw = raw.substring(base.endsWith("/") ? base.length() : base.length() + 1);
        }
        return unescape(raw);
    }

    /**
     * The path that a symbolic link's target is for the JDK, to be given to
     * {@link java.nio.file.Files#createSymbolicLink}. The JDK knows no path with an empty segment or a {@code /} at its
     * end, so of such a target it is another spelling: {@link #hasOtherSpelling}.
     *
     * @param near any path of the file system
     * @throws IOException if the file system knows no such name
     */
    public static Path linkTarget(Path near, String target) throws IOException {
        try {
            if (isAscii(target) || !isDefault(near) || (UTF8_LOCALE && !hasByte(target))) {
                return near.getFileSystem().getPath(target);
            }
        } catch (InvalidPathException e) {
            throw new IOException("could not use the link target \"" + shown(target) + "\": " + e.getReason(), e);
        }
        Path absolute = resolve(FileSystems.getDefault().getPath("/"), target);
        return target.startsWith("/") ? absolute : absolute.subpath(0, absolute.getNameCount());
    }

    /** Whether {@link #linkTarget} cannot give the target as it stands. */
    static boolean hasOtherSpelling(String target) {
        return target.contains("//") || (target.length() > 1 && target.endsWith("/"));
    }

    /** What forbids the path in a tree, as half a sentence; null if nothing does. */
    static @Nullable String problemOf(String path) {
        if (path.isEmpty()) {
            return "it is empty";
        }
        int length = path.length();
        int start = 0;
        for (int i = 0; i <= length; i++) {
            if (i == length || path.charAt(i) == '/') {
                int segment = i - start;
                if (segment == 0) {
                    return i == 0 ? "it begins with /" : i == length ? "it ends with /" : "it has an empty segment";
                }
                if (segment == 1 && path.charAt(start) == '.') {
                    return "it has the segment .";
                }
                if (segment == 2 && path.charAt(start) == '.' && path.charAt(start + 1) == '.') {
                    return "it has the segment ..";
                }
                start = i + 1;
            } else if (path.charAt(i) == 0) {
                return "it has a zero byte";
            }
        }
        return null;
    }

    private static int compare(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Of characters below the surrogates, UTF-8 has the order of UTF-16.
                return x < 0xD800 && y < 0xD800 ? x - y : Arrays.compareUnsigned(encode(a), encode(b));
            }
        }
        return a.length() - b.length();
    }

    private static boolean isDefault(Path path) {
        return path.getFileSystem() == FileSystems.getDefault();
    }

    private static boolean isByte(char c) {
        return c >= 0xDC80 && c <= 0xDCFF;
    }

    private static boolean hasByte(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isByte(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)))) {
                return true;
            }
        }
        return false;
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static void appendEscaped(StringBuilder uri, byte b) {
        boolean plain = (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '/'
                || b == '-'
                || b == '_'
                || b == '.';
        if (plain) {
            uri.append((char) b);
        } else {
            uri.append('%').append(Character.forDigit((b >> 4) & 0xF, 16)).append(Character.forDigit(b & 0xF, 16));
        }
    }

    private static String unescape(String raw) {
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes[length++] = (byte) Integer.parseInt(raw.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return decode(bytes, 0, length);
    }
}
