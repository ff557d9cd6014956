package dev.cachetool.cli.command;

import dev.cachetool.inspect.RecordView;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Which results are wanted: by the names of vertices, with wildcards, or by how a record's digest begins. */
final class ResultFilter {
    private final List<String> words;
    private final List<Pattern> names = new ArrayList<>();

    /** Of no word, all are wanted. */
    ResultFilter(List<String> words) {
        this.words = List.copyOf(words);
        for (String word : words) {
            names.add(pattern(word));
        }
    }

    boolean matches(RecordView record) {
        if (words.isEmpty()) {
            return true;
        }
        for (int i = 0; i < words.size(); i++) {
            Pattern pattern = names.get(i);
            if (isDigestOf(words.get(i), record)
                    || record.names().stream()
                            .anyMatch(name -> pattern.matcher(name).matches())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDigestOf(String word, RecordView record) {
        String digest = record.digest();
        String identity = record.identity().toString();
        return digest.startsWith(word)
                || identity.startsWith(word)
                || digest.startsWith(word, digest.indexOf(':') + 1)
                || identity.startsWith(word, identity.indexOf(':') + 1);
    }

    private static Pattern pattern(String word) {
        StringBuilder expression = new StringBuilder();
        for (String part : word.split("(?<=[*?])|(?=[*?])", -1)) {
            expression.append(
                    switch (part) {
                        case "*" -> ".*";
                        case "?" -> ".";
                        default -> Pattern.quote(part);
                    });
        }
        return Pattern.compile(expression.toString(), Pattern.DOTALL);
    }
}
