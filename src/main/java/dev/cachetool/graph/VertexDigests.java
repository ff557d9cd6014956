package dev.cachetool.graph;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.FieldWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;

/** Computes vertex digests (docs/formats.md, "Vertex digest"). */
final class VertexDigests {
    private static final byte[] FORMAT = "cachetool.vertex.v1\0".getBytes(StandardCharsets.UTF_8);

    private VertexDigests() {}

    /** The digests of all vertices, one after the other, 32 bytes each. */
    static byte[] compute(Definition.Parts parts, Map<String, Tool> tools) {
        int size = parts.size();
        byte[] digests = new byte[Math.multiplyExact(size, 32)];
        MessageDigest messageDigest = Algorithm.SHA256.newMessageDigest();
        FieldWriter fields = new FieldWriter();
        for (int position = 0; position < size; position++) {
            int vertex = parts.order.length == 0 ? position : parts.order[position];
            fields.clear().raw(FORMAT);
            parts.ops.read(parts.opOf[vertex]).copyTo(fields);
            toolsOf(parts.ops.read(parts.opOf[vertex]), tools, fields);
            int from = parts.inputsFrom[vertex];
            int to = parts.inputsFrom[vertex + 1];
            fields.number(to - from);
            for (int i = from; i < to; i++) {
                fields.raw(digests, parts.inputVertex[i] * 32, 32);
                fields.number(parts.outputOfInput(i));
                int paths = parts.inputPaths.length == 0 ? 0 : parts.inputPaths[i];
                if (paths == 0) {
                    fields.number(0);
                } else {
                    parts.pathLists.read(paths - 1).copyTo(fields);
                }
            }
            fields.update(messageDigest);
            System.arraycopy(messageDigest.digest(), 0, digests, vertex * 32, 32);
        }
        return digests;
    }

    /** Writes what the tools of an exec op are, since their names mean nothing outside of this graph. */
    private static void toolsOf(FieldReader op, Map<String, Tool> tools, FieldWriter to) {
        if (op.octet() != OpReader.EXEC || tools.isEmpty()) {
            return;
        }
        for (String name : OpReader.toolsOf(op)) {
            Tool tool = tools.get(name);
            if (tool != null) {
                to.texts(tool.args()).flag(tool.match().isPresent());
                tool.match().ifPresent(to::text);
            }
        }
    }
}
