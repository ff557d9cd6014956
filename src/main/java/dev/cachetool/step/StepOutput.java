package dev.cachetool.step;

import dev.cachetool.content.FileNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads what a step prints, hands it on line by line, and keeps the last of it. A line longer than {@link #LONGEST} bytes
 * comes in parts; bytes that are no UTF-8 come as {@link FileNames} writes them. For one thread that reads; what was kept may
 * be asked for by another one at any time.
 */
final class StepOutput {
    /** How much is kept of what was printed, in bytes. */
    static final int LIMIT = 1 << 20;

    /** How many lines are kept for a step that fails. */
    static final int LINES = 50;

    static final int LONGEST = 8192;

    private final Consumer<String> lines;
    private final Deque<String> last = new ArrayDeque<>();
    private final byte[] line = new byte[LONGEST];
    private int lineLength;
    /** The two newest chunks; together at least the last {@link #LIMIT} bytes. */
    private ByteArrayOutputStream older = new ByteArrayOutputStream(0);

    private ByteArrayOutputStream newer = new ByteArrayOutputStream();

    StepOutput(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Reads to the end of the stream. */
    void readFrom(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 14];
        int n = in.read(buffer);
        while (n >= 0) {
            take(buffer, n);
            n = in.read(buffer);
        }
        finish();
    }

    private void take(byte[] buffer, int length) {
        keep(buffer, length);
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') {
                emit(lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength);
                lineLength = 0;
                continue;
            }
            if (lineLength == LONGEST) {
                emitPart();
            }
            line[lineLength++] = buffer[i];
        }
    }

    /** A line that has no end yet, but no room either: a character is not cut in two. */
    private void emitPart() {
        int end = lineLength;
        int back = 0;
        while (back < 3 && (line[end - 1 - back] & 0xC0) == 0x80) {
            back++;
        }
        if ((line[end - 1 - back] & 0xC0) == 0xC0) {
            end -= back + 1;
        }
        emit(end);
        System.arraycopy(line, end, line, 0, lineLength - end);
        lineLength -= end;
    }

    private void finish() {
        if (lineLength > 0) {
            emit(lineLength);
            lineLength = 0;
        }
    }

    private void emit(int end) {
        String text = FileNames.decode(line, 0, end);
        synchronized (this) {
            last.addLast(text);
            if (last.size() > LINES) {
                last.removeFirst();
            }
        }
        lines.accept(text);
    }

    private synchronized void keep(byte[] buffer, int length) {
        if (newer.size() + length > LIMIT) {
            older = newer;
            newer = new ByteArrayOutputStream();
        }
        newer.write(buffer, 0, length);
    }

    /** The last lines, at most {@link #LINES}. */
    synchronized List<String> lastLines() {
        return new ArrayList<>(last);
    }

    /** The last lines of a file, at most {@link #LINES}. */
    static List<String> lastLinesOf(Path file) throws IOException {
        StepOutput output = new StepOutput(line -> {});
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(Math.max(0, channel.size() - LIMIT));
            output.readFrom(Channels.newInputStream(channel));
        }
        return output.lastLines();
    }

    /** What was printed, as it came; of more than {@link #LIMIT} bytes the last. */
    synchronized byte[] printed() {
        ByteArrayOutputStream all = new ByteArrayOutputStream(older.size() + newer.size());
        all.writeBytes(older.toByteArray());
        all.writeBytes(newer.toByteArray());
        byte[] bytes = all.toByteArray();
        return bytes.length <= LIMIT ? bytes : java.util.Arrays.copyOfRange(bytes, bytes.length - LIMIT, bytes.length);
    }
}
