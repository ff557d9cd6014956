package dev.cachetool.cli.command;

import dev.cachetool.cli.command.VerifyAnswer.Verdict;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.digest.Digest;
import dev.cachetool.inspect.Finding;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;

/** Writes what is wrong with caches as the section {@code findings} of an answer. */
record FindingsWriter(VerifyAnswer answer) implements Answer.Section {
    @Override
    public void write(JsonWriter json) throws IOException {
        json.beginArray();
        for (Verdict verdict : answer.caches()) {
            String spec = verdict.source().place().spec();
            for (Finding finding : verdict.findings()) {
                json.beginObject()
                        .field("source", spec)
                        .field("severity", finding.kind().severity().word())
                        .field("kind", finding.kind().word())
                        .field("object", finding.object());
                json.name("digest").value(finding.digest().map(Digest::toString).orElse(null));
                json.field("problem", finding.what())
                        .field("effect", finding.kind().effect())
                        .field("cure", VerifyText.cure(finding, spec))
                        .endObject();
            }
        }
        json.endArray();
    }
}
