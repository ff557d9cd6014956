package dev.cachetool.cli.output;

import java.time.Instant;
import java.util.Map;

/**
 * The log that standard error goes to where a CI system runs cachetool: what folds lines away there, and what must not stand
 * in a line, since the CI system would take it for a command. Not for several threads: {@link Console} guards it.
 */
final class JobLog {
    private enum Kind {
        NONE,
        GITHUB,
        GITLAB
    }

    /** One that nothing is known of. */
    static final JobLog NONE = new JobLog(Kind.NONE);

    private static final String CLEAR = "\u001b[0K";

    private final Kind kind;
    private int sections;
    private String section = "";

    private JobLog(Kind kind) {
        this.kind = kind;
    }

    /** The one that the variables name. */
    static JobLog of(Map<String, String> environment) {
        if (environment.getOrDefault("GITHUB_ACTIONS", "").equals("true")) {
            return new JobLog(Kind.GITHUB);
        }
        return new JobLog(environment.getOrDefault("GITLAB_CI", "").equals("true") ? Kind.GITLAB : Kind.NONE);
    }

    /** Whether lines can be folded away. */
    boolean folds() {
        return kind != Kind.NONE;
    }

    /** The line that lines are folded away under. */
    String begin(String title, Instant now) {
        if (kind == Kind.GITHUB) {
            return "::group::" + guarded(title).replace("%", "%25");
        }
        section = "cachetool_" + now.toEpochMilli() + "_" + ++sections;
        return CLEAR + "section_start:" + now.getEpochSecond() + ":" + section + "[collapsed=true]\r" + CLEAR + title;
    }

    /** The line that ends what was begun. */
    String end(Instant now) {
        return kind == Kind.GITHUB
                ? "::endgroup::"
                : CLEAR + "section_end:" + now.getEpochSecond() + ":" + section + "\r" + CLEAR;
    }

    /**
     * The line, in which GitHub finds no command: those begin with {@code ::}, or have {@code ##[} in them anywhere. A blank in
     * between takes the meaning away. GitLab's commands have control characters, which are escaped anyway.
     */
    String guarded(String line) {
        if (kind != Kind.GITHUB) {
            return line;
        }
        String text = line.replace("##[", "## [");
        return text.stripLeading().startsWith("::") ? text.replaceFirst("::", ": :") : text;
    }
}
