package dev.cachetool.cli.options;

import dev.cachetool.digest.Digest;
import dev.cachetool.json.Suggestion;
import dev.cachetool.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts the names of branches into the tags of SPECs: {@code {branch}} and {@code {default-branch}}.
 *
 * <p>A slash becomes a hyphen ({@code feature/x} is {@code feature-x}). Where anything else of a name cannot stand in a tag,
 * it becomes a hyphen too, and eight digits of the name's digest stand behind it, so that other names get other tags. A tag
 * that is too long is cut, and ends with digits of the digest of all of it.
 */
public final class Placeholders {
    /** Those of a place that nobody typed: no name is known. */
    public static final Placeholders NONE = new Placeholders(
            new Names() {
                @Override
                public Optional<Name> branch() {
                    return Optional.empty();
                }

                @Override
                public Optional<Name> defaultBranch() {
                    return Optional.empty();
                }
            },
            message -> {});

    private static final String BRANCH = "branch";
    private static final String DEFAULT_BRANCH = "default-branch";
    private static final List<String> KNOWN = List.of("{" + BRANCH + "}", "{" + DEFAULT_BRANCH + "}");
    private static final int LONGEST_TAG = 128;
    private static final int DIGITS = 8;

    private final Names names;
    private final Consumer<String> told;

    /**
     * @param names gives the names of branches, when they are asked for
     * @param told is told what was put in for what
     */
    public Placeholders(Names names, Consumer<String> told) {
        this.names = names;
        this.told = told;
    }

    /** The branches that a command works for. */
    public interface Names {
        /** The branch that is built; empty where that is not known. */
        Optional<Name> branch();

        /** The branch that others start from; empty where that is not known. */
        Optional<Name> defaultBranch();
    }

    /**
     * The name of a branch.
     *
     * @param text the name, as Git has it
     * @param from where it was found: a variable, a file, a program
     */
    public record Name(String text, String from) {}

    /** Whether there is something in the SPEC that is taken for a placeholder. */
    public static boolean isIn(String spec) {
        return KNOWN.stream().anyMatch(spec::contains);
    }

    /**
     * The tag with names in place of its placeholders; a tag without any stays what it is, valid or not.
     *
     * @throws UsageException if a placeholder is unknown, or a name is
     */
    String tag(String template) {
        if (template.indexOf('{') < 0) {
            return template;
        }
        StringBuilder tag = new StringBuilder();
        StringBuilder whole = new StringBuilder();
        List<String> filled = new ArrayList<>();
        int at = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
            int close = template.indexOf('}', open);
            String placeholder = close < 0 ? template.substring(open) : template.substring(open, close + 1);
            Name name = name(placeholder);
            tag.append(template, at, open).append(valid(name.text()));
            whole.append(template, at, open).append(name.text());
            at = close + 1;
            filled.add(placeholder + " is " + name.text() + " (" + name.from() + ")");
        }
        tag.append(template, at, template.length());
        whole.append(template, at, template.length());
        if (tag.length() > LONGEST_TAG) {
            tag.setLength(LONGEST_TAG - DIGITS - 1);
            tag.append('-').append(digits(whole.toString()));
        }
        told.accept("the tag " + template + " is " + tag + ": " + String.join(", ", filled));
        return tag.toString();
    }

    /**
     * The part of a SPEC that has no placeholders: a path, or a repository's name.
     *
     * @param where what a placeholder would have to stand behind
     * @throws UsageException if one stands there
     */
    static String plain(String text, String where) {
        for (String placeholder : KNOWN) {
            if (text.contains(placeholder)) {
                throw new UsageException(
                        placeholder + " stands for a tag, and cannot be a part of \"" + text + "\"",
                        "write " + where + placeholder);
            }
        }
        return text;
    }

    private Name name(String placeholder) {
        switch (placeholder) {
            case "{" + BRANCH + "}" -> {
                return names.branch()
                        .orElseThrow(() -> new UsageException(
                                "no branch is known for {" + BRANCH + "}: no variable of a CI system says one, and Git"
                                        + " is on none here",
                                "check a branch out, or set CI_COMMIT_REF_NAME to its name"));
            }
            case "{" + DEFAULT_BRANCH + "}" -> {
                return names.defaultBranch()
                        .orElseThrow(() -> new UsageException(
                                "no default branch is known for {" + DEFAULT_BRANCH + "}: no variable of a CI system"
                                        + " says one, and Git knows no origin/HEAD here",
                                "set CI_DEFAULT_BRANCH to its name, or: git remote set-head origin --auto"));
            }
            default ->
                throw new UsageException(
                        "unknown placeholder " + placeholder + " in a tag",
                        Suggestion.nearest(placeholder, KNOWN)
                                .map(near -> "did you mean " + near + "?")
                                .orElse("known: " + String.join(", ", KNOWN)));
        }
    }

    /** The name with nothing in it that a tag cannot have. */
    private static String valid(String name) {
        StringBuilder tag = new StringBuilder();
        boolean changed = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean fits = Reference.isTag("_" + c);
            tag.append(fits ? c : '-');
            changed |= !fits && c != '/';
        }
        if (!Reference.isTag(tag.substring(0, Math.min(1, tag.length())))) {
            tag.insert(0, '_');
            changed = true;
        }
        if (changed) {
            tag.append('-').append(digits(name));
        }
        return tag.toString();
    }

    private static String digits(String text) {
        return Digest.sha256(text).shortText().substring(0, DIGITS);
    }
}
