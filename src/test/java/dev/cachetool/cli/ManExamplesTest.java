package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the manual, and so of help, work with examples/hello; directories stand for registries. */
final class ManExamplesTest {
    private static final Pattern EXAMPLES = Pattern.compile("(?s)\\.SH EXAMPLES\n\\.nf\n(.*?)\\.fi\n");
    private static final Pattern REMOTE = Pattern.compile("(?:registry\\.)?example\\.com/[a-z/]+:([a-z0-9-]+)");

    @TempDir
    Path temp;

    @Test
    void examples_ofEveryPage_endWithZero() throws Exception {
        Hello hello =
                Hello.copyTo(Files.createDirectories(temp.resolve("hello"))).build();
        List<String> examples = examples();
        assertTrue(examples.size() > 15, examples.toString());
        // What examples read has been written before.
        for (String place : List.of("cache", "main", "branch", "remote-cache", "remote-main", "remote-pr-7")) {
            run("cachetool export graph.json --from-workspace --mode=max --to oci:" + place, hello);
        }
        for (String example : examples) {
            run(example, hello);
        }
    }

    private void run(String example, Hello hello) throws IOException {
        List<String> words = new ArrayList<>();
        for (String word : example.split(" ", -1)) {
            String plain = word.replace("'", "");
            Matcher remote = REMOTE.matcher(plain);
            plain = remote.matches() ? "oci:remote-" + remote.group(1) : plain;
            // The example has vertices of other names.
            plain = plain.replace("test-*", "p*");
            plain = plain.replaceFirst("^(oci|oci-archive):", "$1:" + Matcher.quoteReplacement(temp + "/"));
            plain = plain.equals("graph.json") ? hello.graph() : plain;
            words.add(
                    plain.equals("copy") && words.contains("--to")
                            ? temp.resolve(plain).toString()
                            : plain);
        }
        assertEquals("cachetool", words.remove(0));
        new WholeTool(Files.createDirectories(temp.resolve("tmp")))
                .run(words.toArray(String[]::new))
                .requires(ExitCode.DONE);
    }

    /** Those of cachetool(1) first, then those of the verbs. */
    private static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        try (Stream<Path> pages = Files.list(Path.of("man"))) {
            for (Path page : pages.filter(page -> page.toString().endsWith(".1"))
                    .sorted((a, b) -> a.toString()
                            .replace("-", "~")
                            .compareTo(b.toString().replace("-", "~")))
                    .toList()) {
                Matcher found = EXAMPLES.matcher(Files.readString(page));
                assertTrue(found.find(), page + " has no examples");
                found.group(1)
                        .lines()
                        .map(line -> line.replace("\\-", "-").replace("\\(aq", "'"))
                        .forEach(examples::add);
            }
        }
        return examples;
    }
}
