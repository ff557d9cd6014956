package dev.cachetool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/dependencies.md beside pom.xml. */
final class DependenciesDocTest {
    private static final Pattern VERSION = Pattern.compile("<([a-z-]+)\\.version>([^<]+)</\\1\\.version>");

    @Test
    void dependencies_whenPinnedInThePom_areListedWithTheirVersion() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("docs/dependencies.md"));
        List<String> missing = new ArrayList<>();
        int seen = 0;
        Matcher matcher = VERSION.matcher(Files.readString(Path.of("pom.xml")));
        while (matcher.find()) {
            seen++;
            String name = matcher.group(1).replace("-", "[- ]");
            Pattern row = Pattern.compile(
                    "(?i)\\| ([^|]*\\W)?" + name + "\\b[^|]*\\| " + Pattern.quote(matcher.group(2)) + " \\|.*");
            if (rows.stream().noneMatch(line -> row.matcher(line).matches())) {
                missing.add(matcher.group(1) + " " + matcher.group(2));
            }
        }
        assertTrue(seen >= 10, "found " + seen + " versions in pom.xml");
        assertEquals(List.of(), missing);
    }
}
