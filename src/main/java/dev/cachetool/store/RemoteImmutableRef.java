package dev.cachetool.store;

/**
 * A ref whose layers lie elsewhere. They are pulled at the moment somebody reads them, once, by whoever comes first; from
 * then on the store has its files, and other processes find them.
 */
public non-sealed interface RemoteImmutableRef extends ImmutableRef {
    /** Whether nothing of it was pulled yet. */
    boolean isLazy();
}
