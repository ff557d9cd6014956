package dev.cachetool.cli.output;

/**
 * What a service tells while it works. For several threads. Items are what is moved or made (layers, vertices), never what
 * the answer lists anyway, so that nothing is printed twice.
 */
public interface Reporter {
    /**
     * Begins a phase of the work; it ends the one before.
     *
     * @param doing what is done, as in {@code pulling}
     * @param noun what an item is called, as in {@code layer}
     * @param items how many there will be; 0 where that is not known
     * @param bytes how many bytes in all; 0 where that is not known
     */
    void phase(String doing, String noun, long items, long bytes);

    /** Work on an item begins. */
    void started(String item);

    /** So many more bytes of the phase are done. */
    void advanced(long bytes);

    /**
     * An item is done.
     *
     * @param status what became of it, as in {@code pulled}
     * @param item as it was called when it began, if it was
     * @param bytes its size; 0 where it has none
     * @param detail more, for people; may be empty
     */
    void finished(String status, String item, long bytes, String detail);

    /** Something went wrong that does not end the work; one line, or what to do on further lines. */
    void warn(String message);

    /** Something that only those want to know who ask for it ({@code -v}). */
    void detail(String message);

    /** Tells nobody. */
    static Reporter silent() {
        return new Reporter() {
            @Override
            public void phase(String doing, String noun, long items, long bytes) {}

            @Override
            public void started(String item) {}

            @Override
            public void advanced(long bytes) {}

            @Override
            public void finished(String status, String item, long bytes, String detail) {}

            @Override
            public void warn(String message) {}

            @Override
            public void detail(String message) {}
        };
    }
}
