package dev.cachetool.cli.ci;

import dev.cachetool.cli.output.SafeText;
import dev.cachetool.cli.output.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A dotenv report as GitLab reads it: lines of {@code NAME=value}, no empty ones, no quotes, 5 KiB at most. What other
 * commands wrote there stays, so that the commands of a job may share one.
 */
final class DotenvFile {
    /** GitLab takes no larger one, and fails the job's upload. */
    private static final int LIMIT = 5 << 10;

    private static final String PREFIX = "CACHE_";
    private static final String MISSING = PREFIX + "MISSING";

    private final Path file;

    DotenvFile(Path file) {
        this.file = file;
    }

    /**
     * Writes the outputs, in place of those of the same names that stand there. The list of names is left out where the file
     * would be too large with it.
     *
     * @return whether all of it was written
     * @throws IOException if the file cannot be written, or would be too large without the list
     */
    boolean write(Outputs outputs) throws IOException {
        Map<String, String> lines = read();
        outputs.values().forEach((name, value) -> lines.put(variable(name), value));
        outputs.missing().ifPresent(names -> lines.put(MISSING, joined(names)));
        boolean whole = text(lines).getBytes(StandardCharsets.UTF_8).length <= LIMIT;
        if (!whole) {
            lines.remove(MISSING);
        }
        byte[] bytes = text(lines).getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LIMIT) {
            throw new IOException("could not write " + file + ": it would have more than " + LIMIT
                    + " bytes, which GitLab does not take\nlet each command write a file of its own");
        }
        WholeFile.write(file, out -> out.write(bytes));
        return whole;
    }

    /** {@code CACHE_HIT} for cache-hit, {@code CACHE_HIT_RATE} for hit-rate. */
    private static String variable(String output) {
        String name = output.toUpperCase(Locale.ROOT).replace('-', '_');
        return name.startsWith(PREFIX) ? name : PREFIX + name;
    }

    /** The names with a blank between them; in a name, a blank is {@code %20} and a percent sign {@code %25}. */
    private static String joined(List<String> names) {
        StringBuilder joined = new StringBuilder();
        for (String name : names) {
            joined.append(joined.length() == 0 ? "" : " ")
                    .append(SafeText.of(name).replace("%", "%25").replace(" ", "%20"));
        }
        return joined.toString();
    }

    private Map<String, String> read() throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        if (!Files.isRegularFile(file)) {
            return lines;
        }
        if (Files.size(file) > LIMIT) {
            throw new IOException("could not add to " + file + ": it has more than " + LIMIT
                    + " bytes, which GitLab does not take\nname a file of its own with --dotenv");
        }
        for (String line : Files.readString(file).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                lines.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return lines;
    }

    private static String text(Map<String, String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }
}
