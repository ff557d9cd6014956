package dev.cachetool.graph;

import dev.cachetool.digest.FieldWriter;
import dev.cachetool.graph.Cursor.Fields;
import dev.cachetool.graph.OpReader.ExecDefaults;
import dev.cachetool.graph.Tokens.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads a graph as a stream into arrays. What only the whole graph shows is for {@link GraphCheck} to find. */
final class GraphReader {
    private static final FieldSet ROOT =
            FieldSet.of("the graph", "schemaVersion", "tools", "defaults", "vertices", "targets");
    private static final FieldSet DEFAULTS = FieldSet.of("defaults", "exec");
    private static final FieldSet TOOL = FieldSet.of("a tool", "args", "match");
    private static final FieldSet VERTEX = FieldSet.of("a vertex", "name", "op", "inputs", "options", "results");
    private static final FieldSet INPUT = FieldSet.of("an input", "vertex", "output", "paths");
    private static final FieldSet OPTIONS = FieldSet.of("options", "ignoreCache", "exportCache", "description");
    private static final FieldSet RESULT = FieldSet.of("a result", "output", "createdAt", "remote", "layers");
    private static final FieldSet LAYER = FieldSet.of("a layer", "digest", "size", "mediaType", "diffID", "file");
    private static final FieldSet TARGET = FieldSet.of("a target", "vertex", "output");

    private final GraphSource source;
    private final Cursor cursor;
    private final OpReader ops;
    private final Definition.Parts parts = new Definition.Parts();
    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final FieldWriter item = new FieldWriter();
    private final FieldWriter scratch = new FieldWriter();
    private final FieldWriter scratchDiffId = new FieldWriter();

    private final IntList vertexOfName = new IntList(1024);
    private final IntList nameOf = new IntList(1024);
    private final IntList opOf = new IntList(1024);
    private final IntList inputsFrom = new IntList(1024);
    private final IntList inputName = new IntList(1024);
    private final IntList inputOutput = new IntList(0);
    private final IntList inputPaths = new IntList(0);
    private final IntList optionsOf = new IntList(0);
    private final IntList resultsOf = new IntList(0);
    private final IntList highestResult = new IntList(0);
    private final IntList targetName = new IntList(0);
    private final IntList targetOutput = new IntList(0);
    private boolean targetsGiven;

    private GraphReader(GraphSource source, Cursor cursor, ExecDefaults defaults) {
        this.source = source;
        this.cursor = cursor;
        this.ops = new OpReader(cursor, defaults);
    }

    static Definition read(GraphSource source, @Nullable Path file, Path workspace) throws IOException {
        GraphReader reader = read(source);
        new GraphCheck(source, reader.parts, reader.tools).check(reader.targetsGiven);
        return new Definition(source, file, workspace, reader.parts, Collections.unmodifiableMap(reader.tools));
    }

    private static GraphReader read(GraphSource source) throws IOException {
        ExecDefaults defaults = new ExecDefaults();
        try (Cursor cursor = new Cursor(source)) {
            GraphReader reader = new GraphReader(source, cursor, defaults);
            if (reader.readDocument(defaults, true)) {
                return reader;
            }
        }
        // The defaults stood behind the vertices that have them.
        try (Cursor cursor = new Cursor(source)) {
            GraphReader reader = new GraphReader(source, cursor, defaults);
            reader.readDocument(new ExecDefaults(), false);
            return reader;
        }
    }

    /**
     * Reads the document.
     *
     * @param defaults take what the document says
     * @return whether the defaults, where they have to come first, did so; else only they were read
     */
    private boolean readDocument(ExecDefaults defaults, boolean defaultsFirst) throws IOException {
        if (cursor.advance() == Kind.END) {
            throw new GraphException(
                    source.place(), 1, 1, "the document is empty", "a graph begins with {\"schemaVersion\": 1");
        }
        Fields fields = cursor.object(ROOT);
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "schemaVersion" -> schemaVersion();
                case "tools" -> tools();
                case "defaults" -> {
                    Fields inner = cursor.object(DEFAULTS);
                    while (inner.next() != null) {
                        ops.execDefaults(defaults);
                    }
                    if (defaultsFirst && fields.has("vertices")) {
                        return false;
                    }
                }
                case "vertices" -> {
                    cursor.beginArray();
                    while (cursor.nextItem(name)) {
                        vertex();
                    }
                }
                default -> targets();
            }
        }
        fields.require("schemaVersion", "vertices");
        if (cursor.advance() != Kind.END) {
            throw cursor.error("more follows after the end of the graph", "");
        }
        finish();
        return true;
    }

    private void schemaVersion() throws IOException {
        long version = cursor.number();
        if (version != 1) {
            throw cursor.error(
                    "schemaVersion " + version + " is not known here",
                    "this cachetool reads schemaVersion 1; a newer one may read more");
        }
    }

    private void tools() throws IOException {
        if (cursor.kind() != Kind.BEGIN_OBJECT) {
            cursor.object(TOOL);
        }
        while (cursor.advance() == Kind.NAME) {
            String name = cursor.name("tools");
            if (tools.containsKey(name)) {
                throw cursor.error("the tool " + Quoted.of(name) + " stands twice", "leave one of them out");
            }
            cursor.advance();
            tools.put(name, tool(name));
        }
    }

    private Tool tool(String name) throws IOException {
        scratch.clear();
        String match = null;
        if (cursor.kind() == Kind.BEGIN_OBJECT) {
            Fields fields = cursor.object(TOOL);
            for (String field = fields.next(); field != null; field = fields.next()) {
                if (field.equals("args")) {
                    cursor.texts(scratch, field, cursor::processString);
                } else {
                    match = cursor.string();
                    try {
                        if (Pattern.compile(match).matcher("").groupCount() == 0) {
                            throw cursor.error(
                                    "match of the tool " + Quoted.of(name) + " has no group",
                                    "put ( and ) around what counts");
                        }
                    } catch (PatternSyntaxException e) {
                        throw cursor.error(
                                "match of the tool " + Quoted.of(name) + " is no regular expression: "
                                        + e.getDescription(),
                                "write it as java.util.regex.Pattern reads it");
                    }
                }
            }
            fields.require("args");
        } else {
            cursor.texts(scratch, "tools", cursor::processString);
        }
        List<String> args = new FieldReader(scratch.buffer(), 0, scratch.size()).texts();
        if (args.isEmpty() || args.get(0).isEmpty()) {
            throw cursor.error("the tool " + Quoted.of(name) + " has no program", "name the program that is run");
        }
        return new Tool(name, args, Optional.ofNullable(match));
    }

    /** The number of the name that the item holds. */
    private int nameNumber() {
        int number = parts.names.intern(item);
        if (number == vertexOfName.size()) {
            vertexOfName.add(-1);
        }
        return number;
    }

    private void vertex() throws IOException {
        int index = nameOf.size();
        int firstInput = inputName.size();
        inputsFrom.add(firstInput);
        boolean anyPaths = false;
        int kind = 0;
        Fields fields = cursor.object(VERTEX);
        for (String field = fields.next(); field != null; field = fields.next()) {
            switch (field) {
                case "name" -> vertexName(index);
                case "op" -> {
                    ops.read(scratch);
                    kind = scratch.buffer()[0];
                    opOf.add(parts.ops.intern(scratch));
                }
                case "inputs" -> {
                    cursor.beginArray();
                    while (cursor.nextItem(field)) {
                        anyPaths |= input();
                    }
                }
                case "options" -> options(index);
                default -> results(index);
            }
        }
        fields.require("name", "op");
        int inputs = inputName.size() - firstInput;
        checkInputs(index, kind, inputs, anyPaths);
    }

    private void vertexName(int index) throws IOException {
        cursor.vertexName(item.clear());
        int number = nameNumber();
        int other = vertexOfName.get(number);
        if (other >= 0) {
            GraphException first = Locator.at(source, "", "", "vertices", other, "name");
            throw cursor.error(
                    "two vertices have the name " + Quoted.of(parts.nameOfNumber(number)),
                    "the first is at " + first.line() + ":" + first.column() + "; give one of them another name");
        }
        vertexOfName.set(number, index);
        nameOf.add(number);
    }

    /** Reads an input; whether it has paths. */
    private boolean input() throws IOException {
        int number = -1;
        int output = 0;
        int paths = 0;
        Fields fields = cursor.object(INPUT);
        for (String field = fields.next(); field != null; field = fields.next()) {
            switch (field) {
                case "vertex" -> {
                    cursor.vertexReference(item.clear());
                    number = nameNumber();
                }
                case "output" -> output = cursor.index();
                default -> {
                    ops.patterns(item.clear(), field);
                    if (item.buffer()[0] == 0) {
                        throw cursor.error("paths is empty", "leave it out to take everything");
                    }
                    paths = parts.pathLists.intern(item) + 1;
                }
            }
        }
        fields.require("vertex");
        int input = inputName.size();
        inputName.add(number);
        setSparse(inputOutput, input, output);
        setSparse(inputPaths, input, paths);
        return paths != 0;
    }

    /** Sets an item of a list that is only as long as it has to be to hold what is not 0. */
    private static void setSparse(IntList list, int index, int value) {
        if (value != 0) {
            list.fillTo(index + 1);
            list.set(index, value);
        }
    }

    private void options(int index) throws IOException {
        boolean ignoreCache = false;
        boolean exportCache = true;
        Map<String, String> description = Map.of();
        Fields fields = cursor.object(OPTIONS);
        for (String field = fields.next(); field != null; field = fields.next()) {
            switch (field) {
                case "ignoreCache" -> ignoreCache = cursor.bool();
                case "exportCache" -> exportCache = cursor.bool();
                default -> description = cursor.map(field);
            }
        }
        item.clear().flag(ignoreCache).flag(exportCache).map(description);
        setSparse(optionsOf, index, parts.optionSets.intern(item) + 1);
    }

    private void results(int index) throws IOException {
        cursor.beginArray();
        FieldWriter all = new FieldWriter();
        FieldWriter layers = new FieldWriter();
        boolean[] seen = {};
        int count = 0;
        int highest = 0;
        while (cursor.nextItem("results")) {
            int output = 0;
            OffsetDateTime createdAt = null;
            boolean remote = false;
            int layerCount = 0;
            layers.clear();
            Fields fields = cursor.object(RESULT);
            for (String field = fields.next(); field != null; field = fields.next()) {
                switch (field) {
                    case "output" -> output = cursor.index();
                    case "createdAt" -> createdAt = time();
                    case "remote" -> remote = cursor.bool();
                    default -> {
                        cursor.beginArray();
                        while (cursor.nextItem(field)) {
                            layer(layers);
                            layerCount++;
                        }
                    }
                }
            }
            fields.require("layers");
            if (output >= seen.length) {
                seen = Arrays.copyOf(seen, Math.max(output + 1, seen.length * 2));
            }
            if (seen[output]) {
                throw fields.errorHere("output " + output + " has two results", "leave one of them out");
            }
            seen[output] = true;
            highest = Math.max(highest, output);
            all.number(output).flag(createdAt != null);
            if (createdAt != null) {
                CreatedAt.write(createdAt, all);
            }
            all.flag(remote).number(layerCount).raw(layers);
            count++;
        }
        setSparse(highestResult, index, highest);
        if (count > 0) {
            item.clear().number(count).raw(all);
            setSparse(resultsOf, index, parts.resultLists.intern(item) + 1);
        }
    }

    private OffsetDateTime time() throws IOException {
        String text = cursor.string();
        OffsetDateTime time = CreatedAt.parse(text);
        if (time == null) {
            throw cursor.valueError(
                    Quoted.of(text) + " is no time", "write it by RFC 3339, as in 2026-01-02T03:04:05Z");
        }
        return time;
    }

    private void layer(FieldWriter to) throws IOException {
        item.clear();
        FieldWriter digest = item;
        long size = 0;
        String mediaType = "";
        FieldWriter diffId = scratchDiffId.clear().flag(false);
        String file = "";
        Fields fields = cursor.object(LAYER);
        for (String field = fields.next(); field != null; field = fields.next()) {
            switch (field) {
                case "digest" -> cursor.digest(digest, false);
                case "size" -> size = cursor.number();
                case "mediaType" -> mediaType = cursor.nonEmptyString();
                case "diffID" -> cursor.digest(diffId.clear().flag(true), false);
                default -> file = cursor.path();
            }
        }
        fields.require("digest", "size", "mediaType");
        to.raw(digest).number(size).text(mediaType).raw(diffId).flag(!file.isEmpty());
        if (!file.isEmpty()) {
            to.text(file);
        }
    }

    private void targets() throws IOException {
        targetsGiven = true;
        cursor.beginArray();
        while (cursor.nextItem("targets")) {
            int number = -1;
            int output = 0;
            Fields fields = cursor.object(TARGET);
            for (String field = fields.next(); field != null; field = fields.next()) {
                if (field.equals("vertex")) {
                    cursor.vertexReference(item.clear());
                    number = nameNumber();
                } else {
                    output = cursor.index();
                }
            }
            fields.require("vertex");
            targetName.add(number);
            targetOutput.add(output);
        }
        if (targetName.size() == 0) {
            throw cursor.error("targets is empty", "leave it out to want every vertex that no other uses");
        }
    }

    /** Checks what an op wants of the inputs of its vertex. */
    private void checkInputs(int index, int kind, int inputs, boolean anyPaths) throws GraphException {
        String op = OpReader.KINDS.get(kind);
        String has = inputs == 1 ? "1 input" : inputs + " inputs";
        switch (kind) {
            case OpReader.LOCAL, OpReader.IMAGE, OpReader.HTTP, OpReader.GIT -> {
                if (inputs > 0) {
                    throw at(
                            "a vertex of op " + op + " takes no inputs, " + quotedName(index) + " has " + has,
                            "leave them out",
                            index,
                            "inputs");
                }
            }
            case OpReader.FILE -> {
                if (ops.highestFrom() >= inputs) {
                    throw at(
                            "the file op of " + quotedName(index) + " takes input " + ops.highestFrom() + ", it has "
                                    + has,
                            "inputs are counted from 0",
                            index,
                            "op");
                }
            }
            case OpReader.MERGE -> {
                if (inputs == 0) {
                    throw at(
                            "the merge op of " + quotedName(index) + " has no inputs",
                            "name what it lays over each other in inputs",
                            index,
                            "op");
                }
            }
            case OpReader.DIFF -> {
                if (inputs != 2) {
                    throw at(
                            "the diff op of " + quotedName(index) + " takes two inputs, it has " + has,
                            "input 0 is what is taken away from input 1",
                            index,
                            "op");
                }
            }
            case OpReader.OPAQUE -> {
                if (ops.opaqueDeps() >= 0 && ops.opaqueDeps() != inputs) {
                    throw at(
                            "deps of " + quotedName(index) + " has "
                                    + (ops.opaqueDeps() == 1 ? "1 entry" : ops.opaqueDeps() + " entries")
                                    + ", the vertex has " + has,
                            "there is one entry for each input; {} says nothing of it",
                            index,
                            "op",
                            "opaque",
                            "deps");
                }
                if (ops.opaqueMaps() > 1 && inputs > 0) {
                    throw at(
                            quotedName(index) + " has several cache maps and inputs",
                            "only a vertex without inputs may have several cache maps",
                            index,
                            "op",
                            "opaque",
                            "cacheMaps");
                }
                if (anyPaths) {
                    throw at(
                            "an input of " + quotedName(index) + " has paths, which an opaque op does not take",
                            "give the selector in deps",
                            index,
                            "inputs");
                }
            }
            default -> {}
        }
    }

    private String quotedName(int index) {
        return Quoted.of(parts.nameOfNumber(nameOf.get(index)));
    }

    private GraphException at(String problem, String nextStep, int vertex, String... pointer) {
        Object[] whole = new Object[pointer.length + 2];
        whole[0] = "vertices";
        whole[1] = vertex;
        System.arraycopy(pointer, 0, whole, 2, pointer.length);
        return Locator.at(source, problem, nextStep, whole);
    }

    private void finish() {
        int size = nameOf.size();
        inputsFrom.add(inputName.size());
        parts.vertexOfName = vertexOfName.toArray();
        parts.nameOf = nameOf.toArray();
        parts.opOf = opOf.toArray();
        parts.inputsFrom = inputsFrom.toArray();
        // Names until the check has found them all.
        parts.inputVertex = inputName.toArray();
        parts.inputOutput = whole(inputOutput, inputName.size());
        parts.inputPaths = whole(inputPaths, inputName.size());
        parts.optionsOf = whole(optionsOf, size);
        parts.resultsOf = whole(resultsOf, size);
        parts.targetVertex = targetName.toArray();
        parts.targetOutput = targetOutput.toArray();
        parts.highestOutput = whole(highestResult, size);
    }

    private static int[] whole(IntList sparse, int size) {
        if (sparse.size() == 0) {
            return new int[0];
        }
        sparse.fillTo(size);
        return sparse.toArray();
    }
}
