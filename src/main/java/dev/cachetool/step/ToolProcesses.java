package dev.cachetool.step;

import dev.cachetool.cachemap.ToolRunner;
import dev.cachetool.graph.Tool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Runs the commands of tools as child processes in the workspace, with empty standard input. */
public final class ToolProcesses implements ToolRunner {
    private static final int LIMIT = 1 << 20;
    private static final long SECONDS = 60;

    private final Path workspace;

    public ToolProcesses(Path workspace) {
        this.workspace = workspace;
    }

    @Override
    public Printed run(Tool tool) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(tool.args())
                    .directory(workspace.toFile())
                    .start();
        } catch (IOException e) {
            throw new ToolFailedException(tool, "it could not be started: " + e.getMessage(), e);
        }
        try {
            process.getOutputStream().close();
            byte[][] errors = {new byte[0]};
            AtomicReference<IOException> failed = new AtomicReference<>();
            Thread reader = new Thread(
                    () -> {
                        try {
                            errors[0] = bounded(process.getErrorStream(), tool);
                        } catch (IOException e) {
                            failed.set(e);
                        }
                    },
                    "tool " + tool.name());
            reader.setDaemon(true);
            reader.start();
            byte[] output = bounded(process.getInputStream(), tool);
            reader.join(TimeUnit.SECONDS.toMillis(SECONDS));
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new ToolFailedException(tool, "it did not end within " + SECONDS + " s", null);
            }
            IOException readFailure = failed.get();
            if (readFailure != null) {
                throw readFailure;
            }
            if (process.exitValue() != 0) {
                throw new ToolFailedException(tool, "it ended with exit code " + process.exitValue(), null);
            }
            return new Printed(output, errors[0]);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the tool \"" + tool.name() + "\" ran");
        } finally {
            process.destroyForcibly();
        }
    }

    private static byte[] bounded(InputStream in, Tool tool) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (out.size() + n > LIMIT) {
                throw new ToolFailedException(tool, "it printed more than " + LIMIT + " bytes", null);
            }
            out.write(buffer, 0, n);
        }
        return out.toByteArray();
    }
}
