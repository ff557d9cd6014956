package dev.cachetool.digest;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** MB/s (1e6 bytes of input) of one core. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class DigestBenchmark {
    private static final int MEGABYTES = 64;

    private final byte[] bytes = new byte[MEGABYTES * 1_000_000];

    public DigestBenchmark() {
        new Random(1).nextBytes(bytes);
    }

    @Benchmark
    @OperationsPerInvocation(MEGABYTES)
    public Digest sha256() {
        return Digest.sha256(bytes);
    }
}
