package dev.cachetool.store;

/** Takes changes of a key graph, as numbers of its names. */
interface ChangeSink {
    /** A link was added. */
    void link(int source, int info, int target);

    /** A key has a result. */
    void result(int key, int time, int result);

    /** A result is not there any more. */
    void release(int result);
}
