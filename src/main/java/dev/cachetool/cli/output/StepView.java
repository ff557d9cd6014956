package dev.cachetool.cli.output;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the vertices of a run while it goes on, and what is to be shown of it. Times are milliseconds since the
 * process began. Not for several threads: {@link Console} guards it.
 */
final class StepView {
    /** How often a run that prints nothing else says that it goes on, where there is no terminal. */
    private static final long INTERVAL = 15_000;

    /** How many lines of each kind stand in the live view. */
    private static final int RUNNING = 8;

    private static final int FINISHED = 3;
    private static final int WAITING = 3;
    private static final int WIDEST_NAME = 30;

    /** How many characters of what a vertex printed are held back at most. */
    private static final int HELD = 1 << 16;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Running> running = new LinkedHashMap<>();
    private final Set<String> done = new HashSet<>();
    private final Map<String, List<String>> users = new HashMap<>();
    private final Map<String, List<String>> inputs = new HashMap<>();
    private final Deque<String> finished = new ArrayDeque<>();
    private final Map<String, Holding> holdings = new LinkedHashMap<>();
    private final Map<Status, Integer> counts = new HashMap<>();
    private boolean active;
    private long began;
    private long lastSaid;

    private static final class Running {
        final long since;
        String lastLine = "";

        Running(long since) {
            this.since = since;
        }
    }

    /** Lines of one vertex that were not shown yet. */
    private static final class Holding {
        final List<String> lines = new ArrayList<>();
        final long since;
        int size;

        Holding(long since) {
            this.since = since;
        }
    }

    /**
     * Lines of one vertex that belong together.
     *
     * @param title what they stand under
     */
    record Held(String title, List<String> lines) {}

    void begin(List<StepReporter.Item> items, long now) {
        active = true;
        began = now;
        lastSaid = now;
        for (StepReporter.Item item : items) {
            inputs.put(item.name(), item.inputs());
            for (String input : item.inputs()) {
                users.computeIfAbsent(input, unused -> new ArrayList<>(1)).add(item.name());
            }
        }
    }

    boolean isActive() {
        return active;
    }

    long began() {
        return began;
    }

    void end() {
        active = false;
    }

    void started(String name, long now) {
        running.put(name, new Running(now));
    }

    void printed(String name, String line) {
        Running step = running.get(name);
        if (step != null && !line.isBlank()) {
            step.lastLine = line;
        }
    }

    void ended(String name, Status status, long milliseconds) {
        running.remove(name);
        if (done.add(name)) {
            counts.merge(status, 1, Integer::sum);
            finished.addLast(column(status.word(), 8) + "  " + name
                    + (status == Status.HIT ? "" : "   " + Figures.seconds(milliseconds)));
            if (finished.size() > FINISHED) {
                finished.removeFirst();
            }
        }
    }

    /** The number by which a vertex is told of: in the order in which they are. */
    private String number(String name) {
        return "#" + numbers.computeIfAbsent(name, unused -> numbers.size() + 1);
    }

    /** {@code #2 compile: miss: src/main.c changed}. */
    String said(String name, String what, long now) {
        lastSaid = now;
        return number(name) + " " + SafeText.of(name) + ": " + SafeText.of(what);
    }

    /** {@code #2 | a line}. */
    String saidLine(String name, String line, long now) {
        lastSaid = now;
        return number(name) + " | " + SafeText.line(line);
    }

    /**
     * Keeps a line, so that those of one vertex stand together where several run at once.
     *
     * @return the vertex, if so much is kept of it that it is to be shown
     */
    List<String> hold(String name, String line, long now) {
        Holding holding = holdings.computeIfAbsent(name, unused -> new Holding(now));
        String safe = SafeText.line(line);
        holding.lines.add(safe);
        holding.size += safe.length();
        return holding.size > HELD ? List.of(name) : List.of();
    }

    /** The vertex, if lines of it are kept. */
    List<String> held(String name) {
        return holdings.containsKey(name) ? List.of(name) : List.of();
    }

    /** The vertices of which lines are kept. */
    List<String> held() {
        return List.copyOf(holdings.keySet());
    }

    /** Those of which lines are kept for so long that somebody may wait for them. */
    List<String> overdue(long now) {
        return holdings.entrySet().stream()
                .filter(holding -> now - holding.getValue().since >= INTERVAL)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Gives the lines that are kept of a vertex, and keeps them no longer. */
    Held release(String name, long now) {
        Holding holding = Objects.requireNonNull(holdings.remove(name));
        String title = said(name, Figures.count(holding.lines.size(), "line"), now);
        return new Held(
                title,
                holding.lines.stream().map(line -> number(name) + " | " + line).toList());
    }

    /** The line that says that a run goes on, if one is due. */
    Optional<String> intervalLine(long now) {
        if (!active || now - lastSaid < INTERVAL) {
            return Optional.empty();
        }
        lastSaid = now;
        StringBuilder line = new StringBuilder("running: ");
        int shown = 0;
        for (Map.Entry<String, Running> step : running.entrySet()) {
            if (shown == RUNNING) {
                line.append(", ").append(Figures.count(running.size() - shown)).append(" more");
                break;
            }
            line.append(shown++ == 0 ? "" : ", ").append(SafeText.of(step.getKey()));
            line.append(' ').append(Figures.seconds(now - step.getValue().since));
        }
        return Optional.of(
                shown == 0
                        ? "at work, " + summary(now)
                        : line.append("; ").append(summary(now)).toString());
    }

    private String summary(long now) {
        StringBuilder line = new StringBuilder();
        line.append('[').append(Figures.count(done.size())).append('/').append(Figures.count(inputs.size()));
        line.append("] ")
                .append(Figures.count(counts.getOrDefault(Status.HIT, 0)))
                .append(" hit, ");
        line.append(Figures.count(counts.getOrDefault(Status.EXECUTED, 0))).append(" executed, ");
        int failed = counts.getOrDefault(Status.FAILED, 0);
        if (failed > 0) {
            line.append(Figures.count(failed)).append(" failed, ");
        }
        line.append(Figures.count(running.size())).append(" running   ");
        return line.append(Figures.seconds(now - began)).toString();
    }

    /** The lines of the live view, cut to the width: what ended last, what runs, what waits for that, and a sum. */
    List<String> frame(long now, int columns) {
        List<String> lines = new ArrayList<>();
        for (String line : finished) {
            lines.add(cut(SafeText.of(line), columns));
        }
        List<String[]> rows = new ArrayList<>();
        for (Map.Entry<String, Running> step : running.entrySet()) {
            if (rows.size() == RUNNING) {
                break;
            }
            rows.add(new String[] {
                "▸ ",
                SafeText.of(step.getKey()),
                Figures.seconds(now - step.getValue().since),
                SafeText.line(step.getValue().lastLine)
            });
        }
        int more = running.size() - rows.size();
        addWaiting(rows);
        int name = 0;
        int time = 0;
        for (String[] row : rows) {
            name = Math.max(name, Math.min(WIDEST_NAME, Table.width(row[1])));
            time = Math.max(time, row[2].length());
        }
        for (String[] row : rows) {
            String last = row[2].isEmpty() ? row[3] : " ".repeat(time - row[2].length()) + row[2] + "   " + row[3];
            lines.add(cut((row[0] + column(row[1], name) + "   " + last).stripTrailing(), columns));
        }
        if (more > 0) {
            lines.add("  and " + Figures.count(more) + " more running");
        }
        lines.add(cut(summary(now), columns));
        return lines;
    }

    /** Those that wait for something that runs. */
    private void addWaiting(List<String[]> rows) {
        Set<String> seen = new HashSet<>();
        for (String name : running.keySet()) {
            for (String user : users.getOrDefault(name, List.of())) {
                if (seen.size() == WAITING) {
                    return;
                }
                if (!done.contains(user) && !running.containsKey(user) && seen.add(user)) {
                    rows.add(new String[] {"· ", SafeText.of(user), "", waitsFor(user)});
                }
            }
        }
    }

    private String waitsFor(String name) {
        @Nullable String first = null;
        int others = 0;
        for (String input : inputs.getOrDefault(name, List.of())) {
            if (running.containsKey(input)) {
                if (first == null) {
                    first = input;
                } else {
                    others++;
                }
            }
        }
        return "waits for " + SafeText.of(String.valueOf(first))
                + (others == 0 ? "" : " and " + Figures.count(others) + " more");
    }

    private static String column(String text, int width) {
        return text + " ".repeat(Math.max(0, width - Table.width(text)));
    }

    /** One column stays free, where some terminals would begin a new line. */
    static String cut(String line, int columns) {
        if (Table.width(line) < columns) {
            return line;
        }
        StringBuilder kept = new StringBuilder();
        int width = 0;
        for (int i = 0; i < line.length(); ) {
            int c = line.codePointAt(i);
            String next = Character.toString(c);
            width += Table.width(next);
            if (width > columns - 2) {
                break;
            }
            kept.append(next);
            i += next.length();
        }
        return kept.append('…').toString();
    }
}
