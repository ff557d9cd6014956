package dev.cachetool.graph;

import dev.cachetool.digest.FieldWriter;
import dev.cachetool.pattern.PatternMatcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds two steps that make the same path though neither builds on the other, so that nobody can say whose file it is.
 * Patterns with wildcards are held against the plain paths of other steps; whether two of them meet, only files tell.
 */
final class OutputCheck {
    private final GraphSource source;
    private final Definition.Parts parts;
    private final Map<String, Tool> tools;

    /** The plain paths that steps make, with all that is below them. */
    private final Interner paths = new Interner();

    /** By number of the path: the place in the order of the first step that makes it. */
    private final IntList firstStep = new IntList(16);

    /** By number of the path, where several steps make it: their places in the order, rising. */
    private final Map<Integer, IntList> allSteps = new HashMap<>();

    /** Outputs with wildcards or exceptions, and the places of the steps that have them. */
    private final Map<List<String>, IntList> patterns = new LinkedHashMap<>();

    private final FieldWriter text = new FieldWriter();

    /** By vertex: its place in the order; by vertex: the last search that came by. */
    private int[] placeOf = {};

    private int[] seen = {};
    private int search;
    private byte @Nullable [] digests;

    OutputCheck(GraphSource source, Definition.Parts parts, Map<String, Tool> tools) {
        this.source = source;
        this.parts = parts;
        this.tools = tools;
    }

    /** Checks the outputs of all steps; the order must be known. */
    void check() throws IOException {
        for (int place = 0; place < parts.size(); place++) {
            FieldReader op = parts.ops.read(parts.opOf[vertexAt(place)]);
            if (op.octet() == OpReader.EXEC) {
                collect(OpReader.outputsOf(op), op.optionalText(), place);
            }
        }
        for (Map.Entry<Integer, IntList> path : allSteps.entrySet()) {
            IntList steps = path.getValue();
            for (int i = 1; i < steps.size(); i++) {
                require(steps.get(i - 1), steps.get(i), pathOf(path.getKey()));
            }
        }
        for (int path = 0; path < paths.size(); path++) {
            String inner = pathOf(path);
            for (int end = inner.lastIndexOf('/'); end > 0; end = inner.lastIndexOf('/', end - 1)) {
                checkBelow(path, inner, inner.substring(0, end));
            }
            if (!inner.equals(".")) {
                checkBelow(path, inner, ".");
            }
        }
        for (Map.Entry<List<String>, IntList> entry : patterns.entrySet()) {
            checkPatterns(entry.getKey(), entry.getValue());
        }
    }

    private void collect(List<String> outputs, Optional<String> stdout, int place) {
        List<String> literals = new ArrayList<>(outputs.size());
        for (String output : outputs) {
            PathPattern.literalOf(output).ifPresent(literals::add);
        }
        stdout.ifPresent(path -> add(path, place));
        if (literals.size() < outputs.size()) {
            patterns.computeIfAbsent(outputs, unused -> new IntList(1)).add(place);
        } else {
            literals.forEach(path -> add(path, place));
        }
    }

    private void add(String path, int place) {
        int number = paths.intern(text.clear().text(path));
        if (number == firstStep.size()) {
            firstStep.add(place);
            return;
        }
        IntList steps = allSteps.get(number);
        int last = steps == null ? firstStep.get(number) : steps.get(steps.size() - 1);
        if (last == place) {
            return;
        }
        if (steps == null) {
            steps = new IntList(4);
            steps.add(last);
            allSteps.put(number, steps);
        }
        steps.add(place);
    }

    /** Those that make the inner path must each stand in line with those that make the outer one. */
    private void checkBelow(int path, String inner, String outer) throws IOException {
        int above = paths.find(text.clear().text(outer));
        if (above < 0) {
            return;
        }
        int[] outerSteps = stepsOf(above);
        for (int step : stepsOf(path)) {
            int at = Arrays.binarySearch(outerSteps, step);
            if (at >= 0) {
                continue;
            }
            int next = -at - 1;
            if (next > 0) {
                require(outerSteps[next - 1], step, inner);
            }
            if (next < outerSteps.length) {
                require(step, outerSteps[next], inner);
            }
        }
    }

    private void checkPatterns(List<String> outputs, IntList steps) throws IOException {
        PatternMatcher matcher = PatternMatcher.of(outputs);
        for (int path = 0; path < paths.size(); path++) {
            String literal = pathOf(path);
            if (!literal.equals(".") && !matcher.matchesOrParentMatches(literal)) {
                continue;
            }
            for (int step : stepsOf(path)) {
                for (int i = 0; i < steps.size(); i++) {
                    if (steps.get(i) != step) {
                        require(Math.min(steps.get(i), step), Math.max(steps.get(i), step), literal);
                    }
                }
            }
        }
    }

    private int[] stepsOf(int path) {
        IntList steps = allSteps.get(path);
        return steps == null ? new int[] {firstStep.get(path)} : steps.toArray();
    }

    private String pathOf(int number) {
        return paths.read(number).text();
    }

    private int vertexAt(int place) {
        return parts.order.length == 0 ? place : parts.order[place];
    }

    /** Refuses the graph unless the later step builds on the earlier one, or they are one. */
    private void require(int earlier, int later, String path) throws IOException {
        int first = vertexAt(earlier);
        int second = vertexAt(later);
        if (buildsOn(second, first, earlier) || areOne(first, second)) {
            return;
        }
        String names = Quoted.of(parts.name(first)) + " and " + Quoted.of(parts.name(second));
        throw Locator.at(
                source,
                names + " both make " + path + ", and neither has the other as an input",
                "give one of them other outputs, or make " + Quoted.of(parts.name(first)) + " an input of "
                        + Quoted.of(parts.name(second)),
                "vertices",
                second,
                "op",
                "exec",
                "outputs");
    }

    /** Whether a way over inputs leads from the vertex to the one below, whose place in the order is known. */
    private boolean buildsOn(int vertex, int below, int placeBelow) {
        if (seen.length == 0) {
            seen = new int[parts.size()];
            placeOf = new int[parts.size()];
            for (int place = 0; place < parts.size(); place++) {
                placeOf[vertexAt(place)] = place;
            }
        }
        search++;
        IntList open = new IntList(16);
        open.add(vertex);
        while (open.size() > 0) {
            int top = open.removeLast();
            for (int i = parts.inputsFrom[top]; i < parts.inputsFrom[top + 1]; i++) {
                int input = parts.inputVertex[i];
                if (input == below) {
                    return true;
                }
                if (placeOf[input] > placeBelow && seen[input] != search) {
                    seen[input] = search;
                    open.add(input);
                }
            }
        }
        return false;
    }

    /** Whether two vertices are the same op with the same inputs under two names. */
    private boolean areOne(int first, int second) {
        if (parts.opOf[first] != parts.opOf[second]) {
            return false;
        }
        byte[] all = digests;
        if (all == null) {
            all = VertexDigests.compute(parts, tools);
            digests = all;
        }
        return Arrays.equals(all, first * 32, first * 32 + 32, all, second * 32, second * 32 + 32);
    }
}
