package dev.cachetool.solver;

/** How far an edge has come; each includes those before it. */
enum EdgeStatus {
    /** Nothing is known. */
    INITIAL(0),
    /** All keys are known that come from definitions alone. */
    CACHE_FAST(1),
    /** All keys are known, also those that come from the content of inputs. */
    CACHE_SLOW(2),
    /** The result is there. */
    COMPLETE(3);

    /** How many there are. */
    static final int COUNT = 4;

    /** Its place among them, from 0. */
    final int level;

    EdgeStatus(int level) {
        this.level = level;
    }

    boolean below(EdgeStatus other) {
        return level < other.level;
    }
}
