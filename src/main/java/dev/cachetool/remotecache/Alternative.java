package dev.cachetool.remotecache;

/** A way into an input while chains are normalised, as one long: the source's number, then the selector's. */
final class Alternative {
    private Alternative() {}

    static long of(int source, int selector) {
        return (long) source << 32 | selector;
    }

    static int source(long alternative) {
        return (int) (alternative >> 32);
    }

    static int selector(long alternative) {
        return (int) alternative;
    }
}
