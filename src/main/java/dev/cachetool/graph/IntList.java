package dev.cachetool.graph;

import java.util.Arrays;

/** Numbers in an array that grows. */
final class IntList {
    private int[] items;
    private int size;

    IntList(int capacity) {
        items = new int[capacity];
    }

    void add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, Math.max(16, items.length + (items.length >> 1)));
        }
        items[size++] = item;
    }

    int get(int index) {
        return items[index];
    }

    void set(int index, int item) {
        items[index] = item;
    }

    int size() {
        return size;
    }

    /** Takes the last item away. */
    int removeLast() {
        return items[--size];
    }

    /** Adds zeros until there are this many. */
    void fillTo(int wanted) {
        while (size < wanted) {
            add(0);
        }
    }

    int[] toArray() {
        return items.length == size ? items : Arrays.copyOf(items, size);
    }
}
