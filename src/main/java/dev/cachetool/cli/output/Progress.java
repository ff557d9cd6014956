package dev.cachetool.cli.output;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The state of the work, and what is to be shown of it when. Times are milliseconds since the process began. Not for
 * several threads: {@link Console} guards it.
 */
final class Progress {
    /** How often a phase that goes on says so where there is no terminal. */
    private static final long INTERVAL = 5_000;

    /** How many lines of items may stand in one interval where there is no terminal; a bar keeps none back. */
    private static final int LINES = 40;

    private static final int BAR = 20;

    /** So many items are a list that nobody reads to its end. */
    private static final int LONG = 20;

    private final Map<String, Long> running = new LinkedHashMap<>();
    private final Deque<Long> printed = new ArrayDeque<>();
    private String doing = "";
    private String noun = "";
    private long items;
    private long itemsDone;
    private long bytes;
    private long bytesDone;
    private long began;
    private long lastShown;
    private long keptBack;

    void phase(String what, String itemNoun, long itemCount, long byteCount, long now) {
        doing = what;
        noun = itemNoun;
        items = itemCount;
        bytes = byteCount;
        itemsDone = 0;
        bytesDone = 0;
        keptBack = 0;
        began = now;
        lastShown = now;
        running.clear();
    }

    void end() {
        doing = "";
    }

    boolean isActive() {
        return !doing.isEmpty();
    }

    /** Whether there are too many items to be read in passing. */
    boolean isLong() {
        return isActive() && items > LONG;
    }

    /** What the items stand under: {@code packing 342 vertices}. */
    String title() {
        return doing + " " + Figures.count(items, noun);
    }

    long began() {
        return began;
    }

    void started(String item, long now) {
        running.put(item, now);
    }

    void advanced(long more) {
        bytesDone += more;
    }

    /** Counts an item as done; how long it took, if its beginning was told. */
    Optional<Long> finished(String item, long now) {
        itemsDone++;
        return Optional.ofNullable(running.remove(item)).map(since -> now - since);
    }

    /** Whether the line of an item may be printed, so that many at once do not flood a log. */
    boolean mayPrint(long now) {
        while (!printed.isEmpty() && now - printed.peekFirst() >= INTERVAL) {
            printed.removeFirst();
        }
        if (printed.size() >= LINES) {
            keptBack++;
            return false;
        }
        printed.addLast(now);
        return true;
    }

    /** The line of an item. */
    static String itemLine(String status, String item, long size, String detail, Style style) {
        StringBuilder line = new StringBuilder(style.paint(status, status));
        line.append(" ".repeat(Math.max(0, 8 - status.length()))).append(' ');
        String safe = SafeText.of(item);
        line.append(safe);
        String figure = size > 0 ? Figures.size(size) : "";
        if (!figure.isEmpty() || !detail.isEmpty()) {
            int gap = 3 + Math.max(0, 12 - Table.width(safe)) + Math.max(0, 9 - figure.length());
            line.append(" ".repeat(figure.isEmpty() ? gap - 9 : gap)).append(figure);
        }
        if (!detail.isEmpty()) {
            line.append(figure.isEmpty() ? "" : "   ").append(SafeText.of(detail));
        }
        return line.toString();
    }

    /** The line that says how far the phase is, if one is due: {@code pulling: 12 of 40 layers, …}. */
    Optional<String> intervalLine(long now) {
        if (!isActive() || now - lastShown < INTERVAL) {
            return Optional.empty();
        }
        lastShown = now;
        StringBuilder line = new StringBuilder(doing).append(": ");
        if (!noun.isEmpty()) {
            line.append(items > 0 ? Figures.count(itemsDone) + " of " : "");
            line.append(Figures.count(items > 0 ? items : itemsDone, noun));
            line.append(", ");
        }
        if (bytes > 0 || bytesDone > 0) {
            line.append(amount()).append(", ");
        }
        line.append(Figures.seconds(now - began));
        if (keptBack > 0) {
            line.append(" (").append(Figures.count(keptBack, "line")).append(" left out)");
            keptBack = 0;
        }
        return Optional.of(line.toString());
    }

    /** The line with a bar, cut to the width. */
    String bar(long now, int columns) {
        StringBuilder line = new StringBuilder(doing);
        long done = bytes > 0 ? bytesDone : itemsDone;
        long all = bytes > 0 ? bytes : items;
        if (all > 0) {
            int filled = (int) (BAR * Math.min(done, all) / all);
            line.append(" [")
                    .append("#".repeat(filled))
                    .append("-".repeat(BAR - filled))
                    .append(']');
        }
        if (items > 0) {
            line.append(' ').append(Figures.count(itemsDone)).append('/').append(Figures.count(items));
        } else if (itemsDone > 0) {
            line.append(' ').append(Figures.count(itemsDone, noun));
        }
        if (bytes > 0 || bytesDone > 0) {
            line.append("  ").append(amount());
        }
        line.append("  ").append(Figures.seconds(now - began));
        if (!running.isEmpty()) {
            line.append("  ").append(SafeText.of(running.keySet().iterator().next()));
        }
        // One column stays free, where some terminals would begin a new line.
        return line.length() < columns ? line.toString() : line.substring(0, columns - 2) + "…";
    }

    private String amount() {
        if (bytes <= 0) {
            return Figures.size(bytesDone);
        }
        String all = Figures.size(bytes);
        String done = Figures.size(Math.min(bytesDone, bytes));
        String unit = all.substring(all.lastIndexOf(' '));
        String part = done.endsWith(unit) ? done.substring(0, done.length() - unit.length()) : done;
        return part + " of " + all;
    }
}
