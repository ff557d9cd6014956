package dev.cachetool.solver;

import dev.cachetool.solver.EdgeInput.Fact;

/**
 * How far an edge wants its inputs to come now: no further than the status that it is asked for needs, and those whose
 * definition leads nowhere first. While two demands are equal, only inputs that changed need to be looked at again.
 *
 * @param all whether every input is wanted to its end
 * @param desired the status that the edge is asked for
 * @param cacheMapKnown whether it has a cache map
 * @param cacheMapDone whether that is the last
 * @param keyless whether it knows no key of its own yet
 * @param recordless whether no cache has a result for it so far
 * @param allFast whether every input has said all keys that come from definitions
 * @param allMatched whether every input leads on, or has a content key or a result
 * @param allSlow whether every input has said all of its keys
 * @param fastOpen whether an input that leads nowhere may still come to lead on
 * @param slowOpen the same, by its content
 */
record InputDemand(
        boolean all,
        EdgeStatus desired,
        boolean cacheMapKnown,
        boolean cacheMapDone,
        boolean keyless,
        boolean recordless,
        boolean allFast,
        boolean allMatched,
        boolean allSlow,
        boolean fastOpen,
        boolean slowOpen) {
    static InputDemand of(
            EdgeInputs inputs,
            boolean all,
            EdgeStatus desired,
            boolean cacheMapKnown,
            boolean cacheMapDone,
            boolean keyless,
            boolean recordless) {
        return new InputDemand(
                all,
                desired,
                cacheMapKnown,
                cacheMapDone,
                keyless,
                recordless,
                !inputs.any(Fact.BELOW_FAST),
                !inputs.any(Fact.LACKS_MATCHES),
                !inputs.any(Fact.SLOW_INCOMPLETE),
                inputs.any(Fact.MAY_LEAD_ON_FAST),
                inputs.any(Fact.MAY_LEAD_ON_SLOW));
    }

    /** The status that the input is wanted to reach; the one that it has where it may stay as it is. */
    EdgeStatus of(EdgeInput input, boolean hasContent) {
        if (all) {
            return EdgeStatus.COMPLETE;
        }
        return switch (input.status) {
            case INITIAL -> input.status.below(desired) ? EdgeStatus.CACHE_FAST : input.status;
            case CACHE_FAST -> {
                boolean useful =
                        (cacheMapDone && allFast && keyless) || input.lacksMatches() || (cacheMapKnown && allMatched);
                yield input.status.below(desired) && useful && cacheMapKnown && !waitsForFast(input)
                        ? EdgeStatus.CACHE_SLOW
                        : input.status;
            }
            case CACHE_SLOW -> {
                if (!cacheMapKnown) {
                    yield input.status;
                }
                boolean mayGoOn = input.lacksMatches() || !waitsForSlow(input, hasContent);
                boolean useful = desired == EdgeStatus.COMPLETE
                        ? recordless
                                && (input.lacksMatches()
                                        || (cacheMapDone && allSlow)
                                        || (!waitsForFast(input) && hasContent))
                        : desired == EdgeStatus.CACHE_SLOW && hasContent;
                yield useful && mayGoOn ? EdgeStatus.COMPLETE : input.status;
            }
            case COMPLETE -> input.status;
        };
    }

    /** An input that leads somewhere waits while another one that does not can still come to know keys. */
    private boolean waitsForFast(EdgeInput input) {
        return fastOpen && !input.lacksMatches();
    }

    private boolean waitsForSlow(EdgeInput input, boolean hasContent) {
        return slowOpen && !input.contentDone && hasContent && !input.lacksMatches();
    }
}
