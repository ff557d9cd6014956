package dev.cachetool.registry;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The programs that some tests need and that a machine may lack. Without one its tests are skipped and say why; with
 * {@code -Dcachetool.servers=required}, as in CI, they fail.
 */
public final class TestServers {
    private static final String PROPERTY = "cachetool.servers";

    private TestServers() {}

    /** Ends the test, since that is missing. */
    public static void missing(String what) {
        if (System.getProperty(PROPERTY, "").equals("required")) {
            Assertions.fail(what + ", and -D" + PROPERTY + "=required says that it must be there");
        }
        Assumptions.abort(what);
    }
}
