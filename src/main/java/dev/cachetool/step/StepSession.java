package dev.cachetool.step;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The processes of a step: those of the session that its first process leads, whatever groups they are in and whoever their
 * parent is by now. What left the session ({@code setsid}) is found only in a process namespace, which ends as a whole.
 * Where the system has no sessions to be looked at, they are what the first process started and still looks after.
 */
final class StepSession {
    /** How long processes have that were asked to end. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** How long a process may take to die that was killed; longer only where the system hangs. */
    private static final Duration DYING = Duration.ofSeconds(10);

    private static final int INTERVAL = 10;

    private final Process leader;
    private final boolean sessions;
    private final boolean namespace;

    /**
     * @param leader the process that was started
     * @param sessions whether it leads a session of its own
     * @param namespace whether it only looks after the first process of a namespace
     */
    StepSession(Process leader, boolean sessions, boolean namespace) {
        this.leader = leader;
        this.sessions = sessions;
        this.namespace = namespace;
    }

    /**
     * Asks what still runs to end, and kills what does not within the grace; a second interrupt ends the grace. Gives back when
     * all of them are gone.
     *
     * @return whether anything still ran
     */
    boolean end() {
        List<ProcessHandle> running = members();
        if (running.isEmpty()) {
            return false;
        }
        // What only looks after a namespace would leave nobody to ask.
        running.stream().filter(process -> !(namespace && isLeader(process))).forEach(ProcessHandle::destroy);
        boolean interrupted = Thread.interrupted();
        try {
            waitFor(GRACE);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        long deadline = System.nanoTime() + DYING.toNanos();
        for (running = members(); !running.isEmpty() && System.nanoTime() < deadline; running = members()) {
            boolean others = running.stream().anyMatch(process -> !isLeader(process));
            for (ProcessHandle process : running) {
                if (!(namespace && others && isLeader(process))) {
                    process.destroyForcibly();
                }
            }
            try {
                waitFor(Duration.ofMillis(100));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private void waitFor(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (!members().isEmpty() && System.nanoTime() < deadline) {
            if (!leader.waitFor(INTERVAL, TimeUnit.MILLISECONDS)) {
                continue;
            }
            Thread.sleep(INTERVAL);
        }
    }

    private boolean isLeader(ProcessHandle process) {
        return process.pid() == leader.pid();
    }

    /** Those that still run. */
    private List<ProcessHandle> members() {
        List<ProcessHandle> members = new ArrayList<>();
        String[] names = sessions ? new File("/proc").list() : null;
        if (names == null) {
            leader.descendants().filter(ProcessHandle::isAlive).forEach(members::add);
            if (leader.isAlive()) {
                members.add(leader.toHandle());
            }
            return members;
        }
        byte[] buffer = new byte[1024];
        for (String name : names) {
            if (name.charAt(0) >= '1' && name.charAt(0) <= '9' && isMember(name, buffer)) {
                ProcessHandle.of(Long.parseLong(name)).ifPresent(members::add);
            }
        }
        return members;
    }

    /** Whether the process is of the session, and more than an entry in the system's table. */
    private boolean isMember(String pid, byte[] buffer) {
        try (FileInputStream in = new FileInputStream("/proc/" + pid + "/stat")) {
            int length = in.readNBytes(buffer, 0, buffer.length);
            String stat = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            // pid (name) state parent group session: the name may have anything in it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
            return Long.parseLong(fields[3]) == leader.pid() && !fields[0].equals("Z") && !fields[0].equals("X");
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** The exit code of the first process; empty while it runs. */
    Optional<Integer> exitCode() {
        return leader.isAlive() ? Optional.empty() : Optional.of(leader.exitValue());
    }
}
