package dev.cachetool.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefinitionTest {
    private static final String EXAMPLE = """
            { "schemaVersion": 1,
              "tools":    { "cc": ["cc", "--version"] },
              "defaults": { "exec": { "tools": ["cc"], "env": { "LC_ALL": "C" } } },
              "vertices": [
                { "name": "src",   "op": { "local": { "path": ".", "include": ["src/**", "tests/**"], "exclude": ["**/*.tmp"] } } },
                { "name": "main.o", "op": { "exec": { "args": ["cc", "-O2", "-c", "src/main.c", "-o", "out/main.o"], "outputs": ["out/main.o"] } },
                  "inputs": [ { "vertex": "src", "paths": ["src/main.c", "src/*.h"] } ] },
                { "name": "app",   "op": { "exec": { "args": ["cc", "out/main.o", "-o", "out/app"], "outputs": ["out/app"] } },
                  "inputs": [ { "vertex": "main.o" } ],
                  "options": { "ignoreCache": false, "exportCache": true, "description": { "team": "core" } } } ],
              "targets": [ { "vertex": "app", "output": 0 } ] }
            """;

    private static Definition parse(String json) throws GraphException {
        return Definition.parse(json.getBytes(StandardCharsets.UTF_8), "graph.json", Path.of("/w"));
    }

    @Test
    void parse_ofTheExample_givesItsVertices() throws Exception {
        Definition definition = parse(EXAMPLE);
        assertEquals(3, definition.size());
        Vertex app = definition.find("app").orElseThrow();
        assertEquals(List.of(new Edge(app, 0)), definition.targets());
        assertEquals("main.o", app.inputs().get(0).edge().vertex().name());
        ExecOp op = (ExecOp) app.op();
        assertEquals(List.of("cc"), op.tools());
        assertEquals("C", op.env().get("LC_ALL"));
        assertEquals("core", app.options().description().get("team"));
        assertEquals(Optional.empty(), definition.find("nobody"));
        assertEquals(
                List.of(PathPattern.of("src/main.c"), PathPattern.of("src/*.h")),
                definition.vertex(1).inputs().get(0).paths());
    }
}
