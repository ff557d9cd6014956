package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cachetool.registry.DockerRegistry;
import dev.cachetool.registry.TestServers;
import dev.cachetool.registry.TestTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people download, as they use it: checked, unpacked where there is no Java, pushed and run as an image. */
final class ReleaseIT {
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final String SKOPEO = "/usr/bin/skopeo";

    /** The main job, with nothing but what is in the folder of the example and a cachetool on the PATH. */
    private static final String MAIN_JOB = """
            set -eu
            sh build.sh
            cp -R out built
            cachetool export graph.json --from-workspace --mode=max --to type=tar,dest=cache.tar
            rm -r out
            cachetool import graph.json --from type=tar,src=cache.tar --fail-on-miss
            diff -r built out
            rm -rf out .cachetool
            cachetool run graph.json --store store --progress=quiet
            diff -r built/site out/site
            echo '# changed' >>scripts/totals.awk
            cachetool run graph.json --store store --progress=quiet
            """;

    private static Path release;
    private static String version;

    @TempDir
    Path temp;

    @BeforeAll
    static void findTheRelease() throws IOException {
        String folder = System.getProperty("cachetool.release", "");
        Assumptions.assumeFalse(
                folder.isEmpty(), "the archives are not made in this build: mvn -Prelease verify makes and tests them");
        release = Path.of(folder);
        version = Launch.DISTRIBUTION.getFileName().toString().substring("cachetool-".length());
    }

    /** The file whose name is cachetool-VERSION, what is given, and this machine's platform in the place of the star. */
    private static Path file(String rest) throws IOException {
        String pattern = "cachetool-" + version + rest.replace("*", "-linux-{amd64,arm64}");
        try (var found = Files.newDirectoryStream(release, pattern)) {
            return found.iterator().next();
        }
    }

    /** The folder that the archive unpacks to. */
    private Path unpack(Path archive) throws IOException, InterruptedException {
        Path folder = Files.createDirectory(temp.resolve("unpacked"));
        Launch.command("tar", "-xzf", archive.toString(), "-C", folder.toString())
                .run()
                .requires(0);
        try (Stream<Path> tops = Files.list(folder)) {
            List<Path> all = tops.toList();
            assertEquals(1, all.size(), all::toString);
            return all.get(0);
        }
    }

    /** A folder with a shell and the usual small tools, and no Java. */
    private Path tools() throws IOException, InterruptedException {
        if (!Files.isExecutable(BUSYBOX)) {
            TestServers.missing(BUSYBOX + " is not there (on Debian: apt-get install busybox-static)");
        }
        Path tools = Files.createDirectory(temp.resolve("tools"));
        Files.copy(BUSYBOX, tools.resolve("busybox"));
        for (String name : Launch.command(BUSYBOX.toString(), "--list")
                .run()
                .requires(0)
                .out()
                .lines()
                .toList()) {
            if (!name.equals("busybox")) {
                Files.createSymbolicLink(tools.resolve(name), Path.of("busybox"));
            }
        }
        return tools;
    }

    /** A copy of the example, as plain files of everyone. */
    private Path example() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("hello"));
        Hello.copyTo(folder);
        return folder;
    }

    private static void assertMainJobDone(Launch.Outcome outcome) {
        String out = outcome.requires(0).out();
        assertTrue(out.contains("10 of 10 vertices needed: 3 source, 7 hit, 0 miss (100 %)"), outcome::toString);
        assertTrue(out.contains("executed   totals   scripts/totals.awk changed"), outcome::toString);
    }

    @Test
    void sums_whenChecked_areThoseOfEveryFile() throws Exception {
        Launch.Outcome checked = Launch.command("sha256sum", "-c", "SHA256SUMS")
                .in(release)
                .with("LC_ALL", "C")
                .run()
                .requires(0);
        TreeSet<String> files = new TreeSet<>();
        try (Stream<Path> all = Files.list(release)) {
            all.forEach(file -> files.add(file.getFileName() + ": OK"));
        }
        files.remove("SHA256SUMS: OK");
        assertEquals(6, files.size(), files::toString);
        assertEquals(List.copyOf(files), checked.out().lines().sorted().toList());
    }

    /** The names of the components, with their versions. */
    private static Map<String, String> components(Path bom) throws IOException {
        JsonNode document = new ObjectMapper().readTree(bom.toFile());
        assertEquals("CycloneDX", document.path("bomFormat").textValue());
        assertEquals("cachetool", document.at("/metadata/component/name").textValue());
        assertEquals(version, document.at("/metadata/component/version").textValue());
        assertTrue(document.path("serialNumber").isMissingNode(), "the same bytes every time");
        assertTrue(document.at("/metadata/timestamp").isMissingNode(), "the same bytes every time");
        Map<String, String> components = new TreeMap<>();
        for (JsonNode component : document.path("components")) {
            assertTrue(component.path("purl").textValue().startsWith("pkg:"), component::toString);
            components.put(
                    component.path("name").textValue(),
                    component.path("version").textValue());
        }
        TreeSet<String> references = new TreeSet<>();
        document.path("dependencies")
                .forEach(dependency -> references.add(dependency.path("ref").textValue()));
        assertEquals(components.size() + 1, references.size(), references::toString);
        return components;
    }

    @Test
    void boms_whenRead_nameWhatIsInTheArchives() throws Exception {
        Map<String, String> libraries = components(file(".cdx.json"));
        for (String library : List.of("picocli", "zstd-jni", "okhttp-jvm", "kotlin-stdlib", "commons-compress")) {
            assertTrue(libraries.containsKey(library), libraries::toString);
        }
        assertFalse(libraries.containsKey("junit-jupiter"), libraries::toString);
        assertFalse(libraries.containsKey("openjdk"), libraries::toString);

        Path home = unpack(file("*.tar.gz"));
        Map<String, String> withJava = components(file("*.cdx.json"));
        assertTrue(withJava.entrySet().containsAll(libraries.entrySet()), withJava::toString);
        String java = Files.readString(home.resolve("runtime/release"));
        assertTrue(java.contains("JAVA_VERSION=\"" + withJava.get("openjdk") + "\""), java);
        // Each package of the system that has a library in it has its licence in it.
        TreeSet<String> packages = new TreeSet<>(withJava.keySet());
        packages.removeAll(libraries.keySet());
        packages.remove("openjdk");
        for (String name : packages) {
            assertTrue(Files.size(home.resolve("runtime/legal/" + name + "/copyright")) > 0, name);
        }

        Map<String, String> image = components(file("*.oci.cdx.json"));
        assertTrue(image.entrySet().containsAll(withJava.entrySet()), image::toString);
        assertTrue(image.containsKey("libc6") && image.containsKey("busybox-static"), image::toString);
    }

    @Test
    void archiveWithJava_whenNoJavaIsThere_doesTheMainJob() throws Exception {
        Path home = unpack(file("*.tar.gz"));
        Path tools = tools();
        Launch.Outcome outcome = Launch.command(
                        "env",
                        "-i",
                        "PATH=" + tools + ":" + home.resolve("bin"),
                        "HOME=" + temp,
                        "sh",
                        "-c",
                        "! command -v java || exit 99\n" + MAIN_JOB)
                .in(example())
                .withOneOutput()
                .run();
        assertMainJobDone(outcome);
    }

    @Test
    void archiveWithJava_whenAnotherJavaIsThere_takesItsOwnAndEveryClassFromTheArchive() throws Exception {
        Path home = unpack(file("*.tar.gz"));
        Path log = temp.resolve("classes");
        Launch.command(Launch.launcher(home), "version")
                .with("JAVA_HOME", temp.resolve("none").toString())
                .with("CACHETOOL_JAVA_OPTS", "-Xlog:class+load:file=" + log)
                .run()
                .requires(0);
        assertEveryClassIsFromTheArchive(log);
    }

    @Test
    void archiveWithJava_whenTheRegistrySpeaksTls_pushesAndPulls() throws Exception {
        Path home = unpack(file("*.tar.gz"));
        Path hello = example();
        Hello.in(hello).build();
        try (DockerRegistry registry = DockerRegistry.withTls(temp.resolve("registry"))) {
            String cache = registry.host() + "/team/app:cache";
            String authority = TestTls.authority().toAbsolutePath().toString();
            Launch.command(Launch.launcher(home), "export", "graph.json", "--from-workspace", "--to", cache)
                    .in(hello)
                    .with("SSL_CERT_FILE", authority)
                    .run()
                    .requires(0);
            Hello.in(hello).clean();
            Launch.command(Launch.launcher(home), "import", "graph.json", "--from", cache, "--fail-on-miss")
                    .in(hello)
                    .with("SSL_CERT_FILE", authority)
                    .run()
                    .requires(0);
        }
    }

    /** None of cachetool and its libraries is from the jar. */
    private static void assertEveryClassIsFromTheArchive(Path log) throws IOException {
        List<String> loaded = Files.readAllLines(log, StandardCharsets.UTF_8);
        assertTrue(loaded.stream().anyMatch(line -> line.contains(" dev.cachetool.cli.Main ")), loaded::toString);
        assertEquals(
                List.of(),
                loaded.stream()
                        .filter(line -> line.matches(".* source: (file|jar):.*"))
                        .toList());
    }

    @Test
    void archiveWithJava_whenTheMachineIsAnother_saysWhatToTake() throws Exception {
        Path home = unpack(file("*.tar.gz"));
        Files.writeString(home.resolve("runtime/loader"), "/lib64/ld-none.so.1 2.36\n");
        Launch.Outcome outcome =
                Launch.command(Launch.launcher(home), "version").run();
        assertEquals(1, outcome.code());
        assertEquals("", outcome.out());
        assertEquals(
                "cachetool: could not start the Java that came with it: there is no /lib64/ld-none.so.1 here, as machines of"
                        + " its kind with a glibc of 2.36 or newer have\n"
                        + "  take the archive for this machine, or the one without a Java, whose name has no platform\n",
                outcome.err());
    }

    @Test
    void archive_whenMadeToFitAnotherJava_takesEveryClassFromItsArchive() throws Exception {
        Path home = unpack(file(".tar.gz"));
        Files.writeString(home.resolve("lib/cachetool.jsa"), "that of another Java\n");
        String java = System.getProperty("java.home");
        Launch.command("sh", home.resolve("lib/archive.sh").toString())
                .with("JAVA_HOME", java)
                .run()
                .requires(0);
        Path log = temp.resolve("classes");
        Launch.command(Launch.launcher(home), "version")
                .with("JAVA_HOME", java)
                .with("CACHETOOL_JAVA_OPTS", "-Xlog:class+load:file=" + log)
                .run()
                .requires(0);
        assertEveryClassIsFromTheArchive(log);
    }

    /** The indented lines below the heading. */
    private static String commands(Path page, String heading) throws IOException {
        String text = Files.readString(page);
        Matcher section = Pattern.compile("(?ms)^#+ " + Pattern.quote(heading) + "\n(.*?)(^#|\\z)")
                .matcher(text);
        assertTrue(section.find(), () -> page + " has no section " + heading);
        List<String> lines = new ArrayList<>();
        for (String line : section.group(1).lines().toList()) {
            if (line.startsWith("    ")) {
                lines.add(line.strip().replace("VERSION", version));
            }
        }
        assertFalse(lines.isEmpty(), () -> page + " has no commands below " + heading);
        return String.join("\n", lines) + "\n";
    }

    @Test
    void pages_whenDoneInARootWithNothingButTheArchive_install() throws Exception {
        String debian = System.getProperty("cachetool.debian", "");
        if (debian.isEmpty()) {
            TestServers.missing(
                    "no -Dcachetool.debian names a folder with an unpacked Debian: .ci/debian-root makes one");
        }
        if (Launch.command("unshare", "-m", "true").run().code() != 0) {
            TestServers.missing("another root needs mounts, which are not allowed here");
        }
        Path root = temp.resolve("root");
        Launch.command("cp", "-a", debian, root.toString()).run().requires(0);
        for (String sub : List.of("dev", "proc", "root", "tmp", "opt")) {
            Files.createDirectories(root.resolve(sub));
        }
        String readme = commands(Path.of("README.md"), "Install");
        assertEquals(readme, commands(Path.of("docs/install.md"), "With its own Java"));
        String job = readme + "! command -v java || exit 99\ncd hello\n" + MAIN_JOB;
        Files.copy(file("*.tar.gz"), root.resolve("root/" + file("*.tar.gz").getFileName()));
        Hello.copyTo(Files.createDirectory(root.resolve("root/hello")));
        Files.writeString(root.resolve("root/job.sh"), "set -eu\ncd /root\n" + job);
        Launch.Outcome outcome = Launch.command("unshare", "-m", "sh", "-euc", """
                        mount -t proc proc "$0/proc"
                        mount --bind /dev "$0/dev"
                        exec env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/bin HOME=/root chroot "$0" sh /root/job.sh
                        """, root.toString())
                .withOneOutput()
                .run();
        Launch.command("rm", "-rf", "--one-file-system", root.toString()).run().requires(0);
        assertTrue(outcome.out().startsWith("cachetool " + version + "\n"), outcome::toString);
        assertMainJobDone(outcome);
    }

    @Test
    void image_whenADaemonLoadsOrPullsIt_doesTheMainJob() throws Exception {
        String archive = file("*.oci.tar").toString();
        try (DockerRegistry registry = DockerRegistry.open(temp.resolve("registry"));
                DockerDaemon docker = DockerDaemon.start()) {
            docker.docker("load", "-i", archive).run().requires(0);
            String image = "cachetool:" + version;
            Path hello = example();
            Launch.command("chmod", "-R", "a+rwX", temp.toString()).run().requires(0);
            Launch.Outcome outcome = docker.docker(
                            "run",
                            "--rm",
                            "--network=none",
                            "--user=1234:1234",
                            "--entrypoint=sh",
                            "--volume=" + hello + ":/work",
                            image,
                            "-c",
                            MAIN_JOB)
                    .withOneOutput()
                    .run();
            assertMainJobDone(outcome);
            assertEquals(
                    "1234", Files.getAttribute(hello.resolve("out"), "unix:uid").toString());

            if (!Files.isExecutable(Path.of(SKOPEO))) {
                TestServers.missing(SKOPEO + " is not there (on Debian: apt-get install skopeo)");
            }
            String pushed = registry.host() + "/team/cachetool:" + version;
            Launch.command(
                            SKOPEO,
                            "copy",
                            "--insecure-policy",
                            "--dest-tls-verify=false",
                            "oci-archive:" + archive + ":" + version,
                            "docker://" + pushed)
                    .run()
                    .requires(0);
            docker.docker("pull", pushed).run().requires(0);
            // The same image, by another way.
            assertEquals(id(docker, image), id(docker, pushed));
            Launch.Outcome said = docker.docker("run", "--rm", "--network=none", pushed, "version")
                    .run()
                    .requires(0);
            assertEquals("cachetool " + version + "\n", said.out());
        }
    }

    private static String id(DockerDaemon docker, String image) throws IOException, InterruptedException {
        return docker.docker("image", "inspect", "--format", "{{.Id}}", image)
                .run()
                .requires(0)
                .out();
    }

    @Test
    void image_whenReadAsALayout_saysWhatItIs() throws Exception {
        Path layout = Files.createDirectory(temp.resolve("layout"));
        Launch.command("tar", "-xf", file("*.oci.tar").toString(), "-C", layout.toString())
                .run()
                .requires(0);
        ObjectMapper mapper = new ObjectMapper();
        JsonNode entry = mapper.readTree(layout.resolve("index.json").toFile()).at("/manifests/0");
        assertEquals(
                version,
                entry.at("/annotations/org.opencontainers.image.ref.name").textValue());
        JsonNode manifest = document(mapper, layout, entry);
        JsonNode config = document(mapper, layout, manifest.path("config"));
        assertEquals("linux", config.path("os").textValue());
        assertEquals("/work", config.at("/config/WorkingDir").textValue());
        assertEquals("/usr/bin/cachetool", config.at("/config/Entrypoint/0").textValue());
        assertEquals(
                version,
                config.path("config")
                        .path("Labels")
                        .path("org.opencontainers.image.version")
                        .textValue());
        // Docker's own document names the same blobs.
        JsonNode dockers =
                mapper.readTree(layout.resolve("manifest.json").toFile()).path(0);
        assertEquals(pathOf(manifest.path("config")), dockers.path("Config").textValue());
        List<String> layers = new ArrayList<>();
        manifest.path("layers").forEach(layer -> layers.add(pathOf(layer)));
        List<String> named = new ArrayList<>();
        dockers.path("Layers").forEach(layer -> named.add(layer.textValue()));
        assertEquals(layers, named);
    }

    private static JsonNode document(ObjectMapper mapper, Path layout, JsonNode descriptor) throws IOException {
        return mapper.readTree(layout.resolve(pathOf(descriptor)).toFile());
    }

    private static String pathOf(JsonNode descriptor) {
        return "blobs/" + descriptor.path("digest").textValue().replace(':', '/');
    }
}
