package dev.cachetool.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is the same in every verb: parsing, help, the environment, errors. */
final class ProgramTest {
    private final ProgramRun run = new ProgramRun();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | a verb is missing",
                "-q | a verb is missing behind -q",
                "pln | unknown verb \"pln\" / did you mean \"plan\"?",
                "frobnicate | unknown verb \"frobnicate\" / known: run, export, import, plan",
                "plan | plan needs GRAPH / write cachetool plan GRAPH [TARGET…] [--from SPEC…]",
                "cachemap g x | unexpected argument \"x\" / write cachetool cachemap GRAPH",
                "version x | unexpected argument \"x\" / write cachetool version",
                "plan g --form x | unknown flag --form of plan / it is a flag of copy",
                "plan g --fron x | unknown flag --fron of plan / did you mean --from?",
                "plan g --formatt=json | unknown flag --formatt of plan / did you mean --format?",
                "plan g --mode max | unknown flag --mode of plan / it is a flag of run and export",
                "plan g -x | unknown flag -x of plan / see cachetool plan --help",
                "plan g --from | --from needs a value / write --from SPEC",
                "plan g --from --strict | --from needs a value",
                "plan g --format | --format needs a value / write --format FORMAT",
                "plan g --format yaml | unknown value \"yaml\" of --format / known: text, json",
                "plan g --progress pretty | unknown value \"pretty\" of --progress / known: auto, plain, tty, quiet, rawjson",
                "plan g --print mis | unknown value \"mis\" of --print / did you mean \"miss\"?",
                "plan g --materialize target | unknown value \"target\" of --materialize / did you mean \"targets\"?",
                "plan g --format json --format json | --format stands twice / leave one of them out",
                "plan g --strict=maybe | could not read --strict with \"maybe\": it is true or false",
                "plan g -q -v | --quiet and --verbose say the opposite",
                "plan g --min-hit-rate 101 | --min-hit-rate is no percentage: \"101\"",
                "plan g --min-hit-rate x | --min-hit-rate is no percentage: \"x\"",
                "plan g --from - --cache-from type=tar,src=- | standard input can be read only once",
                "plan g --from type=locl,src=x | unknown type \"locl\" in type=locl,src=…",
                "help frob | there is no help on \"frob\"",
                "help plan import | unexpected argument \"import\"",
                "import | import has nothing to import from / add --from SPEC",
                "import --from oci:x --fail-on-miss | --fail-on-miss is about the vertices of a graph, and no graph is named",
                "import --from config:x | config:x is a bare cache config: it has no layers to import",
                "import g --store /no-such-store | import has nothing to import from / add --from SPEC",
                "run g --jobs 0 | --jobs is no number of steps: \"0\" / write a whole number from 1 to 1000",
                "run g --isolation nothing | unknown value \"nothing\" of --isolation / known: auto, namespace, folder, none",
                "run g --from config:c | config:c is a bare cache config: it has no layers to load",
                "run g --to - --format json | the tar and --format json cannot both go to standard output",
                "export g | export has nowhere to export to / add --to SPEC, or --config-only",
                "export g --to oci:x --mode maximal | unknown mode \"maximal\" in --mode",
                "export g --to type=local,dest=x,mode=max --mode min | --mode=min and mode=max of the target x differ",
                "export g --to oci:x --export-cache type=local,dest=x | the target x stands twice",
                "export g --to oci:x --content - | --content - holds no layers to look for",
                "export g --to oci:x --content config:c | --content config:c holds no layers to look for",
                "export g --to oci:x --config-only | --config-only prints the config and writes to no target",
                "export g --config-only --format json | --config-only prints the config as it is",
                "export g --to - --format json | the tar and --format json cannot both go to standard output",
            })
    void run_whenTheUsageIsWrong_saysWhatAndWhatToType(String line, String message) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ");
        String error = run.usageError(args).replace("\n  ", " / ");
        assertTrue(error.startsWith("cachetool: " + message), error);
        assertEquals(List.of(), run.services.asked);
    }

    @Test
    void version_whenAsked_isOneLine() {
        for (String[] args : List.of(new String[] {"version"}, new String[] {"--version"}, new String[] {"-V"})) {
            assertEquals(ExitCode.DONE, run.run(args));
            assertEquals("cachetool 1.2.3\n", run.out());
            assertEquals("", run.err());
        }
    }

    @Test
    void flags_whenInFrontOfTheVerb_countAsBehindIt() throws IOException {
        assertEquals(ExitCode.DONE, run.run("--format", "json", "-q", "version"));
        new OutputSchema().hold(run.out());
    }

    @Test
    void arguments_whenTheyLookLikeSomethingElse_areTakenAsTheyAre() {
        run.services.answering(Rows.forecast());
        run.run("plan", "@graph.json", "--from", "oci:a=b,c");
        run.run("plan", "--from=oci:x", "--", "--graph");
        run.run("plan", "${HOME}", "--from=oci:\"x\"");
        assertEquals(
                List.of("@graph.json", "--graph", "${HOME}"),
                run.services.asked.stream()
                        .map(options -> ((PlanOptions) options).graph().toString())
                        .toList());
        assertEquals(
                "oci:\"x\"",
                ((PlanOptions) run.services.asked.get(2)).sources().get(0).spec());
    }

    @Test
    void environment_whenItHasATwin_countsUnlessTheFlagIsGiven() {
        run.services.answering(Rows.forecast());
        run.environment.put("CACHETOOL_FROM", "oci:a\n\n type=local,src=b \n");
        run.environment.put("CACHETOOL_CACHE_FROM", "oci:c");
        run.environment.put("CACHETOOL_STRICT", "1");
        run.environment.put("CACHETOOL_MATERIALIZE", "all");
        run.environment.put("CACHETOOL_WORKSPACE", "");
        run.environment.put("CACHETOOL_JAVA_OPTS", "-Xmx1g");
        run.run("plan", "g.json");
        run.run("plan", "g.json", "--import-cache", "oci:d", "--strict=false", "--materialize", "targets");
        assertEquals("", run.err());
        PlanOptions first = (PlanOptions) run.services.asked.get(0);
        PlanOptions second = (PlanOptions) run.services.asked.get(1);
        assertEquals(
                List.of("oci:a", "oci:b", "oci:c"),
                first.sources().stream().map(place -> place.spec()).toList());
        assertTrue(first.strict());
        assertEquals(Materialize.ALL, first.materialize());
        assertEquals(Path.of("").toAbsolutePath(), first.workspace());
        assertEquals(
                List.of("oci:d"),
                second.sources().stream().map(place -> place.spec()).toList());
        assertFalse(second.strict());
        assertEquals(Materialize.TARGETS, second.materialize());
    }

    @Test
    void environment_whenASwitchIsNeitherTrueNorFalse_isAUsageError() {
        run.environment.put("CACHETOOL_STRICT", "maybe");
        assertTrue(run.usageError("plan", "g")
                .startsWith(
                        "cachetool: the environment variable CACHETOOL_STRICT is neither true nor false: \"maybe\""));
    }

    @Test
    void environment_whenAVariableIsUnknown_isAWarning() {
        run.services.answering(Rows.forecast());
        run.environment.put("CACHETOOL_FRON", "oci:x");
        run.environment.put("CACHETOOL_MODE", "max");
        assertEquals(ExitCode.DONE, run.run("plan", "g", "-q"));
        assertEquals(
                "warning: unknown environment variable CACHETOOL_FRON\n  did you mean CACHETOOL_FROM?\n", run.err());
    }

    @Test
    void progress_whenBuildKitsVariableIsSet_isThatUnlessOursIs() {
        run.services.answeringBy((options, reporter) -> {
            reporter.phase("reading", "", 0, 0);
            return Rows.forecast();
        });
        run.environment.put("BUILDKIT_PROGRESS", "rawjson");
        run.run("plan", "g");
        assertTrue(run.err().startsWith("{\"event\":\"phase\""), run.err());
        run.run("plan", "g", "--progress", "quiet");
        assertEquals("", run.err());
        run.environment.put("BUILDKIT_PROGRESS", "none");
        run.run("plan", "g");
        assertEquals("", run.err());
    }

    @Test
    void failure_whenUnexpected_isAnErrorInsideWithoutAStackTrace() {
        run.services.answeringBy((options, reporter) -> {
            throw new IllegalStateException("no such state");
        });
        assertEquals(ExitCode.INTERNAL, run.run("plan", "g"));
        assertEquals("""
                cachetool: an error inside cachetool: IllegalStateException: no such state
                  to see where, and to report it: the same command with --debug
                """, run.err());
        assertEquals(ExitCode.INTERNAL, run.run("plan", "g", "--debug"));
        assertTrue(run.err().contains("    at dev.cachetool.cli.command."), run.err());
    }

    @Test
    void failure_whenInterrupted_isTold() {
        run.services.answeringBy((options, reporter) -> {
            throw new InterruptedException();
        });
        assertEquals(ExitCode.INTERRUPTED, run.run("plan", "g"));
        assertTrue(Thread.interrupted());
    }

    @Test
    void help_whenPrinted_fitsIntoEightyColumnsAndNamesEveryFlag() {
        Verbs verbs = new Verbs(() -> "");
        for (Usage usage : verbs.usages()) {
            assertEquals(ExitCode.DONE, run.run(usage.verb(), "--help"));
            String page = run.out();
            assertFits(page);
            assertTrue(page.startsWith("cachetool " + usage.verb() + ": " + usage.purpose() + "\n"), page);
            assertTrue(page.contains("example\n  cachetool " + usage.verb()), page);
            for (Flag flag : usage.allFlags()) {
                for (String name : flag.names()) {
                    assertTrue(page.contains(name), usage.verb() + " --help does not name " + name);
                }
            }
            run.run("help", usage.verb());
            assertEquals(page, run.out());
            run.run("-h", usage.verb());
            assertEquals(page, run.out());
        }
        for (String topic : List.of("places", "exit-codes", "environment")) {
            assertEquals(ExitCode.DONE, run.run("help", topic));
            assertFits(run.out());
        }
    }

    @Test
    void help_ofRun_saysWhatTheCheckOfInputsCannotSee() {
        assertEquals(ExitCode.DONE, run.run("run", "--help"));
        String page = run.out().replaceAll("\\s+", " ");
        assertTrue(page.contains("what it reads elsewhere (HOME, /usr, the network) is not seen"), page);
    }

    @Test
    void help_whenOfTheProgram_namesVerbsAndExitCodes() {
        assertEquals(ExitCode.DONE, run.run("--help"));
        String page = run.out();
        assertFits(page);
        for (String verb : Verbs.NAMES) {
            assertTrue(page.contains("\n  " + verb + " "), page);
        }
        for (ExitCode code : ExitCode.values()) {
            assertTrue(page.contains(" " + code.number() + "  " + code.meaning() + "\n"), page);
        }
        run.run("help");
        assertEquals(page, run.out());
        run.run("help", "help");
        assertEquals(page, run.out());
        run.run("-q", "-h");
        assertEquals(page, run.out());
    }

    private static void assertFits(String page) {
        page.lines().forEach(line -> {
            assertTrue(line.codePointCount(0, line.length()) <= 80, line);
            assertEquals(line.stripTrailing(), line);
        });
    }
}
