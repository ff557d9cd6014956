package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The manual in {@code man/}, made of the commands, of what {@code help} explains, and of pages in {@code docs/}. Not a part of
 * the program, which needs none of it: {@link ManPagesTest} holds what is committed to it, and writes it.
 */
final class ManPages {
    private static final String PROGRAM = "cachetool";
    private static final String GRAPH = "cachetool-graph";
    private static final String PLACES = "cachetool-places";

    private final Verbs verbs = new Verbs(() -> "");
    private final String date;
    private final String source;

    private ManPages(String date, String source) {
        this.date = date;
        this.source = source;
    }

    /** The pages by the names of their files. The version and its date are those of pom.xml. */
    static Map<String, String> all() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = find(pom, "<artifactId>cachetool</artifactId>\\s*<version>([^<]+)</version>");
        String date = find(pom, "<project.build.outputTimestamp>(\\d{4}-\\d\\d-\\d\\d)");
        return new ManPages(date, "cachetool " + version).pages();
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("pom.xml has no " + pattern);
        }
        return matcher.group(1);
    }

    private Map<String, String> pages() throws IOException {
        Map<String, String> pages = new TreeMap<>();
        pages.put(PROGRAM + ".1", program().toString());
        for (Usage usage : verbs.usages()) {
            pages.put(PROGRAM + "-" + usage.verb() + ".1", verb(usage).toString());
        }
        pages.put(GRAPH + ".5", graph().toString());
        pages.put(PLACES + ".7", places().toString());
        return pages;
    }

    private ManPage program() throws IOException {
        ManPage page = page(PROGRAM, 1, HelpPages.PURPOSE);
        page.section("Synopsis");
        page.text(ManPage.bold(PROGRAM) + " " + ManPage.synopsis("VERB [ARGUMENT…] [OPTION…]"));
        page.newLine().text(ManPage.bold(PROGRAM + " help") + " " + ManPage.synopsis("[VERB|TOPIC]"));
        page.newLine().text(ManPage.bold(PROGRAM + " --version"));
        page.section("Description");
        ManMarkdown.add(page, ManMarkdown.below(Files.readString(Path.of("README.md")), ""));
        page.section("Verbs");
        for (Usage usage : verbs.usages()) {
            page.tagged(reference(usage), ManPage.help(usage.purpose()));
        }
        page.tagged(
                ManPage.bold("help"),
                ManPage.plain("print the page of a verb, or of a topic: " + String.join(", ", HelpPages.TOPICS)));
        page.section("Options of every verb");
        options(page, Flags.COMMON);
        exitStatus(page);
        page.section("Environment");
        environment(page, Topic.environment().sections());
        page.section("Examples");
        page.literal(HelpPages.EXAMPLES);
        List<String> others = new ArrayList<>();
        for (Usage usage : verbs.usages()) {
            others.add(reference(usage));
        }
        others.add(reference(GRAPH, 5));
        others.add(reference(PLACES, 7));
        seeAlso(page, others);
        return page;
    }

    private ManPage verb(Usage usage) {
        ManPage page = page(PROGRAM + "-" + usage.verb(), 1, usage.purpose());
        page.section("Synopsis");
        page.text(ManPage.bold(PROGRAM) + " " + ManPage.synopsis(usage.synopsis() + " [OPTION…]"));
        page.section("Description");
        page.text(ManPage.help(ManPage.sentence(usage.purpose())));
        for (Note note : usage.notes()) {
            if (note.word().isEmpty()) {
                page.paragraph(ManPage.help(note.text()));
            } else {
                page.tagged(ManPage.bold(note.word()), ManPage.help(note.text()));
            }
        }
        page.section("Options");
        Map<String, List<Flag>> groups = new LinkedHashMap<>();
        for (Flag flag : usage.allFlags()) {
            groups.computeIfAbsent(flag.group(), group -> new ArrayList<>()).add(flag);
        }
        groups.forEach((group, flags) -> {
            page.subsection(group);
            options(page, flags);
        });
        exitStatus(page);
        page.section("Environment");
        environment(
                page,
                Topic.environment().sections().stream()
                        .filter(section -> section.concerns(usage))
                        .toList());
        page.section("Examples");
        page.literal(List.of(usage.example()));
        List<String> others = new ArrayList<>(List.of(reference(PROGRAM, 1)));
        if (usage.synopsis().contains("GRAPH") || usage.allFlags().contains(Flags.REACHABLE_FROM)) {
            others.add(reference(GRAPH, 5));
        }
        others.add(reference(PLACES, 7));
        seeAlso(page, others);
        return page;
    }

    private ManPage graph() throws IOException {
        ManPage page = page(GRAPH, 5, "the build graph of cachetool");
        page.section("Description");
        ManMarkdown.add(page, Files.readString(Path.of("docs", "graph.md")));
        seeAlso(
                page,
                List.of(
                        reference(PROGRAM, 1),
                        reference(PROGRAM + "-run", 1),
                        reference(PROGRAM + "-cachemap", 1),
                        reference(PLACES, 7)));
        return page;
    }

    private ManPage places() throws IOException {
        ManPage page = page(PLACES, 7, "how cachetool names caches, what it ends with, and which variables it reads");
        page.section("Description");
        page.text(ManPage.help("A SPEC names a place that a cache is read from (--from) or written to (--to)."));
        for (Topic.Section section : Topic.places().sections()) {
            page.subsection(section.heading());
            entries(page, section.entries());
            if (!section.text().isEmpty()) {
                page.paragraph(ManPage.help(section.text()));
            }
        }
        page.section("Attributes by type");
        for (String type : PlaceKeys.TYPES) {
            for (Place.Side side : Place.Side.values()) {
                page.tagged(
                        ManPage.bold("type=" + type) + ", " + ManPage.bold(side.flag()),
                        ManPage.bold(String.join(", ", attributes(type, side))));
            }
        }
        String registries = Files.readString(Path.of("docs", "registries.md"));
        page.section("Logins");
        ManMarkdown.add(page, ManMarkdown.below(registries, "Who asks"));
        page.section("Encryption and proxies");
        ManMarkdown.add(page, ManMarkdown.below(registries, "Encryption, proxies"));
        exitStatus(page);
        page.section("Environment");
        environment(page, Topic.environment().sections());
        seeAlso(page, List.of(reference(PROGRAM, 1), reference(GRAPH, 5)));
        return page;
    }

    /** The attributes of a type and side; each must be explained above. */
    private static List<String> attributes(String type, Place.Side side) {
        List<String> names = new ArrayList<>();
        for (PlaceKeys.Key key : PlaceKeys.of(type, side)) {
            names.add(key.name());
            if (Topic.places().sections().stream()
                            .flatMap(section -> section.entries().stream())
                            .noneMatch(entry -> ("," + entry.word()).contains("," + key.name() + "="))
                    && !key.name().equals("dest")) {
                throw new IllegalStateException("no help on the attribute " + key.name());
            }
        }
        return names;
    }

    private ManPage page(String name, int number, String purpose) {
        return new ManPage(name, number, date, source, purpose);
    }

    private static void options(ManPage page, List<Flag> flags) {
        for (Flag flag : flags) {
            StringBuilder tag = new StringBuilder();
            for (String other : flag.others()) {
                if (!other.startsWith("--")) {
                    tag.append(ManPage.bold(other)).append(", ");
                }
            }
            tag.append(ManPage.bold(flag.name()));
            if (!flag.label().isEmpty()) {
                tag.append(' ').append(ManPage.italic(flag.label()));
            }
            page.tagged(tag.toString(), ManPage.help(flag.help(), flag.value().words()));
            if (!flag.value().words().stream().allMatch(flag.help()::contains)) {
                page.newLine()
                        .text("Words: "
                                + ManPage.bold(String.join(", ", flag.value().words())));
            }
            page.newLine().text("Environment: " + ManPage.help(String.join(", ", flag.twins())));
        }
    }

    private static void exitStatus(ManPage page) {
        page.section("Exit status");
        for (Topic.Section section : Topic.exitCodes().sections()) {
            for (Topic.Entry code : section.entries()) {
                page.tagged(6, ManPage.bold(code.word()), ManPage.help(code.meaning()));
            }
        }
    }

    private static void environment(ManPage page, List<Topic.Section> sections) {
        for (Topic.Section section : sections) {
            if (!section.text().isEmpty()) {
                page.text(ManPage.help(section.text()));
            }
            entries(page, section.entries());
        }
    }

    private static void entries(ManPage page, List<Topic.Entry> entries) {
        for (Topic.Entry entry : entries) {
            page.tagged(ManPage.bold(entry.word()), ManPage.help(entry.meaning()));
        }
    }

    private static void seeAlso(ManPage page, List<String> references) {
        page.section("See also");
        page.text(String.join(", ", references));
    }

    private static String reference(Usage usage) {
        return reference(PROGRAM + "-" + usage.verb(), 1);
    }

    private static String reference(String name, int number) {
        return ManPage.bold(name) + "(" + number + ")";
    }
}
