package dev.cachetool.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Paths as a graph writes them: relative, with slashes, never leading out. */
final class WorkspacePath {
    private WorkspacePath() {}

    /** What is wrong with a path, as half a sentence; empty where nothing is. */
    static Optional<String> problemOf(String path) {
        if (path.isEmpty()) {
            return Optional.of("is empty");
        }
        if (path.indexOf('\0') >= 0) {
            return Optional.of("has a zero character");
        }
        if (path.startsWith("/")) {
            return Optional.of("is absolute");
        }
        return leavesWorkspace(path) ? Optional.of("leads out of the workspace") : Optional.empty();
    }

    /** What is wrong with a pattern, as half a sentence; empty where nothing is. */
    static Optional<String> problemOfPattern(String pattern) {
        String stripped = pattern.strip();
        if (stripped.startsWith("!")) {
            stripped = stripped.substring(1);
        }
        return problemOf(stripped);
    }

    private static boolean leavesWorkspace(String path) {
        int depth = 0;
        int from = 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            int length = to - from;
            if (length == 2 && path.startsWith("..", from)) {
                depth--;
                if (depth < 0) {
                    return true;
                }
            } else if (length > 0 && !(length == 1 && path.charAt(from) == '.')) {
                depth++;
            }
            from = to + 1;
        }
        return false;
    }

    /** The path without {@code .}, {@code ..} and superfluous slashes; {@code .} for the folder itself. */
    static String clean(String path) {
        return isClean(path) ? path : cleaned(path);
    }

    private static boolean isClean(String path) {
        int from = 0;
        while (true) {
            int slash = path.indexOf('/', from);
            int length = (slash < 0 ? path.length() : slash) - from;
            boolean dots = length <= 2 && path.startsWith("..".substring(0, length), from);
            if (dots) {
                return false;
            }
            if (slash < 0) {
                return true;
            }
            from = slash + 1;
        }
    }

    private static String cleaned(String path) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return names.isEmpty() ? "." : String.join("/", names);
    }
}
