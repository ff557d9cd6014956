package dev.cachetool.cli.ci;

import dev.cachetool.cli.output.SafeText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Set;

/** A file that GitHub Actions reads when a step is over, and that everything in the step appends to. */
final class GitHubFile {
    private final Path file;

    GitHubFile(Path file) {
        this.file = file;
    }

    /** Makes what is appended. */
    interface Text {
        /**
         * The text, which ends with a line's end; empty for none.
         *
         * @param size how many bytes stand in the file
         */
        String after(long size);
    }

    /**
     * Appends the text, on a line of its own whatever stands before it.
     *
     * @throws IOException if the file cannot be written
     */
    void append(Text text) throws IOException {
        long size;
        boolean open;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            size = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            open = size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n';
        }
        String appended = text.after(open ? size + 1 : size);
        if (appended.isEmpty()) {
            return;
        }
        // In one piece at the end: others may append meanwhile.
        ByteBuffer bytes = ByteBuffer.wrap(((open ? "\n" : "") + appended).getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /**
     * Outputs as the file GITHUB_OUTPUT has them. Names of vertices stand between two lines of a word that is none of them, so
     * that no name can end the list or begin another output.
     */
    static String lines(Outputs outputs) {
        StringBuilder lines = new StringBuilder();
        outputs.values()
                .forEach((name, value) ->
                        lines.append(name).append('=').append(value).append('\n'));
        outputs.missing().ifPresent(names -> {
            Set<String> safe = new LinkedHashSet<>();
            names.forEach(name -> safe.add(SafeText.of(name)));
            int number = 0;
            while (safe.contains(mark(number))) {
                number++;
            }
            lines.append(Outputs.MISSING).append("<<").append(mark(number)).append('\n');
            for (String name : safe) {
                lines.append(name).append('\n');
            }
            lines.append(mark(number)).append('\n');
        });
        return lines.toString();
    }

    private static String mark(int number) {
        return "end-of-names-" + number;
    }
}
