package dev.cachetool.cli.command;

import dev.cachetool.cli.options.UsageException;
import dev.cachetool.json.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pages of {@code help} and {@code --help}, at most 80 columns wide. */
final class HelpPages {
    private static final int COLUMNS = 80;

    /** What the program is for. */
    static final String PURPOSE = "BuildKit's build cache for any build, without a daemon";

    static final List<String> TOPICS = List.of("places", "exit-codes", "environment");

    /** Command lines that work, one after the other. */
    static final List<String> EXAMPLES = List.of(
            "cachetool export graph.json --from-workspace --to oci-archive:cache.tar",
            "cachetool import graph.json --from oci-archive:cache.tar");

    private final List<String> lines = new ArrayList<>();

    /** The page of the program. */
    static List<String> program(Verbs verbs) {
        HelpPages page = new HelpPages();
        page.text("cachetool: " + PURPOSE);
        page.heading("usage: cachetool VERB …");
        for (Usage usage : verbs.usages()) {
            page.entry("  " + usage.verb(), 14, usage.purpose());
        }
        page.entry("  help", 14, "print this page, or that of a verb or topic: " + String.join(", ", TOPICS));
        page.heading("example");
        EXAMPLES.forEach(example -> page.line("  " + example));
        page.heading("flags of every verb");
        page.flags(Flags.COMMON);
        page.line("  Each flag --foo-bar can be given as CACHETOOL_FOO_BAR in the environment.");
        page.heading("exit codes");
        page.exitCodes();
        return page.lines;
    }

    /** The page of a verb. */
    static List<String> verb(Verbs verbs, Usage usage) {
        HelpPages page = new HelpPages();
        page.text("cachetool " + usage.verb() + ": " + usage.purpose());
        page.heading("usage: cachetool " + usage.synopsis());
        for (Note note : usage.notes()) {
            if (note.word().isEmpty()) {
                page.text("  " + note.text());
            } else {
                page.entry("  " + note.word(), 10, note.text());
            }
        }
        page.heading("example");
        page.line("  " + usage.example());
        Map<String, List<Flag>> groups = new LinkedHashMap<>();
        for (Flag flag : usage.allFlags()) {
            groups.computeIfAbsent(flag.group(), group -> new ArrayList<>()).add(flag);
        }
        for (Map.Entry<String, List<Flag>> group : groups.entrySet()) {
            page.heading(group.getKey());
            page.flags(group.getValue());
        }
        page.line("");
        page.line("see also: cachetool help places, cachetool help exit-codes");
        return page.lines;
    }

    /** The page of a verb or topic by its name. */
    static List<String> named(Verbs verbs, String name) {
        HelpPages page = new HelpPages();
        switch (name) {
            case "help" -> {
                return program(verbs);
            }
            case "places" -> page.topic(Topic.places());
            case "exit-codes" -> {
                page.line(Topic.exitCodes().title());
                page.line("");
                page.exitCodes();
            }
            case "environment" -> {
                page.topic(Topic.environment());
                page.heading("twins of flags");
                verbs.twins().forEach(twin -> page.line("  " + twin));
            }
            default -> {
                if (verbs.find(name).isPresent()) {
                    return verb(verbs, verbs.require(name).usage());
                }
                List<String> known = new ArrayList<>(Verbs.NAMES);
                known.addAll(TOPICS);
                throw new UsageException(
                        "there is no help on \"" + name + "\"",
                        Suggestion.nearest(name, known)
                                .map(near -> "did you mean \"" + near + "\"?")
                                .orElse("known: " + String.join(", ", known)));
            }
        }
        return page.lines;
    }

    private void topic(Topic topic) {
        line(topic.title());
        boolean first = true;
        for (Topic.Section section : topic.sections()) {
            if (!section.heading().isEmpty()) {
                heading(section.heading());
            } else if (first) {
                line("");
            }
            first = false;
            entries(section.entries());
            if (!section.text().isEmpty()) {
                text("  " + section.text());
            }
        }
    }

    private void entries(List<Topic.Entry> entries) {
        for (Topic.Entry entry : entries) {
            entry("  " + entry.word(), 28, entry.meaning());
        }
    }

    private void exitCodes() {
        for (Topic.Section section : Topic.exitCodes().sections()) {
            for (Topic.Entry code : section.entries()) {
                entry("  " + " ".repeat(3 - code.word().length()) + code.word(), 7, code.meaning());
            }
        }
    }

    private void flags(List<Flag> flags) {
        for (Flag flag : flags) {
            String shortName = "    ";
            for (String other : flag.others()) {
                if (!other.startsWith("--")) {
                    shortName = other + ", ";
                }
            }
            String label = flag.label().isEmpty() ? "" : " " + flag.label();
            entry("  " + shortName + flag.name() + label, 30, flag.help());
        }
    }

    private void heading(String text) {
        line("");
        line(text);
    }

    private void line(String text) {
        lines.add(text);
    }

    /** Text, broken where it is too long, with the indentation of its first line. */
    private void text(String text) {
        int indent = 0;
        while (indent < text.length() && text.charAt(indent) == ' ') {
            indent++;
        }
        entry(text.substring(0, indent), indent, text.substring(indent));
    }

    /** A word, and what it means from the given column on. */
    private void entry(String word, int column, String meaning) {
        StringBuilder line = new StringBuilder(word);
        if (word.length() > column - (word.isBlank() ? 0 : 1)) {
            lines.add(line.toString());
            line.setLength(0);
        }
        line.append(" ".repeat(column - line.length()));
        boolean first = true;
        for (String each : meaning.split(" ", -1)) {
            if (!first && line.length() + 1 + each.length() > COLUMNS) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
                line.append(" ".repeat(column));
                first = true;
            }
            line.append(first ? "" : " ").append(each);
            first = false;
        }
        lines.add(line.toString());
    }
}
