package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.solver.CacheExport;
import dev.cachetool.solver.CacheExportOptions;
import dev.cachetool.solver.CachedResult;
import dev.cachetool.solver.ExportMode;
import dev.cachetool.solver.InMemoryCacheKeyStorage;
import dev.cachetool.solver.OpaqueOps;
import dev.cachetool.solver.SolveListener;
import dev.cachetool.solver.Solver;
import dev.cachetool.solver.StorageCacheManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Exporter, chains and config of a graph that was solved before, each vertex with a result of one layer; milliseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx2g")
@Warmup(iterations = 5)
@Measurement(iterations = 5)
public class ExportBenchmark {
    @Param({"chain", "wide", "ladder"})
    public String shape = "";

    @Param({"1000", "10000", "100000"})
    public int records;

    /** How often every record is added. */
    @Param({"1", "2"})
    public int times;

    private CachedResult solved;

    @Setup(Level.Trial)
    public void solve() throws Exception {
        Definition graph = Definition.parse(JsonWriter.bytes(this::write), "graph.json", Path.of("."));
        AtomicLong ids = new AtomicLong();
        StorageCacheManager local = new StorageCacheManager(
                "local",
                true,
                new InMemoryCacheKeyStorage(),
                OpaqueOps.storage(),
                () -> "local-" + ids.incrementAndGet());
        Solver solver = new Solver(new OpaqueOps().of(graph), vertex -> local, Runnable::run, SolveListener.NONE);
        solved = solver.build(graph.targets().get(0));
    }

    private void write(JsonWriter w) throws IOException {
        w.beginObject().field("schemaVersion", 1).name("vertices").beginArray();
        for (int i = 0; i < records; i++) {
            w.beginObject()
                    .field("name", "v" + i)
                    .name("op")
                    .beginObject()
                    .name("opaque")
                    .beginObject();
            w.name("cacheMaps").beginArray().beginObject();
            w.field("digest", Digest.sha256("op " + i).toString());
            w.endObject().endArray().endObject().endObject().name("inputs").beginArray();
            switch (shape) {
                case "chain" -> inputs(w, i - 1, i);
                case "wide" -> inputs(w, i == records - 1 ? 1 : 0, i == records - 1 ? i : Math.min(i, 1));
                // Two on each level, which both take both of the level below.
                default -> inputs(w, i / 2 * 2 - 2, i / 2 * 2);
            }
            w.endArray().name("results").beginArray().beginObject().field("output", 0);
            w.name("layers").beginArray().beginObject();
            w.field("digest", Digest.sha256("layer " + i).toString()).field("size", 1);
            w.field("mediaType", MediaTypes.OCI_LAYER_ZSTD);
            w.field("diffID", Digest.sha256("diff " + i).toString()).endObject().endArray();
            w.endObject().endArray().endObject();
        }
        w.endArray().name("targets").beginArray().beginObject();
        w.field("vertex", "v" + (records - 1)).endObject().endArray().endObject();
    }

    private static void inputs(JsonWriter w, int from, int to) throws IOException {
        for (int i = Math.max(from, 0); i < to; i++) {
            w.beginObject().field("vertex", "v" + i).endObject();
        }
    }

    @Benchmark
    public byte[] export() throws IOException {
        CacheChains chains = new CacheChains();
        for (int i = 0; i < times; i++) {
            new CacheExport(
                            chains,
                            new CacheExportOptions(ExportMode.MAX, false, false, OpaqueOps::transfer),
                            (exporter, record) -> {})
                    .add(solved);
        }
        return chains.normalize().config().toBytes();
    }
}
