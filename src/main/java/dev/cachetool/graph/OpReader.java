package dev.cachetool.graph;

import dev.cachetool.digest.Digest;
import dev.cachetool.digest.FieldWriter;
import dev.cachetool.graph.Cursor.Fields;
import dev.cachetool.graph.ExecOp.CacheFolder;
import dev.cachetool.graph.Tokens.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads ops into the form in which they are kept and hashed (docs/formats.md, "Vertex digest"). */
final class OpReader {
    static final List<String> KINDS =
            List.of("", "local", "exec", "file", "image", "http", "git", "merge", "diff", "opaque");
    static final int LOCAL = 1;
    static final int EXEC = 2;
    static final int FILE = 3;
    static final int IMAGE = 4;
    static final int HTTP = 5;
    static final int GIT = 6;
    static final int MERGE = 7;
    static final int DIFF = 8;
    static final int OPAQUE = 9;

    private static final FieldSet OP =
            FieldSet.of("an op", "local", "exec", "file", "image", "http", "git", "merge", "diff", "opaque");
    private static final FieldSet LOCAL_FIELDS = FieldSet.of("a local op", "path", "include", "exclude", "modes");
    private static final String[] EXEC_NAMES = {
        "args",
        "cwd",
        "env",
        "keyEnv",
        "passEnv",
        "tools",
        "outputs",
        "stdout",
        "caches",
        "timeout",
        "salt",
        "platform",
        "times",
        "pathSensitive",
        "isolation"
    };
    private static final FieldSet EXEC_FIELDS = FieldSet.of("an exec op", EXEC_NAMES);
    private static final FieldSet DEFAULT_EXEC_FIELDS = FieldSet.of(
            "the defaults of exec",
            "cwd",
            "env",
            "keyEnv",
            "passEnv",
            "tools",
            "caches",
            "timeout",
            "salt",
            "platform",
            "times",
            "pathSensitive",
            "isolation");
    private static final int ENV = 2;
    private static final FieldSet CACHE = FieldSet.of("a cache folder", "name", "env");
    private static final FieldSet PATTERN = FieldSet.of("a pattern", "path", "optional");
    private static final FieldSet FILE_FIELDS = FieldSet.of("a file op", "actions", "base");
    private static final FieldSet ACTION = FieldSet.of("an action", "copy", "mkdir", "mkfile", "rm", "symlink");
    private static final FieldSet COPY = FieldSet.of("copy", "from", "src", "dest");
    private static final FieldSet MKDIR = FieldSet.of("mkdir", "path", "mode", "parents");
    private static final FieldSet MKFILE = FieldSet.of("mkfile", "path", "data", "mode");
    private static final FieldSet RM = FieldSet.of("rm", "path", "allowNotFound");
    private static final FieldSet SYMLINK = FieldSet.of("symlink", "path", "target");
    private static final FieldSet IMAGE_FIELDS = FieldSet.of("an image op", "ref", "platform");
    private static final FieldSet HTTP_FIELDS = FieldSet.of("an http op", "url", "checksum", "filename");
    private static final FieldSet GIT_FIELDS = FieldSet.of("a git op", "remote", "ref", "subdir");
    private static final FieldSet NOTHING = FieldSet.of("this op");
    private static final FieldSet OPAQUE_FIELDS = FieldSet.of("an opaque op", "cacheMaps", "deps");
    private static final FieldSet CACHE_MAP = FieldSet.of("a cache map", "digest");
    private static final FieldSet DEP = FieldSet.of("an entry of deps", "selector", "contentDigest");

    private static final Pattern PLATFORM = Pattern.compile("[A-Za-z0-9._-]+/[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)?");
    private static final Pattern IMAGE_REF =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(?::[0-9]{1,5})?(?:/[a-z0-9][a-z0-9._-]*)*"
                    + "(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?");
    private static final Pattern CACHE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern MODE = Pattern.compile("[0-7]{3,4}");
    private static final Pattern FILE_NAME = Pattern.compile("[^/\\x00]+");

    private final Cursor cursor;
    private final ExecDefaults defaults;
    private final FieldWriter[] execFields = new FieldWriter[EXEC_NAMES.length];
    private final FieldWriter items = new FieldWriter();
    private final FieldWriter opaqueMapFields = new FieldWriter();
    private final FieldWriter opaqueDepFields = new FieldWriter();
    private final FieldWriter selectorField = new FieldWriter();
    private final FieldWriter contentField = new FieldWriter();

    /** What the last op that was read needs of its vertex. */
    private int highestFrom;

    private int opaqueDeps;
    private int opaqueMaps;

    /** What exec ops have where they say nothing. */
    static final class ExecDefaults {
        private final @Nullable FieldWriter[] fields = new FieldWriter[EXEC_NAMES.length];
        private Map<String, String> env = Map.of();
    }

    OpReader(Cursor cursor, ExecDefaults defaults) {
        this.cursor = cursor;
        this.defaults = defaults;
        for (int i = 0; i < execFields.length; i++) {
            execFields[i] = new FieldWriter();
        }
    }

    /** The highest input that the file op that was read last copies from or stands on, or -1. */
    int highestFrom() {
        return highestFrom;
    }

    /** How many deps the opaque op that was read last has; -1 where it has none. */
    int opaqueDeps() {
        return opaqueDeps;
    }

    /** How many cache maps the opaque op that was read last has. */
    int opaqueMaps() {
        return opaqueMaps;
    }

    /** Reads an op. */
    void read(FieldWriter to) throws IOException {
        to.clear();
        highestFrom = -1;
        opaqueDeps = -1;
        opaqueMaps = 0;
        Fields fields = cursor.object(OP);
        String kind = fields.next();
        if (kind == null) {
            throw fields.errorHere("an op is empty", "name one of " + String.join(", ", OP.names()));
        }
        int number = KINDS.indexOf(kind);
        to.octet(number);
        switch (number) {
            case LOCAL -> local(to);
            case EXEC -> exec(to);
            case FILE -> file(to);
            case IMAGE -> image(to);
            case HTTP -> http(to);
            case GIT -> git(to);
            case MERGE, DIFF -> cursor.object(NOTHING).next();
            default -> opaque(to);
        }
        String second = fields.next();
        if (second != null) {
            throw cursor.error("an op is " + kind + " and " + second + " at once", "make two vertices of it");
        }
    }

    private void local(FieldWriter to) throws IOException {
        String path = ".";
        FieldWriter include = new FieldWriter().number(0);
        FieldWriter exclude = new FieldWriter().number(0);
        boolean exactModes = false;
        Fields fields = cursor.object(LOCAL_FIELDS);
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "path" -> path = cursor.path();
                case "include" -> {
                    patterns(include.clear(), name);
                    if (include.buffer()[0] == 0) {
                        throw cursor.error("include is empty", "leave it out to take everything");
                    }
                }
                case "exclude" -> cursor.texts(exclude.clear(), name, cursor::pattern);
                default -> exactModes = cursor.word("executable", "exact") == 1;
            }
        }
        to.text(path).raw(include).raw(exclude).flag(exactModes);
    }

    /** Reads patterns, each a text or an object. */
    void patterns(FieldWriter to, String ofField) throws IOException {
        cursor.beginArray();
        items.clear();
        int count = 0;
        while (cursor.nextItem(ofField)) {
            pattern(items);
            count++;
        }
        to.number(count).raw(items);
    }

    private void pattern(FieldWriter to) throws IOException {
        if (cursor.kind() != Kind.BEGIN_OBJECT) {
            to.text(cursor.pattern()).flag(false);
            return;
        }
        String path = "";
        boolean optional = false;
        Fields fields = cursor.object(PATTERN);
        for (String name = fields.next(); name != null; name = fields.next()) {
            if (name.equals("path")) {
                path = cursor.pattern();
            } else {
                optional = cursor.bool();
            }
        }
        fields.require("path");
        to.text(path).flag(optional);
    }

    /** Reads the defaults of exec ops. */
    void execDefaults(ExecDefaults to) throws IOException {
        Fields fields = cursor.object(DEFAULT_EXEC_FIELDS);
        for (String name = fields.next(); name != null; name = fields.next()) {
            if (name.equals("env")) {
                to.env = env();
            } else {
                FieldWriter field = new FieldWriter();
                execField(field, name);
                to.fields[EXEC_FIELDS.indexOf(name)] = field;
            }
        }
    }

    private void exec(FieldWriter to) throws IOException {
        Map<String, String> env = defaults.env;
        Fields fields = cursor.object(EXEC_FIELDS);
        for (String name = fields.next(); name != null; name = fields.next()) {
            if (name.equals("env")) {
                Map<String, String> own = env();
                if (defaults.env.isEmpty()) {
                    env = own;
                } else {
                    env = new TreeMap<>(defaults.env);
                    env.putAll(own);
                }
            } else {
                execField(execFields[EXEC_FIELDS.indexOf(name)].clear(), name);
            }
        }
        fields.require("args");
        for (int i = 0; i < EXEC_NAMES.length; i++) {
            FieldWriter byDefault = defaults.fields[i];
            if (i == ENV) {
                to.map(env);
            } else if (fields.has(i)) {
                to.raw(execFields[i]);
            } else if (byDefault != null) {
                to.raw(byDefault);
            } else {
                absentExecField(to, EXEC_NAMES[i]);
            }
        }
    }

    /** Reads one field of an exec op; what it writes is as long as it is, so that the next one can follow. */
    private void execField(FieldWriter to, String name) throws IOException {
        switch (name) {
            case "args" -> {
                cursor.texts(to, name, cursor::processString);
                if (to.buffer()[0] == 0) {
                    throw cursor.error("args is empty", "name the program that is run");
                }
                if (to.buffer()[0] != 0 && programIsEmpty(to)) {
                    throw cursor.error("the program, the first of args, is empty", "name the program that is run");
                }
            }
            case "cwd" -> to.text(cursor.path());
            case "keyEnv", "passEnv" -> cursor.texts(to, name, this::variablePattern);
            case "tools" -> cursor.texts(to, name, cursor::nonEmptyString);
            case "outputs" -> patterns(to, name);
            case "stdout" -> {
                String path = cursor.path();
                if (path.equals(".")) {
                    throw cursor.valueError("is the workspace itself", "name a file");
                }
                to.flag(true).text(path);
            }
            case "caches" -> caches(to);
            case "timeout" -> {
                String text = cursor.string();
                OptionalLong nanos = GoDuration.nanos(text);
                if (nanos.isEmpty()) {
                    throw cursor.valueError(Quoted.of(text) + " is no duration", "write it like 90s, 5m or 1h30m");
                }
                to.number(nanos.getAsLong());
            }
            case "salt" -> to.text(cursor.string());
            case "platform" -> to.text(platform());
            case "times" -> to.octet(cursor.word("zero", "keep"));
            case "pathSensitive" -> to.flag(cursor.bool());
            default -> to.octet(1 + cursor.word("auto", "namespace", "folder", "none"));
        }
    }

    private static boolean programIsEmpty(FieldWriter args) {
        FieldReader reader = new FieldReader(args.buffer(), 0, args.size());
        reader.count();
        return reader.text().isEmpty();
    }

    private static void absentExecField(FieldWriter to, String name) {
        if (name.equals("cwd")) {
            to.text(".");
        } else {
            // No items, no bytes, false, none of the words: a zero in every case.
            to.octet(0);
        }
    }

    private Map<String, String> env() throws IOException {
        Map<String, String> env = cursor.map("env");
        for (Map.Entry<String, String> variable : env.entrySet()) {
            if (variable.getKey().indexOf('=') >= 0) {
                throw cursor.error(
                        "the variable " + Quoted.of(variable.getKey()) + " in env has a = in its name",
                        "write { \"NAME\": \"value\" }");
            }
            if (variable.getValue().indexOf('\0') >= 0) {
                throw cursor.error("the value of " + Quoted.of(variable.getKey()) + " in env has a zero character", "");
            }
        }
        return env;
    }

    private String variablePattern() throws IOException {
        String text = cursor.nonEmptyString();
        if (text.indexOf('=') >= 0 || text.indexOf('\0') >= 0) {
            throw cursor.valueError(
                    Quoted.of(text) + " is no name of a variable", "write a name, or a pattern such as CARGO_*");
        }
        return text;
    }

    private void caches(FieldWriter to) throws IOException {
        cursor.beginArray();
        FieldWriter items = new FieldWriter();
        Set<String> variables = new HashSet<>();
        int count = 0;
        while (cursor.nextItem("caches")) {
            String cacheName = "";
            String variable = "";
            Fields fields = cursor.object(CACHE);
            for (String name = fields.next(); name != null; name = fields.next()) {
                if (name.equals("name")) {
                    cacheName = cursor.string();
                    if (!CACHE_NAME.matcher(cacheName).matches()) {
                        throw cursor.valueError(
                                Quoted.of(cacheName) + " is no name of a cache folder",
                                "take letters, digits, dots, underscores and hyphens");
                    }
                } else {
                    variable = variablePattern();
                }
            }
            fields.require("name", "env");
            if (!variables.add(variable)) {
                throw fields.errorHere(
                        "two cache folders have the variable " + Quoted.of(variable), "give one of them another");
            }
            items.text(cacheName).text(variable);
            count++;
        }
        to.number(count).raw(items);
    }

    private String platform() throws IOException {
        String text = cursor.string();
        if (!PLATFORM.matcher(text).matches()) {
            throw cursor.valueError(
                    Quoted.of(text) + " is no platform", "write it os/arch or os/arch/variant, as in linux/amd64");
        }
        return text;
    }

    private void file(FieldWriter to) throws IOException {
        FieldWriter actions = new FieldWriter();
        boolean onBase = false;
        int count = 0;
        Fields fields = cursor.object(FILE_FIELDS);
        for (String name = fields.next(); name != null; name = fields.next()) {
            if (name.equals("base")) {
                if (cursor.index() != 0) {
                    throw cursor.valueError("must be 0", "put what it stands on first among the inputs");
                }
                onBase = true;
                highestFrom = Math.max(highestFrom, 0);
            } else {
                cursor.beginArray();
                while (cursor.nextItem("actions")) {
                    action(actions);
                    count++;
                }
            }
        }
        fields.require("actions");
        to.number(count).raw(actions).flag(onBase);
    }

    private void action(FieldWriter to) throws IOException {
        Fields action = cursor.object(ACTION);
        String kind = action.next();
        if (kind == null) {
            throw action.errorHere("an action is empty", "name one of " + String.join(", ", ACTION.names()));
        }
        to.octet(1 + ACTION.indexOf(kind));
        switch (kind) {
            case "copy" -> {
                int from = 0;
                String src = "";
                String dest = "";
                Fields fields = cursor.object(COPY);
                for (String name = fields.next(); name != null; name = fields.next()) {
                    switch (name) {
                        case "from" -> from = cursor.index();
                        case "src" -> src = cursor.pattern();
                        default -> dest = destination();
                    }
                }
                fields.require("from", "src", "dest");
                highestFrom = Math.max(highestFrom, from);
                to.number(from).text(src).text(dest);
            }
            case "mkdir" -> {
                String path = "";
                int mode = 0755;
                boolean parents = false;
                Fields fields = cursor.object(MKDIR);
                for (String name = fields.next(); name != null; name = fields.next()) {
                    switch (name) {
                        case "path" -> path = cursor.path();
                        case "mode" -> mode = mode();
                        default -> parents = cursor.bool();
                    }
                }
                fields.require("path");
                to.text(path).number(mode).flag(parents);
            }
            case "mkfile" -> {
                String path = "";
                String data = "";
                int mode = 0644;
                Fields fields = cursor.object(MKFILE);
                for (String name = fields.next(); name != null; name = fields.next()) {
                    switch (name) {
                        case "path" -> path = cursor.path();
                        case "data" -> data = cursor.string();
                        default -> mode = mode();
                    }
                }
                fields.require("path", "data");
                to.text(path).text(data).number(mode);
            }
            case "rm" -> {
                String path = "";
                boolean allowNotFound = false;
                Fields fields = cursor.object(RM);
                for (String name = fields.next(); name != null; name = fields.next()) {
                    if (name.equals("path")) {
                        path = cursor.path();
                    } else {
                        allowNotFound = cursor.bool();
                    }
                }
                fields.require("path");
                to.text(path).flag(allowNotFound);
            }
            default -> {
                String path = "";
                String target = "";
                Fields fields = cursor.object(SYMLINK);
                for (String name = fields.next(); name != null; name = fields.next()) {
                    if (name.equals("path")) {
                        path = cursor.path();
                    } else {
                        target = cursor.processString();
                        if (target.isEmpty()) {
                            throw cursor.valueError("is empty", "");
                        }
                    }
                }
                fields.require("path", "target");
                to.text(path).text(target);
            }
        }
        String second = action.next();
        if (second != null) {
            throw cursor.error("an action is " + kind + " and " + second + " at once", "make two actions of it");
        }
    }

    /** Where something is copied to: a slash at the end says that it goes into the folder. */
    private String destination() throws IOException {
        String path = cursor.path();
        String written = cursor.string();
        return written.endsWith("/") && !path.equals(".") ? path + "/" : path;
    }

    private int mode() throws IOException {
        String text = cursor.string();
        if (!MODE.matcher(text).matches()) {
            throw cursor.valueError(Quoted.of(text) + " is no mode", "write it in octal, as in \"0755\"");
        }
        return Integer.parseInt(text, 8);
    }

    private void image(FieldWriter to) throws IOException {
        String ref = "";
        String platform = "";
        Fields fields = cursor.object(IMAGE_FIELDS);
        for (String name = fields.next(); name != null; name = fields.next()) {
            if (name.equals("ref")) {
                ref = cursor.string();
                if (!IMAGE_REF.matcher(ref).matches()) {
                    throw cursor.valueError(
                            Quoted.of(ref) + " is no reference of an image",
                            "write it name, name:tag or name@sha256:digest, as in registry.example.com/app:1.2");
                }
            } else {
                platform = platform();
            }
        }
        fields.require("ref");
        to.text(ref).text(platform);
    }

    private void http(FieldWriter to) throws IOException {
        String url = "";
        FieldWriter checksum = new FieldWriter().flag(false);
        String filename = "";
        Fields fields = cursor.object(HTTP_FIELDS);
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "url" -> {
                    url = cursor.string();
                    if (!url.startsWith("https://") && !url.startsWith("http://")) {
                        throw cursor.valueError("must begin with https:// or http://", "");
                    }
                }
                case "checksum" -> cursor.digest(checksum.clear().flag(true), false);
                default -> {
                    filename = cursor.string();
                    if (!FILE_NAME.matcher(filename).matches() || filename.equals(".") || filename.equals("..")) {
                        throw cursor.valueError(Quoted.of(filename) + " is no name of a file", "");
                    }
                }
            }
        }
        fields.require("url");
        to.text(url).raw(checksum).text(filename);
    }

    private void git(FieldWriter to) throws IOException {
        String remote = "";
        String ref = "";
        String subdir = ".";
        Fields fields = cursor.object(GIT_FIELDS);
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "remote" -> remote = gitText();
                case "ref" -> ref = gitText();
                default -> subdir = cursor.path();
            }
        }
        fields.require("remote");
        to.text(remote).text(ref).text(subdir);
    }

    private String gitText() throws IOException {
        String text = cursor.processString();
        if (text.isEmpty() || text.startsWith("-")) {
            throw cursor.valueError(text.isEmpty() ? "is empty" : "begins with a hyphen", "");
        }
        return text;
    }

    private void opaque(FieldWriter to) throws IOException {
        FieldWriter maps = opaqueMapFields.clear();
        FieldWriter deps = opaqueDepFields.clear();
        Fields fields = cursor.object(OPAQUE_FIELDS);
        for (String name = fields.next(); name != null; name = fields.next()) {
            cursor.beginArray();
            if (name.equals("cacheMaps")) {
                while (cursor.nextItem(name)) {
                    Fields map = cursor.object(CACHE_MAP);
                    while (map.next() != null) {
                        cursor.digest(maps, true);
                    }
                    map.require("digest");
                    opaqueMaps++;
                }
                if (opaqueMaps == 0) {
                    throw cursor.error("cacheMaps is empty", "an opaque op has at least one cache map");
                }
            } else {
                opaqueDeps = 0;
                while (cursor.nextItem(name)) {
                    dep(deps);
                    opaqueDeps++;
                }
            }
        }
        fields.require("cacheMaps");
        to.number(opaqueMaps).raw(maps);
        // Deps that say nothing are as good as none.
        boolean silent = deps.size() == 2 * Math.max(0, opaqueDeps) && isZero(deps);
        to.number(silent ? 0 : opaqueDeps);
        if (!silent) {
            to.raw(deps);
        }
    }

    private static boolean isZero(FieldWriter fields) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.buffer()[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void dep(FieldWriter to) throws IOException {
        FieldWriter selector = selectorField.clear().flag(false);
        FieldWriter content = contentField.clear().flag(false);
        Fields fields = cursor.object(DEP);
        for (String name = fields.next(); name != null; name = fields.next()) {
            if (name.equals("selector")) {
                cursor.digest(selector.clear().flag(true), false);
            } else {
                cursor.digest(content.clear().flag(true), true);
            }
        }
        to.raw(selector).raw(content);
    }

    /** The op that was read, as a value. */
    static OpSpec decode(FieldReader from, int inputs) {
        int kind = from.octet();
        return switch (kind) {
            case LOCAL -> new LocalOp(from.text(), from.patterns(), from.texts(), from.flag());
            case EXEC -> decodeExec(from);
            case FILE -> decodeFile(from);
            case IMAGE -> new ImageOp(from.text(), from.textOrNone());
            case HTTP -> new HttpOp(from.text(), from.optionalDigest(), from.textOrNone());
            case GIT -> new GitOp(from.text(), from.textOrNone(), from.text());
            case MERGE -> new MergeOp();
            case DIFF -> new DiffOp();
            case OPAQUE -> decodeOpaque(from, inputs);
            default -> throw new IllegalStateException("op " + kind);
        };
    }

    private static ExecOp decodeExec(FieldReader from) {
        return new ExecOp(
                from.texts(),
                from.text(),
                from.map(),
                from.texts(),
                from.texts(),
                from.texts(),
                from.patterns(),
                from.optionalText(),
                decodeCaches(from),
                decodeTimeout(from),
                from.text(),
                from.textOrNone(),
                from.octet() == 0 ? ExecOp.Times.ZERO : ExecOp.Times.KEEP,
                from.flag(),
                decodeIsolation(from));
    }

    /** The names of tools of an exec op whose first byte, the kind, is read. */
    static List<String> toolsOf(FieldReader exec) {
        skipToTools(exec);
        return exec.texts();
    }

    /** The patterns of the outputs of an exec op whose kind is read; what follows is the file that takes what it prints. */
    static List<String> outputsOf(FieldReader exec) {
        skipToTools(exec);
        skipTexts(exec, 1);
        int count = exec.count();
        List<String> outputs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            outputs.add(exec.text());
            exec.flag();
        }
        return outputs;
    }

    private static void skipToTools(FieldReader exec) {
        skipTexts(exec, 1);
        exec.skipText();
        skipTexts(exec, 2);
        skipTexts(exec, 1);
        skipTexts(exec, 1);
    }

    /** Skips a list whose items are so many texts each. */
    private static void skipTexts(FieldReader from, int textsOfItem) {
        int count = from.count() * textsOfItem;
        for (int i = 0; i < count; i++) {
            from.skipText();
        }
    }

    private static List<CacheFolder> decodeCaches(FieldReader from) {
        int count = from.count();
        List<CacheFolder> caches = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = from.text();
            caches.add(new CacheFolder(name, from.text()));
        }
        return caches;
    }

    private static Optional<Duration> decodeTimeout(FieldReader from) {
        long nanos = from.number();
        return nanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    private static Optional<ExecOp.Isolation> decodeIsolation(FieldReader from) {
        return switch (from.octet()) {
            case 1 -> Optional.of(ExecOp.Isolation.AUTO);
            case 2 -> Optional.of(ExecOp.Isolation.NAMESPACE);
            case 3 -> Optional.of(ExecOp.Isolation.FOLDER);
            case 4 -> Optional.of(ExecOp.Isolation.NONE);
            default -> Optional.empty();
        };
    }

    private static FileOp decodeFile(FieldReader from) {
        int count = from.count();
        List<FileOp.Action> actions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int kind = from.octet();
            actions.add(
                    switch (kind) {
                        case 1 -> new FileOp.Copy(from.count(), from.text(), from.text());
                        case 2 -> new FileOp.MakeFolder(from.text(), from.count(), from.flag());
                        case 3 -> new FileOp.MakeFile(from.text(), from.text(), from.count());
                        case 4 -> new FileOp.Remove(from.text(), from.flag());
                        case 5 -> new FileOp.MakeLink(from.text(), from.text());
                        default -> throw new IllegalStateException("action " + kind);
                    });
        }
        return new FileOp(actions, from.flag());
    }

    private static OpaqueOp decodeOpaque(FieldReader from, int inputs) {
        int maps = from.count();
        List<Digest> cacheMaps = new ArrayList<>(maps);
        for (int i = 0; i < maps; i++) {
            cacheMaps.add(from.digest());
        }
        int count = from.count();
        if (count == 0) {
            return new OpaqueOp(cacheMaps, Collections.nCopies(inputs, OpaqueOp.Dep.NONE));
        }
        List<OpaqueOp.Dep> deps = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            deps.add(new OpaqueOp.Dep(from.optionalDigest(), from.optionalDigest()));
        }
        return new OpaqueOp(cacheMaps, deps);
    }
}
