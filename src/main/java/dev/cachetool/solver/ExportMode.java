package dev.cachetool.solver;

/** Which results an export takes; records and links of the whole chain are exported in every mode. */
public enum ExportMode {
    /** The target's own result; below the first result on a path only what is transferable already. */
    MIN("min"),
    /** Every vertex's result. */
    MAX("max"),
    /** Only what is transferable already. */
    REMOTE_ONLY("remote-only");

    private final String text;

    ExportMode(String text) {
        this.text = text;
    }

    /** As it stands in a SPEC or on the command line. */
    public String text() {
        return text;
    }
}
