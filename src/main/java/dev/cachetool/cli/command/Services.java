package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.StepReporter;
import java.io.IOException;

/**
 * What stands behind the verbs. Each is made when it is asked for, so that a verb starts only what it needs. They throw
 * what {@link CommandFailedException} or the typed exceptions of the packages say; a miss is no exception, and a source
 * that cannot be used is a row of the answer and a warning, unless the options are strict.
 */
public interface Services {
    Planner planner();

    Importer importer();

    Bringer bringer();

    Runner runner();

    Exporter exporter();

    Copier copier();

    Merger merger();

    CacheMapper cacheMapper();

    Inspector inspector();

    Pruner pruner();

    Differ differ();

    Explainer explainer();

    Verifier verifier();

    StoreKeeper storeKeeper();

    Extractor extractor();

    /** Tells what an import would find, without moving a layer. */
    interface Planner {
        /** The forecast for each vertex of the graph, in the graph's order. */
        SolveAnswer plan(PlanOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Finds which vertices hit, and restores their outputs. */
    interface Importer {
        /** What was done for each vertex of the graph, in the graph's order. */
        SolveAnswer restore(ImportOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Brings whole caches into the local store. */
    interface Bringer {
        /** What of the caches the store has now. */
        BringAnswer bring(BringOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Solves a graph. */
    interface Runner {
        /** What was done; a vertex that failed is a row of the answer. */
        RunAnswer run(RunOptions options, Reporter reporter, StepReporter steps)
                throws IOException, InterruptedException;
    }

    /** Makes a cache of a graph and its results. */
    interface Exporter {
        /** Writes the cache to each target; one that fails is a row of the answer, and the others go on. */
        PublishAnswer export(ExportOptions options, Reporter reporter) throws IOException, InterruptedException;

        /** The cache config alone; reads no layer. The targets of the options count for nothing. */
        byte[] config(ExportOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Copies caches. */
    interface Copier {
        /** Brings the cache to each target; one that fails is a row of the answer, and the others go on. */
        PublishAnswer copy(CopyOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Unites caches. */
    interface Merger {
        /**
         * Writes the union to each target; one that fails is a row of the answer, and the others go on. A source that cannot
         * be read is an exception, unless it is missing and may be.
         */
        PublishAnswer merge(MergeOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Computes cache maps and keys. */
    interface CacheMapper {
        /** The cache maps and keys of each vertex, in the graph's order. */
        CacheMapAnswer map(CacheMapOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Looks after the local store. */
    interface StoreKeeper {
        /** What the store has, or what became of it; where there is none, that is an answer too. */
        StoreAnswer keep(StoreOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Takes files out of a result. */
    interface Extractor {
        /**
         * Writes the files.
         *
         * @throws CommandFailedException with {@code NOT_FOUND} where there is no such cache, record, result or file
         */
        ExtractAnswer extract(ExtractOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Tells why vertices hit or miss, without moving a layer. */
    interface Explainer {
        /** How each vertex that was asked for stands to each cache. */
        ExplainAnswer explain(ExplainOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Judges caches. */
    interface Verifier {
        /** What is wrong with each cache; one that cannot be judged is a row with its problem, and the others go on. */
        VerifyAnswer verify(VerifyOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Compares caches. */
    interface Differ {
        /**
         * How the two differ.
         *
         * @throws CommandFailedException with {@code NOT_FOUND} where one is not there
         */
        DiffAnswer diff(DiffOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Makes caches smaller. */
    interface Pruner {
        /**
         * What goes, or would go, and what became of the place.
         *
         * @throws CommandFailedException with {@code NOT_FOUND} where there is no such cache
         */
        PruneAnswer prune(PruneOptions options, Reporter reporter) throws IOException, InterruptedException;
    }

    /** Looks into a cache. */
    interface Inspector {
        /**
         * What the cache holds.
         *
         * @throws CommandFailedException with {@code NOT_FOUND} where there is none
         */
        InspectAnswer inspect(InspectOptions options, Reporter reporter) throws IOException, InterruptedException;
    }
}
