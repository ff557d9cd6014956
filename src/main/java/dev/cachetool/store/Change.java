package dev.cachetool.store;

/** A change of what is known of keys, that can be told to any generation. */
sealed interface Change {
    /** A link was added. */
    record Link(Name source, Name info, Name target) implements Change {}

    /** A key has a result. */
    record Result(Name key, Name time, Name result) implements Change {}

    /** A result is not there any more. */
    record Release(Name result) implements Change {}
}
