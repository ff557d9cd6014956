package dev.cachetool.cli;

import java.util.ArrayList;
import java.util.List;

/** The lines in which two texts differ, with a few around them, for people. */
final class LineDiff {
    private static final int AROUND = 2;

    /** Of two longer stretches than this, all lines are shown: finding what they share would take too long. */
    private static final int LONGEST = 2_000;

    private final List<String> lines = new ArrayList<>();

    private LineDiff() {}

    /** Lines of the first text with {@code -}, of the second with {@code +}, of both with a blank in front. */
    static String of(String first, String second) {
        List<String> a = List.of(first.split("\n", -1));
        List<String> b = List.of(second.split("\n", -1));
        int start = 0;
        while (start < a.size() && start < b.size() && a.get(start).equals(b.get(start))) {
            start++;
        }
        int end = 0;
        while (end < a.size() - start
                && end < b.size() - start
                && a.get(a.size() - 1 - end).equals(b.get(b.size() - 1 - end))) {
            end++;
        }
        LineDiff diff = new LineDiff();
        a.subList(0, start).forEach(line -> diff.lines.add("  " + line));
        diff.middle(a.subList(start, a.size() - end), b.subList(start, b.size() - end));
        a.subList(a.size() - end, a.size()).forEach(line -> diff.lines.add("  " + line));
        return diff.shown();
    }

    /** By the longest common subsequence. */
    private void middle(List<String> a, List<String> b) {
        if (a.size() > LONGEST || b.size() > LONGEST) {
            a.forEach(line -> lines.add("- " + line));
            b.forEach(line -> lines.add("+ " + line));
            return;
        }
        int[][] common = new int[a.size() + 1][b.size() + 1];
        for (int i = a.size() - 1; i >= 0; i--) {
            for (int j = b.size() - 1; j >= 0; j--) {
                common[i][j] = a.get(i).equals(b.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
                lines.add("  " + a.get(i++));
                j++;
            } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add("- " + a.get(i++));
            } else {
                lines.add("+ " + b.get(j++));
            }
        }
    }

    private String shown() {
        StringBuilder shown = new StringBuilder();
        boolean cut = false;
        for (int i = 0; i < lines.size(); i++) {
            boolean near = false;
            for (int j = Math.max(0, i - AROUND); j <= Math.min(lines.size() - 1, i + AROUND); j++) {
                near |= lines.get(j).charAt(0) != ' ';
            }
            if (near) {
                shown.append(cut ? "…\n" : "").append(lines.get(i)).append('\n');
            }
            cut = !near;
        }
        return shown.toString();
    }
}
