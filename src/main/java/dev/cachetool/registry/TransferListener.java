package dev.cachetool.registry;

/** Is told while bytes are sent, from any thread. */
@FunctionalInterface
public interface TransferListener {
    /** Tells nobody. */
    TransferListener NONE = bytes -> {};

    /** So many more bytes went out. */
    void transferred(long bytes);
}
