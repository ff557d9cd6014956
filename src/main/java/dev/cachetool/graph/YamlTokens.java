package dev.cachetool.graph;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * The tokens of a YAML document, as far as it says no more than JSON could: anchors, aliases, tags, merge keys and
 * directives are refused, and so is every plain text that YAML 1.1 and YAML 1.2 take for different things.
 */
final class YamlTokens extends Tokens {
    /** What YAML 1.1 takes for a truth value or nothing, in small letters. */
    private static final Set<String> WORDS = Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)");

    /** Octal, hexadecimal, binary, sexagesimal, with underscores, with a plus, with a fraction, infinite. */
    private static final Pattern OTHER_NUMBER = Pattern.compile("[-+]?0o?[0-7_]+|[-+]?0[xX][0-9a-fA-F_]+|[-+]?0b[01_]+"
            + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?"
            + "|[-+]?[0-9][0-9_]*|[-+]?(?:[0-9][0-9_]*)?\\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
            + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

    private final Reader reader;
    private final String place;
    private final GraphSource.Opener again;
    private final ParserImpl parser;
    private final Deque<Open> open = new ArrayDeque<>();
    private boolean started;
    private String text = "";
    private @Nullable Mark mark;

    /** A collection that has begun. */
    private static final class Open {
        final boolean mapping;
        boolean nameIsNext = true;

        Open(boolean mapping) {
            this.mapping = mapping;
        }
    }

    YamlTokens(InputStream in, String place, GraphSource.Opener again) {
        this.reader = new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        this.place = place;
        this.again = again;
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        options.setProcessComments(false);
        this.parser = new ParserImpl(new StreamReader(reader), options);
    }

    @Override
    Kind next() throws IOException {
        if (!started) {
            started = true;
            event();
            Event document = event();
            if (document.is(Event.ID.StreamEnd)) {
                return Kind.END;
            }
            DocumentStartEvent start = (DocumentStartEvent) document;
            if (start.getVersion() != null
                    || (start.getTags() != null && !start.getTags().isEmpty())) {
                throw error("a graph takes no YAML directives", "leave out the lines that begin with %");
            }
        }
        Event event = event();
        if (event.is(Event.ID.DocumentEnd)) {
            Event after = event();
            if (!after.is(Event.ID.StreamEnd)) {
                throw error("a second document begins", "a graph is one YAML document");
            }
            return Kind.END;
        }
        if (event.is(Event.ID.StreamEnd)) {
            return Kind.END;
        }
        if (event instanceof NodeEvent node) {
            refuseReferences(node);
        }
        Open parent = open.peek();
        boolean isName = false;
        if (parent != null && parent.mapping && !event.is(Event.ID.MappingEnd)) {
            isName = parent.nameIsNext;
            parent.nameIsNext = !parent.nameIsNext;
        }
        if (event instanceof ScalarEvent scalar) {
            return isName ? name(scalar) : value(scalar);
        }
        if (isName) {
            throw error("a name in an object must be a plain text", "");
        }
        if (event.is(Event.ID.MappingStart)) {
            open.push(new Open(true));
            return Kind.BEGIN_OBJECT;
        }
        if (event.is(Event.ID.SequenceStart)) {
            open.push(new Open(false));
            return Kind.BEGIN_ARRAY;
        }
        open.pop();
        return event.is(Event.ID.MappingEnd) ? Kind.END_OBJECT : Kind.END_ARRAY;
    }

    private Event event() throws IOException {
        try {
            if (open.size() > 500) {
                throw error("the document is nested too deeply", "");
            }
            Event event = parser.getEvent();
            mark = event.getStartMark();
            return event;
        } catch (MarkedYAMLException e) {
            mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            String context = e.getContext() == null ? "" : " (" + e.getContext() + ")";
            throw error("no valid YAML: " + e.getProblem() + context, "");
        } catch (ReaderException e) {
            throw at(
                    e.getPosition(),
                    "no valid YAML: the character U+" + String.format(Locale.ROOT, "%04X", e.getCodePoint())
                            + " may not stand in it",
                    "");
        } catch (YAMLException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw at(Long.MAX_VALUE, "the document is not UTF-8", "save it as UTF-8");
            }
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new GraphException(place, 0, 0, "no valid YAML: " + e.getMessage(), "");
        }
    }

    /** An error at the character of the number, or at a byte before it that is no UTF-8. */
    private GraphException at(long character, String problem, String nextStep) throws IOException {
        try (InputStream document = again.open()) {
            CharacterPlace at = CharacterPlace.of(document, character);
            return new GraphException(place, at.line(), at.column(), problem, nextStep);
        }
    }

    private void refuseReferences(NodeEvent node) throws GraphException {
        if (node.is(Event.ID.Alias)) {
            throw error("a graph takes no YAML aliases (*" + node.getAnchor() + ")", "write out what it stands for");
        }
        if (node.getAnchor() != null) {
            throw error(
                    "a graph takes no YAML anchors (&" + node.getAnchor() + ")",
                    "leave it out; what is the same for all steps can stand in \"defaults\"");
        }
        String tag = node instanceof ScalarEvent scalar
                ? scalar.getTag()
                : node instanceof CollectionStartEvent collection ? collection.getTag() : null;
        if (tag != null) {
            throw error("a graph takes no YAML tags (" + tag + ")", "leave it out");
        }
    }

    private Kind name(ScalarEvent scalar) throws GraphException {
        text = scalar.getValue();
        if (scalar.getScalarStyle() == ScalarStyle.PLAIN) {
            if (text.equals("<<")) {
                throw error(
                        "a graph takes no YAML merge keys (<<)",
                        "write out what it stands for; what is the same for all steps can stand in \"defaults\"");
            }
            if (isSurprise(text)) {
                throw quoted();
            }
        }
        return Kind.NAME;
    }

    private Kind value(ScalarEvent scalar) throws GraphException {
        text = scalar.getValue();
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return Kind.STRING;
        }
        switch (text) {
            case "true" -> {
                return Kind.TRUE;
            }
            case "false" -> {
                return Kind.FALSE;
            }
            case "", "~", "null" -> {
                return Kind.NULL;
            }
            default -> {}
        }
        if (WHOLE_NUMBER.matcher(text).matches()) {
            return Kind.NUMBER;
        }
        if (isSurprise(text)) {
            throw quoted();
        }
        return Kind.STRING;
    }

    private static boolean isSurprise(String text) {
        if (text.length() <= 5 && WORDS.contains(text.toLowerCase(Locale.ROOT))) {
            return !text.equals("true") && !text.equals("false") && !text.equals("null");
        }
        char first = text.isEmpty() ? ' ' : text.charAt(0);
        boolean maybeNumber = (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
        return maybeNumber
                && text.length() < 100
                && !WHOLE_NUMBER.matcher(text).matches()
                && OTHER_NUMBER.matcher(text).matches()
                && !text.equals(".");
    }

    private GraphException quoted() {
        return error(
                Quoted.of(text) + " without quotes means different things to different readers of YAML",
                "write it as \"" + text + "\" if it is a text, or else as true, false, or a plain decimal number");
    }

    @Override
    String text() {
        return text;
    }

    @Override
    GraphException error(String problem, String nextStep) {
        Optional<Mark> at = Optional.ofNullable(mark);
        return new GraphException(
                place,
                at.map(m -> m.getLine() + 1).orElse(0),
                at.map(m -> m.getColumn() + 1).orElse(0),
                problem,
                nextStep);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
