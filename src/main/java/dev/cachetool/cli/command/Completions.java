package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The scripts that make shells complete command lines of cachetool. What a shell does stands in a resource for each; what the
 * commands say (verbs, flags, what their values are) goes in where that has a line {@code @name@}, or the words at that place.
 */
final class Completions {
    private final List<Usage> usages;

    private Completions(Verbs verbs) {
        usages = new ArrayList<>(verbs.usages());
        List<String> topics =
                Stream.concat(Verbs.NAMES.stream(), HelpPages.TOPICS.stream()).toList();
        usages.add(new Usage(
                "help",
                "print the page of a verb or topic",
                List.of(Positional.optional("VERB", Value.word(topics))),
                "",
                "",
                List.of(),
                List.of()));
    }

    /** A shell. */
    enum Shell {
        BASH,
        ZSH,
        FISH;

        /** As they are written. */
        static final List<String> WORDS = List.of("bash", "zsh", "fish");

        /** As it is written. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The script of the shell. */
    static String script(Verbs verbs, Shell shell) {
        Completions completions = new Completions(verbs);
        Map<String, String> parts = switch (shell) {
            case BASH -> completions.bash();
            case ZSH -> completions.zsh();
            case FISH -> completions.fish();
        };
        String script = resource("completion." + shell.word());
        for (Map.Entry<String, String> part : parts.entrySet()) {
            String mark = "@" + part.getKey() + "@";
            if (!script.contains(mark)) {
                throw new IllegalStateException("the script for " + shell.word() + " has no " + mark);
            }
            script = script.replace(mark, part.getValue());
        }
        return script;
    }

    private static String resource(String name) {
        try (InputStream in = Completions.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("could not find " + name + " beside " + Completions.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> verbs() {
        return usages.stream().map(Usage::verb).toList();
    }

    private static List<Flag> flagsOf(Usage usage) {
        return usage.verb().equals("help") ? List.of() : usage.allFlags();
    }

    /** What a SPEC of the side may begin with. */
    private static List<String> beginnings(Place.Side side) {
        List<String> beginnings = new ArrayList<>();
        for (String scheme : PlaceKeys.schemes(side)) {
            beginnings.add(scheme.equals("docker:") ? "docker://" : scheme);
        }
        beginnings.add("type=");
        return beginnings;
    }

    /** The keys of each side and type: {@code name kind words…}. */
    private static Map<String, List<String>> keys() {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        for (Place.Side side : Place.Side.values()) {
            for (String type : PlaceKeys.TYPES) {
                List<String> lines = new ArrayList<>();
                for (PlaceKeys.Key key : PlaceKeys.of(type, side)) {
                    lines.add(spaced(key.name(), word(key.kind()), key.words()));
                }
                keys.put(side.word() + "/" + type, lines);
            }
        }
        return keys;
    }

    private static String word(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String spaced(String first, String second, List<String> words) {
        return Stream.concat(Stream.of(first, second), words.stream())
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
    }

    /** In single quotes, as bash, zsh and sh read them. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private Map<String, String> bash() {
        List<String> flags = new ArrayList<>();
        flags.add(bashCase("''", "flags", bashFlags(Flags.COMMON)));
        List<String> arguments = new ArrayList<>();
        for (Usage usage : usages) {
            if (!flagsOf(usage).isEmpty()) {
                flags.add(bashCase(usage.verb(), "flags", bashFlags(flagsOf(usage))));
            }
            List<String> lines = new ArrayList<>();
            for (Positional positional : usage.positionals()) {
                lines.add(spaced(
                        positional.repeats() ? "+" : "1",
                        word(positional.value().kind()),
                        positional.value().words()));
            }
            if (!lines.isEmpty()) {
                arguments.add(bashCase(usage.verb(), "arguments", lines));
            }
        }
        List<String> keys = new ArrayList<>();
        keys().forEach((place, lines) -> keys.add(bashCase(place, "keys", lines)));
        List<String> schemes = new ArrayList<>();
        for (Place.Side side : Place.Side.values()) {
            schemes.add("        " + side.word() + ") _cachetool_value word \"$before\" \"$value\" '"
                    + String.join(" ", beginnings(side)) + "' ;;");
        }
        return Map.of(
                "flags", String.join("\n", flags),
                "arguments", String.join("\n", arguments),
                "keys", String.join("\n", keys),
                "schemes", String.join("\n", schemes),
                "types", String.join(" ", PlaceKeys.TYPES),
                "verbs", String.join(" ", verbs()));
    }

    private static List<String> bashFlags(List<Flag> flags) {
        List<String> lines = new ArrayList<>();
        for (Flag flag : flags) {
            String repeats = flag.kind() == Flag.Kind.VALUES ? "+" : "1";
            lines.add(spaced(
                    String.join(",", flag.names()) + " " + repeats,
                    word(flag.value().kind()),
                    flag.value().words()));
        }
        return lines;
    }

    private static String bashCase(String pattern, String variable, List<String> lines) {
        StringBuilder text = new StringBuilder("    " + pattern + ")\n      " + variable + "=(\n");
        lines.forEach(line -> text.append("        ").append(quoted(line)).append('\n'));
        return text.append("      )\n      ;;").toString();
    }

    private Map<String, String> zsh() {
        List<String> verbs = new ArrayList<>();
        List<String> flags = new ArrayList<>();
        for (Usage usage : usages) {
            verbs.add("    " + quoted(usage.verb() + ":" + usage.purpose().replace(":", "\\:")));
            List<String> lines = new ArrayList<>();
            flagsOf(usage).forEach(flag -> lines.addAll(zshFlag(flag)));
            for (Positional positional : usage.positionals()) {
                String place = positional.repeats() ? "*:" : positional.least() == 0 ? "::" : ":";
                lines.add(quoted(place + zshText(positional.label()) + ":" + zshAction(positional.value())));
            }
            flags.add("    (" + usage.verb() + ")\n      specs=(\n        " + String.join("\n        ", lines)
                    + "\n      )\n      ;;");
        }
        List<String> keys = new ArrayList<>();
        keys().forEach((place, lines) -> keys.add("    (" + place + ")\n      keys=(\n        "
                + String.join(
                        "\n        ", lines.stream().map(Completions::quoted).toList())
                + "\n      )\n      ;;"));
        List<String> schemes = new ArrayList<>();
        for (Place.Side side : Place.Side.values()) {
            schemes.add("      (" + side.word() + ") found=("
                    + String.join(" ", beginnings(side)).replace("=", "\\=") + ") ;;");
        }
        List<String> common = new ArrayList<>();
        Flags.COMMON.forEach(flag -> zshFlag(flag).forEach(line -> common.add("    " + line + " \\")));
        return Map.of(
                "verbs", String.join("\n", verbs),
                "flags", String.join("\n", flags),
                "keys", String.join("\n", keys),
                "schemes", String.join("\n", schemes),
                "types", String.join(" ", PlaceKeys.TYPES),
                "common", String.join("\n", common));
    }

    private static List<String> zshFlag(Flag flag) {
        List<String> lines = new ArrayList<>();
        String others = flag.kind() == Flag.Kind.VALUES
                ? "*"
                : flag.names().size() > 1 ? "(" + String.join(" ", flag.names()) + ")" : "";
        for (String name : flag.names()) {
            String joined = flag.kind() == Flag.Kind.SWITCH ? "" : name.startsWith("--") ? "=" : "+";
            String value =
                    flag.kind() == Flag.Kind.SWITCH ? "" : ":" + zshText(flag.label()) + ":" + zshAction(flag.value());
            lines.add(quoted(others + name + joined + "[" + zshText(brief(flag)) + "]" + value));
        }
        return lines;
    }

    private static String zshAction(Value value) {
        String words = "(" + String.join(" ", value.words()) + ")";
        return switch (value.kind()) {
            case WORD -> words;
            case SOURCE, TARGET -> "{" + spaced("_cachetool_place", word(value.kind()), value.words()) + "}";
            case FILE -> "_files";
            case FOLDER -> "_files -/";
            case GRAPH -> "_cachetool_graphs";
            case VERTEX -> "_cachetool_vertices";
            case NONE, TIME, SIZE, NUMBER, TEXT -> " ";
        };
    }

    private static String zshText(String text) {
        return text.replace("\\", "\\\\")
                .replace("[", "\\[")
                .replace("]", "\\]")
                .replace(":", "\\:");
    }

    /** What a flag does, without what is said of details; where its words are explained, that is what counts. */
    private static String brief(Flag flag) {
        String help = flag.help();
        int end = help.indexOf(';');
        return end < 0 || flag.value().kind() == Value.Kind.WORD ? help : help.substring(0, end);
    }

    private Map<String, String> fish() {
        TreeSet<String> valued = new TreeSet<>();
        Map<Flag, List<String>> users = new LinkedHashMap<>();
        List<String> verbs = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        for (Usage usage : usages) {
            verbs.add("complete -c cachetool -n '__cachetool_takes \"\" --' -a " + usage.verb() + " -d "
                    + fishQuoted(usage.purpose()));
            int place = 0;
            for (Positional positional : usage.positionals()) {
                place++;
                String action = fishAction(positional.value());
                if (!action.isEmpty()) {
                    arguments.add("complete -c cachetool -n '__cachetool_at " + usage.verb() + " " + place
                            + (positional.repeats() ? " more" : "") + "' " + action);
                }
            }
            for (Flag flag : flagsOf(usage)) {
                users.computeIfAbsent(flag, each -> new ArrayList<>()).add(usage.verb());
                if (flag.kind() != Flag.Kind.SWITCH) {
                    valued.addAll(flag.names());
                }
            }
        }
        List<String> flags = new ArrayList<>();
        for (Map.Entry<Flag, List<String>> entry : users.entrySet()) {
            flags.add(fishFlag(entry.getKey(), entry.getValue()));
        }
        flags.add("complete -c cachetool -n '__cachetool_takes \"\" --' -l version -d 'print the version'");
        List<String> keys = new ArrayList<>();
        keys().forEach((place, lines) -> keys.add("        case " + place + "\n            set keys "
                + String.join(" ", lines.stream().map(Completions::fishQuoted).toList())));
        List<String> schemes = new ArrayList<>();
        for (Place.Side side : Place.Side.values()) {
            schemes.add("                case " + side.word() + "\n                    printf '%s\\n' "
                    + String.join(" ", beginnings(side)));
        }
        return Map.of(
                "valued", String.join(" ", valued),
                "verbs", String.join("\n", verbs),
                "arguments", String.join("\n", arguments),
                "flags", String.join("\n", flags),
                "keys", String.join("\n", keys),
                "schemes", String.join("\n", schemes),
                "types", "{" + String.join(",", PlaceKeys.TYPES) + "}");
    }

    /** One line for all verbs that have it; one of every verb can also stand in front of the verb. */
    private String fishFlag(Flag flag, List<String> users) {
        String verbs = (Flags.COMMON.contains(flag) ? "\"\" " : "") + String.join(" ", users);
        String names = flag.kind() == Flag.Kind.VALUES ? "" : " " + String.join(" ", flag.names());
        StringBuilder line = new StringBuilder(
                "complete -c cachetool -n " + fishQuoted("__cachetool_takes " + verbs + " --" + names));
        for (String name : flag.names()) {
            line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (flag.kind() != Flag.Kind.SWITCH) {
            String action = fishAction(flag.value());
            line.append(action.startsWith("-F") ? " -r " : " -x ").append(action);
        }
        return line.toString().stripTrailing() + " -d " + fishQuoted(brief(flag));
    }

    private static String fishAction(Value value) {
        String words = String.join(" ", value.words());
        return switch (value.kind()) {
            case WORD -> "-a " + fishQuoted(words);
            case SOURCE, TARGET ->
                "-a " + fishQuoted((words + " (__cachetool_place " + word(value.kind()) + ")").strip());
            case FILE, GRAPH -> "-F";
            case FOLDER -> "-a '(__fish_complete_directories)'";
            case VERTEX -> "-a '(__cachetool_vertices)'";
            case NONE, TIME, SIZE, NUMBER, TEXT -> "";
        };
    }

    private static String fishQuoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
