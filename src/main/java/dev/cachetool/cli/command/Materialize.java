package dev.cachetool.cli.command;

/** Of which vertices outputs are restored. */
public enum Materialize {
    /** Of the targets, and what missing steps read. */
    TARGETS,
    /** Of every vertex that hits, also below other hits. */
    ALL
}
