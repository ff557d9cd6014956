package dev.cachetool.step;

import dev.cachetool.cachemap.ToolRunner;
import dev.cachetool.graph.Tool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
        Reading output = new Reading(process.getInputStream(), tool);
        Reading errors = new Reading(process.getErrorStream(), tool);
        try {
            process.getOutputStream().close();
            // A child of the tool may keep the streams open after it has ended.
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || !output.ends() || !errors.ends()) {
                throw new ToolFailedException(tool, "it did not end within " + SECONDS + " s", null);
            }
            Printed printed = new Printed(output.bytes(), errors.bytes());
            if (process.exitValue() != 0) {
                throw new ToolFailedException(tool, "it ended with exit code " + process.exitValue(), null);
            }
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the tool \"" + tool.name() + "\" ran");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Reads one of its streams to the end, so that neither the tool nor an interrupt waits for the other stream. */
    private static final class Reading {
        private final Thread thread;
        private volatile byte[] bytes = {};
        private volatile @Nullable IOException failure;

        Reading(InputStream in, Tool tool) {
            thread = new Thread(
                    () -> {
                        try (in) {
                            bytes = bounded(in, tool);
                        } catch (IOException e) {
                            failure = e;
                        }
                    },
                    "tool " + tool.name());
            thread.setDaemon(true);
            thread.start();
        }

        boolean ends() throws InterruptedException {
            thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
            return !thread.isAlive();
        }

        byte[] bytes() throws IOException {
            IOException failed = failure;
            if (failed != null) {
                throw failed;
            }
            return bytes;
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
