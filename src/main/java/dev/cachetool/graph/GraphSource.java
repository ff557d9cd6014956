package dev.cachetool.graph;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** A document that can be read as often as it must be. */
final class GraphSource {
    /** The most bytes that a graph may have: 1 GiB. */
    static final long LIMIT = 1L << 30;

    /** Opens a stream. */
    @FunctionalInterface
    interface Opener {
        InputStream open() throws IOException;
    }

    private final String place;
    private final boolean yaml;
    private final Opener opener;

    private GraphSource(String place, boolean yaml, Opener opener) {
        this.place = place;
        this.yaml = yaml;
        this.opener = opener;
    }

    static GraphSource of(byte[] document, String place) throws GraphException {
        checkSize(document.length, place);
        return new GraphSource(place, isYaml(place), () -> new ByteArrayInputStream(document));
    }

    static GraphSource of(Path file) throws IOException {
        String place = file.toString();
        try {
            if (Files.isDirectory(file)) {
                throw new GraphException(place, 0, 0, "this is a folder", "name the graph file in it");
            }
            if (!Files.isRegularFile(file)) {
                // What comes from a pipe comes once.
                try (InputStream in = Files.newInputStream(file)) {
                    return of(in.readNBytes((int) LIMIT + 1), place);
                }
            }
            checkSize(Files.size(file), place);
        } catch (NoSuchFileException e) {
            GraphNotFoundException missing = new GraphNotFoundException(file);
            missing.initCause(e);
            throw missing;
        }
        return new GraphSource(place, isYaml(place), () -> Files.newInputStream(file));
    }

    private static void checkSize(long size, String place) throws GraphException {
        if (size > LIMIT) {
            throw new GraphException(place, 0, 0, "a graph has at most 1 GiB", "");
        }
    }

    private static boolean isYaml(String place) {
        String lower = place.toLowerCase(Locale.ROOT);
        return lower.endsWith(".yaml") || lower.endsWith(".yml");
    }

    String place() {
        return place;
    }

    /** Its bytes from the beginning, without a byte order mark being possible. */
    private InputStream bytes() throws IOException {
        BufferedInputStream in = new BufferedInputStream(opener.open(), 1 << 16);
        try {
            in.mark(4);
            byte[] start = in.readNBytes(4);
            in.reset();
            boolean utf8Mark =
                    start.length >= 3 && start[0] == (byte) 0xEF && start[1] == (byte) 0xBB && start[2] == (byte) 0xBF;
            boolean utf16Mark = start.length >= 2 && (start[0] & 0xff) + (start[1] & 0xff) == 0xFE + 0xFF;
            if (utf8Mark || utf16Mark) {
                throw new GraphException(
                        place, 1, 1, "the document begins with a byte order mark", "save it as UTF-8 without one");
            }
            for (byte b : start) {
                if (b == 0) {
                    throw new GraphException(place, 1, 1, "the document is not UTF-8", "save it as UTF-8");
                }
            }
            return in;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** Its tokens from the beginning; the caller closes them. */
    Tokens open() throws IOException {
        InputStream in = bytes();
        return yaml ? new YamlTokens(in, place, this::bytes) : new JsonTokens(in, place, this::bytes);
    }
}
