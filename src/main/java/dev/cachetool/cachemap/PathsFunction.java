package dev.cachetool.cachemap;

import dev.cachetool.content.FileTree;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.graph.Vertex;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The digest of what the paths of an input select of its tree (docs/formats.md, "Content digests"). */
final class PathsFunction implements ContentFunction {
    private final Vertex vertex;
    private final int inputIndex;
    private final List<PathPattern> paths;
    private final boolean modes;

    PathsFunction(Vertex vertex, int inputIndex, List<PathPattern> paths, boolean modes) {
        this.vertex = vertex;
        this.inputIndex = inputIndex;
        this.paths = paths;
        this.modes = modes;
    }

    @Override
    public String selection() {
        byte[] json = JsonWriter.bytes(writer -> {
            writer.beginArray();
            for (PathPattern path : paths) {
                writer.value(path.path());
            }
            writer.endArray();
        });
        return (modes ? "modes " : "files ") + new String(json, StandardCharsets.UTF_8);
    }

    @Override
    public Digest digestOf(FileTree tree) throws IOException {
        Selection selection = Selection.of(tree, paths);
        if (!selection.unmatched().isEmpty()) {
            int index = selection.unmatched().get(0);
            String path = paths.get(index).path();
            throw vertex.error(
                    "paths \"" + path + "\" of an input of \"" + vertex.name() + "\" matches nothing of what \""
                            + vertex.inputs().get(inputIndex).edge().vertex().name() + "\" gives",
                    "if that may be, write { \"path\": \"" + path + "\", \"optional\": true }",
                    "inputs",
                    inputIndex,
                    "paths",
                    index);
        }
        return modes ? TreeDigest.withModes(selection.entries()) : TreeDigest.of(selection.entries());
    }
}
