package dev.cachetool.cli.output;

import dev.cachetool.content.FileNames;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one run of the program prints: the answer goes to {@link #out}, everything else to standard error. For several
 * threads. Closing it takes the bar away and flushes the answer.
 */
public final class Console implements Reporter, AutoCloseable {
    private static final long BAR_AFTER = 300;
    private static final String ERASE = "\r\u001b[K";
    private static final String UP = "\u001b[A";
    private static final String WRAP_OFF = "\u001b[?7l";
    private static final String WRAP_ON = "\u001b[?7h";

    private final JobLog log;
    private final boolean outIsTerminal;
    private volatile StandardOutput out;
    private final OutputStream err;
    private final Settings settings;
    private final Style errStyle;
    private volatile Style outStyle;
    private final InstantSource clock;
    private final int columns;
    private final long beginning;
    private final Progress progress = new Progress();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final StepView steps = new StepView();
    /** How many lines stand there that go again. */
    private volatile int shown;

    private volatile boolean closed;
    private volatile boolean silent;
    private boolean itemsStay;
    private boolean folding;
    private @Nullable Thread ticker;

    /**
     * What of it a person wants to see.
     *
     * @param progress how progress is shown
     * @param quiet whether only the answer, warnings and errors are printed
     * @param verbose whether details are printed
     */
    public record Settings(ProgressMode progress, boolean quiet, boolean verbose) {
        /** Those of a person who asked for nothing. */
        public static final Settings USUAL = new Settings(ProgressMode.AUTO, false, false);

        private ProgressMode on(boolean terminal) {
            if (quiet && progress == ProgressMode.AUTO) {
                return ProgressMode.QUIET;
            }
            return progress != ProgressMode.AUTO ? progress : terminal ? ProgressMode.TTY : ProgressMode.PLAIN;
        }
    }

    public Console(Streams streams, Settings settings, Map<String, String> environment, InstantSource clock) {
        this.log = JobLog.of(environment);
        this.out = new StandardOutput(streams.out(), log);
        this.outIsTerminal = streams.outIsTerminal();
        this.err = streams.err();
        this.settings = new Settings(settings.on(streams.errIsTerminal()), settings.quiet(), settings.verbose());
        this.errStyle = Style.of(streams.errIsTerminal(), environment);
        this.outStyle = Style.of(streams.outIsTerminal(), environment);
        this.clock = clock;
        this.columns = columns(environment.getOrDefault("COLUMNS", ""));
        this.beginning = clock.millis();
    }

    /** Standard output: the answer, and nothing else. */
    public StandardOutput out() {
        return out;
    }

    /** Whether standard output is a terminal. */
    public boolean outIsTerminal() {
        return outIsTerminal;
    }

    /** From now on the answer goes there in place of standard output, without colours. Whoever gives the stream closes it. */
    public void divert(OutputStream elsewhere) {
        out = StandardOutput.inFile(elsewhere);
        outStyle = Style.PLAIN;
    }

    /** How many columns a line may take. */
    public int columns() {
        return columns;
    }

    /** How words are coloured on standard output. */
    public Style style() {
        return outStyle;
    }

    /** Whether details are wanted. */
    public boolean isVerbose() {
        return settings.verbose();
    }

    /** The time by the clock. */
    public Instant now() {
        return clock.instant();
    }

    /** Milliseconds since this run began. */
    public long elapsed() {
        return clock.millis() - beginning;
    }

    /** The lines of items that are done stay above the bar: for verbs whose answer does not list them. */
    public synchronized void keepItems() {
        itemsStay = true;
    }

    /** The warnings so far, each once, in order. */
    public synchronized List<String> warnings() {
        return new ArrayList<>(warnings);
    }

    /** Prints a line that is no answer but good to know, unless nothing of that kind is wanted. */
    public synchronized void note(String line) {
        if (!settings.quiet() && settings.progress() != ProgressMode.RAWJSON) {
            print(SafeText.of(line));
        }
    }

    /** Prints a line that belongs to an error. */
    public synchronized void said(String line) {
        print(SafeText.of(line));
    }

    /** Prints a problem: what, and indented what to do. */
    public synchronized void error(Problem problem) {
        endPhase();
        print(errStyle.paint("error", "cachetool:") + " " + SafeText.of(problem.what()));
        for (String next : problem.next()) {
            print("  " + SafeText.of(next));
        }
    }

    /** Prints the lines as they are, for {@code --debug}. */
    public synchronized void trace(String text) {
        for (String line : text.split("\\R", -1)) {
            if (!line.isEmpty()) {
                print(SafeText.of(line.replace("\t", "    ")));
            }
        }
    }

    /** Prints a problem that ends nothing. */
    public void warn(Problem problem) {
        warn(problem.what() + "\n" + String.join("\n", problem.next()));
    }

    @Override
    public synchronized void warn(String message) {
        Problem parts = Problem.of(ExitCode.DONE, message);
        if (!warnings.add(
                parts.next().isEmpty() ? parts.what() : parts.what() + "; " + String.join("; ", parts.next()))) {
            return;
        }
        if (settings.progress() == ProgressMode.RAWJSON) {
            event("warning", json -> json.field("message", parts.what()));
            return;
        }
        print(errStyle.paint("warning", "warning:") + " " + SafeText.of(parts.what()));
        for (String next : parts.next()) {
            print("  " + SafeText.of(next));
        }
    }

    @Override
    public synchronized void detail(String message) {
        if (settings.verbose()) {
            note(message);
        }
    }

    @Override
    public synchronized void phase(String doing, String noun, long items, long bytes) {
        long now = elapsed();
        progress.phase(doing, noun, items, bytes, now);
        switch (settings.progress()) {
            case RAWJSON ->
                event(
                        "phase",
                        json -> json.field("doing", doing).field("items", items).field("bytes", bytes));
            case TTY, PLAIN -> startTicker();
            default -> {}
        }
    }

    @Override
    public synchronized void started(String item) {
        progress.started(item, elapsed());
        if (settings.progress() == ProgressMode.RAWJSON) {
            event("started", json -> json.field("item", item));
        }
    }

    @Override
    public synchronized void advanced(long bytes) {
        progress.advanced(bytes);
    }

    @Override
    public synchronized void finished(String status, String item, long bytes, String detail) {
        long now = elapsed();
        Optional<Long> took = progress.finished(item, now);
        switch (settings.progress()) {
            case RAWJSON ->
                event("finished", json -> {
                    json.field("status", status).field("item", item).field("bytes", bytes);
                    if (took.isPresent()) {
                        json.field("ms", took.get());
                    }
                });
            case PLAIN -> {
                if (settings.verbose() || progress.mayPrint(now)) {
                    printItem(Progress.itemLine(status, item, bytes, detail, errStyle));
                }
            }
            case TTY -> {
                if (itemsStay || settings.verbose()) {
                    print(Progress.itemLine(status, item, bytes, detail, errStyle));
                }
            }
            default -> {}
        }
    }

    /** Ends the phase that is shown. */
    public synchronized void endPhase() {
        progress.end();
        showHeld(steps.held());
        steps.end();
        unfold();
        eraseBar();
    }

    /** Shows how far the work is, if that is due. */
    synchronized void tick() {
        long now = elapsed();
        if (!closed && !progress.isActive() && steps.isActive()) {
            tickSteps(now);
        }
        if (closed || !progress.isActive()) {
            return;
        }
        if (settings.progress() == ProgressMode.TTY && now - progress.began() >= BAR_AFTER) {
            show(List.of(progress.bar(now, columns)));
        } else if (settings.progress() == ProgressMode.PLAIN) {
            progress.intervalLine(now).ifPresent(folding ? this::printItem : this::print);
        }
    }

    /** Prints nothing more but a {@link #lastWord}: the process is about to end. */
    public void silence() {
        // Without the lock: whoever holds it may wait for a terminal that nobody reads.
        closed = true;
        silent = true;
        out.silence();
    }

    /** Takes the bar away and prints the line, silent or not. */
    public void lastWord(String line) {
        writeNow(erasing() + line + "\n");
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            endPhase();
            closed = true;
            notifyAll();
        }
        out.flush();
    }

    private void startTicker() {
        if (ticker == null) {
            ticker = new Thread(this::tickUntilClosed, "progress");
            ticker.setDaemon(true);
            ticker.start();
        }
    }

    private synchronized void tickUntilClosed() {
        long pause = settings.progress() == ProgressMode.TTY ? 100 : 1_000;
        try {
            while (!closed) {
                wait(pause);
                tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(String line) {
        unfold();
        eraseBar();
        write(log.guarded(line) + "\n");
    }

    /** Prints the line of an item: one of many is folded away with the others where the log can do that. */
    private void printItem(String line) {
        if (!folding && log.folds() && progress.isLong()) {
            write(log.begin(progress.title(), now()) + "\n");
            folding = true;
        }
        if (folding) {
            write(log.guarded(line) + "\n");
        } else {
            print(line);
        }
    }

    private void unfold() {
        if (folding) {
            write(log.end(now()) + "\n");
            folding = false;
        }
    }

    /** Prints what was held back of what vertices printed, folded away under a line for each. */
    private void showHeld(List<String> names) {
        for (String name : names) {
            StepView.Held held = steps.release(name, elapsed());
            unfold();
            write(log.begin(held.title(), now()) + "\n");
            for (String line : held.lines()) {
                write(log.guarded(line) + "\n");
            }
            write(log.end(now()) + "\n");
        }
    }

    private void eraseBar() {
        if (shown > 0 && !silent) {
            write(erasing());
            shown = 0;
        }
    }

    /** What takes the lines away that go again. */
    private String erasing() {
        int lines = shown;
        return lines == 0 ? "" : (ERASE + UP).repeat(lines - 1) + ERASE;
    }

    /** Shows lines in place of those that are shown; they are cut off at the edge of a terminal that is narrower. */
    private void show(List<String> lines) {
        write((shown == 0 ? ERASE : erasing()) + WRAP_OFF + String.join("\n", lines) + WRAP_ON);
        shown = lines.size();
    }

    private void tickSteps(long now) {
        if (settings.progress() == ProgressMode.TTY && now - steps.began() >= BAR_AFTER) {
            show(steps.frame(now, columns));
        } else if (settings.progress() == ProgressMode.PLAIN) {
            showHeld(steps.overdue(now));
            steps.intervalLine(now).ifPresent(this::print);
        }
    }

    /** Tells of the vertices of a run. */
    public StepReporter steps() {
        return new Steps();
    }

    private final class Steps implements StepReporter {
        @Override
        public void begin(List<Item> items) {
            synchronized (Console.this) {
                steps.begin(items, elapsed());
                switch (settings.progress()) {
                    case RAWJSON -> event("vertices", json -> json.field("count", items.size()));
                    case TTY, PLAIN -> startTicker();
                    default -> {}
                }
            }
        }

        @Override
        public void missed(String name, String reason) {
            synchronized (Console.this) {
                if (settings.progress() == ProgressMode.RAWJSON) {
                    event("missed", json -> json.field("vertex", name).field("reason", reason));
                } else if (settings.progress() == ProgressMode.PLAIN) {
                    print(steps.said(name, "miss: " + reason, elapsed()));
                }
            }
        }

        @Override
        public void started(String name) {
            synchronized (Console.this) {
                steps.started(name, elapsed());
                if (settings.progress() == ProgressMode.RAWJSON) {
                    event("executing", json -> json.field("vertex", name));
                }
            }
        }

        @Override
        public void printed(String name, String line) {
            synchronized (Console.this) {
                steps.printed(name, line);
                if (settings.progress() != ProgressMode.TTY || settings.verbose()) {
                    tell(name, line);
                }
            }
        }

        @Override
        public void replayed(String name, String line) {
            synchronized (Console.this) {
                tell(name, line);
            }
        }

        private void tell(String name, String line) {
            switch (settings.progress()) {
                case RAWJSON ->
                    event("output", json -> json.field("vertex", name).field("line", FileNames.shown(line)));
                case TTY, PLAIN -> {
                    if (settings.progress() == ProgressMode.PLAIN && log.folds()) {
                        showHeld(steps.hold(name, line, elapsed()));
                    } else {
                        print(steps.saidLine(name, line, elapsed()));
                    }
                }
                default -> {}
            }
        }

        @Override
        public void ended(String name, Status status, String detail, long milliseconds) {
            synchronized (Console.this) {
                showHeld(steps.held(name));
                steps.ended(name, status, milliseconds);
                if (settings.progress() == ProgressMode.RAWJSON) {
                    event(
                            status.word(),
                            json -> json.field("vertex", name)
                                    .field("detail", detail)
                                    .field("ms", milliseconds));
                } else if (settings.progress() == ProgressMode.PLAIN && (status != Status.HIT || settings.verbose())) {
                    String took = " in " + Figures.seconds(milliseconds);
                    String what = switch (status) {
                        case HIT -> "hit: " + detail;
                        case FAILED -> "failed" + took + ": " + detail;
                        default -> status.word() + took;
                    };
                    print(steps.said(name, what, elapsed()));
                }
            }
        }

        @Override
        public void end() {
            synchronized (Console.this) {
                showHeld(steps.held());
                steps.end();
                eraseBar();
            }
        }
    }

    private void event(String kind, JsonWriter.Body body) {
        write(new String(
                        JsonWriter.bytes(json -> {
                            json.beginObject().field("event", kind).field("at", elapsed());
                            body.write(json);
                            json.endObject();
                        }),
                        StandardCharsets.UTF_8)
                + "\n");
    }

    /** Whoever does not read standard error any more misses what is said there; the work goes on. */
    private void write(String text) {
        if (!silent) {
            writeNow(text);
        }
    }

    private void writeNow(String text) {
        try {
            err.write(text.getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException e) {
            closed = true;
        }
    }

    private static int columns(String text) {
        try {
            return Math.max(20, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 80;
        }
    }
}
