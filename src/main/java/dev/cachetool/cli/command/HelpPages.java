package dev.cachetool.cli.command;

import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.json.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pages of {@code help} and {@code --help}, at most 80 columns wide. */
final class HelpPages {
    private static final int COLUMNS = 80;
    private static final List<String> TOPICS = List.of("places", "exit-codes", "environment");

    private final Verbs verbs;
    private final List<String> lines = new ArrayList<>();

    private HelpPages(Verbs verbs) {
        this.verbs = verbs;
    }

    /** The page of the program. */
    static List<String> program(Verbs verbs) {
        HelpPages page = new HelpPages(verbs);
        page.text("cachetool: BuildKit's build cache for any build, without a daemon");
        page.heading("usage: cachetool VERB …");
        for (Usage usage : verbs.usages()) {
            page.entry("  " + usage.verb(), 12, usage.purpose());
        }
        page.entry("  help", 12, "print this page, or that of a verb or topic: " + String.join(", ", TOPICS));
        page.heading("example");
        page.line("  cachetool export graph.json --from-workspace --to oci-archive:cache.tar");
        page.line("  cachetool import graph.json --from oci-archive:cache.tar");
        page.heading("flags of every verb");
        page.flags(Flags.COMMON);
        page.line("  Each flag --foo-bar can be given as CACHETOOL_FOO_BAR in the environment.");
        page.heading("exit codes");
        page.exitCodes();
        return page.lines;
    }

    /** The page of a verb. */
    static List<String> verb(Verbs verbs, Usage usage) {
        HelpPages page = new HelpPages(verbs);
        page.text("cachetool " + usage.verb() + ": " + usage.purpose());
        page.heading("usage: cachetool " + usage.synopsis());
        for (String note : usage.notes()) {
            page.text("  " + note);
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
        HelpPages page = new HelpPages(verbs);
        switch (name) {
            case "help" -> {
                return program(verbs);
            }
            case "places" -> page.places();
            case "exit-codes" -> {
                page.line("exit codes, which stay what they are");
                page.line("");
                page.exitCodes();
            }
            case "environment" -> page.environment();
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

    private void places() {
        line("places that caches are read from (--from) and written to (--to)");
        heading("short");
        entry("  oci:DIR[:TAG]", 28, "an OCI layout as a directory");
        entry("  oci-archive:FILE[:TAG]", 28, "an OCI layout as a tar; gzip and zstd are read as well");
        entry("  config:FILE", 28, "a bare cache config (--from only, for verbs that read no layer)");
        entry("  -", 28, "a tar on standard input or output");
        entry("  host/repository:tag", 28, "in a registry; also docker://host/repository:tag");
        text("  @sha256:… behind it names one manifest of it (--from only).");
        heading("as BuildKit writes them");
        line("  type=local,src=DIR              type=local,dest=DIR");
        line("  type=tar,src=FILE|-             type=tar,dest=FILE|-");
        line("  type=registry,ref=NAME          type=registry,ref=NAME");
        heading("attributes");
        entry("  tag=TAG", 28, "default: latest");
        entry("  registry.insecure=BOOL", 28, "the registry may have any certificate, or none (default: false)");
        entry("  digest=sha256:…", 28, "this manifest, whatever the tag says (--from only)");
        heading("attributes of --to");
        entry("  mode=MODE", 28, "as --mode: min (default), max, remote-only");
        entry("  compression=KIND", 28, "zstd (default), gzip (default with oci-mediatypes=false), uncompressed");
        entry("  compression-level=N", 28, "zstd 0 to 22, gzip 0 to 9");
        entry("  force-compression=BOOL", 28, "convert layers that are compressed otherwise (default: false)");
        entry("  image-manifest=BOOL", 28, "an image manifest (default), or an index");
        entry("  oci-mediatypes=BOOL", 28, "OCI media types (default), or Docker's; those need the index");
        entry("  ignore-error=BOOL", 28, "a failure of this target is a warning (default: false)");
        entry("  reset=BOOL", 28, "of type=local: remove blobs that no manifest there refers to (default: false)");
        text("  An attribute with a comma in it is quoted as a whole: '\"dest=a,b\",type=local'.");
    }

    private void environment() {
        line("environment variables");
        line("");
        text("  Each flag --foo-bar has its twin CACHETOOL_FOO_BAR, which counts where the flag is not given. A flag "
                + "that repeats takes a line for each value, a switch true or false.");
        line("");
        entry("  BUILDKIT_PROGRESS", 28, "as --progress, where neither that nor its twin is given");
        entry("  NO_COLOR", 28, "no colours, whatever it is set to");
        entry("  COLUMNS", 28, "how wide the terminal is (default: 80)");
        entry("  SOURCE_DATE_EPOCH", 28, "the time of new results and of the files in new layers");
        entry("  CACHETOOL_FROM_PASSWORD", 28, "the password for --from-username");
        entry("  CACHETOOL_TO_PASSWORD", 28, "the password for --to-username");
        entry("  DOCKER_AUTH_CONFIG", 28, "logins, as the text of a docker config; goes before all files");
        entry("  REGISTRY_AUTH_FILE", 28, "the only file with logins, as podman has it");
        entry("  DOCKER_CONFIG", 28, "the folder of docker's config.json (default: ~/.docker)");
        entry(
                "  HTTP_PROXY, HTTPS_PROXY",
                28,
                "the proxies for registries; NO_PROXY names those that are asked directly");
        entry("  SSL_CERT_FILE", 28, "the certificate authorities to trust, in place of Java's own");
        entry("  TMPDIR", 28, "where temporary files go that are not beside their target");
        line("");
        for (String twin : verbs.twins()) {
            line("  " + twin);
        }
    }

    private void exitCodes() {
        for (ExitCode code : ExitCode.values()) {
            String number = Integer.toString(code.number());
            entry("  " + " ".repeat(3 - number.length()) + number, 7, code.meaning());
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
