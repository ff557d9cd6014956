package dev.cachetool.graph;

import dev.cachetool.json.Suggestion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Finds what only the whole graph shows: names that nobody has, outputs that are none, tools that are none, cycles, and
 * outputs of several steps.
 */
final class GraphCheck {
    private static final int SUGGESTIONS = 10_000;
    private static final int LONGEST_CYCLE = 1_000;

    private final GraphSource source;
    private final Definition.Parts parts;
    private final Map<String, Tool> tools;

    GraphCheck(GraphSource source, Definition.Parts parts, Map<String, Tool> tools) {
        this.source = source;
        this.parts = parts;
        this.tools = tools;
    }

    /** Checks the parts, and completes them: names of inputs and targets become vertices, and the order is set. */
    void check(boolean targetsGiven) throws IOException {
        resolveInputs();
        resolveTargets(targetsGiven);
        checkResultOutputs();
        checkTools();
        order();
        new OutputCheck(source, parts, tools).check();
    }

    private void resolveInputs() throws IOException {
        for (int input = 0; input < parts.inputVertex.length; input++) {
            int name = parts.inputVertex[input];
            int vertex = parts.vertexOfName[name];
            int output = parts.outputOfInput(input);
            if (vertex < 0) {
                int user = userOf(input);
                throw unknownVertex(
                        "input of " + quoted(user),
                        name,
                        "vertices",
                        user,
                        "inputs",
                        input - parts.inputsFrom[user],
                        "vertex");
            }
            if (output > 0) {
                if (parts.kindOf(vertex) != OpReader.OPAQUE) {
                    int user = userOf(input);
                    throw noSuchOutput(
                            "input of " + quoted(user),
                            vertex,
                            output,
                            "vertices",
                            user,
                            "inputs",
                            input - parts.inputsFrom[user],
                            "output");
                }
                names(vertex, output);
            }
            parts.inputVertex[input] = vertex;
        }
    }

    private void resolveTargets(boolean given) throws IOException {
        if (!given) {
            BitSet used = new BitSet(parts.size());
            for (int vertex : parts.inputVertex) {
                used.set(vertex);
            }
            int unused = parts.size() - used.cardinality();
            parts.targetVertex = new int[unused];
            parts.targetOutput = new int[unused];
            int vertex = -1;
            for (int i = 0; i < unused; i++) {
                vertex = used.nextClearBit(vertex + 1);
                parts.targetVertex[i] = vertex;
            }
            return;
        }
        for (int i = 0; i < parts.targetVertex.length; i++) {
            int name = parts.targetVertex[i];
            int vertex = parts.vertexOfName[name];
            int output = parts.targetOutput[i];
            if (vertex < 0) {
                throw unknownVertex("a target", name, "targets", i, "vertex");
            }
            if (output > 0) {
                if (parts.kindOf(vertex) != OpReader.OPAQUE) {
                    throw noSuchOutput("a target", vertex, output, "targets", i, "output");
                }
                names(vertex, output);
            }
            parts.targetVertex[i] = vertex;
        }
    }

    private void names(int vertex, int output) {
        if (parts.highestOutput.length == 0) {
            parts.highestOutput = new int[parts.size()];
        }
        parts.highestOutput[vertex] = Math.max(parts.highestOutput[vertex], output);
    }

    private void checkResultOutputs() throws IOException {
        for (int vertex = 0; vertex < parts.highestOutput.length; vertex++) {
            if (parts.highestOutput[vertex] > 0 && parts.kindOf(vertex) != OpReader.OPAQUE) {
                int result = 0;
                List<ResultSpec> results = parts.results(vertex);
                while (results.get(result).outputIndex() == 0) {
                    result++;
                }
                throw noSuchOutput(
                        "result of " + quoted(vertex),
                        vertex,
                        results.get(result).outputIndex(),
                        "vertices",
                        vertex,
                        "results",
                        result,
                        "output");
            }
        }
    }

    private void checkTools() throws IOException {
        BitSet known = new BitSet();
        for (int vertex = 0; vertex < parts.size(); vertex++) {
            int op = parts.opOf[vertex];
            if (known.get(op)) {
                continue;
            }
            known.set(op);
            FieldReader reader = parts.ops.read(op);
            if (reader.octet() != OpReader.EXEC) {
                continue;
            }
            for (String name : OpReader.toolsOf(reader)) {
                if (!tools.containsKey(name)) {
                    throw Locator.at(
                            source,
                            "exec of " + quoted(vertex) + " names the unknown tool " + Quoted.of(name),
                            tools.isEmpty() ? "the graph has no tools" : didYouMean(name, tools.keySet()),
                            "vertices",
                            vertex,
                            "op",
                            "exec",
                            "tools");
                }
            }
        }
    }

    private static String didYouMean(String word, Iterable<String> known) {
        List<String> words = new ArrayList<>();
        known.forEach(words::add);
        return Suggestion.nearest(word, words)
                .map(near -> "did you mean " + Quoted.of(near) + "?")
                .orElse("");
    }

    private GraphException unknownVertex(String who, int name, Object... pointer) {
        String word = parts.nameOfNumber(name);
        List<String> near = new ArrayList<>();
        int longer = Math.max(2, word.length() / 3);
        for (int vertex = 0; vertex < parts.size() && near.size() < SUGGESTIONS; vertex++) {
            String known = parts.name(vertex);
            if (Math.abs(known.length() - word.length()) <= longer) {
                near.add(known);
            }
        }
        String suggestion = didYouMean(word, near);
        return Locator.at(
                source,
                who + " names the unknown vertex " + Quoted.of(word),
                suggestion.isEmpty() ? "no vertex has a name like it; write the name of one of the graph" : suggestion,
                pointer);
    }

    private GraphException noSuchOutput(String who, int vertex, int output, Object... pointer) {
        String kind = OpReader.KINDS.get(parts.kindOf(vertex));
        return Locator.at(
                source,
                who + " names output " + output + " of " + quoted(vertex) + ", whose op " + kind
                        + " has output 0 alone",
                "leave output out, or write 0",
                pointer);
    }

    private String quoted(int vertex) {
        return Quoted.of(parts.name(vertex));
    }

    /** The vertex that the input belongs to. */
    private int userOf(int input) {
        int low = 0;
        int high = parts.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (parts.inputsFrom[middle] <= input) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private boolean standsInOrder() {
        for (int vertex = 0; vertex < parts.size(); vertex++) {
            for (int i = parts.inputsFrom[vertex]; i < parts.inputsFrom[vertex + 1]; i++) {
                if (parts.inputVertex[i] >= vertex) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Orders the vertices as a depth-first walk leaves them, from each vertex in turn, inputs in order. */
    private void order() throws IOException {
        if (standsInOrder()) {
            return;
        }
        int size = parts.size();
        int[] order = new int[size];
        int ordered = 0;
        int[] stack = new int[size];
        /* The next input of a vertex that was entered; -1 before, and beyond the last one after. */
        int[] next = new int[size];
        Arrays.fill(next, -1);
        BitSet onStack = new BitSet(size);
        for (int start = 0; start < size; start++) {
            if (next[start] >= 0) {
                continue;
            }
            int depth = 0;
            stack[0] = start;
            next[start] = parts.inputsFrom[start];
            onStack.set(start);
            while (depth >= 0) {
                int vertex = stack[depth];
                if (next[vertex] == parts.inputsFrom[vertex + 1]) {
                    onStack.clear(vertex);
                    order[ordered++] = vertex;
                    depth--;
                    continue;
                }
                int input = parts.inputVertex[next[vertex]++];
                if (onStack.get(input)) {
                    throw cycle(stack, depth, input, next[vertex] - 1);
                }
                if (next[input] < 0) {
                    next[input] = parts.inputsFrom[input];
                    onStack.set(input);
                    stack[++depth] = input;
                }
            }
        }
        parts.order = order;
    }

    /** The error of a cycle from the stack: from {@code first} up to the top, whose input closes it. */
    private GraphException cycle(int[] stack, int top, int first, int closingInput) {
        int from = top;
        while (stack[from] != first) {
            from--;
        }
        StringBuilder shown = new StringBuilder();
        int length = top - from + 1;
        for (int i = from; i <= top; i++) {
            if (i - from == LONGEST_CYCLE) {
                shown.append("… ").append(length - LONGEST_CYCLE).append(" more … -> ");
                break;
            }
            shown.append(shown(stack[i])).append(" -> ");
        }
        shown.append(shown(first));
        int user = stack[top];
        return Locator.at(
                source,
                "the inputs go in a circle: " + shown,
                "each of them is an input of the one before it; take one of these inputs out",
                "vertices",
                user,
                "inputs",
                closingInput - parts.inputsFrom[user],
                "vertex");
    }

    private String shown(int vertex) {
        String quoted = quoted(vertex);
        return quoted.substring(1, quoted.length() - 1);
    }
}
