package dev.cachetool.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key in a PEM file (RFC 7468), not encrypted: PKCS #8 ({@code PRIVATE KEY}), or PKCS #1 ({@code RSA PRIVATE KEY}).
 */
final class PemKey {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    /** AlgorithmIdentifier of RSA, with the version in front of it (RFC 5208, RFC 8017). */
    private static final byte[] RSA_HEAD = {
        2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };

    private PemKey() {}

    /**
     * Reads the key.
     *
     * @param place the file, for errors
     * @throws IOException if there is none in it that can be read; the message has nothing of it
     */
    static PrivateKey parse(byte[] bytes, String place) throws IOException {
        Matcher matcher = BLOCK.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        if (!matcher.find()) {
            throw new IOException("could not read the key in " + place
                    + ": it holds no private key without a password\nconvert it: openssl pkcs8 -topk8 -nocrypt");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(matcher.group(2));
        } catch (IllegalArgumentException e) {
            throw new IOException("could not read the key in " + place + ": it is damaged");
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(matcher.group(1).equals("RSA PRIVATE KEY") ? wrapped(der) : der);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                // It may be one of another algorithm.
            }
        }
        throw new IOException("could not read the key in " + place
                + ": it is of a kind that Java does not read\nconvert it: openssl pkcs8 -topk8 -nocrypt");
    }

    /** The same key, as PKCS #8. */
    private static byte[] wrapped(byte[] pkcs1) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(RSA_HEAD);
        element(content, 4, pkcs1);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        element(all, 0x30, content.toByteArray());
        return all.toByteArray();
    }

    private static void element(ByteArrayOutputStream out, int tag, byte[] content) {
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
    }
}
