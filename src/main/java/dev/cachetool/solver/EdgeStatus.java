package dev.cachetool.solver;

/** How far an edge has come; each includes those before it. */
enum EdgeStatus {
    /** Nothing is known. */
    INITIAL,
    /** All keys are known that come from definitions alone. */
    CACHE_FAST,
    /** All keys are known, also those that come from the content of inputs. */
    CACHE_SLOW,
    /** The result is there. */
    COMPLETE;

    boolean below(EdgeStatus other) {
        return compareTo(other) < 0;
    }
}
