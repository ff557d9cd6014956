package dev.cachetool.cli.service;

import dev.cachetool.cachemap.Selection;
import dev.cachetool.content.FileTree;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.Vertex;
import dev.cachetool.solver.Result;
import dev.cachetool.step.DistrustedResult;
import dev.cachetool.step.SourceResult;
import dev.cachetool.step.StepInput;
import dev.cachetool.store.RefResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes of results what executed vertices get to see. */
final class StepInputs {
    private StepInputs() {}

    /**
     * The inputs of a vertex; what is lazy is pulled.
     *
     * @throws dev.cachetool.store.UnreadableRefException if a result cannot be read
     */
    static List<StepInput> of(Vertex vertex, List<Result> results, Path workspace) throws IOException {
        List<StepInput> inputs = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            Input input = vertex.inputs().get(i);
            if (results.get(i) instanceof SourceResult source) {
                inputs.add(new StepInput(workspace, narrowed(source.tree(), input), false));
            } else {
                RefResult ref = refOf(results.get(i));
                inputs.add(new StepInput(ref.mount(), narrowed(ref.tree(), input), true));
            }
        }
        return inputs;
    }

    private static FileTree narrowed(FileTree tree, Input input) {
        return input.paths().isEmpty()
                ? tree
                : Selection.of(tree, input.paths()).tree();
    }

    /** The ref behind the result of a vertex that is no source. */
    static RefResult refOf(Result result) {
        if (result instanceof DistrustedResult distrusted) {
            return distrusted.result();
        }
        if (result instanceof RefResult ref) {
            return ref;
        }
        throw new IllegalArgumentException("a run has no results like " + result.getClass());
    }
}
