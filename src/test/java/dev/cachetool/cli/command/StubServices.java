package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Reporter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Services that answer what they were told to, and remember what they were asked. */
final class StubServices implements Services {
    final List<Object> asked = new ArrayList<>();

    private Answering<Object> answer = (options, reporter) -> {
        throw new AssertionError("nothing should be asked, but was: " + options);
    };

    /** What a service does. */
    @FunctionalInterface
    interface Answering<T> {
        T to(Object options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Answers every question with this. */
    StubServices answering(Object fixed) {
        answer = (options, reporter) -> fixed;
        return this;
    }

    /** Answers every question like this. */
    StubServices answeringBy(Answering<Object> how) {
        answer = how;
        return this;
    }

    private <T> T ask(Object options, Reporter reporter, Function<Object, T> cast)
            throws IOException, InterruptedException {
        asked.add(options);
        return cast.apply(answer.to(options, reporter));
    }

    @Override
    public Planner planner() {
        return (options, reporter) -> ask(options, reporter, SolveAnswer.class::cast);
    }

    @Override
    public Importer importer() {
        return (options, reporter) -> ask(options, reporter, SolveAnswer.class::cast);
    }

    @Override
    public Bringer bringer() {
        return (options, reporter) -> ask(options, reporter, BringAnswer.class::cast);
    }

    @Override
    public Runner runner() {
        return (options, reporter, steps) -> ask(options, reporter, RunAnswer.class::cast);
    }

    @Override
    public Exporter exporter() {
        return new Exporter() {
            @Override
            public PublishAnswer export(ExportOptions options, Reporter reporter)
                    throws IOException, InterruptedException {
                return ask(options, reporter, PublishAnswer.class::cast);
            }

            @Override
            public byte[] config(ExportOptions options, Reporter reporter) throws IOException, InterruptedException {
                return ask(options, reporter, byte[].class::cast);
            }
        };
    }

    @Override
    public Copier copier() {
        return (options, reporter) -> ask(options, reporter, PublishAnswer.class::cast);
    }

    @Override
    public Merger merger() {
        return (options, reporter) -> ask(options, reporter, PublishAnswer.class::cast);
    }

    @Override
    public CacheMapper cacheMapper() {
        return (options, reporter) -> ask(options, reporter, CacheMapAnswer.class::cast);
    }

    @Override
    public StoreKeeper storeKeeper() {
        return (options, reporter) -> ask(options, reporter, StoreAnswer.class::cast);
    }

    @Override
    public Extractor extractor() {
        return (options, reporter) -> ask(options, reporter, ExtractAnswer.class::cast);
    }

    @Override
    public Pruner pruner() {
        return (options, reporter) -> ask(options, reporter, PruneAnswer.class::cast);
    }

    @Override
    public Verifier verifier() {
        return (options, reporter) -> ask(options, reporter, VerifyAnswer.class::cast);
    }

    @Override
    public Inspector inspector() {
        return (options, reporter) -> ask(options, reporter, InspectAnswer.class::cast);
    }

    @Override
    public Differ differ() {
        return (options, reporter) -> ask(options, reporter, DiffAnswer.class::cast);
    }

    @Override
    public Explainer explainer() {
        return (options, reporter) -> ask(options, reporter, ExplainAnswer.class::cast);
    }
}
