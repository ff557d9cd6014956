package dev.cachetool.cli.service;

import dev.cachetool.cli.command.CommandFailedException;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.StepReporter;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.OpaqueOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.Result;
import dev.cachetool.step.DistrustedResult;
import dev.cachetool.step.GivenResult;
import dev.cachetool.step.StepInput;
import dev.cachetool.step.StepListener;
import dev.cachetool.step.StepOutcome;
import dev.cachetool.step.Steps;
import dev.cachetool.step.VertexOps;
import dev.cachetool.store.RefMetadata;
import dev.cachetool.store.RefResult;
import dev.cachetool.store.Store;
import dev.cachetool.store.UnreadableRefException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Executes what no cache has: steps as processes, so many at once, and everything else by {@link SourceOps}. What was made is
 * remembered until this is closed, so that nothing is executed twice when a graph is solved once more. For several threads.
 */
final class StepExecution implements VertexOps.Execution, Closeable {
    private final Path workspace;
    private final Store store;
    private final Steps steps;
    private final SourceOps others;
    private final LayersOfGraph given;
    private final BeforeStep before;
    private final RunLog log;
    private final StepListener listener;
    private final Reporter reporter;
    private final StepReporter stepReporter;
    private final Semaphore slots;
    private final Map<Digest, Made> made = new ConcurrentHashMap<>();

    /** What a vertex gave from which inputs. */
    private record Made(List<String> inputs, Result result) {}

    /** Sees to it that what a step needs is where it looks for it. */
    @FunctionalInterface
    interface BeforeStep {
        void prepare(Vertex vertex) throws IOException;
    }

    /**
     * @param jobs how many vertices are executed at once
     */
    StepExecution(
            Path workspace,
            Store store,
            Steps steps,
            SourceOps others,
            LayersOfGraph given,
            BeforeStep before,
            RunLog log,
            Reporter reporter,
            StepReporter stepReporter,
            int jobs) {
        this.workspace = workspace;
        this.store = store;
        this.steps = steps;
        this.others = others;
        this.given = given;
        this.before = before;
        this.log = log;
        this.reporter = reporter;
        this.stepReporter = stepReporter;
        this.slots = new Semaphore(jobs);
        this.listener = new StepListener() {
            @Override
            public void printed(Vertex vertex, String line) {
                stepReporter.printed(vertex.name(), line);
            }

            @Override
            public void noted(String text) {
                reporter.warn(text);
            }

            @Override
            public void warned(Vertex vertex, String text) {
                reporter.warn("\"" + vertex.name() + "\" " + text);
            }
        };
    }

    @Override
    public Result result(Vertex vertex, int outputIndex, List<Result> inputs) throws Exception {
        Optional<GivenResult> stands = given.result(vertex, outputIndex);
        if (stands.isPresent()) {
            return given(vertex, stands.get());
        }
        Optional<RunLog.Failed> failed = log.failure(vertex);
        if (failed.isPresent()) {
            throw failed.get().cause();
        }
        List<String> ids = inputs.stream().map(Result::id).toList();
        Made known = made.get(vertex.digest());
        if (known != null && known.inputs().equals(ids)) {
            return again(known.result());
        }
        slots.acquire();
        try {
            Result result = execute(vertex, inputs);
            Made replaced = made.put(vertex.digest(), new Made(ids, again(result)));
            if (replaced != null) {
                replaced.result().release();
            }
            return result;
        } finally {
            slots.release();
        }
    }

    private static Result again(Result result) {
        return result instanceof DistrustedResult distrusted
                ? new DistrustedResult(distrusted.result().again(), distrusted.reason())
                : StepInputs.refOf(result).again();
    }

    /** What stands in the graph, which goes before everything else. */
    private RefResult given(Vertex vertex, GivenResult result) throws IOException {
        Timestamp createdAt = result.createdAt();
        return new RefResult(
                store.refs()
                        .remote(
                                result.remote().descriptors(),
                                result.remote().provider(),
                                new RefMetadata(vertex.name(), createdAt, Instant.now(), OptionalLong.empty())),
                Map.of());
    }

    private Result execute(Vertex vertex, List<Result> inputs) throws Exception {
        stepReporter.started(vertex.name());
        long begin = System.nanoTime();
        try {
            if (vertex.op() instanceof OpaqueOp) {
                throw new CommandFailedException(
                        ExitCode.STEP_FAILED,
                        "could not execute \"" + vertex.name()
                                + "\": it is opaque, the work of another builder, and no cache has its result\n"
                                + "name a cache that has it: --from SPEC");
            }
            List<StepInput> stepInputs = StepInputs.of(vertex, inputs, workspace);
            Optional<String> distrust = distrustOf(inputs);
            RefResult result;
            long milliseconds;
            if (vertex.op() instanceof ExecOp) {
                before.prepare(vertex);
                StepOutcome outcome = steps.run(vertex, stepInputs, listener);
                result = new RefResult(outcome.outputs(), Map.of());
                store.keepPrinted(result.id(), outcome.printed());
                milliseconds = outcome.milliseconds();
                distrust = outcome.distrust().or(() -> distrustOf(inputs));
            } else {
                result = new RefResult(others.execute(vertex, stepInputs), Map.of());
                milliseconds = (System.nanoTime() - begin) / 1_000_000;
            }
            if (distrust.isPresent()) {
                reporter.warn("what \"" + vertex.name() + "\" made is used now and not saved: " + distrust.get());
            }
            log.executed(new RunLog.Executed(vertex, result, milliseconds));
            return distrust.isPresent() ? new DistrustedResult(result, distrust.get()) : result;
        } catch (UnreadableRefException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            log.failed(new RunLog.Failed(vertex, e, (System.nanoTime() - begin) / 1_000_000));
            throw e;
        }
    }

    private static Optional<String> distrustOf(List<Result> inputs) {
        return inputs.stream()
                .filter(result -> !result.isTrusted())
                .findFirst()
                .map(result -> "what it takes is not saved either");
    }

    @Override
    public void close() {
        made.values().forEach(known -> known.result().release());
        made.clear();
    }
}
