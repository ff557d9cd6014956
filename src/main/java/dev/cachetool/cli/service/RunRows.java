package dev.cachetool.cli.service;

import dev.cachetool.cli.command.Problems;
import dev.cachetool.cli.command.PublishAnswer;
import dev.cachetool.cli.command.RunAnswer;
import dev.cachetool.cli.command.SolveAnswer;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.step.StepFailedException;
import dev.cachetool.store.ImmutableRef;
import dev.cachetool.store.RemoteImmutableRef;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Says of every vertex what a run did with it. */
final class RunRows {
    private final GraphSession session;
    private final RunCaches caches;
    private final RunLog log;
    private final Materializer materializer;

    RunRows(GraphSession session, RunCaches caches, RunLog log, Materializer materializer) {
        this.session = session;
        this.caches = caches;
        this.log = log;
        this.materializer = materializer;
    }

    /**
     * All of it.
     *
     * @param begin when the command began, by {@link System#nanoTime}
     */
    RunAnswer answer(List<SourceRow> sources, Optional<PublishAnswer> published, long begin) throws IOException {
        Set<Digest> reached = reached();
        List<VertexRow> rows = new ArrayList<>(session.definition().size());
        Map<Digest, LayerRow> pulled = new LinkedHashMap<>();
        Set<Digest> seen = new HashSet<>();
        for (Vertex vertex : session.definition().vertices()) {
            rows.add(row(vertex, reached));
            Optional<RunLog.Hit> hit = log.hit(vertex);
            if (hit.isPresent() && seen.add(vertex.digest())) {
                if (hit.get().lazy()
                        && hit.get().result().ref() instanceof RemoteImmutableRef remote
                        && !remote.isLazy()) {
                    for (Descriptor layer : remote.remotes().get(0).descriptors()) {
                        pulled.put(
                                layer.digest(),
                                new LayerRow(layer, layer.diffId(), Optional.of(LayerRow.Status.PULLED)));
                    }
                }
            }
        }
        long bytes =
                pulled.values().stream().mapToLong(layer -> layer.blob().size()).sum();
        List<RunAnswer.Failure> failures = new ArrayList<>();
        for (RunLog.Failed failed : log.failures()) {
            failures.add(failure(failed));
        }
        return new RunAnswer(
                new SolveAnswer(
                        rows, sources, List.copyOf(pulled.values()), bytes, (System.nanoTime() - begin) / 1_000_000),
                failures,
                published);
    }

    private static RunAnswer.Failure failure(RunLog.Failed failed) {
        String name = failed.vertex().name();
        Optional<StepFailedException> step = failed.step();
        if (step.isPresent()) {
            return new RunAnswer.Failure(
                    name,
                    new Problem(ExitCode.STEP_FAILED, "\"" + name + "\" failed: " + failed.reason(), List.of()),
                    step.get().lastLines(),
                    step.get().byHand());
        }
        return new RunAnswer.Failure(name, Problems.of(failed.cause()), List.of(), "");
    }

    /** What something that is wanted asks for: not what lies below a hit. */
    private Set<Digest> reached() {
        Set<Digest> reached = new HashSet<>();
        Deque<Vertex> open = new ArrayDeque<>();
        session.targets().forEach(target -> open.push(target.vertex()));
        while (!open.isEmpty()) {
            Vertex vertex = open.pop();
            if (reached.add(vertex.digest()) && log.hit(vertex).isEmpty()) {
                vertex.inputs().forEach(input -> open.push(input.edge().vertex()));
            }
        }
        return reached;
    }

    private VertexRow row(Vertex vertex, Set<Digest> reached) throws IOException {
        if (vertex.op() instanceof LocalOp) {
            return plain(vertex, Status.SOURCE);
        }
        Optional<RunLog.Failed> failure = log.failure(vertex);
        if (failure.isPresent()) {
            return plain(vertex, Status.FAILED)
                    .withReason(failure.get().reason())
                    .withEffort(OptionalLong.of(failure.get().milliseconds()), OptionalLong.empty());
        }
        Optional<Materializer.Effort> effort = materializer.effort(vertex);
        OptionalLong files = effort.isPresent() ? OptionalLong.of(effort.get().files()) : OptionalLong.empty();
        Optional<RunLog.Executed> executed = log.execution(vertex);
        if (executed.isPresent()) {
            ImmutableRef ref = executed.get().result().ref();
            VertexRow row = plain(vertex, Status.EXECUTED)
                    .withResult(
                            Optional.empty(),
                            ref.size(),
                            0,
                            Optional.of(executed.get().result().createdAt()))
                    .withEffort(OptionalLong.of(executed.get().milliseconds()), files);
            return log.miss(vertex).map(row::withReason).orElse(row);
        }
        Optional<RunLog.Hit> hit = log.hit(vertex);
        if (hit.isPresent()) {
            return hit(plain(vertex, Status.HIT), hit.get())
                    .withEffort(
                            effort.isPresent() ? OptionalLong.of(effort.get().milliseconds()) : OptionalLong.empty(),
                            files);
        }
        return reached.contains(vertex.digest()) && !log.failures().isEmpty()
                ? plain(vertex, Status.SKIPPED).withReason(skipped(vertex))
                : plain(vertex, Status.UNNEEDED);
    }

    private static VertexRow plain(Vertex vertex, Status status) {
        return VertexRow.of(vertex.name(), vertex.op().kind(), status).withVertex(vertex.digest());
    }

    private VertexRow hit(VertexRow row, RunLog.Hit hit) throws IOException {
        ImmutableRef ref = hit.result().ref();
        long bytes = ref.size();
        int layers = 0;
        if (ref instanceof RemoteImmutableRef remote) {
            List<Descriptor> stack = remote.remotes().get(0).descriptors();
            layers = stack.size();
            bytes = stack.stream().mapToLong(Descriptor::size).sum();
        }
        Timestamp createdAt = hit.record().createdAt();
        return row.withResult(
                        Optional.of(caches.placeOf(hit.record())),
                        bytes,
                        layers,
                        createdAt.equals(Timestamp.ZERO) ? Optional.empty() : Optional.of(createdAt))
                .withSaved(ref.metadata().milliseconds());
    }

    /** Why a vertex was not executed: what it stands on failed, or another one did. */
    private String skipped(Vertex vertex) {
        Deque<Vertex> open = new ArrayDeque<>(List.of(vertex));
        Set<Vertex> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Vertex at = open.pop();
            if (seen.add(at)) {
                if (log.failure(at).isPresent()) {
                    return at.name() + " failed";
                }
                at.inputs().forEach(input -> open.push(input.edge().vertex()));
            }
        }
        return "not begun, since " + log.failures().get(0).vertex().name() + " failed";
    }
}
