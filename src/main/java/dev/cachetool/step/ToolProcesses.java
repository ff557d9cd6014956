package dev.cachetool.step;

import dev.cachetool.cachemap.ToolFailedException;
import dev.cachetool.cachemap.ToolRunner;
import dev.cachetool.graph.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the commands of tools as child processes in the workspace, with empty standard input. One that does not end in time,
 * or prints without end, is killed, and so is what it started and still looks after.
 */
public final class ToolProcesses implements ToolRunner {
    private static final int LIMIT = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path workspace;
    private final Duration patience;

    public ToolProcesses(Path workspace) {
        this(workspace, PATIENCE);
    }

    ToolProcesses(Path workspace, Duration patience) {
        this.workspace = workspace;
        this.patience = patience;
    }

    @Override
    public Printed run(Tool tool) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        Process process;
        try {
            process = new ProcessBuilder(tool.args())
                    .directory(workspace.toFile())
                    .start();
        } catch (IOException e) {
            throw new ToolFailedException("it could not be started: " + reason(e), e);
        }
        try {
            process.getOutputStream().close();
            FutureTask<byte[]> output = reading(process.getInputStream(), tool);
            FutureTask<byte[]> errors = reading(process.getErrorStream(), tool);
            byte[] printed = output.get(left(deadline), TimeUnit.NANOSECONDS);
            byte[] warned = errors.get(left(deadline), TimeUnit.NANOSECONDS);
            if (!process.waitFor(left(deadline), TimeUnit.NANOSECONDS)) {
                throw tooSlow();
            }
            if (process.exitValue() != 0) {
                throw new ToolFailedException("it ended with exit code " + process.exitValue(), null);
            }
            return new Printed(printed, warned);
        } catch (TimeoutException e) {
            throw tooSlow();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the tool \"" + tool.name() + "\" ran");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** What the system says, without the command and the folder that the JDK puts in front. */
    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        int number = message.indexOf("error=");
        int comma = message.indexOf(", ", Math.max(0, number));
        return number < 0 || comma < 0 ? message : message.substring(comma + 2);
    }

    private static long left(long deadline) {
        return Math.max(deadline - System.nanoTime(), 0);
    }

    private ToolFailedException tooSlow() {
        return new ToolFailedException("it did not end within " + patience.toSeconds() + " s", null);
    }

    /** Reads the stream to its end, in a thread of its own: what the tool started may hold it open for ever. */
    private static FutureTask<byte[]> reading(InputStream in, Tool tool) {
        FutureTask<byte[]> reading = new FutureTask<>(() -> {
            byte[] bytes = in.readNBytes(LIMIT + 1);
            if (bytes.length > LIMIT) {
                throw new ToolFailedException("it printed more than " + LIMIT + " bytes", null);
            }
            return bytes;
        });
        Thread reader = new Thread(reading, "tool " + tool.name());
        reader.setDaemon(true);
        reader.start();
        return reading;
    }
}
