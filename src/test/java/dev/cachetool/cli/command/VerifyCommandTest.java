package dev.cachetool.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.command.VerifyAnswer.Verdict;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.digest.Digest;
import dev.cachetool.inspect.Audience;
import dev.cachetool.inspect.Finding;
import dev.cachetool.inspect.Finding.Kind;
import dev.cachetool.remotecache.ArtifactForm;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code verify} with a stub behind it: what the stub is asked, what is printed, and the exit code. */
final class VerifyCommandTest {
    private static final Digest BLOB = Digest.sha256("blob");

    private final ProgramRun run = new ProgramRun();

    private static Verdict verdict(Finding... findings) {
        SourceRow source = new SourceRow(
                Rows.CACHE,
                Optional.of(BLOB),
                Optional.of(ArtifactForm.INDEX),
                SourceRow.Status.READ,
                Optional.empty());
        return new Verdict(source, List.of(findings), 1_234, 2, 0);
    }

    private static Finding finding(Kind kind) {
        return new Finding(kind, "layer", Optional.of(BLOB), "it should have 12 bytes");
    }

    @Test
    void verify_whenAsked_passesOnWhatTheFlagsSay() {
        run.services.answering(new VerifyAnswer(List.of(verdict())));

        assertEquals(
                ExitCode.DONE,
                run.run("verify", "oci-archive:hello-cache.tar", "--deep", "--for", "ecr", "--for", "buildkit-0.11"));

        VerifyOptions asked = assertInstanceOf(VerifyOptions.class, run.services.asked.get(0));
        assertEquals(List.of(Rows.CACHE), asked.places());
        assertEquals(List.of(Audience.ECR, Audience.BUILDKIT_0_11), asked.audiences());
        assertTrue(asked.deep());
    }

    @Test
    void verify_whenOnlyWarningsAreFound_isDone() {
        run.services.answering(new VerifyAnswer(List.of(verdict(finding(Kind.LAYER_UNUSED)))));

        assertEquals(ExitCode.DONE, run.run("verify", "oci-archive:hello-cache.tar"));
        assertEquals("""
                hello-cache.tar is fine, with 1 warning
                warning  a layer that no result has
                  layer %s: it should have 12 bytes
                  BuildKit: it is kept, and never loaded
                  cure: write it anew from what can be read of it:
                    cachetool merge oci-archive:hello-cache.tar --to oci-archive:hello-cache.tar
                1,234 records, 2 layers looked for (--deep reads them): 1 warning
                """.formatted(BLOB.shortText()), run.out());
        assertEquals("", run.err());
    }

    @Test
    void verify_whenAnErrorIsFound_answersNo_asJsonToo() throws Exception {
        run.services.answering(
                new VerifyAnswer(List.of(verdict(finding(Kind.BLOB_MISSING), finding(Kind.LAYER_UNUSED)))));

        assertEquals(ExitCode.ANSWER_NO, run.run("verify", "oci-archive:hello-cache.tar", "--format=json"));
        new OutputSchema().hold(run.out());
        assertTrue(run.out().contains("\"kind\": \"blob-missing\""), run.out());
        assertTrue(run.out().contains("\"errors\": 1"), run.out());
        assertEquals("cachetool: 1 error in hello-cache.tar\n", run.err());
    }

    @Test
    void verify_whenACacheCouldNotBeJudged_endsWithThatAlthoughAnotherHasErrors() {
        Problem unreachable = new Problem(ExitCode.UNREACHABLE, "could not pull it", List.of());
        run.services.answering(new VerifyAnswer(List.of(
                verdict(finding(Kind.BLOB_MISSING)),
                new Verdict(SourceRow.failed(Rows.CACHE, unreachable), List.of(), 0, 0, 0))));

        assertEquals(ExitCode.UNREACHABLE, run.run("verify", "oci:a", "oci:b"));
        assertTrue(run.out().endsWith("0 of 2 caches fine\n"), run.out());
        assertEquals("cachetool: could not pull it\n", run.err());
    }
}
