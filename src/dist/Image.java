import dev.cachetool.content.Blob;
import dev.cachetool.content.Compression;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.LayerPacker;
import dev.cachetool.content.LayerTimes;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.PackedLayer;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes the image of cachetool, an OCI layout in a folder: each root folder that is given becomes a layer, the lowest first.
 * Beside the layout lies the {@code manifest.json} by which Docker's {@code load} finds the same config and layers.
 *
 * <p>Run by release.sh from its source, with cachetool's classes on the class path:
 *
 * <pre>
 * Image TIMESTAMP OUT VERSION ARCHITECTURE ROOT...
 * </pre>
 */
final class Image {
    private static final String NAME = "cachetool";

    private Image() {}

    public static void main(String[] args) throws IOException {
        Instant time = Instant.parse(args[0]);
        Path out = Path.of(args[1]);
        String version = args[2];
        List<PackedLayer> layers = new ArrayList<>();
        LayerPacker packer =
                new LayerPacker(LayerPacker.Options.of(Compression.GZIP).withTimes(LayerTimes.at(time)));
        for (String root : List.of(args).subList(4, args.length)) {
            Path file = Path.of(root + ".tar.gz");
            Files.deleteIfExists(file);
            layers.add(packer.pack(Path.of(root), treeOf(Path.of(root)), file));
        }
        Blob config = Blob.of(MediaTypes.OCI_CONFIG, config(time, version, args[3], layers));
        // Docker's load knows of no annotations of layers.
        List<Descriptor> descriptors = layers.stream()
                .map(PackedLayer::descriptor)
                .map(layer -> Descriptor.of(layer.mediaType(), layer.digest(), layer.size()))
                .toList();
        ImageManifest manifest =
                new ImageManifest(MediaTypes.OCI_MANIFEST, config.descriptor(), descriptors, labels(time, version));
        try (LayoutDirectory layout = LayoutDirectory.create(out)) {
            for (PackedLayer layer : layers) {
                layout.ingest(layer);
            }
            layout.ingest(config);
            layout.tag(version, Manifest.of(manifest.mediaType(), manifest.toBytes()));
        }
        Files.deleteIfExists(out.resolve("index.json.lock"));
        Files.write(out.resolve("manifest.json"), dockersManifest(version, config.descriptor(), descriptors));
    }

    private static FileTree treeOf(Path root) throws IOException {
        List<TreeEntry> entries = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.filter(path -> !path.equals(root)).toList()) {
                String name = root.relativize(path).toString();
                int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
                if (Files.isSymbolicLink(path)) {
                    entries.add(
                            TreeEntry.symlink(name, Files.readSymbolicLink(path).toString()));
                } else if (Files.isDirectory(path)) {
                    entries.add(TreeEntry.directory(name, mode));
                } else {
                    entries.add(TreeEntry.file(name, mode, Files.size(path)));
                }
            }
        }
        return FileTree.of(entries);
    }

    private static Map<String, String> labels(Instant time, String version) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("org.opencontainers.image.title", NAME);
        labels.put("org.opencontainers.image.description", "BuildKit's build cache for any build graph");
        labels.put("org.opencontainers.image.version", version);
        labels.put("org.opencontainers.image.created", time.toString());
        // cachetool and its libraries; OpenJDK; busybox; glibc; zlib and libstdc++, where the JDK is linked to them.
        labels.put(
                "org.opencontainers.image.licenses",
                "Apache-2.0 AND BSD-2-Clause AND BSD-3-Clause AND GPL-2.0-only WITH Classpath-exception-2.0 AND GPL-2.0-only"
                        + " AND LGPL-2.1-or-later AND Zlib AND GPL-3.0-or-later WITH GCC-exception-3.1");
        return labels;
    }

    private static byte[] config(Instant time, String version, String architecture, List<PackedLayer> layers) {
        return JsonWriter.bytes(json -> {
            json.beginObject();
            json.field("created", time.toString());
            json.field("architecture", architecture);
            json.field("os", "linux");
            json.name("config").beginObject();
            strings(
                    json,
                    "Env",
                    List.of(
                            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                            "LANG=C.UTF-8",
                            "XDG_CACHE_HOME=/cache"));
            strings(json, "Entrypoint", List.of("/usr/bin/cachetool"));
            json.field("WorkingDir", "/work");
            json.name("Labels").beginObject();
            for (Map.Entry<String, String> label : labels(time, version).entrySet()) {
                json.field(label.getKey(), label.getValue());
            }
            json.endObject().endObject();
            json.name("rootfs").beginObject().field("type", "layers");
            strings(
                    json,
                    "diff_ids",
                    layers.stream().map(layer -> layer.diffId().toString()).toList());
            json.endObject();
            json.name("history").beginArray();
            for (PackedLayer layer : layers) {
                json.beginObject();
                json.field("created", time.toString());
                json.field(
                        "created_by", NAME + " " + version + ": " + layer.path().getFileName());
                json.endObject();
            }
            json.endArray().endObject();
        });
    }

    /** The document with which images were saved before there were layouts. */
    private static byte[] dockersManifest(String version, Descriptor config, List<Descriptor> layers) {
        return JsonWriter.bytes(json -> {
            json.beginArray().beginObject();
            json.field("Config", pathOf(config));
            strings(json, "RepoTags", List.of(NAME + ":" + version));
            strings(json, "Layers", layers.stream().map(Image::pathOf).toList());
            json.endObject().endArray();
        });
    }

    private static void strings(JsonWriter json, String name, List<String> values) throws IOException {
        json.name(name).beginArray();
        for (String value : values) {
            json.value(value);
        }
        json.endArray();
    }

    private static String pathOf(Descriptor blob) {
        return "blobs/sha256/" + blob.digest().encoded();
    }
}
