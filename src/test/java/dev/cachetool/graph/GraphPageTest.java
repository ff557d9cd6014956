package dev.cachetool.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/graph.md is about the graphs that are read. */
final class GraphPageTest {
    private static final Path PAGE = Path.of("docs", "graph.md");

    @Test
    void page_byItsTables_explainsEveryFieldThatIsRead() throws Exception {
        String page = Files.readString(PAGE);
        List<String> names = new ArrayList<>();
        for (Class<?> reader : List.of(GraphReader.class, OpReader.class)) {
            for (Field field : reader.getDeclaredFields()) {
                if (field.getType() == FieldSet.class) {
                    field.setAccessible(true);
                    names.addAll(((FieldSet) field.get(null)).names());
                }
            }
        }
        assertTrue(names.size() > 60, names.toString());
        for (String name : names) {
            assertTrue(
                    page.contains("`" + name + "`")
                            || page.contains("### " + name)
                            || page.contains("\"" + name + "\":"),
                    "docs/graph.md says nothing of " + name);
        }
    }

    @Test
    void example_whenRead_isAGraph() throws Exception {
        String page = Files.readString(PAGE);
        int from = page.indexOf("```json\n") + "```json\n".length();
        byte[] example = page.substring(from, page.indexOf("\n```", from)).getBytes(StandardCharsets.UTF_8);

        Definition graph = Definition.parse(example, "docs/graph.md", Path.of(""));

        assertEquals(3, graph.size());
    }
}
