package dev.cachetool.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.Approved;
import dev.cachetool.registry.TestServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The manual is what the commands and {@code docs/} say, and renders without a complaint. */
final class ManPagesTest {
    private static final Path FOLDER = Path.of("man");

    @Test
    void pages_whenMadeAnew_areThoseThatAreCommitted() throws IOException {
        Approved committed = Approved.at(FOLDER);
        Map<String, String> pages = ManPages.all();
        pages.forEach(committed::hold);
        committed.requireOnly(pages.keySet());
    }

    @Test
    void pages_byTheirReferences_leadToOneAnother() throws IOException {
        Map<String, String> pages = ManPages.all();
        Set<String> named = new TreeSet<>();
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Matcher reference = Pattern.compile("(cachetool(?:\\\\-[a-z]+)*)(?:\\\\fR)?\\((\\d)\\)")
                    .matcher(page.getValue());
            while (reference.find()) {
                String file = reference.group(1).replace("\\-", "-") + "." + reference.group(2);
                assertTrue(pages.containsKey(file), page.getKey() + " refers to " + file);
                named.add(file);
            }
        }
        assertEquals(pages.keySet(), named, "pages that others refer to");
    }

    @Test
    void lint_ofEveryPage_findsNothing() throws Exception {
        for (Path page : committed()) {
            assertEquals("", run("mandoc", Map.of(), "-T", "lint", "-W", "all", page.toString()), page.toString());
        }
    }

    @Test
    void groff_ofEveryPage_warnsOfNothing() throws Exception {
        for (Path page : committed()) {
            assertEquals("", run("groff", Map.of(), "-man", "-Tutf8", "-ww", "-z", page.toString()), page.toString());
        }
    }

    @Test
    void man_ofEveryPage_fitsAndCanBeCopied() throws Exception {
        Map<String, String> terminal =
                Map.of("MANWIDTH", "80", "LC_ALL", "C.UTF-8", "MANROFFSEQ", "", "MANPAGER", "cat");
        for (Path page : committed()) {
            String shown = run("man", terminal, "--warnings", "-l", page.toString());
            for (String line : shown.lines().toList()) {
                assertTrue(line.chars().allMatch(c -> c < 0x7f || c == '\u00b7' || c == '\u2022'), page + ": " + line);
                assertTrue(line.length() <= 80, page + ": " + line);
            }
        }
        String shown = run(
                "man",
                terminal,
                "--warnings",
                "-l",
                FOLDER.resolve("cachetool-export.1").toString());
        assertTrue(shown.contains("--from-workspace"), shown);
        assertTrue(shown.contains("\n       cachetool export GRAPH --to SPEC... [OPTION...]\n"), shown);
    }

    @Test
    void whatis_ofEveryPage_isItsNameAndPurpose() throws Exception {
        for (Usage usage : new Verbs(() -> "").usages()) {
            String name = "cachetool-" + usage.verb();
            String file = FOLDER.resolve(name + ".1").toString();
            assertEquals(file + ": \"" + name + " - " + usage.purpose() + "\"\n", run("lexgrog", Map.of(), file), file);
        }
    }

    @Test
    void markdown_whenItHasWhatTheManualHasNoFormFor_isRefused() {
        for (String unknown : List.of(
                "#### deep",
                "| a | b | c |\n|---|---|---|\n",
                "> quoted",
                "a * b",
                "a <br> c",
                "- a\n  - b",
                "![a](b.png)")) {
            ManPage page = new ManPage("x", 1, "2026-01-01", "x", "x");
            assertThrows(IllegalArgumentException.class, () -> ManMarkdown.add(page, unknown + "\n"), unknown);
        }
    }

    @Test
    void markdown_whenItIsOfWhatDocsUse_becomesRequestsOfRoff() {
        ManPage page = new ManPage("x", 1, "2026-01-01", "x", "x");
        String before = page.toString();
        ManMarkdown.add(page, """
                # Title

                See [graph.md](graph.md), **bold**, *new* and `--to 'a\\b'`,
                more.

                ## Part one

                - one
                  goes on
                1. two

                | a | b |
                |---|---|
                | `x\\|y` | z |

                    .code

                ```sh
                echo
                ```
                """);
        assertEquals("""
                .PP
                See \\fIcachetool\\-graph(5)\\fR, \\fBbold\\fR, \\fInew\\fR and \\fB\\-\\-to
                \\(aqa\\(rsb\\(aq\\fR, more.\\&
                .SH PART ONE
                .IP \\(bu 4
                one goes on
                .IP 1. 4
                two
                .TP
                \\fBx|y\\fR
                z
                .PP
                .nf
                \\&.code
                .fi
                .PP
                .nf
                echo
                .fi
                """, page.toString().substring(before.length()));
    }

    private static List<Path> committed() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String name : ManPages.all().keySet()) {
            pages.add(FOLDER.resolve(name));
        }
        return pages;
    }

    /** What the program prints, on both streams; the test is skipped where it is not there. */
    private static String run(String program, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            TestServers.missing(program + " is not there (Debian: groff-base, man-db, mandoc)");
            throw e;
        }
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), command + "\n" + printed);
        return printed;
    }
}
