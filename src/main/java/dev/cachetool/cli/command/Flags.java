package dev.cachetool.cli.command;

import dev.cachetool.cli.options.PlaceKeys;
import dev.cachetool.cli.output.ProgressMode;
import dev.cachetool.cli.output.Status;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.inspect.Audience;
import dev.cachetool.remotecache.OnConflict;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** All the flags. A flag means the same in every verb that has it. */
final class Flags {
    private static final String PLACES = "places";
    private static final String WORK = "graph and workspace";
    private static final String TAKE = "what is taken";
    private static final String STEPS = "how steps are executed";
    private static final String ACCESS = "registries";
    private static final String JUDGE = "when it is not good enough";
    private static final String SEE = "what is printed";

    private static final Value MATERIALIZED =
            Value.word(Materialize.values(), each -> each.name().toLowerCase(Locale.ROOT));

    static final Flag FROM = values(
            PLACES,
            "--from",
            List.of("--cache-from", "--import-cache"),
            "SPEC",
            Value.SOURCE,
            "read this cache; repeats (also --cache-from, --import-cache)");
    static final Flag TO = values(
            PLACES,
            "--to",
            List.of("--cache-to", "--export-cache"),
            "SPEC",
            Value.TARGET,
            "write the cache here; repeats (also --cache-to, --export-cache)");
    static final Flag COPY_TO = values(
            PLACES,
            "--to",
            TO.others(),
            "SPEC",
            Value.TARGET,
            "write the copy here too; repeats (also --cache-to, --export-cache)");
    static final Flag CONTENT = values(
            PLACES,
            "--content",
            List.of(),
            "SPEC",
            Value.SOURCE,
            "look here for layers that the graph names by digest; repeats");

    static final Flag SHARED_WITH = values(
            PLACES,
            "--shared-with",
            List.of(),
            "SPEC",
            Value.SOURCE,
            "tell which layers it has in common with this cache; repeats");

    static final Flag STORE = value(
            PLACES,
            "--store",
            "DIR",
            Value.FOLDER,
            "the local store (default: cachetool in XDG_CACHE_HOME, or in ~/.cache)");
    static final Flag EXTRACT_TO =
            value(PLACES, "--to", "DIR", Value.FOLDER, "write the files below this folder; made if need be");

    static final Flag ALL = toggle(TAKE, "--all", "remove everything that no process uses");
    static final Flag KEEP_LAST =
            value(TAKE, "--keep-last", "TIME", Value.TIME, "keep what was used within this time, as in 7d, 2w or 36h");
    static final Flag KEEP_STORAGE = value(
            TAKE,
            "--keep-storage",
            "SIZE",
            Value.SIZE,
            "remove only until the store has this size, as in 2GB or 500MB");
    static final Flag KEEP_COUNT =
            value(TAKE, "--keep-count", "N", Value.NUMBER, "remove only until so many refs are left");
    static final Flag PRUNE_TO = value(
            PLACES,
            "--to",
            "SPEC",
            Value.TARGET,
            "write the smaller cache here, and leave the one that is read as it is");
    static final Flag APPLY = toggle(TAKE, "--apply", "do it: without this, it is only told what would go");
    static final Flag KEEP_MADE_LAST = value(
            TAKE,
            "--keep-last",
            "TIME",
            Value.TIME,
            "drop results that were made before this time, as in 7d, 2w or 36h");
    static final Flag MAX_RESULTS =
            value(TAKE, "--max-results", "N", Value.NUMBER, "drop the oldest results until so many are left");
    static final Flag MAX_SIZE = value(
            TAKE,
            "--max-size",
            "SIZE",
            Value.SIZE,
            "drop the oldest results until all layers take so much, as in 2GB or 500MB");
    static final Flag REACHABLE_FROM = value(
            TAKE,
            "--reachable-from",
            "GRAPH",
            Value.GRAPH,
            "drop results that this graph's targets, or the named vertices, neither hit today nor could once what"
                    + " misses was executed");
    static final Flag KEEP = values(
            TAKE,
            "--keep",
            List.of(),
            "WHAT",
            Value.VERTEX,
            "keep the results of this vertex, of vertices of this pattern (test-*), or of the record whose digest"
                    + " begins so, whatever else is asked for; repeats");
    static final Flag FIT = value(
            TAKE,
            "--fit",
            "SIZE",
            Value.SIZE,
            "drop the oldest results, and the largest first among those of one time, until config and manifest have"
                    + " at most this size: BuildKit reads 1MiB");
    static final Flag FILTER = values(
            TAKE,
            "--filter",
            List.of(),
            "KEY=VALUE",
            Value.word(StoreFlags.FILTERS),
            "remove only these: type=result|pulled|cache|steps, id=PREFIX, description=PART, unused-for=TIME;"
                    + " repeats");
    static final Flag CACHES =
            toggle(TAKE, "--caches", "folders that steps keep or run in may go as well, if no step uses them");
    static final Flag STORE_DRY_RUN = toggle(TAKE, "--dry-run", "tell what would be removed, and remove nothing");
    static final Flag DEEP = toggle(JUDGE, "--deep", "read every file, and compare it with its digest");

    static final Flag VERIFY_DEEP =
            toggle(JUDGE, "--deep", "read every blob: its digest, its diffID, and whether it can be unpacked");
    static final Flag FOR = values(
            JUDGE,
            "--for",
            List.of(),
            "NAME",
            Value.word(Audience.words()),
            "also what this registry or importer refuses: " + String.join(", ", Audience.words()) + "; repeats");

    static final Flag WORKSPACE = value(
            WORK,
            "--workspace",
            "DIR",
            Value.FOLDER,
            "what paths in the graph start from (default: the graph's folder)");
    static final Flag FROM_WORKSPACE = toggle(
            WORK,
            "--from-workspace",
            "take outputs as they stand in the workspace: your word that they were just made");

    static final Flag MODE = value(
            TAKE,
            "--mode",
            "MODE",
            Value.word(PlaceKeys.MODES),
            "min: the targets' results (default); max: every result; remote-only: only what is transferable already");
    static final Flag EXPORT_ROOTS = toggle(TAKE, "--export-roots", "also the results of vertices without inputs");
    static final Flag IGNORE_BACKLINKS =
            toggle(TAKE, "--ignore-backlinks", "leave out other ways to the same results that this graph did not take");
    static final Flag CONFIG_ONLY =
            toggle(TAKE, "--config-only", "print the cache config alone on standard output; reads no layer");
    static final Flag FORM = value(
            TAKE,
            "--form",
            "FORM",
            Value.word("image-manifest", "index", "docker"),
            "wrap the copy as image-manifest, index or docker (a manifest list); default: as it is");
    static final Flag DRY_RUN = toggle(TAKE, "--dry-run", "tell what would be moved, and move nothing");
    static final Flag REPAIR =
            toggle(TAKE, "--repair", "read what a target has already, and bring again what is damaged there");
    static final Flag ALLOW_MISSING =
            toggle(JUDGE, "--allow-missing", "a source that is not there is a warning; one has to be there");
    static final Flag MATERIALIZE_ALL = value(
            TAKE,
            "--materialize",
            "WHAT",
            MATERIALIZED,
            "all: outputs of every vertex that hits (default); targets: only of the targets");
    static final Flag MATERIALIZE_TARGETS = value(
            TAKE,
            "--materialize",
            "WHAT",
            MATERIALIZED,
            "targets: the targets' outputs, and what missing vertices read (default); all: of every vertex that"
                    + " hits, as import does");
    static final Flag MATERIALIZE_RUN = value(
            TAKE,
            "--materialize",
            "WHAT",
            MATERIALIZED,
            "targets: only the targets' outputs are restored into the workspace (default); all: of every vertex that"
                    + " hits or was executed");
    static final Flag PRESERVE_SPECIAL =
            toggle(TAKE, "--preserve-special", "restore set-uid and set-gid bits and file capabilities");

    static final Flag JOBS = new Flag(
            "--jobs",
            List.of("-j"),
            Flag.Kind.VALUE,
            "N",
            Value.NUMBER,
            STEPS,
            "execute so many steps at once (default: one for each processor)");
    static final Flag KEEP_GOING = toggle(
            STEPS, "--keep-going", "when a step fails, go on with what does not depend on it (default: start no more)");
    static final Flag NO_CACHE = toggle(STEPS, "--no-cache", "load no result, and save what is made");
    static final Flag NO_CACHE_FILTER = values(
            STEPS, "--no-cache-filter", List.of(), "NAME", Value.VERTEX, "load no result of this vertex; repeats");
    static final Flag ISOLATION = value(
            STEPS,
            "--isolation",
            "HOW",
            Value.word(ExecOp.Isolation.values(), isolation -> isolation.name().toLowerCase(Locale.ROOT)),
            "what steps see: auto (default), namespace or folder (their inputs alone), none (the workspace)");
    static final Flag CHECK_INPUTS = toggle(
            STEPS,
            "--check-inputs",
            "execute each step a second time in another folder, and tell what files of the workspace it reads and"
                    + " does not declare, what it leaves, and which outputs differ; what it reads elsewhere (HOME,"
                    + " /usr, the network) is not seen");
    static final Flag REPLAY = toggle(STEPS, "--replay", "show again what steps that hit printed when they ran");
    static final Flag PLAN = toggle(STEPS, "--dry-run", "tell what would be done, as plan does, and do nothing");

    static final Flag FROM_USERNAME = value(
            ACCESS,
            "--from-username",
            "NAME",
            Value.TEXT,
            "log in to the sources' registries by this name, not as docker login did");
    static final Flag FROM_PASSWORD_STDIN = toggle(
            ACCESS, "--from-password-stdin", "its password is on standard input (or in CACHETOOL_FROM_PASSWORD)");
    static final Flag TO_USERNAME = value(
            ACCESS,
            "--to-username",
            "NAME",
            Value.TEXT,
            "log in to the targets' registries by this name, not as docker login did");
    static final Flag TO_PASSWORD_STDIN =
            toggle(ACCESS, "--to-password-stdin", "its password is on standard input (or in CACHETOOL_TO_PASSWORD)");
    static final Flag PLAIN_HTTP = values(
            ACCESS,
            "--plain-http",
            List.of(),
            "HOST",
            Value.TEXT,
            "ask the registry HOST or HOST:PORT without encryption; repeats (this machine is asked so anyway)");
    static final Flag TIMEOUT = value(
            ACCESS,
            "--timeout",
            "TIME",
            Value.TIME,
            "give up on registries when all together took so long, as in 90s or 10m");
    static final Flag MAX_RETRY_AFTER = value(
            ACCESS,
            "--max-retry-after",
            "TIME",
            Value.TIME,
            "wait at most so long where a registry asks to come back later (default: 60s)");
    static final Flag ALLOW_FORK_WRITES = toggle(
            PLACES,
            "--allow-fork-writes",
            "write targets in a job for a pull request from a fork too, which only reads");
    static final Flag ON_CONFLICT = value(
            ACCESS,
            "--on-conflict",
            "WHAT",
            Value.word(OnConflict.values(), OnConflict::word),
            "what stands at the tag: replace it (default; a warning where another client wrote it meanwhile), merge it"
                    + " in, or fail where another client wrote it meanwhile");

    static final Flag STRICT =
            toggle(JUDGE, "--strict", "a source that cannot be used is an error (3, 4, 5 or 6), not a miss");
    static final Flag FAIL_ON_MISS = toggle(JUDGE, "--fail-on-miss", "exit code 10 if anything misses");
    static final Flag MIN_HIT_RATE = value(
            JUDGE,
            "--min-hit-rate",
            "PERCENT",
            Value.NUMBER,
            "exit code 10 below this share of hits among hits, misses and maybes");

    static final Flag EXIT_CODE = toggle(JUDGE, "--exit-code", "exit code 10 if the caches differ");

    static final Flag PRINT = value(
            SEE,
            "--print",
            "STATUS",
            statuses(SolveText.STATUSES),
            "only the names with this status, a line each: miss, hit, maybe …");
    static final Flag PRINT_RUN = value(
            SEE,
            "--print",
            "STATUS",
            statuses(Stream.concat(RunText.STATUSES.stream(), Stream.of(Status.MISS, Status.MAYBE))
                    .toList()),
            "only the names with this status, a line each: executed, hit, failed …; with --dry-run miss, hit, maybe …");
    static final Flag DOTENV = value(
            SEE,
            "--dotenv",
            "FILE",
            Value.FILE,
            "write what CI wants to know (CACHE_HIT …) to FILE as well, a dotenv report");
    static final Flag FORMAT = value(SEE, "--format", "FORMAT", Value.word("text", "json"), "text (default) or json");
    static final Flag INSPECT_FORMAT = value(
            SEE,
            FORMAT.name(),
            "FORMAT",
            Value.word("text", "json", "dot", "tree", InspectCommand.HTML),
            "text (default), json, dot, tree or html");
    static final Flag VERTICES = value(
            SEE, "--vertices", "GRAPH", Value.GRAPH, "print the names of its vertices, a line each; scripts ask so");
    static final Flag OUTPUT = new Flag(
            "--output",
            List.of("-o"),
            Flag.Kind.VALUE,
            "FILE",
            Value.FILE,
            SEE,
            "write the answer to FILE, not to standard output; whole or not at all");
    static final Flag LIMIT =
            value(SEE, "--limit", "N", Value.NUMBER, "of a tree, the most lines (default: 1000; 0: any number)");
    static final Flag SORT = value(
            SEE,
            "--sort",
            "ORDER",
            Value.word(ResultOrder.WORDS),
            "size (default: the largest first), age (the newest) or name");
    static final Flag METADATA_FILE =
            value(SEE, "--metadata-file", "FILE", Value.FILE, "write the answer as JSON to FILE as well");
    static final Flag PROGRESS = value(
            SEE,
            "--progress",
            "HOW",
            Value.word(ProgressMode.WORDS),
            "auto (default), plain, tty, quiet or rawjson, on standard error");
    static final Flag QUIET = new Flag(
            "--quiet", List.of("-q"), Flag.Kind.SWITCH, "", Value.NONE, SEE, "only the answer, warnings and errors");
    static final Flag VERBOSE =
            new Flag("--verbose", List.of("-v"), Flag.Kind.SWITCH, "", Value.NONE, SEE, "more details");
    static final Flag DEBUG = toggle(SEE, "--debug", "stack traces with errors");
    static final Flag HELP = new Flag("--help", List.of("-h"), Flag.Kind.SWITCH, "", Value.NONE, SEE, "this page");

    /** Those that every verb has. */
    static final List<Flag> COMMON = List.of(FORMAT, METADATA_FILE, PROGRESS, QUIET, VERBOSE, DEBUG, HELP);

    private Flags() {}

    /** In one place, as a class-data archive has one class for all equal references of a class. */
    private static Value statuses(List<Status> statuses) {
        return Value.word(statuses.toArray(Status[]::new), Status::word);
    }

    private static Flag toggle(String group, String name, String help) {
        return new Flag(name, List.of(), Flag.Kind.SWITCH, "", Value.NONE, group, help);
    }

    private static Flag value(String group, String name, String label, Value value, String help) {
        return new Flag(name, List.of(), Flag.Kind.VALUE, label, value, group, help);
    }

    private static Flag values(String group, String name, List<String> others, String label, Value value, String help) {
        return new Flag(name, others, Flag.Kind.VALUES, label, value, group, help);
    }
}
