package dev.cachetool.pattern;

import java.util.ArrayList;
import java.util.List;

/** Paths as text, by the rules of Go's {@code path/filepath} on Unix. */
final class SlashPath {
    private SlashPath() {}

    /** The shortest path that means the same, by its text alone; {@code .} for an empty one. */
    static String clean(String path) {
        if (isClean(path)) {
            return path;
        }
        boolean absolute = path.startsWith("/");
        List<String> names = new ArrayList<>();
        int from = 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            String name = path.substring(from, to);
            from = to + 1;
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (!name.equals("..")) {
                names.add(name);
            } else if (!names.isEmpty() && !names.get(names.size() - 1).equals("..")) {
                names.remove(names.size() - 1);
            } else if (!absolute) {
                names.add(name);
            }
        }
        String joined = String.join("/", names);
        if (absolute) {
            return "/" + joined;
        }
        return joined.isEmpty() ? "." : joined;
    }

    /** Whether the path is relative, not empty, and made of names other than {@code .} and {@code ..}. */
    static boolean isClean(String path) {
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/') {
                if (!isName(path, start, i)) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    private static boolean isName(String path, int from, int to) {
        return switch (to - from) {
            case 0 -> false;
            case 1 -> path.charAt(from) != '.';
            case 2 -> path.charAt(from) != '.' || path.charAt(from + 1) != '.';
            default -> true;
        };
    }

    /** The clean path of the folder that a path is in; {@code .} for a single name. */
    static String parent(String path) {
        return clean(path.substring(0, path.lastIndexOf('/') + 1));
    }
}
