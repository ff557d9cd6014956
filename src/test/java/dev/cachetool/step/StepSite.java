package dev.cachetool.step;

import com.fasterxml.jackson.core.JsonFactory;
import dev.cachetool.cachemap.LocalFiles;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.ExecOp.Isolation;
import dev.cachetool.graph.Vertex;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.platform.commons.JUnitException;
import org.opentest4j.TestAbortedException;

/** A workspace, a store, and what runs steps in them. */
final class StepSite {
    final Path workspace;
    final Store store;
    final Map<String, String> environment = new TreeMap<>();
    final List<String> printed = Collections.synchronizedList(new ArrayList<>());
    final List<String> warned = Collections.synchronizedList(new ArrayList<>());
    final List<String> noted = Collections.synchronizedList(new ArrayList<>());
    private final Isolation isolation;

    final StepListener listener = new StepListener() {
        @Override
        public void printed(Vertex vertex, String line) {
            printed.add(line);
        }

        @Override
        public void warned(Vertex vertex, String text) {
            warned.add(text);
        }

        @Override
        public void noted(String text) {
            noted.add(text);
        }
    };

    private StepSite(Path folder, Path storeFolder, Isolation isolation) throws IOException {
        workspace = Files.createDirectories(folder.toRealPath().resolve("workspace"));
        store = Store.open(folder.toRealPath().resolve(storeFolder), warning -> {});
        this.isolation = isolation;
        environment.put("PATH", System.getenv("PATH"));
    }

    /** A site whose steps are isolated so; the test is skipped where this machine does not allow it. */
    static StepSite in(Path folder, Isolation isolation) throws IOException {
        return in(folder, Path.of("store"), isolation);
    }

    /** The same with the store in the workspace. */
    static StepSite withStoreInside(Path folder, Isolation isolation) throws IOException {
        return in(folder, Path.of("workspace", "cache", "store"), isolation);
    }

    /** The same with the store in that folder. */
    static StepSite in(Path folder, Path store, Isolation isolation) throws IOException {
        StepSite site = new StepSite(folder, store, isolation);
        if (isolation == Isolation.NAMESPACE) {
            String reason = site.isolations().reason();
            Assumptions.assumeTrue(reason.isEmpty(), () -> "this machine allows no namespaces: " + reason);
        }
        return site;
    }

    /** Where the classes are that a process of its own needs to run steps as tests do. */
    static List<Path> classPath() throws URISyntaxException {
        List<Path> entries = new ArrayList<>();
        for (Class<?> one : List.of(
                StepSite.class,
                StepRunner.class,
                JsonFactory.class,
                Assumptions.class,
                JUnitException.class,
                TestAbortedException.class)) {
            entries.add(Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI()));
        }
        return entries;
    }

    /** The folders that steps have right now. */
    List<String> stepFolders() throws IOException {
        try (Stream<Path> folders = Files.list(store.stepFolders(workspace))) {
            return folders.map(Path::toString).toList();
        }
    }

    /** Writes a file of the workspace. */
    Path write(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** What runs steps, with the environment as it is now. */
    StepRunner runner() throws IOException {
        return new StepRunner(store, new StepSettings(workspace, environment, Optional.empty(), 2), isolations());
    }

    Isolations isolations() throws IOException {
        return new Isolations(workspace, store.stepFolders(workspace), isolation);
    }

    /** An exec vertex; what is given are the fields of its op as JSON with ' for ". */
    Vertex vertex(String fields) throws IOException {
        return load(fields.replace('\'', '"'));
    }

    private Vertex load(String fields) throws IOException {
        Path file = workspace.resolveSibling("graph.json");
        Files.writeString(
                file,
                "{\"schemaVersion\": 1, \"vertices\": [{\"name\": \"step\", \"op\": {\"exec\": {" + fields + "}}}]}");
        return Definition.load(file, workspace).vertices().get(0);
    }

    /** A step that a shell runs. */
    Vertex shell(String script, String fields) throws IOException {
        String escaped = script.replace("\\", "\\\\").replace("\"", "\\\"");
        String more = fields.isEmpty() ? "" : ", " + fields.replace('\'', '"');
        return load("\"args\": [\"sh\", \"-c\", \"" + escaped + "\"]" + more);
    }

    StepOutcome run(Vertex vertex, StepInput... inputs) throws Exception {
        return runner().run(vertex, List.of(inputs), listener);
    }

    /** Files of the workspace as an input. */
    StepInput local(String... patterns) throws IOException {
        Path file = workspace.resolveSibling("local.json");
        Files.writeString(
                file,
                "{\"schemaVersion\": 1, \"vertices\": [{\"name\": \"src\", \"op\": {\"local\": {\"path\": \".\", "
                        + "\"include\": [\"" + String.join("\", \"", patterns) + "\"]}}}]}");
        Definition definition = Definition.load(file, workspace);
        return new StepInput(
                workspace,
                LocalFiles.of(definition, 1).treeOf(definition.vertices().get(0)),
                false);
    }

    /** The result of a step as an input. */
    static StepInput result(StepOutcome outcome) throws IOException {
        return new StepInput(outcome.outputs().mount(), outcome.outputs().tree(), true);
    }

    /** The content of a file of a result. */
    static String text(StepOutcome outcome, String path) throws IOException {
        return Files.readString(FileNames.resolve(outcome.outputs().mount(), path));
    }

    /** The paths of a result. */
    static List<String> paths(StepOutcome outcome) throws IOException {
        FileTree tree = outcome.outputs().tree();
        return tree.entries().stream().map(TreeEntry::path).toList();
    }
}
