import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * Packs the distribution, the same bytes from the same input: entries sorted, one time stamp, no names of users.
 *
 * <p>Run by build.sh from its source, with Commons Compress on the class path:
 *
 * <pre>
 * Assemble jar TIMESTAMP OUT.jar LICENSE PRODUCT.jar LIBRARY.jar...
 * Assemble natives TIMESTAMP OUT.jar IN.jar FOLDER
 * Assemble tar TIMESTAMP OUT.tar.gz DIR
 * Assemble layout TIMESTAMP OUT.tar DIR
 * </pre>
 */
final class Assemble {
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private Assemble() {}

    public static void main(String[] args) throws IOException {
        List<String> rest = List.of(args).subList(3, args.length);
        Instant time = Instant.parse(args[1]);
        Path out = Path.of(args[2]);
        Path unfinished = out.resolveSibling(out.getFileName() + ".part");
        switch (args[0]) {
            case "jar" -> jar(time, unfinished, rest.stream().map(Path::of).toList());
            case "natives" -> natives(time, unfinished, Path.of(rest.get(0)), rest.get(1));
            case "tar" -> tar(time, unfinished, Path.of(rest.get(0)));
            case "layout" -> layout(time, unfinished, Path.of(rest.get(0)));
            default -> throw new IllegalArgumentException(args[0]);
        }
        Files.move(unfinished, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** One jar of several: classes as they are, services joined, each library's licence in a folder of its own. */
    private static void jar(Instant time, Path out, List<Path> inputs) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        entries.put("META-INF/LICENSE", Files.readAllBytes(inputs.get(0)));
        byte[] manifest = {};
        for (Path input : inputs.subList(1, inputs.size())) {
            // As Java 17 sees it; what a jar holds for newer Javas is left out.
            try (JarFile jar = new JarFile(input.toFile(), false, ZipFile.OPEN_READ, Runtime.Version.parse("17"))) {
                boolean product = input.equals(inputs.get(1));
                for (JarEntry entry : jar.versionedStream().toList()) {
                    byte[] bytes = read(jar, entry);
                    if (product && entry.getName().equals(MANIFEST)) {
                        manifest = bytes;
                    } else {
                        add(entries, input, entry, bytes);
                    }
                }
            }
        }
        write(time, out, manifest, entries);
    }

    /** The jar without native libraries but those in the folder. */
    private static void natives(Instant time, Path out, Path input, String folder) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (JarFile jar = new JarFile(input.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                if (!name.matches(".*\\.(so|dll|dylib)") || name.startsWith(folder + "/")) {
                    entries.put(name, read(jar, entry));
                }
            }
        }
        byte[] manifest = entries.remove(MANIFEST);
        if (entries.keySet().stream().noneMatch(name -> name.startsWith(folder + "/"))) {
            throw new IOException("could not find a library for " + folder + " in " + input);
        }
        write(time, out, manifest, entries);
    }

    private static void write(Instant time, Path out, byte[] manifest, Map<String, byte[]> entries) throws IOException {
        LocalDateTime local = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(out)))) {
            put(zip, local, MANIFEST, manifest);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                put(zip, local, entry.getKey(), entry.getValue());
            }
        }
    }

    private static void add(Map<String, byte[]> entries, Path input, JarEntry entry, byte[] bytes) throws IOException {
        String name = entry.getName();
        String inMetaInf = name.startsWith("META-INF/") ? name.substring("META-INF/".length()) : "";
        if (entry.isDirectory() || name.endsWith("module-info.class")) {
            return;
        }
        if (inMetaInf.startsWith("services/")) {
            entries.merge(name, bytes, Assemble::lines);
        } else if (inMetaInf.matches("[^/]*(LICENSE|NOTICE)[^/]*")) {
            String library = input.getFileName().toString().replaceFirst("(-\\d.*)?\\.jar$", "");
            entries.put("META-INF/licenses/" + library + "/" + inMetaInf, bytes);
        } else if (inMetaInf.isEmpty() && entries.put(name, bytes) != null) {
            throw new IOException("could not join " + input + ": another jar has " + name + " too");
        }
    }

    private static byte[] lines(byte[] a, byte[] b) {
        return (new String(a, StandardCharsets.UTF_8).stripTrailing() + "\n" + new String(b, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(JarFile jar, JarEntry entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(bytes);
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, LocalDateTime time, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(time);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    /** The folder and all below it. */
    private static void tar(Instant time, Path out, Path dir) throws IOException {
        GzipParameters gzip = new GzipParameters();
        gzip.setCompressionLevel(6);
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(out));
                OutputStream compressed = new GzipCompressorOutputStream(file, gzip)) {
            tar(time, compressed, dir.toAbsolutePath().getParent(), dir.toAbsolutePath());
        }
    }

    /** What is in the folder, not compressed, for what is compressed already. */
    private static void layout(Instant time, Path out, Path dir) throws IOException {
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(out))) {
            tar(time, file, dir.toAbsolutePath(), dir.toAbsolutePath());
        }
    }

    /** The folder and all below it, owned by root, with modes 755 and 644, named from the top. */
    private static void tar(Instant time, OutputStream out, Path top, Path dir) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(dir)) {
            paths = walk.filter(path -> !path.equals(top)).sorted().toList();
        }
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Path path : paths) {
                String name = top.relativize(path).toString().replace(File.separatorChar, '/');
                boolean isLink = Files.isSymbolicLink(path);
                boolean isDir = !isLink && Files.isDirectory(path);
                TarArchiveEntry entry = isLink
                        ? new TarArchiveEntry(name, TarConstants.LF_SYMLINK)
                        : new TarArchiveEntry(name + (isDir ? "/" : ""));
                if (isLink) {
                    entry.setLinkName(Files.readSymbolicLink(path).toString());
                }
                entry.setModTime(time.toEpochMilli());
                entry.setIds(0, 0);
                entry.setNames("root", "root");
                entry.setMode(isLink ? 0777 : isDir || Files.isExecutable(path) ? 0755 : 0644);
                entry.setSize(isLink || isDir ? 0 : Files.size(path));
                tar.putArchiveEntry(entry);
                if (!isLink && !isDir) {
                    Files.copy(path, tar);
                }
                tar.closeArchiveEntry();
            }
        }
    }
}
