package dev.cachetool.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a JSON document that {@link JsonTokens} cannot read: Jackson reads it again, which is slower but
 * knows what it would have expected where.
 */
final class JsonFault {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonTokens.DEEPEST)
                    .maxStringLength(JsonTokens.LONGEST_TEXT)
                    .maxNameLength(JsonTokens.LONGEST_NAME)
                    .maxNumberLength(JsonTokens.LONGEST_NUMBER)
                    .build())
            .build();

    private final String place;
    private final GraphSource.Opener again;

    private JsonFault(String place, GraphSource.Opener again) {
        this.place = place;
        this.again = again;
    }

    /**
     * The error of the document.
     *
     * @param place where the document is, as a person knows it
     * @param again opens it from its beginning
     * @throws IOException if it cannot be read again
     */
    static GraphException of(String place, GraphSource.Opener again) throws IOException {
        return new JsonFault(place, again).find();
    }

    private GraphException find() throws IOException {
        try (InputStream in = again.open();
                JsonParser parser = FACTORY.createParser(in)) {
            try {
                while (parser.nextToken() != null) {
                    parser.getText();
                }
            } catch (StreamConstraintsException e) {
                boolean deep = parser.getParsingContext().getNestingDepth() >= JsonTokens.DEEPEST;
                return error(
                        parser.currentLocation(),
                        deep ? "the document is nested too deeply" : "a name, a number or a text is too long",
                        "");
            } catch (JsonProcessingException e) {
                return malformed(e);
            } catch (CharConversionException e) {
                return notUtf8()
                        .orElseGet(
                                () -> error(parser.currentLocation(), "the document is not UTF-8", "save it as UTF-8"));
            }
            // Jackson counts lengths in characters, and takes some bytes that are no UTF-8.
            return notUtf8()
                    .orElseGet(() -> error(parser.currentLocation(), "a name, a number or a text is too long", ""));
        }
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
        if (at == null || at.getByteOffset() < 0) {
            return new GraphException(place, 0, 0, problem, nextStep);
        }
        return CharacterPlace.error(place, again, at.getByteOffset(), problem, nextStep);
    }
}
