package dev.cachetool.cli;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What {@code verify --format=json} found. */
final class Findings {
    private Findings() {}

    /** Kind and object of each, in order. */
    static List<String> of(WholeTool.Run run) throws IOException {
        List<String> findings = new ArrayList<>();
        for (JsonValue each :
                JsonDocument.strict(run.bytes(), "answer").require("findings").asArray()) {
            findings.add(each.require("kind").asString() + " "
                    + each.require("object").asString());
        }
        return findings;
    }
}
