package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md says that commands print is what the distribution prints. */
final class ReadmeIT {
    @TempDir
    Path temp;

    @BeforeEach
    void copyTheExample() throws IOException {
        Hello.copyTo(Files.createDirectories(temp.resolve("examples/hello")));
        Path script = temp.resolve("cachetool");
        Files.writeString(script, "#!/bin/sh\nexec '" + Launch.launcher(Launch.DISTRIBUTION) + "' \"$@\"\n");
        assertTrue(script.toFile().setExecutable(true));
    }

    private Launch.Outcome shell(Path directory, String script) throws IOException, InterruptedException {
        return Launch.command("sh", "-c", script)
                .in(directory)
                .without("SOURCE_DATE_EPOCH")
                .with("PATH", temp + ":" + System.getenv("PATH"))
                .withOneOutput()
                .run();
    }

    /** The fenced blocks of that language, without their fences. */
    private static List<String> blocks(String language) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher fences = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(Files.readString(Path.of("README.md")));
        while (fences.find()) {
            blocks.add(fences.group(1));
        }
        return blocks;
    }

    /** The text without what differs from run to run. */
    private static String comparable(String text) {
        return text.replaceAll("sha256:[0-9a-f]{12,64}", "DIGEST")
                .replaceAll("\\b[0-9a-f]{12}\\b", "DIGEST")
                .replaceAll("\\b[0-9.]+ (B|KB|MB)(?=\\W)", "SIZE")
                .replaceAll("\\b[0-9.]+ s\\b", "TIME")
                .replaceAll("just made|\\d+ (second|minute)s? old", "AGE")
                .replaceAll(" +", " ");
    }

    @Test
    void console_whenItsCommandsAreRun_printWhatStandsBehindThem() throws Exception {
        int commands = 0;
        for (String block : blocks("console")) {
            for (String part : block.split("(?m)^\\$ ", -1)) {
                if (part.isEmpty()) {
                    continue;
                }
                String command = part.substring(0, part.indexOf('\n'));
                String expected = part.substring(part.indexOf('\n') + 1);
                assertEquals(
                        comparable(expected), comparable(shell(temp, command).out()), command);
                commands++;
            }
        }
        assertTrue(commands >= 10, "commands in README.md: " + commands);
    }

    @Test
    void shellRecipe_whenRunTwice_buildsTheFirstTimeOnly() throws Exception {
        String recipe = blocks("sh").get(0);
        Path job = temp.resolve("examples/hello");
        Launch.Outcome first = shell(job, "set -e\n" + recipe);
        assertEquals(0, first.code(), first.out());
        assertTrue(first.out().contains("going on without this cache"), first.out());
        assertTrue(Files.exists(job.resolve("out/site/index.html")));
        Launch.Outcome second = shell(job, "set -e\nrm -r out\n" + recipe);
        assertEquals(0, second.code(), second.out());
        assertTrue(second.out().contains("\nnothing to build\n"), second.out());
        assertTrue(second.out().contains("unchanged: .build-cache is this cache already"), second.out());
        assertTrue(Files.exists(job.resolve("out/site/index.html")));
    }

    @Test
    void tables_whenRead_nameEveryVerbAndExitCode() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (String verb : List.of("run", "export", "import", "plan", "cachemap", "inspect", "version", "help")) {
            assertTrue(
                    Pattern.compile("(?m)^\\|.*`" + verb + "[ `]")
                            .matcher(readme)
                            .find(),
                    verb);
        }
        List<String> codes = new ArrayList<>();
        Matcher rows = Pattern.compile("(?m)^\\| (\\d[\\d, ]*) \\|").matcher(readme);
        while (rows.find()) {
            codes.addAll(List.of(rows.group(1).split(", ", -1)));
        }
        assertEquals(
                Arrays.stream(ExitCode.values())
                        .map(code -> Integer.toString(code.number()))
                        .sorted()
                        .toList(),
                codes.stream().sorted().toList());
    }
}
