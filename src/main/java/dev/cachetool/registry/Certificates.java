package dev.cachetool.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Whom encrypted connections trust, and with what certificate they show who asks: Java's own authorities, or those in the
 * file that SSL_CERT_FILE names in their place; and for each registry what lies in the folders {@code certs.d/HOST[:PORT]}
 * of Docker and of the containers tools ({@code *.crt} authorities, {@code NAME.cert} with {@code NAME.key} a client's
 * certificate).
 *
 * @param authorities the file of the authorities, PEM; empty for Java's own
 * @param folders the folders {@code certs.d}
 */
public record Certificates(Optional<Path> authorities, List<Path> folders) {
    private static final long LIMIT = 8L << 20;
    private static final char[] NO_PASSWORD = new char[0];

    public Certificates {
        folders = List.copyOf(folders);
    }

    /** What the environment says. */
    public static Certificates of(Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        folders.add(Path.of("/etc/containers/certs.d"));
        folders.add(Path.of("/etc/docker/certs.d"));
        String home = environment.getOrDefault("HOME", "");
        if (!home.isEmpty()) {
            folders.add(Path.of(home, ".config", "containers", "certs.d"));
            folders.add(Path.of(home, ".docker", "certs.d"));
        }
        String file = environment.getOrDefault("SSL_CERT_FILE", "");
        return new Certificates(file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)), folders);
    }

    /**
     * The client, able to speak TLS.
     *
     * @param registry whose own certificates count; empty for a server that is none
     * @param insecure whether any certificate will do
     * @throws IOException if a certificate or key cannot be read
     */
    OkHttpClient secured(OkHttpClient plain, Optional<String> registry, boolean insecure) throws IOException {
        try {
            X509TrustManager trust = insecure ? new TrustingAll() : trust(registry);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(registry), new TrustManager[] {trust}, new SecureRandom());
            OkHttpClient.Builder builder = plain.newBuilder()
                    .connectionSpecs(List.of(ConnectionSpec.MODERN_TLS))
                    .sslSocketFactory(context.getSocketFactory(), trust);
            if (insecure) {
                builder.hostnameVerifier((host, session) -> true);
            }
            return builder.build();
        } catch (GeneralSecurityException e) {
            throw new IOException("could not set up encrypted connections: " + e.getMessage(), e);
        }
    }

    private X509TrustManager trust(Optional<String> registry) throws IOException, GeneralSecurityException {
        Collection<Certificate> own = new ArrayList<>();
        for (Path file : files(registry, ".crt")) {
            own.addAll(read(file));
        }
        if (authorities.isEmpty() && own.isEmpty()) {
            return manager(null);
        }
        if (authorities.isPresent()) {
            own.addAll(read(authorities.get()));
        } else {
            own.addAll(List.of(manager(null).getAcceptedIssuers()));
        }
        KeyStore store = empty();
        int number = 0;
        for (Certificate certificate : own) {
            store.setCertificateEntry("authority-" + number++, certificate);
        }
        return manager(store);
    }

    private static X509TrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("this Java knows no X.509 certificates");
    }

    private KeyManager @Nullable [] keys(Optional<String> registry) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        int number = 0;
        for (Path file : files(registry, ".cert")) {
            String name = String.valueOf(file.getFileName());
            Path keyFile = file.resolveSibling(name.substring(0, name.length() - ".cert".length()) + ".key");
            PrivateKey key = PemKey.parse(bytes(keyFile), keyFile.toString());
            store.setKeyEntry("client-" + number++, key, NO_PASSWORD, read(file).toArray(new Certificate[0]));
        }
        if (number == 0) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private List<Path> files(Optional<String> registry, String ending) throws IOException {
        TreeSet<Path> found = new TreeSet<>();
        if (registry.isPresent()) {
            for (Path folder : folders) {
                try (DirectoryStream<Path> children = Files.newDirectoryStream(folder.resolve(registry.get()))) {
                    for (Path child : children) {
                        if (String.valueOf(child.getFileName()).endsWith(ending)) {
                            found.add(child);
                        }
                    }
                } catch (NoSuchFileException | NotDirectoryException e) {
                    // Most registries have none.
                } catch (AccessDeniedException e) {
                    throw new IOException(
                            "could not read " + folder.resolve(registry.get()) + ": permission denied", e);
                }
            }
        }
        return List.copyOf(found);
    }

    private static Collection<? extends Certificate> read(Path file) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> certificates;
        try (InputStream in = new ByteArrayInputStream(bytes(file))) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
        } catch (GeneralSecurityException e) {
            throw new IOException("could not read the certificates in " + file + ": " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new IOException("could not read the certificates in " + file + ": there are none");
        }
        return certificates;
    }

    private static byte[] bytes(Path file) throws IOException {
        long size;
        try {
            size = Files.size(file);
            if (size <= LIMIT) {
                return Files.readAllBytes(file);
            }
        } catch (NoSuchFileException e) {
            throw new IOException("could not read " + file + ": no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException("could not read " + file + ": permission denied", e);
        }
        throw new IOException("could not read " + file + ": it has more than " + LIMIT + " bytes");
    }

    /** Whoever is behind {@code registry.insecure=true} asked for it. */
    private static final class TrustingAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
