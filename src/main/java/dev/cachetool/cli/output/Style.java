package dev.cachetool.cli.output;

import java.util.Map;

/** Colour, which only says again what the words say. */
public enum Style {
    PLAIN,
    COLOURED;

    /** The style of a stream: colours on a terminal, unless NO_COLOR or a dumb terminal speak against it. */
    public static Style of(boolean terminal, Map<String, String> environment) {
        boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return terminal && !refused ? COLOURED : PLAIN;
    }

    /** The text, in the colour of the word: of a status, {@code error} or {@code warning}; without one, as it is. */
    public String paint(String word, String text) {
        if (this == PLAIN) {
            return text;
        }
        String colour = switch (word) {
            case "hit", "executed", "pushed", "written", "pulled", "restored" -> "32";
            case "miss", "warning" -> "33";
            case "maybe" -> "36";
            case "failed", "error" -> "31";
            case "unneeded", "skipped", "exists", "unchanged", "source" -> "2";
            default -> "";
        };
        return colour.isEmpty() ? text : "\u001b[" + colour + "m" + text + "\u001b[0m";
    }
}
