package dev.cachetool.cli.output;

/** The exit codes of every verb. They are stable: scripts count on them. */
public enum ExitCode {
    DONE(0, "done (a miss is no error)"),
    INTERNAL(1, "an error inside cachetool"),
    USAGE(2, "wrong usage, a bad SPEC or a bad graph"),
    NOT_FOUND(3, "a named thing is not there"),
    REFUSED(4, "authentication or permission"),
    UNREACHABLE(5, "network or registry trouble after all retries (try again)"),
    INTEGRITY(6, "damaged content: digest, size, corrupt config"),
    FORM_REJECTED(7, "the registry rejects the form"),
    LOCAL_IO(8, "local files: disk full, no permission, lock"),
    STEP_FAILED(9, "a step failed"),
    ANSWER_NO(10, "the answer is no (--fail-on-miss, --min-hit-rate, --fit, [store] verify)"),
    PARTLY(11, "partly done"),
    INTERRUPTED(130, "interrupted (Ctrl-C), nothing half-published"),
    TERMINATED(143, "terminated, nothing half-published");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** What the process ends with. */
    public int number() {
        return number;
    }

    /** What it means, in a few words. */
    public String meaning() {
        return meaning;
    }
}
