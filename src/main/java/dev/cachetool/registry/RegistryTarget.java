package dev.cachetool.registry;

import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobTooLargeException;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.oci.Reference;
import dev.cachetool.registry.RegistryException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.RequestBody;

/**
 * A repository of a registry, to read from and to write to (OCI distribution-spec 1.1). Blobs are opened and taken without
 * being held in memory; what breaks goes on where it broke. For several threads. Closing it does nothing: connections
 * belong to the {@link RegistryClient}.
 */
public final class RegistryTarget implements Target {
    private static final String ACCEPT = String.join(
            ", ", MediaTypes.OCI_MANIFEST, MediaTypes.OCI_INDEX, MediaTypes.DOCKER_MANIFEST, MediaTypes.DOCKER_INDEX);
    private static final Set<Integer> FORM_STATUSES = Set.of(400, 404, 405, 413, 415, 422);
    private static final int TAGS_PER_PAGE = 1_000;
    private static final int MOST_TAG_PAGES = 100;
    private static final int TAGS_LIMIT = 4 << 20;

    private final Requests requests;
    private final String registry;
    private final String repository;
    private final Side side;
    private final Requests.Login login;
    private final TransferListener listener;
    private final Set<Digest> known = ConcurrentHashMap.newKeySet();

    RegistryTarget(
            Requests requests, Authorizer authorizer, Reference reference, Side side, TransferListener listener) {
        this.requests = requests;
        this.registry = reference.registry();
        this.repository = reference.repository();
        this.side = side;
        this.login = new Requests.Login(authorizer, Scopes.of(repository, side));
        this.listener = listener;
    }

    @Override
    public String name() {
        return registry + "/" + repository;
    }

    private String path(String rest) {
        return "/v2/" + repository + "/" + rest;
    }

    private static String layerOrBlob(Descriptor blob) {
        return (MediaTypes.isLayer(blob.mediaType()) ? "layer " : "blob ")
                + blob.digest().shortText();
    }

    private String action(String object) {
        return (side == Side.PULL ? "pull " : "look at ") + object;
    }

    // Reading

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return new VerifyingInputStream(openAt(blob, 0), blob.digest(), blob.size());
    }

    /** Opens the blob from that byte on; see {@link Blob#openAt}. */
    private InputStream openAt(Descriptor blob, long offset) {
        if (offset == blob.size() && offset > 0) {
            return InputStream.nullInputStream();
        }
        return new BlobStream(
                requests,
                Requests.Call.of(
                        "GET", path("blobs/" + blob.digest()), login, "pull " + layerOrBlob(blob) + " from " + name()),
                blob,
                offset,
                name());
    }

    @Override
    public boolean contains(Descriptor blob) throws IOException {
        Requests.Call call = Requests.Call.of(
                        "HEAD",
                        path("blobs/" + blob.digest()),
                        login,
                        "look for " + layerOrBlob(blob) + " in " + name())
                .expecting(404);
        try (Wire.Answered answered = requests.send(call)) {
            return answered.status() != 404;
        }
    }

    @Override
    public Blob blob(Descriptor blob) {
        return new RegistryBlob(this, blob);
    }

    /** A blob that lies in a repository, and can be mounted from there into others of the registry. */
    private record RegistryBlob(RegistryTarget in, Descriptor descriptor) implements Blob {
        @Override
        public InputStream open() throws IOException {
            return in.open(descriptor);
        }

        @Override
        public InputStream openAt(long offset) throws IOException {
            return in.openAt(descriptor, offset);
        }

        @Override
        public boolean isRemote() {
            return true;
        }
    }

    @Override
    public Optional<Manifest> resolve(String tag) throws IOException {
        return manifest(Reference.requireTag(tag), action(name() + ":" + tag), Optional.empty());
    }

    @Override
    public Optional<Manifest> resolve(Digest digest) throws IOException {
        return manifest(digest.toString(), action(name() + "@" + digest.shortText()), Optional.of(digest));
    }

    private Optional<Manifest> manifest(String reference, String action, Optional<Digest> wanted) throws IOException {
        Requests.Call call = Requests.Call.of("GET", path("manifests/" + reference), login, action)
                .withHeaders(Map.of("Accept", ACCEPT))
                .expecting(404);
        try (Wire.Answered answered = requests.send(call)) {
            if (answered.status() == 404) {
                return Optional.empty();
            }
            byte[] bytes = bounded(answered);
            Optional<Digest> said = answered.header("Docker-Content-Digest").flatMap(Digest::tryParse);
            Digest expected = wanted.or(() -> said).orElseGet(() -> Digest.sha256(bytes));
            requireDigest(bytes, expected);
            if (said.isPresent()) {
                requireDigest(bytes, said.get());
            }
            String type = mediaType(answered);
            return Optional.of(new Manifest(Descriptor.of(type, expected, bytes.length), bytes));
        }
    }

    private static byte[] bounded(Wire.Answered answered) throws IOException {
        try (InputStream in = answered.response().body().byteStream()) {
            byte[] bytes = in.readNBytes((int) Manifest.LIMIT + 1);
            if (bytes.length > Manifest.LIMIT) {
                long length = answered.response().body().contentLength();
                throw new BlobTooLargeException(Digest.sha256(bytes), Math.max(length, bytes.length), Manifest.LIMIT);
            }
            return bytes;
        }
    }

    private static void requireDigest(byte[] bytes, Digest expected) throws IOException {
        try (InputStream in = new VerifyingInputStream(new ByteArrayInputStream(bytes), expected, bytes.length)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static String mediaType(Wire.Answered answered) {
        String type = answered.header("Content-Type").orElse("");
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip();
    }

    @Override
    public Optional<Digest> digestOf(String tag) throws IOException {
        Requests.Call call = Requests.Call.of(
                        "HEAD", path("manifests/" + Reference.requireTag(tag)), login, action(name() + ":" + tag))
                .withHeaders(Map.of("Accept", ACCEPT))
                .expecting(404, 405, 501);
        Optional<Digest> said;
        try (Wire.Answered answered = requests.send(call)) {
            if (answered.status() == 404) {
                return Optional.empty();
            }
            said = answered.status() == 200
                    ? answered.header("Docker-Content-Digest").flatMap(Digest::tryParse)
                    : Optional.empty();
        }
        return said.isPresent() ? said : resolve(tag).map(Manifest::digest);
    }

    @Override
    public List<String> tags() throws IOException {
        TreeSet<String> tags = new TreeSet<>();
        Requests.Call next =
                Requests.Call.of("GET", path("tags/list?n=" + TAGS_PER_PAGE), login, "list the tags of " + name());
        for (int page = 0; page < MOST_TAG_PAGES; page++) {
            try (Wire.Answered answered = requests.send(next.expecting(404))) {
                if (answered.status() == 404) {
                    return List.of();
                }
                byte[] bytes;
                try (InputStream in = answered.response().body().byteStream()) {
                    bytes = in.readNBytes(TAGS_LIMIT);
                }
                tags.addAll(TagList.parse(bytes, name() + " (tags)"));
                Optional<HttpUrl> link = TagList.next(answered.header("Link").orElse(""), answered.url());
                if (link.isEmpty()) {
                    break;
                }
                next = Requests.Call.of("GET", link.get(), login, next.action());
            }
        }
        return List.copyOf(tags);
    }

    // Writing

    @Override
    public Ingested ingest(Blob blob) throws IOException {
        if (!known.add(blob.descriptor().digest())) {
            return Ingested.EXISTS;
        }
        boolean done = false;
        try {
            Ingested ingested = new BlobUpload(
                            requests, login, repository, name(), blob.descriptor(), listener::transferred)
                    .run(blob, mountFrom(blob));
            done = true;
            return ingested;
        } finally {
            if (!done) {
                known.remove(blob.descriptor().digest());
            }
        }
    }

    private Optional<String> mountFrom(Blob blob) {
        return blob instanceof RegistryBlob other
                        && other.in().registry.equals(registry)
                        && !other.in().repository.equals(repository)
                ? Optional.of(other.in().repository)
                : Optional.empty();
    }

    /**
     * Publishes the manifest at the tag.
     *
     * @throws RegistryException of the kind {@link Kind#FORM_REJECTED} if the registry does not take its form or size
     */
    @Override
    public void tag(String tag, Manifest manifest) throws IOException {
        put(Reference.requireTag(tag), "push " + name() + ":" + tag, manifest);
    }

    @Override
    public void publish(Manifest manifest) throws IOException {
        put(
                manifest.digest().toString(),
                "push " + name() + "@" + manifest.digest().shortText(),
                manifest);
    }

    private void put(String reference, String action, Manifest manifest) throws IOException {
        RequestBody body = RequestBody.create(manifest.bytes(), MediaType.get(manifest.mediaType()));
        Requests.Call call = Requests.Call.of("PUT", path("manifests/" + reference), login, action)
                .withBody(() -> body)
                .expecting(FORM_STATUSES.toArray(new Integer[0]));
        try (Wire.Answered answered = requests.send(call)) {
            if (FORM_STATUSES.contains(answered.status())) {
                throw notTaken(call, manifest, Requests.Refusal.of(answered));
            }
            Optional<Digest> said = answered.header("Docker-Content-Digest").flatMap(Digest::tryParse);
            if (said.isPresent()) {
                requireDigest(manifest.bytes(), said.get());
            }
        }
    }

    private RegistryException notTaken(Requests.Call call, Manifest manifest, Requests.Refusal refusal)
            throws IOException {
        String code = refusal.body().code();
        if (code.endsWith("BLOB_UNKNOWN") && !MediaTypes.isIndex(manifest.mediaType())) {
            return requests.failure(
                    Kind.UNREACHABLE,
                    call.action(),
                    refusal.status(),
                    "the registry lost a blob that it had (" + refusal.body().text() + ")",
                    Optional.of("the same command sends it again"));
        }
        boolean tooLarge = refusal.status() == 413 || code.equals("SIZE_INVALID");
        String what = tooLarge
                ? "the registry takes no manifest of " + manifest.bytes().length + " bytes"
                : "the registry takes no " + form(manifest);
        String says = refusal.body().text();
        return requests.failure(
                Kind.FORM_REJECTED,
                call.action(),
                refusal.status(),
                what + " (" + HttpStatus.text(refusal.status()) + (says.isEmpty() ? "" : ", " + says) + ")",
                Optional.of(
                        tooLarge
                                ? "export fewer results (mode=min), or split the graph"
                                : MediaTypes.isIndex(manifest.mediaType())
                                        ? "write image-manifest=true"
                                        : "write image-manifest=false"));
    }

    private static String form(Manifest manifest) {
        return MediaTypes.isIndex(manifest.mediaType())
                ? "index that lists blobs (" + manifest.mediaType() + ")"
                : "image manifest whose config is a cache";
    }

    /**
     * Deletes a manifest, with all its tags.
     *
     * @return whether it was there
     * @throws RegistryException if the registry cannot do that or does not allow it
     */
    public boolean delete(Digest manifest) throws IOException {
        Requests.Call call = Requests.Call.of(
                        "DELETE", path("manifests/" + manifest), login, "delete " + name() + "@" + manifest.shortText())
                .expecting(404);
        try (Wire.Answered answered = requests.send(call)) {
            return answered.status() != 404;
        }
    }

    @Override
    public void close() {
        // Connections are the client's, for all its repositories.
    }
}
