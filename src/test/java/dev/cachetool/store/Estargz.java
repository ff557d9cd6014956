package dev.cachetool.store;

import dev.cachetool.content.TarEntry;
import dev.cachetool.content.TarType;
import dev.cachetool.content.TarWriter;
import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Writes eStargz layers as containerd's stargz-snapshotter describes them (docs/estargz.md there). */
public final class Estargz {
    private final ByteArrayOutputStream blob = new ByteArrayOutputStream();
    private final int chunkSize;
    private final List<JsonWriter.Body> table = new ArrayList<>();
    private GZIPOutputStream member = new GZIPOutputStream(blob);
    private TarWriter tar = tar();

    /**
     * @param chunkSize the most bytes of a file in one gzip member
     */
    public Estargz(int chunkSize) throws IOException {
        this.chunkSize = chunkSize;
    }

    private TarWriter tar() {
        return new TarWriter(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                member.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                member.write(bytes, offset, length);
            }
        });
    }

    private void nextMember() throws IOException {
        member.finish();
        member = new GZIPOutputStream(blob);
    }

    public Estargz directory(String name) throws IOException {
        tar.entry(TarEntry.directory(name, 0755));
        table.add(json -> json.beginObject()
                .field("name", name + "/")
                .field("type", "dir")
                .field("mode", 040755)
                .endObject());
        return this;
    }

    public Estargz symlink(String name, String target) throws IOException {
        return link(name, TarType.SYMLINK, "symlink", target);
    }

    public Estargz hardLink(String name, String target) throws IOException {
        return link(name, TarType.HARD_LINK, "hardlink", target);
    }

    private Estargz link(String name, TarType type, String word, String target) throws IOException {
        tar.entry(new TarEntry(name, type, 0777, 0, Instant.EPOCH, target, Map.of()));
        table.add(json -> json.beginObject()
                .field("name", name)
                .field("type", word)
                .field("linkName", target)
                .field("mode", 0777)
                .endObject());
        return this;
    }

    public Estargz file(String name, byte[] content) throws IOException {
        tar.entry(TarEntry.file(name, 0644, content.length));
        if (content.length == 0) {
            table.add(json -> json.beginObject()
                    .field("name", name)
                    .field("type", "reg")
                    .field("mode", 0100644)
                    .endObject());
        }
        for (int at = 0; at < content.length; at += chunkSize) {
            byte[] chunk = Arrays.copyOfRange(content, at, Math.min(content.length, at + chunkSize));
            nextMember();
            long offset = blob.size() - 10L;
            int from = at;
            boolean last = at + chunk.length == content.length;
            tar.write(chunk, 0, chunk.length);
            table.add(json -> {
                json.beginObject().field("name", name).field("type", from == 0 ? "reg" : "chunk");
                if (from == 0) {
                    json.field("size", content.length)
                            .field("mode", 0100644)
                            .field("modtime", "2026-01-02T03:04:05Z")
                            .field("digest", Digest.sha256(content).toString());
                } else {
                    json.field("chunkOffset", from);
                }
                json.field("offset", offset).field("chunkSize", last ? 0 : chunk.length);
                json.field("chunkDigest", Digest.sha256(chunk).toString()).endObject();
            });
        }
        if (content.length > 0) {
            // The archive goes on behind the padding, in a member of its own.
            member.write(new byte[-content.length & 511]);
            tar = tar();
            nextMember();
        }
        return this;
    }

    /** The bytes of the layer and its descriptor. */
    public record Layer(byte[] bytes, Descriptor descriptor) {}

    public Layer end() throws IOException {
        byte[] json = JsonWriter.bytes(writer -> {
            writer.beginObject().field("version", 1).name("entries").beginArray();
            for (JsonWriter.Body entry : table) {
                entry.write(writer);
            }
            writer.endArray().endObject();
        });
        nextMember();
        long offset = blob.size() - 10L;
        tar.entry(TarEntry.file("stargz.index.json", 0644, json.length));
        tar.write(json, 0, json.length);
        tar.finish();
        member.finish();
        byte[] footer = new byte[51];
        byte[] head = {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, (byte) 255, 26, 0, 'S', 'G', 22, 0};
        System.arraycopy(head, 0, footer, 0, head.length);
        byte[] text = String.format("%016xSTARGZ", offset).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, footer, head.length, text.length);
        byte[] empty = {1, 0, 0, (byte) 0xff, (byte) 0xff};
        System.arraycopy(empty, 0, footer, head.length + text.length, empty.length);
        blob.write(footer);
        byte[] bytes = blob.toByteArray();
        return new Layer(
                bytes,
                Descriptor.of(MediaTypes.OCI_LAYER_GZIP, bytes)
                        .withAnnotation(
                                Annotations.ESTARGZ_TABLE, Digest.sha256(json).toString()));
    }
}
