package dev.cachetool.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns what {@code docs/} uses of Markdown into a page of the manual: headings, paragraphs, lists of one level, tables of two
 * columns, blocks of code, and in a line code, text that is bold or emphasised, and links. Anything else is an error, so that nothing gets lost.
 */
final class ManMarkdown {
    private static final Pattern SPAN =
            Pattern.compile("`([^`]+)`|\\*\\*([^*]+)\\*\\*|\\*([^*\\s][^*]*)\\*|(?<!!)\\[([^\\]`]+)\\]\\(([^)]+)\\)");
    private static final Pattern NUMBERED = Pattern.compile("(\\d+\\.) (.*)");

    /** The pages that are in the manual, by their names in docs/. */
    private static final Map<String, String> IN_THE_MANUAL = Map.of("graph.md", "cachetool-graph(5)");

    private final ManPage page;
    private final String[] lines;
    private int at;

    private ManMarkdown(ManPage page, String markdown) {
        this.page = page;
        this.lines = markdown.split("\n", -1);
    }

    /** Adds all of a page, but for its title. */
    static void add(ManPage page, String markdown) {
        new ManMarkdown(page, markdown).convert();
    }

    /** The part of a page below a heading of the second level, without it; of the title's where the heading is empty. */
    static String below(String markdown, String heading) {
        String start = heading.isEmpty() ? "# " : "## " + heading + "\n";
        int from = heading.isEmpty() ? 0 : markdown.indexOf("\n" + start) + 1;
        if (!markdown.startsWith(start, from) || (from == 0 && !heading.isEmpty())) {
            throw new IllegalArgumentException("no heading \"" + heading + "\"");
        }
        int body = markdown.indexOf('\n', from) + 1;
        int end = markdown.indexOf("\n## ", body);
        return markdown.substring(body, end < 0 ? markdown.length() : end + 1);
    }

    private void convert() {
        while (at < lines.length) {
            String line = lines[at];
            if (line.isEmpty()) {
                at++;
            } else if (line.startsWith("#")) {
                heading(line);
            } else if (line.startsWith("```")) {
                fenced();
            } else if (line.startsWith("    ")) {
                indented();
            } else if (line.startsWith("|")) {
                table();
            } else if (line.startsWith("- ")) {
                page.item("\\(bu", inline(item(line.substring(2))));
            } else if (NUMBERED.matcher(line).matches()) {
                Matcher numbered = NUMBERED.matcher(line);
                numbered.matches();
                page.item(numbered.group(1), inline(item(numbered.group(2))));
            } else {
                page.paragraph(inline(rest(line)));
            }
        }
    }

    private void heading(String line) {
        at++;
        if (line.startsWith("## ")) {
            page.section(line.substring(3));
        } else if (line.startsWith("### ")) {
            page.subsection(line.substring(4));
        } else if (!line.startsWith("# ")) {
            throw unknown(line);
        }
    }

    private void fenced() {
        List<String> code = new ArrayList<>();
        for (at++; !lines[at].equals("```"); at++) {
            code.add(lines[at]);
        }
        at++;
        page.literal(code);
    }

    private void indented() {
        List<String> code = new ArrayList<>();
        for (; at < lines.length && lines[at].startsWith("    "); at++) {
            code.add(lines[at].substring(4));
        }
        page.literal(code);
    }

    private void table() {
        if (!lines[at + 1].equals("|---|---|")) {
            throw unknown(lines[at]);
        }
        for (at += 2; at < lines.length && lines[at].startsWith("|"); at++) {
            String[] cells = lines[at].split("(?<!\\\\)\\|", -1);
            if (cells.length != 4) {
                throw unknown(lines[at]);
            }
            page.tagged(inline(cell(cells[1])), inline(cell(cells[2])));
        }
    }

    private static String cell(String text) {
        return text.strip().replace("\\|", "|");
    }

    /** An entry of a list, with the lines that go on with it. */
    private String item(String first) {
        StringBuilder text = new StringBuilder(first);
        for (at++; at < lines.length && lines[at].startsWith("  "); at++) {
            String more = lines[at].strip();
            if (more.startsWith("- ") || lines[at].startsWith("    ")) {
                throw unknown(lines[at]);
            }
            text.append(' ').append(more);
        }
        return text.toString();
    }

    /** A paragraph: up to an empty line. */
    private String rest(String first) {
        StringBuilder text = new StringBuilder(first);
        for (at++; at < lines.length && !lines[at].isEmpty(); at++) {
            if (lines[at].startsWith("- ") || lines[at].startsWith("|") || lines[at].startsWith("#")) {
                throw unknown(lines[at]);
            }
            text.append(' ').append(lines[at].strip());
        }
        return text.toString();
    }

    private String inline(String text) {
        StringBuilder roff = new StringBuilder();
        Matcher span = SPAN.matcher(text);
        int from = 0;
        while (span.find()) {
            roff.append(prose(text.substring(from, span.start())));
            from = span.end();
            if (span.group(1) != null) {
                roff.append(ManPage.bold(span.group(1)));
            } else if (span.group(2) != null) {
                roff.append(ManPage.bold(span.group(2)));
            } else if (span.group(3) != null) {
                roff.append(ManPage.italic(span.group(3)));
            } else {
                roff.append(link(span.group(4), span.group(5)));
            }
        }
        return roff.append(prose(text.substring(from))).toString();
    }

    private static String link(String text, String address) {
        String file = address.replaceFirst("^docs/", "");
        String shown = IN_THE_MANUAL.getOrDefault(file, address.contains(":") ? address : "docs/" + file);
        return text.endsWith(file) ? ManPage.italic(shown) : ManPage.plain(text) + " (" + ManPage.italic(shown) + ")";
    }

    /** Text between spans, which has nothing left that means something in Markdown. */
    private String prose(String text) {
        if (Pattern.compile("[`<>\\\\]|\\*|\\]\\(|(?<!\\w)_|^>|!\\[")
                .matcher(text)
                .find()) {
            throw unknown(text);
        }
        return ManPage.plain(text);
    }

    private IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException("line " + (at + 1) + ": Markdown that the manual has no form for: " + what);
    }
}
