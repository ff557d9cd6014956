package dev.cachetool.cli.output;

import java.util.List;

/**
 * What is told of vertices while they are loaded and executed. For several threads. A vertex is told of in the order of these
 * methods, by its name.
 */
public interface StepReporter {
    /**
     * One of the vertices that may have to be solved.
     *
     * @param inputs the names of those that it waits for
     */
    record Item(String name, List<String> inputs) {
        public Item {
            inputs = List.copyOf(inputs);
        }
    }

    /** Begins: these are all that may be told of, inputs first. */
    void begin(List<Item> items);

    /**
     * No cache has its result.
     *
     * @param reason why, as half a sentence
     */
    void missed(String name, String reason);

    /** It begins to be executed. */
    void started(String name);

    /** It printed a line. */
    void printed(String name, String line);

    /** It printed a line when its result was made, which is to be shown again. */
    void replayed(String name, String line);

    /**
     * It came to its end.
     *
     * @param status hit, executed or failed
     * @param detail more, for people; may be empty
     * @param milliseconds how long it took
     */
    void ended(String name, Status status, String detail, long milliseconds);

    /** All that was begun has ended. */
    void end();

    /** Tells nobody. */
    static StepReporter silent() {
        return new StepReporter() {
            @Override
            public void begin(List<Item> items) {}

            @Override
            public void missed(String name, String reason) {}

            @Override
            public void started(String name) {}

            @Override
            public void printed(String name, String line) {}

            @Override
            public void replayed(String name, String line) {}

            @Override
            public void ended(String name, Status status, String detail, long milliseconds) {}

            @Override
            public void end() {}
        };
    }
}
