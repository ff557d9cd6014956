package dev.cachetool.cli.ci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the file of {@code GITHUB_OUTPUT} as GitHub's runner does: {@code name=value}, or a value between two marks. */
public final class GitHubOutputs {
    private GitHubOutputs() {}

    /**
     * The outputs by name; of repeated ones the last counts.
     *
     * @throws IllegalStateException if the runner would refuse the file
     */
    public static Map<String, String> parse(Path file) throws IOException {
        Map<String, String> outputs = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return outputs;
        }
        String[] lines = Files.readString(file).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            int equals = lines[i].indexOf('=');
            int mark = lines[i].indexOf("<<");
            if (lines[i].isEmpty()) {
                continue;
            }
            if (equals > 0 && (mark < 0 || equals < mark)) {
                outputs.put(lines[i].substring(0, equals), lines[i].substring(equals + 1));
            } else if (mark > 0) {
                StringBuilder value = new StringBuilder();
                String name = lines[i].substring(0, mark);
                String end = lines[i].substring(mark + 2);
                for (i++; i < lines.length && !lines[i].equals(end); i++) {
                    value.append(value.length() == 0 ? "" : "\n").append(lines[i]);
                }
                if (i == lines.length) {
                    throw new IllegalStateException("no line " + end + " in " + file);
                }
                outputs.put(name, value.toString());
            } else {
                throw new IllegalStateException("invalid format: " + lines[i]);
            }
        }
        return outputs;
    }
}
