package dev.cachetool.cli.command;

import dev.cachetool.cli.output.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something that is explained once for all verbs, in {@code help} and in the manual.
 *
 * @param title what it is about
 * @param sections in order
 */
record Topic(String title, List<Section> sections) {
    Topic {
        sections = List.copyOf(sections);
    }

    /**
     * A part of it.
     *
     * @param heading may be empty
     * @param only where it is of interest to the verbs that have this flag alone
     * @param entries words and what they mean
     * @param text behind them; may be empty
     */
    record Section(String heading, Optional<Flag> only, List<Entry> entries, String text) {
        Section {
            entries = List.copyOf(entries);
        }

        private static Section of(String heading, String text, Entry... entries) {
            return new Section(heading, Optional.empty(), List.of(entries), text);
        }

        private static Section with(Flag flag, String heading, Entry... entries) {
            return new Section(heading, Optional.of(flag), List.of(entries), "");
        }

        /** Whether it is of interest to the verb. */
        boolean concerns(Usage usage) {
            return only.isEmpty() || usage.allFlags().contains(only.get());
        }
    }

    /** A word, or several that mean the same, and what it means. */
    record Entry(String word, String meaning) {}

    /** Where caches are read from and written to. */
    static Topic places() {
        return new Topic(
                "places that caches are read from (--from) and written to (--to)",
                List.of(
                        Section.of(
                                "short forms",
                                "@sha256:… behind it names one manifest of it (--from only). In TAG, {branch} is the branch"
                                        + " that is built, and {default-branch} the one that others start from:"
                                        + " feature/x is the tag feature-x (-v tells).",
                                new Entry("oci:DIR[:TAG]", "an OCI layout as a directory"),
                                new Entry(
                                        "oci-archive:FILE[:TAG]",
                                        "an OCI layout as a tar; gzip and zstd are read as well"),
                                new Entry(
                                        "config:FILE",
                                        "a bare cache config (--from only, for verbs that read no layer)"),
                                new Entry("-", "a tar on standard input or output"),
                                new Entry("host/repository:tag", "in a registry; also docker://host/repository:tag")),
                        Section.of(
                                "as BuildKit writes them, with dest= in place of src= for --to",
                                "",
                                new Entry("type=local,src=DIR", "an OCI layout as a directory"),
                                new Entry("type=tar,src=FILE", "an OCI layout as a tar; of FILE, - is as above"),
                                new Entry("type=registry,ref=NAME", "in a registry")),
                        Section.of(
                                "attributes",
                                "",
                                new Entry("tag=TAG", "of type=local and type=tar (default: latest)"),
                                new Entry(
                                        "registry.insecure=BOOL",
                                        "the registry may have any certificate, or none (default: false)"),
                                new Entry("digest=sha256:…", "this manifest, whatever the tag says (--from only)")),
                        Section.of(
                                "attributes of --to",
                                "An attribute with a comma in it is quoted as a whole: '\"dest=a,b\",type=local'.",
                                new Entry("mode=MODE", "as --mode: min (default), max, remote-only"),
                                new Entry(
                                        "compression=KIND",
                                        "zstd (default), gzip (default with oci-mediatypes=false), uncompressed"),
                                new Entry("compression-level=N", "zstd 0 to 22, gzip 0 to 9"),
                                new Entry(
                                        "force-compression=BOOL",
                                        "convert layers that are compressed otherwise (default: false)"),
                                new Entry("image-manifest=BOOL", "an image manifest (default), or an index"),
                                new Entry(
                                        "oci-mediatypes=BOOL",
                                        "OCI media types (default), or Docker's; those need the index"),
                                new Entry(
                                        "ignore-error=BOOL", "a failure of this target is a warning (default: false)"),
                                new Entry(
                                        "reset=BOOL",
                                        "of type=local: remove blobs that no manifest there refers to (default:"
                                                + " false)"))));
    }

    /** What commands end with. */
    static Topic exitCodes() {
        List<Entry> codes = new ArrayList<>();
        for (ExitCode code : ExitCode.values()) {
            codes.add(new Entry(Integer.toString(code.number()), code.meaning()));
        }
        return new Topic("exit codes, which stay what they are", List.of(new Section("", Optional.empty(), codes, "")));
    }

    /** The variables that count, but for the twins of flags. */
    static Topic environment() {
        return new Topic(
                "environment variables",
                List.of(
                        Section.of(
                                "",
                                "Each flag --foo-bar has its twin CACHETOOL_FOO_BAR, which counts where the flag is not"
                                        + " given. A flag that repeats takes a line for each value, a switch true or"
                                        + " false."),
                        Section.of(
                                "of every verb",
                                "",
                                new Entry(
                                        "BUILDKIT_PROGRESS", "as --progress, where neither that nor its twin is given"),
                                new Entry("NO_COLOR", "no colours, whatever it is set to"),
                                new Entry("COLUMNS", "how wide the terminal is (default: 80)"),
                                new Entry(
                                        "TMPDIR",
                                        "where temporary files go that are not beside their target (default: /tmp)"),
                                new Entry(
                                        "CACHETOOL_JAVA_OPTS",
                                        "options of the Java that runs cachetool, as in -Xmx4g")),
                        Section.with(
                                Flags.STORE,
                                "the local store",
                                new Entry("XDG_CACHE_HOME", "the folder that has the store (default: ~/.cache)")),
                        Section.with(
                                Flags.EXPORT_ROOTS,
                                "what is made",
                                new Entry(
                                        "SOURCE_DATE_EPOCH", "the time of new results and of the files in new layers")),
                        Section.with(
                                Flags.FROM_USERNAME,
                                "logins",
                                new Entry("CACHETOOL_FROM_PASSWORD", "the password for --from-username")),
                        Section.with(
                                Flags.TO_USERNAME,
                                "",
                                new Entry("CACHETOOL_TO_PASSWORD", "the password for --to-username")),
                        Section.with(
                                Flags.PLAIN_HTTP,
                                "",
                                new Entry(
                                        "DOCKER_AUTH_CONFIG",
                                        "logins, as the text of a docker config; goes before all files"),
                                new Entry("REGISTRY_AUTH_FILE", "the only file with logins, as podman has it"),
                                new Entry("DOCKER_CONFIG", "the folder of docker's config.json (default: ~/.docker)"),
                                new Entry(
                                        "XDG_RUNTIME_DIR, XDG_CONFIG_HOME",
                                        "where podman's containers/auth.json is looked for (default: /run and"
                                                + " ~/.config)")),
                        Section.with(
                                Flags.PLAIN_HTTP,
                                "how registries are reached",
                                new Entry(
                                        "HTTP_PROXY, HTTPS_PROXY",
                                        "the proxies; NO_PROXY names those that are asked directly"),
                                new Entry(
                                        "SSL_CERT_FILE",
                                        "the certificate authorities to trust, in place of Java's own")),
                        Section.with(
                                Flags.DOTENV,
                                "what CI gets to know",
                                new Entry("GITHUB_OUTPUT", "the file for outputs of a step: cache-hit, missing …"),
                                new Entry(
                                        "GITHUB_STEP_SUMMARY",
                                        "the file for a table of what hit, what did not and why"),
                                new Entry(
                                        "GITHUB_ACTIONS, GITLAB_CI",
                                        "if true, what steps print is folded away in the log")),
                        Section.with(
                                Flags.PLAIN_HTTP,
                                "what CI says of branches",
                                new Entry("GITHUB_HEAD_REF, GITHUB_REF_NAME", "what {branch} in a tag is"),
                                new Entry(
                                        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME, CI_COMMIT_REF_NAME",
                                        "the same; else it is what Git has checked out"),
                                new Entry(
                                        "CI_DEFAULT_BRANCH",
                                        "what {default-branch} in a tag is; else what the file of GITHUB_EVENT_PATH"
                                                + " or Git's origin/HEAD says")),
                        Section.with(
                                Flags.ALLOW_FORK_WRITES,
                                "whether a pull request comes from a fork, whose job writes no cache",
                                new Entry(
                                        "GITHUB_EVENT_NAME", "if it begins with pull_request, GITHUB_EVENT_PATH tells"),
                                new Entry("GITHUB_EVENT_PATH", "the file with the event, as GitHub writes it"),
                                new Entry("CI_MERGE_REQUEST_PROJECT_PATH", "the project; it is not the next one then"),
                                new Entry("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "where the changes come from"))));
    }
}
