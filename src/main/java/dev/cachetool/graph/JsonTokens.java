package dev.cachetool.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tokens of a JSON document; repeated names are for the reader to find. */
final class JsonTokens extends Tokens {
    private static final int DEEPEST = 500;
    private static final int LONGEST_STRING = 64 << 20;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_STRING)
                    .maxNameLength(1 << 20)
                    .maxNumberLength(1000)
                    .build())
            .build();

    private final JsonParser parser;
    private final String place;
    private final GraphSource.Opener again;

    JsonTokens(InputStream in, String place, GraphSource.Opener again) throws IOException {
        this.parser = FACTORY.createParser(in);
        this.place = place;
        this.again = again;
    }

    @Override
    Kind next() throws IOException {
        JsonToken token;
        try {
            token = parser.nextToken();
        } catch (StreamConstraintsException e) {
            boolean deep = parser.getParsingContext().getNestingDepth() >= DEEPEST;
            throw error(
                    parser.currentLocation(),
                    deep ? "the document is nested too deeply" : "a name, a number or a text is too long",
                    "");
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (CharConversionException e) {
            throw notUtf8()
                    .orElseGet(() -> error(parser.currentLocation(), "the document is not UTF-8", "save it as UTF-8"));
        }
        if (token == null) {
            return Kind.END;
        }
        return switch (token) {
            case START_OBJECT -> Kind.BEGIN_OBJECT;
            case END_OBJECT -> Kind.END_OBJECT;
            case START_ARRAY -> Kind.BEGIN_ARRAY;
            case END_ARRAY -> Kind.END_ARRAY;
            case FIELD_NAME -> Kind.NAME;
            case VALUE_STRING -> Kind.STRING;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Kind.NUMBER;
            case VALUE_TRUE -> Kind.TRUE;
            case VALUE_FALSE -> Kind.FALSE;
            case VALUE_NULL -> Kind.NULL;
            default -> throw new IllegalStateException("token " + token);
        };
    }

    @Override
    String text() throws IOException {
        try {
            return parser.getText();
        } catch (StreamConstraintsException e) {
            throw error("a text has more than " + (LONGEST_STRING >> 20) + " MiB", "");
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (CharConversionException e) {
            throw notUtf8()
                    .orElseGet(() -> error(parser.currentLocation(), "the document is not UTF-8", "save it as UTF-8"));
        }
    }

    @Override
    GraphException error(String problem, String nextStep) {
        return error(parser.currentTokenLocation(), problem, nextStep);
    }

    private GraphException malformed(JsonProcessingException e) {
        JsonException located = JsonDocument.located(e, place);
        GraphException malformed = error(e.getLocation(), located.problem(), "");
        return notUtf8().filter(other -> isNotAfter(other, malformed)).orElse(malformed);
    }

    private static boolean isNotAfter(GraphException first, GraphException second) {
        return first.line() < second.line() || (first.line() == second.line() && first.column() <= second.column());
    }

    /** The error of the first byte that is no UTF-8; empty where there is none. */
    private Optional<GraphException> notUtf8() {
        try (InputStream document = again.open()) {
            return CharacterPlace.ofFirstInvalid(document)
                    .map(at -> new GraphException(
                            place, at.line(), at.column(), "the document is not UTF-8", "save it as UTF-8"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private GraphException error(@Nullable JsonLocation at, String problem, String nextStep) {
        if (at == null || at.getLineNr() < 1) {
            return new GraphException(place, 0, 0, problem, nextStep);
        }
        int column = at.getColumnNr();
        try {
            column = charactersUpTo(at.getLineNr(), at.getColumnNr());
        } catch (IOException e) {
            // The column in bytes has to do.
        }
        return new GraphException(place, at.getLineNr(), column, problem, nextStep);
    }

    /** Jackson counts columns in bytes, people in characters: reads the line again. */
    private int charactersUpTo(int line, int byteColumn) throws IOException {
        try (InputStream in = again.open()) {
            int currentLine = 1;
            boolean afterReturn = false;
            int column = 1;
            int bytes = 1;
            while (currentLine < line || bytes < byteColumn) {
                int b = in.read();
                if (b < 0) {
                    return byteColumn;
                }
                if (currentLine == line) {
                    if (afterReturn && b == '\n') {
                        afterReturn = false;
                        continue;
                    }
                    afterReturn = false;
                    bytes++;
                    if ((b & 0xC0) != 0x80) {
                        column++;
                    }
                } else if (b == '\n' && afterReturn) {
                    afterReturn = false;
                } else {
                    afterReturn = b == '\r';
                    if (b == '\n' || b == '\r') {
                        currentLine++;
                    }
                }
            }
            return column;
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
