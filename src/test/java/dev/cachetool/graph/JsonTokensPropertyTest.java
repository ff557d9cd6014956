package dev.cachetool.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.cachetool.graph.Tokens.Kind;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random documents, right and wrong ones, have the tokens that Jackson finds, and are refused where it refuses them. */
final class JsonTokensPropertyTest {
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 1_000_000 : 20_000;
    private static final JsonFactory JACKSON = new JsonFactory();
    private static final String[] TEXTS = {
        "",
        "a",
        "vertex",
        "0123456789abcdef",
        "ends with an escape\\n",
        "\\\"\\\\\\/\\b\\f\\n\\r\\t",
        "\\u0041\\u00e4\\u20AC",
        "\u00e4",
        "\u20ac uro",
        "\ud83d\ude00",
        "\u007f",
        "a long text that goes on for more than sixteen bytes \u00e4 and more"
    };
    private static final String[] WORDS = {
        "true", "false", "null", "0", "-0", "12", "-3.25", "1e5", "2.5E-10", "1000000"
    };
    private static final String[] SPACE = {"", "", "", " ", "\n", "\r\n\t  "};
    private static final String INSERTED = "{}[]\",:\\ \n\u0001 0.e+-tnu/\u00e4\u007f";

    private final StringBuilder document = new StringBuilder();
    private Random random = new Random();

    @Test
    void tokens_ofRandomDocuments_areThoseOfJackson() throws IOException {
        long seed = Long.getLong("cachetool.seed", System.nanoTime());
        System.out.println("JsonTokensPropertyTest: -Dcachetool.seed=" + seed);
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            random = new Random(seed + i);
            byte[] bytes = document();
            String shown = "seed " + (seed + i) + ": " + new String(bytes, StandardCharsets.UTF_8);
            List<String> expected;
            try (JsonParser parser = JACKSON.createParser(bytes)) {
                expected = jackson(parser);
            } catch (IOException e) {
                expected = List.of();
            }
            if (!isUtf8(bytes) || expected.isEmpty()) {
                refused++;
                GraphException e = assertThrows(GraphException.class, () -> tokens(bytes), shown);
                assertTrue(e.line() > 0 && !e.problem().contains("too long"), () -> shown + " -> " + e.getMessage());
            } else {
                assertEquals(expected, tokens(bytes), shown);
            }
        }
        assertTrue(refused > CASES / 10 && refused < CASES * 9 / 10, refused + " of " + CASES + " refused");
    }

    private byte[] document() {
        document.setLength(0);
        space();
        value(0);
        space();
        byte[] bytes = document.toString().getBytes(StandardCharsets.UTF_8);
        int changes = random.nextBoolean() ? 0 : 1 + random.nextInt(2);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            bytes = changed(bytes);
        }
        return bytes;
    }

    private byte[] changed(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        byte[] other = INSERTED.getBytes(StandardCharsets.UTF_8);
        byte one = other[random.nextInt(other.length)];
        switch (random.nextInt(3)) {
            case 0 -> {
                byte[] replaced = bytes.clone();
                replaced[at] = one;
                return replaced;
            }
            case 1 -> {
                return Arrays.copyOf(bytes, at);
            }
            default -> {
                byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
                System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                longer[at] = one;
                return longer;
            }
        }
    }

    private void space() {
        document.append(SPACE[random.nextInt(SPACE.length)]);
    }

    private void text() {
        document.append('"');
        for (int i = random.nextInt(3); i >= 0; i--) {
            document.append(TEXTS[random.nextInt(TEXTS.length)]);
        }
        document.append('"');
    }

    private void value(int depth) {
        int kind = depth == 0 ? random.nextInt(2) : depth > 4 ? 2 + random.nextInt(2) : random.nextInt(5);
        if (kind > 1) {
            if (kind == 2) {
                document.append(WORDS[random.nextInt(WORDS.length)]);
            } else {
                text();
            }
            return;
        }
        document.append(kind == 0 ? '{' : '[');
        space();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            if (kind == 0) {
                text();
                space();
                document.append(':');
                space();
            }
            value(depth + 1);
            space();
            if (i < count - 1) {
                document.append(',');
                space();
            }
        }
        document.append(kind == 0 ? '}' : ']');
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static List<String> jackson(JsonParser parser) throws IOException {
        List<String> tokens = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            tokens.add(
                    switch (token) {
                        case START_OBJECT -> "BEGIN_OBJECT";
                        case END_OBJECT -> "END_OBJECT";
                        case START_ARRAY -> "BEGIN_ARRAY";
                        case END_ARRAY -> "END_ARRAY";
                        case FIELD_NAME -> "NAME " + parser.getText();
                        case VALUE_STRING -> "STRING " + parser.getText();
                        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "NUMBER " + parser.getText();
                        default -> parser.getText().toUpperCase(Locale.ROOT);
                    });
        }
        tokens.add("END");
        return tokens;
    }

    /** The tokens of the document, which comes a few bytes at a time. */
    private List<String> tokens(byte[] bytes) throws IOException {
        InputStream few = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(length, 1 + random.nextInt(20)));
            }
        };
        List<String> found = new ArrayList<>();
        try (Tokens tokens = new JsonTokens(few, "graph.json", () -> new ByteArrayInputStream(bytes))) {
            Kind kind;
            do {
                kind = tokens.next();
                boolean hasText = kind == Kind.NAME || kind == Kind.STRING || kind == Kind.NUMBER;
                byte[] plain = tokens.plain();
                if (hasText && plain != null) {
                    String text = new String(
                            plain,
                            tokens.plainFrom(),
                            tokens.plainTo() - tokens.plainFrom(),
                            StandardCharsets.US_ASCII);
                    assertFalse(text.chars().anyMatch(Character::isISOControl), text);
                    assertEquals(text, tokens.text());
                }
                found.add(hasText ? kind + " " + tokens.text() : kind.toString());
            } while (kind != Kind.END);
        }
        return found;
    }

    @Test
    void tokens_ofATextOfSeveralBuffers_areWhole() throws IOException {
        String text = "0123456789".repeat(100_000);
        byte[] bytes =
                ("{ \"" + text + "\" : [ \"" + text + "\", \"\\n" + text + "\" ] }").getBytes(StandardCharsets.UTF_8);
        try (Tokens tokens = new JsonTokens(
                new BufferedInputStream(new ByteArrayInputStream(bytes)),
                "graph.json",
                () -> new ByteArrayInputStream(bytes))) {
            assertEquals(Kind.BEGIN_OBJECT, tokens.next());
            assertEquals(Kind.NAME, tokens.next());
            assertEquals(text, tokens.text());
            assertEquals(Kind.BEGIN_ARRAY, tokens.next());
            assertEquals(Kind.STRING, tokens.next());
            assertEquals(text, tokens.text());
            assertEquals(Kind.STRING, tokens.next());
            assertEquals("\n" + text, tokens.text());
            assertEquals(Kind.END_ARRAY, tokens.next());
            assertEquals(Kind.END_OBJECT, tokens.next());
            assertEquals(Kind.END, tokens.next());
        }
    }
}
