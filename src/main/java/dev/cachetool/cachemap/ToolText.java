package dev.cachetool.cachemap;

import dev.cachetool.digest.Digest;
import dev.cachetool.digest.FieldWriter;
import dev.cachetool.graph.Tool;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What counts of what the command of a tool printed (docs/formats.md, "Tools"). */
final class ToolText {
    /** Escape sequences of terminals: control sequences (colours and the like), and those that carry a text. */
    private static final Pattern ESCAPES = Pattern.compile(
            "\u001b\\[[0-?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)|\u001b[ -/]*[0-Z\\\\^-~]");

    private ToolText() {}

    /** The digest of what counts; empty where the tool has a match and nothing matches it. */
    static Optional<Digest> digest(Tool tool, ToolRunner.Printed printed) {
        byte[] out = plain(printed.standardOutput());
        byte[] err = plain(printed.standardError());
        FieldWriter fields = FieldWriter.of("cachetool.tool.v1");
        if (tool.match().isEmpty()) {
            return Optional.of(fields.octet(0).bytes(out).bytes(err).sha256());
        }
        fields.octet(1);
        Pattern match = Pattern.compile(tool.match().get(), Pattern.MULTILINE);
        int found = groups(match.matcher(text(out)), fields) + groups(match.matcher(text(err)), fields);
        return found == 0 ? Optional.empty() : Optional.of(fields.sha256());
    }

    /** What was printed without escape sequences, which are ASCII whatever the bytes around them mean. */
    private static byte[] plain(byte[] printed) {
        return ESCAPES.matcher(new String(printed, StandardCharsets.ISO_8859_1))
                .replaceAll("")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] plain) {
        return new String(plain, StandardCharsets.UTF_8);
    }

    private static int groups(Matcher matcher, FieldWriter to) {
        int found = 0;
        while (matcher.find()) {
            for (int group = 1; group <= matcher.groupCount(); group++) {
                String text = matcher.group(group);
                to.flag(text != null);
                if (text != null) {
                    to.text(text);
                    found++;
                }
            }
        }
        return found;
    }
}
