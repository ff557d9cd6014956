package dev.cachetool.cli.service;

import dev.cachetool.cli.output.Reporter;
import dev.cachetool.pattern.PatternMatcher;
import dev.cachetool.remotecache.CacheResults;
import dev.cachetool.remotecache.CacheResults.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** What people name that stays in any case: vertices by name or pattern, records by how their digest begins. */
final class KeepRules {
    /** Fewer digits than this are no digest. */
    private static final int SHORTEST = 4;

    private KeepRules() {}

    /** The results that the rules keep; a rule that names nothing is told. */
    static Predicate<Row> of(List<String> rules, CacheResults results, String place, Reporter reporter) {
        Set<Integer> kept = new HashSet<>();
        for (String rule : rules) {
            List<Row> named = new ArrayList<>();
            Predicate<Row> names = rule(rule);
            for (Row row : results.rows()) {
                if (names.test(row)) {
                    named.add(row);
                }
            }
            if (named.isEmpty()) {
                reporter.warn("--keep " + rule + " names no result of " + place);
            }
            named.forEach(row -> kept.add(row.record()));
        }
        return row -> kept.contains(row.record());
    }

    private static Predicate<Row> rule(String rule) {
        PatternMatcher pattern = PatternMatcher.of(List.of(rule));
        String digits = rule.substring(rule.indexOf(':') + 1).toLowerCase(Locale.ROOT);
        boolean digest = digits.length() >= SHORTEST && digits.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        return row -> {
            for (String name : row.names()) {
                if (name.equals(rule) || pattern.matches(name)) {
                    return true;
                }
            }
            return digest
                    && (row.digest().startsWith(digits, row.digest().indexOf(':') + 1)
                            || row.identity().encoded().startsWith(digits));
        };
    }
}
