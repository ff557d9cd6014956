package dev.cachetool.graph;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The line and column, from 1, of a character of a document; found by going through the document again.
 *
 * @param valid whether a character stands there, and not a byte that is no UTF-8
 */
record CharacterPlace(int line, int column, boolean valid) {
    /** The place of the character of the number, counted from 0, or of a byte before it that is no UTF-8. */
    static CharacterPlace of(InputStream document, long number) throws IOException {
        int line = 1;
        int column = 1;
        boolean afterReturn = false;
        for (long i = 0; i < number; i++) {
            int first = document.read();
            if (first < 0) {
                break;
            }
            if (first >= 0x80 && !continues(document, first)) {
                return new CharacterPlace(line, column, false);
            }
            if (first == '\n' && afterReturn) {
                afterReturn = false;
            } else if (first == '\n' || first == '\r') {
                line++;
                column = 1;
                afterReturn = first == '\r';
            } else {
                column++;
                afterReturn = false;
            }
        }
        return new CharacterPlace(line, column, true);
    }

    /** An error at the character that the byte of the number belongs to, counted from 0. */
    static GraphException error(
            String place, GraphSource.Opener document, long offset, String problem, String nextStep) {
        try (InputStream in = document.open()) {
            CharacterPlace at = ofByte(in, offset);
            return new GraphException(place, at.line, at.column, problem, nextStep);
        } catch (IOException e) {
            return new GraphException(place, 0, 0, problem, nextStep);
        }
    }

    /** The place of the character that the byte of the number belongs to; takes bytes that are no UTF-8 for characters. */
    private static CharacterPlace ofByte(InputStream document, long offset) throws IOException {
        int line = 1;
        int column = 1;
        boolean afterReturn = false;
        for (long i = 0; i < offset; i++) {
            int b = document.read();
            if (b == '\n' && afterReturn) {
                afterReturn = false;
                continue;
            }
            afterReturn = b == '\r';
            if (b == '\n' || b == '\r') {
                line++;
                column = 1;
            } else if ((b & 0xC0) != 0x80) {
                column++;
            }
        }
        return new CharacterPlace(line, column, true);
    }

    /** The place of the first byte that is no UTF-8; empty where there is none. */
    static Optional<CharacterPlace> ofFirstInvalid(InputStream document) throws IOException {
        CharacterPlace place = of(document, Long.MAX_VALUE);
        return place.valid ? Optional.empty() : Optional.of(place);
    }

    /** Whether the bytes that follow complete the character that begins with this one. */
    private static boolean continues(InputStream document, int first) throws IOException {
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        byte[] bytes = new byte[length];
        bytes[0] = (byte) first;
        int read = 1 + document.readNBytes(bytes, 1, length - 1);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, read));
            return read == length;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
