package dev.cachetool.cachemap;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Picks variables of the environment by names, or patterns for names ({@code *}, {@code ?}). */
public final class Variables {
    private Variables() {}

    /** Those that are present, by name. */
    public static SortedMap<String, String> pick(Map<String, String> environment, List<String> patterns) {
        SortedMap<String, String> present = new TreeMap<>();
        for (String pattern : patterns) {
            if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
                String value = environment.get(pattern);
                if (value != null) {
                    present.put(pattern, value);
                }
                continue;
            }
            VariablePattern variables = new VariablePattern(pattern);
            environment.forEach((name, value) -> {
                if (variables.matches(name)) {
                    present.put(name, value);
                }
            });
        }
        return present;
    }
}
