package dev.cachetool.json;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the known word that a person most likely meant. */
public final class Suggestion {
    private Suggestion() {}

    /**
     * The known word that is nearest to the given one by edit distance (a swap of neighbours counts once, case not at
     * all); empty where none is near.
     */
    public static Optional<String> nearest(String word, Collection<String> known) {
        String best = null;
        // One slip in a short word, one more for every third letter of a longer one.
        int bestDistance = Math.max(1, (word.length() + 1) / 3) + 1;
        for (String candidate : new TreeSet<>(known)) {
            if (word.isEmpty() || Math.abs(candidate.length() - word.length()) >= bestDistance) {
                continue;
            }
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** What is said of an unknown word: the nearest known one on a second line, or else all of them. */
    public static String unknown(String kind, String word, Collection<String> known) {
        String says = "unknown " + kind + " \"" + word + "\"";
        return nearest(word, known)
                .map(near -> says + "\n  did you mean \"" + near + "\"?")
                .orElseGet(() -> says + "\n  known: " + String.join(", ", new TreeSet<>(known)));
    }

    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(Math.min(current[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    current[j] = Math.min(current[j], beforeLast[j - 2] + 1);
                }
            }
            int[] spare = beforeLast;
            beforeLast = last;
            last = current;
            current = spare;
        }
        return last[b.length()];
    }
}
