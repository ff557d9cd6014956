package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random graphs of steps whose outputs are functions of their inputs, edited at random: whatever was run, pruned, deleted,
 * damaged or published before, a run leaves what a run from nothing would leave. {@code -Dcachetool.seed=N} takes others.
 */
final class RunEquivalenceTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20261125);
    private static final boolean SOAK = Boolean.getBoolean("cachetool.soak");
    private static final int GRAPHS = SOAK ? 200 : 3;
    private static final int EDITS = SOAK ? 50 : 12;

    private static final int FILES = 5;
    private static final int STEPS = 7;
    private static final String LETTERS = "ab\n";

    @TempDir
    private Path folder;

    /** What a step makes of its inputs, put one behind the other. */
    private enum Function {
        /** All of them. */
        CAT("cat %s > %s") {
            @Override
            String of(String input) {
                return input;
            }
        },
        /** Nothing but how long they are: many changes of inputs are none here. */
        COUNT("cat %s | wc -c | tr -d ' ' > %s") {
            @Override
            String of(String input) {
                return input.length() + "\n";
            }
        },
        /** Their beginning. */
        HEAD("cat %s | head -c 3 > %s") {
            @Override
            String of(String input) {
                return input.substring(0, Math.min(3, input.length()));
            }
        },
        /** In capitals. */
        UPPER("cat %s | tr ab AB > %s") {
            @Override
            String of(String input) {
                return input.replace('a', 'A').replace('b', 'B');
            }
        };

        private static final List<Function> ALL = List.of(CAT, COUNT, HEAD, UPPER);

        final String command;

        Function(String command) {
            this.command = command;
        }

        abstract String of(String input);
    }

    /** A step: its function, and the files and earlier steps that it takes. */
    private record Step(Function function, List<Integer> files, List<Integer> steps, String prefix) {}

    /** A project, and what is known about it without cachetool. */
    private static final class Project {
        final Steps steps;
        final Random random;
        final List<String> contents = new ArrayList<>();
        final List<Step> all = new ArrayList<>();
        final List<String> trail = new ArrayList<>();
        final String isolation;

        Project(Path folder, Random random) throws IOException {
            this.steps = Steps.in(folder);
            this.random = random;
            this.isolation = List.of("folder", "namespace", "none", "auto").get(random.nextInt(4));
            for (int i = 0; i < FILES; i++) {
                contents.add(text());
                write(i);
            }
            for (int i = 0; i < STEPS; i++) {
                List<Integer> files = some(FILES, 1 + random.nextInt(2));
                List<Integer> below = i == 0 ? List.of() : some(i, random.nextInt(3));
                all.add(new Step(Function.ALL.get(random.nextInt(Function.ALL.size())), files, below, ""));
            }
            graph();
        }

        private String text() {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(5); i >= 0; i--) {
                text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            return text.toString();
        }

        private List<Integer> some(int bound, int count) {
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = random.nextInt(bound);
                if (!numbers.contains(number)) {
                    numbers.add(number);
                }
            }
            return numbers;
        }

        void write(int file) throws IOException {
            steps.file("src/f" + file, contents.get(file));
        }

        /** The graph of now; the last steps are its targets. */
        void graph() throws IOException {
            steps.clear().source("src", "src");
            for (int i = 0; i < all.size(); i++) {
                Step step = all.get(i);
                List<String> inputs = new ArrayList<>();
                List<String> names = new ArrayList<>();
                for (int file : step.files()) {
                    inputs.add("src:src/f" + file);
                    names.add("src/f" + file);
                }
                for (int below : step.steps()) {
                    inputs.add("s" + below);
                    names.add("out/s" + below);
                }
                String command = "mkdir -p out; printf '" + step.prefix() + "' > /dev/null; "
                        + String.format(step.function().command, String.join(" ", names), "out/s" + i);
                steps.step("s" + i, command, "out/s" + i, inputs.toArray(String[]::new));
            }
            steps.targets("s" + (all.size() - 1), "s" + (all.size() - 2));
        }

        String expected(int index) {
            Step step = all.get(index);
            StringBuilder input = new StringBuilder();
            step.files().forEach(file -> input.append(contents.get(file)));
            step.steps().forEach(below -> input.append(expected(below)));
            return step.function().of(input.toString());
        }

        /** Changes something, or does nothing but use the store in another way. */
        List<String> edit(Path cache) throws IOException {
            int file = random.nextInt(FILES);
            int index = random.nextInt(all.size());
            Path output = steps.workspace.resolve("out/s" + index);
            List<String> flags = new ArrayList<>();
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    contents.set(file, text());
                    write(file);
                    trail.add("f" + file + " = " + contents.get(file).replace("\n", "\\n"));
                }
                case 3 -> {
                    Files.setLastModifiedTime(
                            steps.workspace.resolve("src/f" + file),
                            FileTime.from(Instant.ofEpochSecond(random.nextInt(2_000_000_000))));
                    trail.add("time of f" + file);
                }
                case 4 -> {
                    Files.deleteIfExists(output);
                    trail.add("s" + index + " deleted");
                }
                case 5 -> {
                    if (Files.isRegularFile(output, LinkOption.NOFOLLOW_LINKS)) {
                        Files.writeString(output, "damaged by hand");
                        trail.add("s" + index + " damaged");
                    }
                }
                case 6 -> {
                    steps.tool
                            .run(
                                    "store",
                                    "prune",
                                    "--store",
                                    steps.store.toString(),
                                    "--keep-count",
                                    "" + random.nextInt(6))
                            .requires(ExitCode.DONE);
                    trail.add("pruned");
                }
                case 7 -> {
                    Step step = all.get(index);
                    all.set(
                            index,
                            new Step(
                                    Function.ALL.get(random.nextInt(Function.ALL.size())),
                                    some(FILES, 1 + random.nextInt(2)),
                                    step.steps(),
                                    "v" + random.nextInt(3)));
                    graph();
                    trail.add("s" + index + " is another step");
                }
                case 8 -> {
                    flags.addAll(List.of("--to", "type=local,mode=max,dest=" + cache));
                    trail.add("published");
                }
                case 9 -> {
                    flags.addAll(List.of("--from", "oci:" + cache));
                    trail.add("from the cache");
                }
                case 10 -> {
                    flags.add("--no-cache-filter=s" + index);
                    trail.add("without the cache for s" + index);
                }
                default -> {
                    flags.add("--materialize=all");
                    trail.add("all");
                }
            }
            return flags;
        }

        void run(List<String> flags) {
            List<String> words = new ArrayList<>(flags);
            words.add("--isolation=" + isolation);
            WholeTool.Run run = steps.run(words.toArray(String[]::new));
            assertEquals(ExitCode.DONE, run.code(), () -> trail + "\n" + run.err());
        }

        void check(String seed) throws IOException {
            Map<String, String> expected = new TreeMap<>();
            Map<String, String> actual = new TreeMap<>();
            for (int i = all.size() - 2; i < all.size(); i++) {
                expected.put("s" + i, expected(i));
                actual.put(
                        "s" + i,
                        new String(
                                Files.readAllBytes(steps.workspace.resolve("out/s" + i)), StandardCharsets.ISO_8859_1));
            }
            assertEquals(expected, actual, () -> seed + ": " + isolation + ": " + trail);
        }
    }

    @Test
    void run_whenAnythingCameBefore_givesWhatARunFromNothingGives() throws IOException {
        System.out.println("RunEquivalenceTest: -Dcachetool.seed=" + SEED + ", " + GRAPHS + " graphs, " + EDITS
                + " edits of each");
        for (int graph = 0; graph < GRAPHS; graph++) {
            Path place = Files.createDirectories(folder.resolve("g" + graph));
            Project project = new Project(place, new Random(SEED + graph));
            String seed = "seed " + SEED + " graph " + graph;
            project.run(List.of());
            project.check(seed);
            for (int edit = 0; edit < EDITS; edit++) {
                project.run(project.edit(place.resolve("cache")));
                project.check(seed);
            }
            project.steps
                    .tool
                    .run("store", "verify", "--deep", "--store", project.steps.store.toString())
                    .requires(ExitCode.DONE);
        }
    }
}
