package dev.cachetool.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** What a server shows of itself over TLS; the keys are those of {@code src/test/resources/fixtures/tls}. */
public final class TestTls {
    private static final Path FOLDER = Path.of("src/test/resources/fixtures/tls");
    private static final char[] NO_PASSWORD = new char[0];

    private final SSLContext context;
    private final boolean needsClient;

    private TestTls(SSLContext context, boolean needsClient) {
        this.context = context;
        this.needsClient = needsClient;
    }

    /** A server that is who it says; who trusts {@link #authority} takes it. */
    public static TestTls server() {
        return new TestTls(context("server"), false);
    }

    /** A server whose certificate is for another host. */
    public static TestTls ofOtherHost() {
        return new TestTls(context("other-host"), false);
    }

    /** A server that talks to clients only that show {@link #clientCertificate}. */
    public static TestTls needingClient() {
        return new TestTls(context("server"), true);
    }

    /** The certificate, PEM, of the authority behind all certificates here. */
    public static Path authority() {
        return FOLDER.resolve("ca.pem");
    }

    /** The certificate of {@link #server}, PEM. */
    static Path serverCertificate() {
        return FOLDER.resolve("server.pem");
    }

    /** The key of {@link #server}, PEM, PKCS #8. */
    static Path serverKey() {
        return FOLDER.resolve("server-key.pem");
    }

    /** The certificate of a client, PEM. */
    public static Path clientCertificate() {
        return FOLDER.resolve("client.pem");
    }

    /** The key of the client's certificate, PEM, PKCS #8. */
    public static Path clientKey() {
        return FOLDER.resolve("client-key.pem");
    }

    /** What a client needs that trusts {@link #authority} and shows {@link #clientCertificate} where it is asked to. */
    public static SSLContext client() {
        return context("client");
    }

    /** Does the server's part of the handshake; closing the secured socket closes the other. */
    SSLSocket secure(Socket raw) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(raw, InputStream.nullInputStream(), true);
        socket.setNeedClientAuth(needsClient);
        socket.startHandshake();
        return socket;
    }

    private static SSLContext context(String owner) {
        try {
            KeyStore keys = emptyStore();
            keys.setKeyEntry(owner, key(FOLDER.resolve(owner + "-key.pem")), NO_PASSWORD, new Certificate[] {
                certificate(FOLDER.resolve(owner + ".pem"))
            });
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, NO_PASSWORD);
            KeyStore trusted = emptyStore();
            trusted.setCertificateEntry("authority", certificate(authority()));
            TrustManagerFactory trustManagers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the test keys of " + owner + " cannot be used", e);
        } catch (IOException e) {
            throw new UncheckedIOException("the test keys of " + owner + " cannot be read", e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Certificate certificate(Path pem) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey key(Path pem) throws GeneralSecurityException, IOException {
        String base64 = Files.readString(pem).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }
}
