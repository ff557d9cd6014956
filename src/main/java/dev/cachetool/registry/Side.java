package dev.cachetool.registry;

/** What a client does at a registry; people log in to each apart. */
public enum Side {
    PULL,
    PUSH
}
