package dev.cachetool.step;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.Vertex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs each step a second time, in another folder where everything else of the workspace stands as well, and tells what that
 * shows: files that it reads and are none of its inputs (leftovers of other steps among them), files that it leaves and are
 * none of its outputs, outputs that differ from run to run, and outputs that name the folder they were made in. What was
 * made the second time is thrown away.
 *
 * <p>What a step reads outside of the workspace (HOME, /usr, the network) is not seen, nor that it only looks whether a file
 * is there; and where the file system does not tell when files were read, undeclared files are found only by what they do to
 * the outputs.
 */
public final class CheckedSteps implements Steps {
    private static final int SHOWN = 10;

    private final StepRunner steps;
    private final List<Finding> findings = new ArrayList<>();

    public CheckedSteps(StepRunner steps) {
        this.steps = steps;
    }

    /** What the check of a step showed. */
    public enum Kind {
        /** It reads files of the workspace that are none of its inputs. */
        UNDECLARED_READS("reads", ", none of its inputs"),
        /** It leaves files that are none of its outputs. */
        LEFTOVERS("leaves", ", none of its outputs"),
        /** Outputs are not the same the second time. */
        DIFFERENT_OUTPUTS("makes", ", not the same each time"),
        /** Outputs are not the same where the files stand that the step reads and does not declare. */
        DEPENDENT_OUTPUTS("makes", ", not the same where those files stand"),
        /** Outputs name the folder, and the step does not say that it is path-sensitive. */
        PATH_SENSITIVE("writes the folder that it runs in into", ": it is path-sensitive"),
        /** It fails the second time, or only the first. */
        FAILS_ELSEWHERE("", "");

        private final String before;
        private final String after;

        Kind(String before, String after) {
            this.before = before;
            this.after = after;
        }
    }

    /**
     * One of them.
     *
     * @param vertex the step's name
     * @param paths what it is about
     * @param text for people, as half a sentence about the step
     */
    public record Finding(String vertex, Kind kind, List<String> paths, String text) {
        public Finding {
            paths = List.copyOf(paths);
        }
    }

    /** What was found so far. */
    public synchronized List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** As the steps that this was made with; what is found is also a warning. */
    @Override
    public StepOutcome run(Vertex vertex, List<StepInput> inputs, StepListener listener)
            throws StepFailedException, IOException, InterruptedException {
        StepOutcome first;
        try {
            first = steps.run(vertex, inputs, listener);
        } catch (StepFailedException e) {
            SecondRun second = steps.runAgain(vertex, inputs);
            tellOf(vertex, Kind.UNDECLARED_READS, second.undeclaredReads(), listener);
            if (second.failure().isEmpty()) {
                tell(
                        new Finding(
                                vertex.name(),
                                Kind.FAILS_ELSEWHERE,
                                List.of(),
                                "fails with its inputs alone, but not where all of the workspace stands"),
                        vertex,
                        listener);
            }
            throw e;
        }
        boolean done = false;
        try {
            compare(vertex, first, steps.runAgain(vertex, inputs), listener);
            done = true;
            return first;
        } finally {
            if (!done) {
                first.outputs().release();
            }
        }
    }

    private void compare(Vertex vertex, StepOutcome first, SecondRun second, StepListener listener) throws IOException {
        tellOf(vertex, Kind.UNDECLARED_READS, second.undeclaredReads(), listener);
        if (second.failure().isPresent()) {
            tell(
                    new Finding(
                            vertex.name(),
                            Kind.FAILS_ELSEWHERE,
                            List.of(),
                            "fails in another folder, where the rest of the workspace stands as well: "
                                    + second.failure().get()),
                    vertex,
                    listener);
            return;
        }
        tellOf(vertex, Kind.LEFTOVERS, second.leftovers(), listener);
        List<String> different = new ArrayList<>();
        List<String> naming = new ArrayList<>();
        FileTree before = first.outputs().tree();
        FileTree after = second.outputs();
        Set<String> paths = new TreeSet<>(FileNames.ORDER);
        before.entries().forEach(entry -> paths.add(entry.path()));
        after.entries().forEach(entry -> paths.add(entry.path()));
        for (String path : paths) {
            Optional<TreeEntry> now = after.find(path);
            if (!isSame(before.find(path), now)) {
                boolean names = now.isPresent() && second.naming().contains(path);
                (names ? naming : different).add(path);
            }
        }
        if (((ExecOp) vertex.op()).pathSensitive()) {
            naming.clear();
        }
        tellOf(vertex, Kind.PATH_SENSITIVE, naming, listener);
        boolean reads = !second.undeclaredReads().isEmpty();
        tellOf(vertex, reads ? Kind.DEPENDENT_OUTPUTS : Kind.DIFFERENT_OUTPUTS, different, listener);
    }

    private static boolean isSame(Optional<TreeEntry> a, Optional<TreeEntry> b) {
        return a.isPresent()
                && b.isPresent()
                && a.get().type() == b.get().type()
                && a.get().digest().equals(b.get().digest())
                && a.get().linkTarget().equals(b.get().linkTarget())
                && (a.get().type() == EntryType.DIRECTORY
                        || a.get().isExecutable() == b.get().isExecutable());
    }

    private void tellOf(Vertex vertex, Kind kind, List<String> paths, StepListener listener) {
        if (paths.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder(kind.before);
        for (int i = 0; i < Math.min(paths.size(), SHOWN); i++) {
            text.append(i == 0 ? " " : ", ").append(FileNames.shown(paths.get(i)));
        }
        if (paths.size() > SHOWN) {
            text.append(" and ").append(paths.size() - SHOWN).append(" more");
        }
        tell(new Finding(vertex.name(), kind, paths, text.append(kind.after).toString()), vertex, listener);
    }

    private void tell(Finding finding, Vertex vertex, StepListener listener) {
        synchronized (this) {
            findings.add(finding);
        }
        listener.warned(vertex, finding.text());
    }
}
