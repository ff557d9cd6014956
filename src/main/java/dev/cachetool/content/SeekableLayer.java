package dev.cachetool.content;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The entries of an eStargz layer (containerd's stargz-snapshotter, docs/estargz.md), of which only the table of contents
 * and those contents are read that are asked for. The table is checked against the digest that the descriptor's annotation
 * names, and every chunk of a file against the digest that the table names, so nothing is taken on trust; a layer where
 * one of these is missing is not seekable.
 */
final class SeekableLayer implements LayerEntries {
    private static final String TABLE = "stargz.index.json";
    private static final int FOOTER = 51;
    private static final int FOOTER_EXTRA = 12;
    private static final int FOOTER_OFFSET = 16;
    private static final String FOOTER_END = "STARGZ";
    private static final int HEX_DIGITS = 16;
    /** The most bytes that a table of contents may have. */
    private static final int TABLE_LIMIT = 256 << 20;

    private static final int BUFFER = 64 * 1024;

    private final Blob blob;
    private final List<Item> items;
    private int next;
    private @Nullable Item current;
    private int chunk;
    private @Nullable InputStream content;
    private long chunkLeft;
    private final MessageDigest digest = Algorithm.SHA256.newMessageDigest();

    /**
     * A part of a file.
     *
     * @param begin where its gzip member begins in the blob
     * @param end where the next one begins that the table names
     * @param inner where it begins in what the member holds
     * @param size how many bytes it has
     */
    private record Chunk(long begin, long end, long inner, long size, Digest digest) {}

    private record Item(TarEntry entry, List<Chunk> chunks) {}

    private SeekableLayer(Blob blob, List<Item> items) {
        this.blob = blob;
        this.items = items;
    }

    /**
     * Reads the table of contents; empty where the layer is not seekable, or its table is not what it should be, which
     * reading the whole layer then tells.
     *
     * @throws IOException if the blob cannot be read
     */
    static Optional<SeekableLayer> open(Blob blob) throws IOException {
        Descriptor layer = blob.descriptor();
        Optional<Digest> tableDigest = Optional.ofNullable(layer.annotations().get(Annotations.ESTARGZ_TABLE))
                .flatMap(Digest::tryParse)
                .filter(digest -> digest.algorithm() == Algorithm.SHA256);
        if (tableDigest.isEmpty() || layer.size() <= FOOTER) {
            return Optional.empty();
        }
        long tableAt = tableOffset(read(blob, layer.size() - FOOTER, FOOTER));
        if (tableAt < 0 || tableAt >= layer.size() - FOOTER) {
            return Optional.empty();
        }
        try {
            byte[] table = table(blob, tableAt);
            return Digest.sha256(table).equals(tableDigest.get())
                    ? Optional.of(new SeekableLayer(blob, items(table, tableAt)))
                    : Optional.empty();
        } catch (DamagedDataException | BadTarException | JsonException e) {
            return Optional.empty();
        }
    }

    private static byte[] read(Blob blob, long offset, int length) throws IOException {
        try (InputStream in = blob.openPart(offset, length)) {
            return in.readNBytes(length);
        }
    }

    /** Where the table of contents begins, as the footer says; -1 where it is no footer. */
    private static long tableOffset(byte[] footer) {
        if (footer.length != FOOTER || Compression.ofMagic(footer, footer.length) != Compression.GZIP) {
            return -1;
        }
        int textLength = HEX_DIGITS + FOOTER_END.length();
        String extra = new String(footer, FOOTER_EXTRA, FOOTER - FOOTER_EXTRA, StandardCharsets.ISO_8859_1);
        String text = new String(footer, FOOTER_OFFSET, textLength, StandardCharsets.ISO_8859_1);
        if (!extra.startsWith("SG" + (char) textLength + '\0') || !text.endsWith(FOOTER_END)) {
            return -1;
        }
        try {
            return Long.parseLong(text.substring(0, HEX_DIGITS), 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static byte[] table(Blob blob, long offset) throws IOException {
        long size = blob.descriptor().size();
        try (InputStream part = blob.openPart(offset, size - FOOTER - offset);
                InputStream in = new BufferedInputStream(new GunzipInputStream(part), BUFFER)) {
            TarReader tar = new TarReader(in);
            Optional<TarEntry> entry = tar.next();
            if (entry.isEmpty()
                    || !entry.get().name().equals(TABLE)
                    || entry.get().size() > TABLE_LIMIT) {
                throw new BadTarException(0, "it is no table of contents");
            }
            return tar.content().readAllBytes();
        }
    }

    private static List<Item> items(byte[] table, long tableAt) throws JsonException {
        JsonValue root = JsonDocument.asGoReads(table, TABLE);
        List<JsonValue> entries = root.require("entries").asArray();
        NavigableSet<Long> begins = new TreeSet<>(List.of(tableAt));
        for (JsonValue entry : entries) {
            begins.add(number(entry, "offset"));
        }
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < entries.size(); ) {
            JsonValue first = entries.get(i++);
            TarEntry entry = entry(first);
            List<Chunk> chunks = new ArrayList<>();
            if (entry.size() > 0) {
                chunks.add(chunk(first, 0, entry.size(), begins));
                while (i < entries.size() && text(entries.get(i), "type").equals("chunk")) {
                    chunks.add(chunk(entries.get(i), number(entries.get(i), "chunkOffset"), entry.size(), begins));
                    i++;
                }
                long sum = 0;
                for (Chunk chunk : chunks) {
                    sum += chunk.size();
                }
                if (sum != entry.size()) {
                    throw first.error("its chunks have " + sum + " bytes, not " + entry.size());
                }
            }
            items.add(new Item(entry, chunks));
        }
        return items;
    }

    private static Chunk chunk(JsonValue value, long from, long fileSize, NavigableSet<Long> begins)
            throws JsonException {
        long begin = number(value, "offset");
        Long end = begins.higher(begin);
        long size = number(value, "chunkSize");
        long whole = size == 0 ? fileSize - from : size;
        Optional<Digest> chunkDigest =
                Digest.tryParse(text(value, "chunkDigest")).filter(known -> known.algorithm() == Algorithm.SHA256);
        if (begin < 0 || end == null || whole <= 0 || whole > fileSize - from || chunkDigest.isEmpty()) {
            throw value.error("it says not where its content lies");
        }
        return new Chunk(begin, end, Math.max(0, number(value, "innerOffset")), whole, chunkDigest.get());
    }

    private static TarEntry entry(JsonValue value) throws JsonException {
        String name = text(value, "name");
        TarType type = switch (text(value, "type")) {
            case "dir" -> TarType.DIRECTORY;
            case "reg" -> TarType.FILE;
            case "symlink" -> TarType.SYMLINK;
            case "hardlink" -> TarType.HARD_LINK;
            case "char" -> TarType.CHARACTER_DEVICE;
            case "block" -> TarType.BLOCK_DEVICE;
            case "fifo" -> TarType.FIFO;
            default -> throw value.error("its type is unknown");
        };
        long size = type == TarType.FILE ? number(value, "size") : 0;
        if (size < 0) {
            throw value.error("a file cannot have " + size + " bytes");
        }
        Map<String, String> attributes = new HashMap<>();
        Optional<JsonValue> xattrs = value.get("xattrs");
        if (xattrs.isPresent() && xattrs.get().isObject()) {
            for (Map.Entry<String, JsonValue> xattr : xattrs.get().asObject().entrySet()) {
                attributes.put(xattr.getKey(), bytes(xattr.getValue()));
            }
        }
        return new TarEntry(
                name,
                type,
                (int) number(value, "mode") & 07777,
                size,
                Timestamp.tryParse(text(value, "modtime"))
                        .map(Timestamp::instant)
                        .orElse(Instant.EPOCH),
                text(value, "linkName"),
                attributes);
    }

    private static String bytes(JsonValue base64) throws JsonException {
        try {
            return new String(Base64.getDecoder().decode(base64.asString()), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw base64.error("it is no Base64");
        }
    }

    private static String text(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asString() : "";
    }

    private static long number(JsonValue parent, String field) throws JsonException {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asLong() : 0;
    }

    @Override
    public Optional<TarEntry> next() throws IOException {
        closeContent();
        chunk = 0;
        current = next < items.size() ? items.get(next++) : null;
        return Optional.ofNullable(current).map(Item::entry);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Item item = current;
        if (item == null) {
            return -1;
        }
        try {
            return read(item, buffer, offset, length);
        } catch (DamagedDataException e) {
            throw new BadLayerException(blob.descriptor().digest(), e);
        }
    }

    private int read(Item item, byte[] buffer, int offset, int length) throws IOException {
        InputStream in = content;
        if (in == null) {
            if (chunk >= item.chunks().size()) {
                return -1;
            }
            in = open(item.chunks().get(chunk));
            content = in;
            chunkLeft = item.chunks().get(chunk).size();
        }
        int n = in.read(buffer, offset, (int) Math.min(length, chunkLeft));
        if (n < 0) {
            throw wrong(item, new EOFException("it is cut off"));
        }
        digest.update(buffer, offset, n);
        chunkLeft -= n;
        if (chunkLeft == 0) {
            Chunk done = item.chunks().get(chunk++);
            closeContent();
            if (!Digest.ofSha256(digest.digest()).equals(done.digest())) {
                throw wrong(item, new IOException("its bytes are not those of " + done.digest()));
            }
        }
        return n;
    }

    private InputStream open(Chunk wanted) throws IOException {
        digest.reset();
        InputStream part = blob.openPart(wanted.begin(), wanted.end() - wanted.begin());
        try {
            InputStream in = new GunzipInputStream(part);
            in.skipNBytes(wanted.inner());
            return in;
        } catch (IOException | RuntimeException e) {
            part.close();
            throw e;
        }
    }

    private BadLayerException wrong(Item item, IOException cause) {
        return new BadLayerException(
                blob.descriptor().digest(),
                new IOException("\"" + FileNames.shown(item.entry().name()) + "\": " + cause.getMessage(), cause));
    }

    private void closeContent() throws IOException {
        InputStream open = content;
        content = null;
        if (open != null) {
            open.close();
        }
    }

    /** Lets go of what is being read. */
    void close() throws IOException {
        current = null;
        closeContent();
    }
}
