package dev.cachetool.registry;

/** What a client does at a registry. */
public enum Side {
    PULL("pull", "from"),
    PUSH("push", "to");

    private final String verb;
    private final String preposition;

    Side(String verb, String preposition) {
        this.verb = verb;
        this.preposition = preposition;
    }

    /** As it is called. */
    public String verb() {
        return verb;
    }

    /** As in "pull from". */
    String preposition() {
        return preposition;
    }
}
