package dev.cachetool.store;

/** A ref whose files are in the store. */
public non-sealed interface LocalImmutableRef extends ImmutableRef {}
