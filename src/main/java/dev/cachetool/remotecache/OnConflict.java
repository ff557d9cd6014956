package dev.cachetool.remotecache;

import java.util.Locale;

/** What is done about what stands at the tag that a cache is published at. */
public enum OnConflict {
    /** It is replaced; where another client wrote it meanwhile, that is told. */
    REPLACE,
    /** What stands there is united with what is published. */
    MERGE,
    /** It is replaced, unless another client wrote it meanwhile. */
    FAIL;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As it is written. */
    public String word() {
        return word;
    }
}
