package dev.cachetool.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileTreeTest {
    private static List<String> paths(FileTree tree) {
        return tree.entries().stream().map(TreeEntry::path).toList();
    }

    @Test
    void entries_ofAnyOrder_areSortedByTheirBytes() {
        // U+FF5E is before U+1F600 in UTF-8, and after it in UTF-16.
        FileTree tree = FileTree.of(List.of(
                TreeEntry.file("\uD83D\uDE00", 0644, 1),
                TreeEntry.file("\uFF5E", 0644, 1),
                TreeEntry.file("a/b", 0644, 1),
                TreeEntry.file("a-b", 0644, 1),
                TreeEntry.directory("a", 0755),
                TreeEntry.file("\uDCFF", 0644, 1)));
        assertEquals(List.of("a", "a-b", "a/b", "\uFF5E", "\uD83D\uDE00", "\uDCFF"), paths(tree));
    }

    @Test
    void of_whenAPathIsThereTwice_isRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> FileTree.of(List.of(TreeEntry.file("a", 0644, 1), TreeEntry.directory("a", 0755))));
        assertEquals("\"a\" is in the tree twice", e.getMessage());
    }

    @Test
    void of_whenSomethingIsBelowAFile_isRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> FileTree.of(List.of(TreeEntry.file("a", 0644, 1), TreeEntry.file("a/b/c", 0644, 1))));
        assertEquals("\"a/b/c\" is below \"a\", which is no folder", e.getMessage());
    }

    @Test
    void withParents_whenFoldersAreImplied_hasThemAll() {
        FileTree tree = FileTree.of(List.of(
                TreeEntry.file("a/b/c/d", 0644, 1),
                TreeEntry.file("a/b/e", 0644, 1),
                TreeEntry.directory("a/b", 0700),
                TreeEntry.file("f", 0644, 1)));
        assertEquals(List.of("a", "a/b", "a/b/c", "a/b/c/d", "a/b/e", "f"), paths(tree.withParents()));
        assertEquals(0700, tree.withParents().find("a/b").orElseThrow().mode());
        assertEquals(tree.withParents(), tree.withParents().withParents());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a", "a/", "a//b", ".", "./a", "a/.", "..", "a/../b", "a\0b"})
    void entry_whenItsPathIsNone_isRefused(String path) {
        assertThrows(IllegalArgumentException.class, () -> TreeEntry.file(path, 0644, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "...", "..a", "a..", ".a/b.", " ", "\\", "a\nb"})
    void entry_whenItsPathIsOdd_isTaken(String path) {
        assertEquals(path, TreeEntry.file(path, 0644, 1).path());
    }
}
