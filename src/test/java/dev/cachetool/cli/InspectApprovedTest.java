package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.InspectGoldenTest.Tagged;
import dev.cachetool.cli.command.OutputSchema;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.registry.TestServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code inspect} and {@code ls} say of caches that BuildKit wrote, and of the one of examples/hello: compared with
 * what somebody read and approved.
 */
final class InspectApprovedTest {
    private static final Approved INSPECT = Approved.in("inspect");
    private static final Approved LS = Approved.in("ls");

    /** The formats of {@code inspect}, and how their files end; the page has tests of its own. */
    private static final Map<String, String> FORMATS =
            new TreeMap<>(Map.of("text", ".txt", "json", ".json", "dot", ".dot", "tree", ".tree.txt"));

    private static final Path DOT = Path.of("/usr/bin/dot");

    @TempDir
    private Path folder;

    private WholeTool tool;

    @BeforeEach
    void makeTool() throws IOException {
        tool = new WholeTool(Files.createDirectory(folder.resolve("tmp"))).at(Approved.NOW);
    }

    static Stream<Tagged> caches() {
        return InspectGoldenTest.caches();
    }

    private static String name(Tagged cache) {
        return cache.golden() + (cache.tag().equals("latest") ? "" : "." + cache.tag());
    }

    private String run(Path cache, String... args) {
        return tool.run(args).requires(ExitCode.DONE).out().replace(cache.toString(), "CACHE");
    }

    @ParameterizedTest
    @MethodSource("caches")
    void inspect_ofARealCache_saysWhatWasApproved(Tagged cache) {
        for (Map.Entry<String, String> format : FORMATS.entrySet()) {
            String said = run(cache.golden().folder(), "inspect", cache.spec(), "--format", format.getKey());
            INSPECT.hold(name(cache) + format.getValue(), said);
        }
    }

    @ParameterizedTest
    @MethodSource("caches")
    void ls_ofARealCache_saysWhatWasApproved(Tagged cache) {
        LS.hold(name(cache) + ".txt", run(cache.golden().folder(), "ls", cache.spec()));
        LS.hold(name(cache) + ".json", run(cache.golden().folder(), "ls", cache.spec(), "--format=json"));
    }

    @ParameterizedTest
    @MethodSource("caches")
    void json_ofARealCache_holdsToTheSchema(Tagged cache) throws IOException {
        OutputSchema schema = new OutputSchema();
        schema.hold(run(cache.golden().folder(), "inspect", cache.spec(), "--format=json"));
        schema.hold(run(cache.golden().folder(), "ls", cache.spec(), "--format=json"));
    }

    /** Exports all of examples/hello, with results of several ages. */
    private Path hello() throws IOException, InterruptedException {
        Hello hello =
                Hello.copyTo(Files.createDirectory(folder.resolve("hello"))).build();
        try (Stream<Path> walk = Files.walk(folder.resolve("hello"))) {
            for (Path path : walk.toList()) {
                boolean open = Files.isDirectory(path);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(open ? "rwxr-xr-x" : "rw-r--r--"));
                Files.setLastModifiedTime(path, FileTime.from(Approved.NOW.minus(Duration.ofDays(100))));
            }
        }
        Map<String, Integer> days =
                Map.of("orders.csv", 60, "prices.csv", 60, "totals.csv", 40, "table.html", 20, "chart.svg", 9);
        for (Map.Entry<String, Integer> age : days.entrySet()) {
            made(hello.path("out/" + age.getKey()), age.getValue());
        }
        for (String made : List.of("out/pages", "out/site")) {
            try (Stream<Path> walk = Files.walk(hello.path(made))) {
                for (Path path : walk.toList()) {
                    made(path, made.endsWith("site") ? 0 : 3);
                }
            }
        }
        Path cache = folder.resolve("hello-cache");
        tool.run("export", hello.graph(), "--from-workspace", "--mode=max", "--to", "oci:" + cache)
                .requires(ExitCode.DONE);
        return cache;
    }

    private static void made(Path path, int days) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Approved.NOW.minus(Duration.ofDays(days))));
    }

    @Test
    void inspectAndLs_ofTheExample_sayWhatWasApproved() throws Exception {
        Path cache = hello();
        for (Map.Entry<String, String> format : FORMATS.entrySet()) {
            INSPECT.hold(
                    "hello" + format.getValue(), run(cache, "inspect", "oci:" + cache, "--format", format.getKey()));
        }
        INSPECT.hold("hello.all.txt", run(cache, "inspect", "oci:" + cache, "-v"));
        INSPECT.hold("hello.shared.txt", run(cache, "inspect", "oci:" + cache, "--shared-with", "oci:" + cache));
        INSPECT.hold("hello.limit.tree.txt", run(cache, "inspect", "oci:" + cache, "--format=tree", "--limit=9"));
        LS.hold("hello.txt", run(cache, "ls", "oci:" + cache));
        LS.hold("hello.json", run(cache, "ls", "oci:" + cache, "--format=json"));
        LS.hold("hello.all.txt", run(cache, "ls", "oci:" + cache, "-v"));
        LS.hold("hello.age.txt", run(cache, "ls", "oci:" + cache, "--sort=age"));
        LS.hold("hello.name.txt", run(cache, "ls", "oci:" + cache, "--sort=name"));
        tool.with("COLUMNS", "50");
        INSPECT.hold("hello.50.txt", run(cache, "inspect", "oci:" + cache));
        LS.hold("hello.50.txt", run(cache, "ls", "oci:" + cache));
        tool.with("COLUMNS", "140");
        INSPECT.hold("hello.140.txt", run(cache, "inspect", "oci:" + cache));
        LS.hold("hello.140.txt", run(cache, "ls", "oci:" + cache));
    }

    @Test
    void files_thatAreApproved_areAllCompared() {
        List<String> inspected = new ArrayList<>(
                List.of("hello.all.txt", "hello.shared.txt", "hello.limit.tree.txt", "hello.50.txt", "hello.140.txt"));
        List<String> listed = new ArrayList<>(
                List.of("hello.all.txt", "hello.age.txt", "hello.name.txt", "hello.50.txt", "hello.140.txt"));
        for (String name : Stream.concat(Stream.of("hello"), caches().map(InspectApprovedTest::name))
                .toList()) {
            FORMATS.values().forEach(end -> inspected.add(name + end));
            listed.add(name + ".txt");
            listed.add(name + ".json");
        }
        INSPECT.requireOnly(inspected);
        LS.requireOnly(listed);
    }

    @ParameterizedTest
    @MethodSource("caches")
    void dot_ofARealCache_isDrawnByGraphviz(Tagged cache) throws Exception {
        if (!Files.isExecutable(DOT)) {
            TestServers.missing("Graphviz is not installed (" + DOT + ")");
        }
        String graph = run(cache.golden().folder(), "inspect", cache.spec(), "--format=dot");
        Process process = new ProcessBuilder(DOT.toString(), "-Tsvg")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().write(graph.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String drawn = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        int records = cache.expected().require("records").asInt();
        assertEquals(records, drawn.split("class=\"node\"", -1).length - 1);
        assertTrue(drawn.contains("class=\"edge\""), drawn);
    }
}
