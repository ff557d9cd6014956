package dev.cachetool.content;

/** What stands at a path of a file tree. */
public enum EntryType {
    FILE,
    DIRECTORY,
    SYMLINK
}
