package dev.cachetool.pattern;

import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The classes that <code>\p</code> names: general categories and scripts of Unicode. Which characters are in them is
 * for the JDK to say, whose version of Unicode is not Go's: they may differ in characters that are new. As in Go 1.26, a
 * script is known only if its name is a single word.
 */
final class UnicodeClasses {
    private UnicodeClasses() {}

    /** A class by its name, which is the same whatever its case and its spaces, hyphens and underscores. */
    static Optional<IntPredicate> named(String name) {
        String key = canonical(name);
        return switch (key) {
            case "any" -> Optional.of(c -> true);
            case "ascii" -> Optional.of(c -> c < 128);
            case "assigned" -> Optional.of(c -> Character.getType(c) != Character.UNASSIGNED);
            case "lu", "uppercaseletter" -> ofTypes(Character.UPPERCASE_LETTER);
            case "ll", "lowercaseletter" -> ofTypes(Character.LOWERCASE_LETTER);
            case "lt", "titlecaseletter" -> ofTypes(Character.TITLECASE_LETTER);
            case "lm", "modifierletter" -> ofTypes(Character.MODIFIER_LETTER);
            case "lo", "otherletter" -> ofTypes(Character.OTHER_LETTER);
            case "mn", "nonspacingmark" -> ofTypes(Character.NON_SPACING_MARK);
            case "me", "enclosingmark" -> ofTypes(Character.ENCLOSING_MARK);
            case "mc", "spacingmark" -> ofTypes(Character.COMBINING_SPACING_MARK);
            case "nd", "decimalnumber", "digit" -> ofTypes(Character.DECIMAL_DIGIT_NUMBER);
            case "nl", "letternumber" -> ofTypes(Character.LETTER_NUMBER);
            case "no", "othernumber" -> ofTypes(Character.OTHER_NUMBER);
            case "zs", "spaceseparator" -> ofTypes(Character.SPACE_SEPARATOR);
            case "zl", "lineseparator" -> ofTypes(Character.LINE_SEPARATOR);
            case "zp", "paragraphseparator" -> ofTypes(Character.PARAGRAPH_SEPARATOR);
            case "cc", "control", "cntrl" -> ofTypes(Character.CONTROL);
            case "cf", "format" -> ofTypes(Character.FORMAT);
            case "co", "privateuse" -> ofTypes(Character.PRIVATE_USE);
            case "cs", "surrogate" -> ofTypes(Character.SURROGATE);
            case "cn", "unassigned" -> ofTypes(Character.UNASSIGNED);
            case "pd", "dashpunctuation" -> ofTypes(Character.DASH_PUNCTUATION);
            case "ps", "openpunctuation" -> ofTypes(Character.START_PUNCTUATION);
            case "pe", "closepunctuation" -> ofTypes(Character.END_PUNCTUATION);
            case "pc", "connectorpunctuation" -> ofTypes(Character.CONNECTOR_PUNCTUATION);
            case "po", "otherpunctuation" -> ofTypes(Character.OTHER_PUNCTUATION);
            case "pi", "initialpunctuation" -> ofTypes(Character.INITIAL_QUOTE_PUNCTUATION);
            case "pf", "finalpunctuation" -> ofTypes(Character.FINAL_QUOTE_PUNCTUATION);
            case "sm", "mathsymbol" -> ofTypes(Character.MATH_SYMBOL);
            case "sc", "currencysymbol" -> ofTypes(Character.CURRENCY_SYMBOL);
            case "sk", "modifiersymbol" -> ofTypes(Character.MODIFIER_SYMBOL);
            case "so", "othersymbol" -> ofTypes(Character.OTHER_SYMBOL);
            case "l", "letter" ->
                ofTypes(
                        Character.UPPERCASE_LETTER,
                        Character.LOWERCASE_LETTER,
                        Character.TITLECASE_LETTER,
                        Character.MODIFIER_LETTER,
                        Character.OTHER_LETTER);
            case "lc", "casedletter" ->
                ofTypes(Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER, Character.TITLECASE_LETTER);
            case "m", "mark", "combiningmark" ->
                ofTypes(Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK);
            case "n", "number" ->
                ofTypes(Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER);
            case "z", "separator" ->
                ofTypes(Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR);
            case "c", "other" ->
                ofTypes(
                        Character.CONTROL,
                        Character.FORMAT,
                        Character.PRIVATE_USE,
                        Character.SURROGATE,
                        Character.UNASSIGNED);
            case "p", "punctuation", "punct" ->
                ofTypes(
                        Character.DASH_PUNCTUATION,
                        Character.START_PUNCTUATION,
                        Character.END_PUNCTUATION,
                        Character.CONNECTOR_PUNCTUATION,
                        Character.OTHER_PUNCTUATION,
                        Character.INITIAL_QUOTE_PUNCTUATION,
                        Character.FINAL_QUOTE_PUNCTUATION);
            case "s", "symbol" ->
                ofTypes(
                        Character.MATH_SYMBOL,
                        Character.CURRENCY_SYMBOL,
                        Character.MODIFIER_SYMBOL,
                        Character.OTHER_SYMBOL);
            default -> script(key);
        };
    }

    private static String canonical(String name) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '_' && c != '-' && c != ' ') {
                key.append(c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c);
            }
        }
        return key.toString();
    }

    private static Optional<IntPredicate> ofTypes(byte... types) {
        int set = 0;
        for (byte type : types) {
            set |= 1 << type;
        }
        int members = set;
        return Optional.of(c -> (members >>> Character.getType(c) & 1) != 0);
    }

    private static Optional<IntPredicate> script(String key) {
        for (Character.UnicodeScript script : Character.UnicodeScript.values()) {
            if (script != Character.UnicodeScript.UNKNOWN
                    && script.name().toLowerCase(Locale.ROOT).equals(key)) {
                return Optional.of(c -> Character.UnicodeScript.of(c) == script);
            }
        }
        return Optional.empty();
    }
}
