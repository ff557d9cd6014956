package dev.cachetool.registry;

import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobTooLargeException;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Remover;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.oci.Reference;
import dev.cachetool.registry.RegistryException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import okhttp3.MediaType;
import okhttp3.RequestBody;

/**
 * A repository of a registry, to read from and to write to (OCI distribution-spec 1.1). Blobs are opened and taken without
 * being held in memory; what breaks goes on where it broke. For several threads. Closing it does nothing: connections
 * belong to the {@link RegistryClient}.
 */
public final class RegistryTarget implements Target, Remover {
    private static final String ACCEPT = String.join(
            ", ", MediaTypes.OCI_MANIFEST, MediaTypes.OCI_INDEX, MediaTypes.DOCKER_MANIFEST, MediaTypes.DOCKER_INDEX);
    private static final Set<Integer> FORM_STATUSES = Set.of(400, 404, 405, 413, 415, 422);
    /** What is answered where nothing is ever deleted. */
    private static final Set<Integer> UNSUPPORTED = Set.of(400, 405, 501);

    private static final int TAGS_PER_PAGE = 1_000;
    private static final int MOST_TAGS = 1_000_000;

    private final Requests requests;
    private final String registry;
    private final String repository;
    private final Side side;
    private final Requests.Login login;
    private final TransferListener listener;
    private final ConditionalTag conditional;
    /** What was found or brought here, or is being brought: done with whether it is there. */
    private final Map<Digest, CompletableFuture<Boolean>> ingested = new ConcurrentHashMap<>();

    RegistryTarget(
            Requests requests, Authorizer authorizer, Reference reference, Side side, TransferListener listener) {
        this.requests = requests;
        this.registry = reference.registry();
        this.repository = reference.repository();
        this.side = side;
        this.login = new Requests.Login(authorizer, Scopes.of(repository, side));
        this.listener = listener;
        this.conditional = new ConditionalTag(requests, this);
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
        return new VerifyingInputStream(openPart(blob, 0, blob.size()), blob.digest(), blob.size());
    }

    /** Opens the blob from one byte on up to another; see {@link Blob#openPart}. */
    private InputStream openPart(Descriptor blob, long offset, long end) {
        if (offset == end && offset > 0) {
            return InputStream.nullInputStream();
        }
        return new BlobStream(
                requests,
                Requests.Call.of(
                        "GET", path("blobs/" + blob.digest()), login, "pull " + layerOrBlob(blob) + " from " + name()),
                blob,
                offset,
                end,
                name());
    }

    @Override
    public boolean contains(Descriptor blob) throws IOException {
        boolean there = sizeOf(blob).isPresent();
        if (there) {
            ingested.putIfAbsent(blob.digest(), CompletableFuture.completedFuture(true));
        }
        return there;
    }

    @Override
    public OptionalLong sizeOf(Descriptor blob) throws IOException {
        Requests.Call call = Requests.Call.of(
                        "HEAD",
                        path("blobs/" + blob.digest()),
                        login,
                        "look for " + layerOrBlob(blob) + " in " + name())
                .expecting(404, 405, 501);
        try (Wire.Answered answered = requests.send(call)) {
            if (answered.status() != 405 && answered.status() != 501) {
                return answered.status() == 404 ? OptionalLong.empty() : length(answered, blob);
            }
        }
        // It cannot be asked in this way: the blob is asked for, and not read.
        try (Wire.Answered answered =
                requests.send(Requests.Call.of("GET", path("blobs/" + blob.digest()), login, call.action())
                        .expecting(404))) {
            return answered.status() == 404 ? OptionalLong.empty() : length(answered, blob);
        }
    }

    /** The size that the answer says; the expected one where it says none. */
    private static OptionalLong length(Wire.Answered answered, Descriptor blob) {
        Optional<String> said = answered.header("Content-Length");
        try {
            return OptionalLong.of(said.isPresent() ? Long.parseLong(said.get()) : blob.size());
        } catch (NumberFormatException e) {
            return OptionalLong.of(blob.size());
        }
    }

    private int status(Requests.Call call) throws IOException {
        try (Wire.Answered answered = requests.send(call)) {
            return answered.status();
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
            return in.openPart(descriptor, offset, descriptor.size());
        }

        @Override
        public InputStream openPart(long offset, long length) throws IOException {
            return in.openPart(descriptor, offset, Math.min(descriptor.size(), offset + length));
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
        return requests.read(
                call,
                answered -> answered.status() == 404 ? Optional.empty() : Optional.of(manifest(answered, wanted)));
    }

    private static Manifest manifest(Wire.Answered answered, Optional<Digest> wanted) throws IOException {
        byte[] bytes = answered.response().body().byteStream().readNBytes((int) Manifest.LIMIT + 1);
        Optional<Digest> said = digest(answered);
        Digest expected = wanted.or(() -> said).orElseGet(() -> Digest.sha256(bytes));
        if (bytes.length > Manifest.LIMIT) {
            long length = answered.response().body().contentLength();
            throw new BlobTooLargeException(expected, Math.max(length, bytes.length), Manifest.LIMIT);
        }
        requireDigest(bytes, expected);
        if (said.isPresent()) {
            requireDigest(bytes, said.get());
        }
        return new Manifest(Descriptor.of(mediaType(answered, bytes), expected, bytes.length), bytes);
    }

    private static Optional<Digest> digest(Wire.Answered answered) {
        return answered.header("Docker-Content-Digest").flatMap(Digest::tryParse);
    }

    private static void requireDigest(byte[] bytes, Digest expected) throws IOException {
        try (InputStream in = new VerifyingInputStream(new ByteArrayInputStream(bytes), expected, bytes.length)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** What the registry says, or where that is no manifest's type, what the document says. */
    private static String mediaType(Wire.Answered answered, byte[] bytes) throws JsonException {
        String header = answered.header("Content-Type").orElse("");
        int parameters = header.indexOf(';');
        String said = (parameters < 0 ? header : header.substring(0, parameters)).strip();
        if (MediaTypes.isManifest(said) || MediaTypes.isIndex(said)) {
            return said;
        }
        Optional<JsonValue> own = JsonDocument.asGoReads(bytes, "the manifest").get("mediaType");
        return own.isPresent() && own.get().isString() ? own.get().asString() : said;
    }

    @Override
    public Optional<Digest> digestOf(String tag) throws IOException {
        return look(tag).digest();
    }

    private ConditionalTag.Look look(String tag) throws IOException {
        Requests.Call call = Requests.Call.of(
                        "HEAD", path("manifests/" + Reference.requireTag(tag)), login, action(name() + ":" + tag))
                .withHeaders(Map.of("Accept", ACCEPT))
                .expecting(404, 405, 501);
        try (Wire.Answered answered = requests.send(call)) {
            if (answered.status() == 404) {
                return ConditionalTag.Look.NOTHING;
            }
            Optional<Digest> said = answered.status() == 200 ? digest(answered) : Optional.empty();
            if (said.isPresent()) {
                return new ConditionalTag.Look(said, answered.header("ETag"));
            }
        }
        return new ConditionalTag.Look(resolve(tag).map(Manifest::digest), Optional.empty());
    }

    /** What the tag names, where something damaged counts as nothing, as for {@link #standing}. */
    ConditionalTag.Look lookToReplace(String tag) throws IOException {
        try {
            return look(tag);
        } catch (BlobTooLargeException | DigestMismatchException | JsonException e) {
            return ConditionalTag.Look.NOTHING;
        }
    }

    @Override
    public List<String> tags() throws IOException {
        TreeSet<String> tags = new TreeSet<>();
        Requests.Call next =
                Requests.Call.of("GET", path("tags/list?n=" + TAGS_PER_PAGE), login, "list the tags of " + name());
        while (true) {
            TagList page = requests.read(next.expecting(404), answered -> TagList.of(answered, name() + " (tags)"));
            boolean more = tags.addAll(page.tags());
            // A page with nothing new would be followed by such pages for ever.
            if (page.next().isEmpty() || !more || tags.size() > MOST_TAGS) {
                return List.copyOf(tags);
            }
            next = Requests.Call.of("GET", page.next().get(), login, next.action());
        }
    }

    // Writing

    @Override
    public Ingested foresee(Blob blob) throws IOException {
        if (contains(blob.descriptor())) {
            return Ingested.EXISTS;
        }
        return mountFrom(blob).isPresent() ? Ingested.MOUNTED : Ingested.WRITTEN;
    }

    @Override
    public Ingested ingest(Blob blob) throws IOException {
        CompletableFuture<Boolean> own = new CompletableFuture<>();
        while (true) {
            CompletableFuture<Boolean> others =
                    ingested.putIfAbsent(blob.descriptor().digest(), own);
            if (others == null) {
                return upload(blob, own);
            }
            if (isThere(others)) {
                return Ingested.EXISTS;
            }
        }
    }

    private Ingested upload(Blob blob, CompletableFuture<Boolean> own) throws IOException {
        boolean done = false;
        try {
            Ingested how = new BlobUpload(requests, login, repository, name(), blob.descriptor(), listener::transferred)
                    .run(blob, mountFrom(blob));
            done = true;
            return how;
        } finally {
            if (!done) {
                ingested.remove(blob.descriptor().digest(), own);
            }
            own.complete(done);
        }
    }

    private static boolean isThere(CompletableFuture<Boolean> others) throws InterruptedIOException {
        try {
            return others.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is done with a word of its own only", e);
        }
    }

    private Optional<String> mountFrom(Blob blob) {
        return blob.origin() instanceof RegistryBlob other
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
        put(putting(tag), manifest);
    }

    /**
     * Compares right before it writes, and lets the registry compare too where that can (If-Match, If-None-Match).
     * Most cannot: {@link ConditionalTag} says what is done then.
     */
    @Override
    public boolean tagIf(String tag, Manifest manifest, Optional<Digest> seen) throws IOException {
        return conditional.write(tag, manifest, seen);
    }

    @Override
    public Optional<Digest> settled(String tag, Digest manifest) throws IOException {
        return conditional.settled(tag, manifest);
    }

    @Override
    public void publish(Manifest manifest) throws IOException {
        put(
                putting(
                        manifest.digest().toString(),
                        "push " + name() + "@" + manifest.digest().shortText()),
                manifest);
    }

    /** The writing of a tag, without the body. */
    Requests.Call putting(String tag) {
        return putting(Reference.requireTag(tag), "push " + name() + ":" + tag);
    }

    private Requests.Call putting(String reference, String action) {
        return Requests.Call.of("PUT", path("manifests/" + reference), login, action)
                .expecting(FORM_STATUSES.toArray(new Integer[0]));
    }

    private void put(Requests.Call call, Manifest manifest) throws IOException {
        RequestBody body = RequestBody.create(manifest.bytes(), MediaType.parse(manifest.mediaType()));
        try (Wire.Answered answered = requests.send(call.withBody(() -> body))) {
            isTaken(call, manifest, answered);
        }
    }

    /**
     * Whether the answer says that the manifest was taken.
     *
     * @throws RegistryException if it says that one like this never will be
     */
    boolean isTaken(Requests.Call call, Manifest manifest, Wire.Answered answered) throws IOException {
        if (FORM_STATUSES.contains(answered.status())) {
            throw notTaken(call, manifest, Requests.Refusal.of(answered));
        }
        if (answered.status() < 200 || answered.status() > 299) {
            return false;
        }
        try (answered) {
            Optional<Digest> said = digest(answered);
            if (said.isPresent()) {
                requireDigest(manifest.bytes(), said.get());
            }
        }
        return true;
    }

    private RegistryException notTaken(Requests.Call call, Manifest manifest, Requests.Refusal refusal)
            throws IOException {
        String code = refusal.body().code();
        if (code.startsWith("NAME_") || code.equals("TAG_INVALID")) {
            return requests.failure(call, refusal, "");
        }
        if (code.endsWith("BLOB_UNKNOWN") && !MediaTypes.isIndex(manifest.mediaType())) {
            ingested.clear();
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

    // Removing

    /** {@inheritDoc} With the first that the registry refuses it ends: it does not do that, or this login may not. */
    @Override
    public Removal remove(List<Descriptor> candidates) throws IOException {
        Set<Digest> needed = needed(Optional.empty());
        List<Descriptor> left = new ArrayList<>(candidates.stream()
                .filter(each -> !needed.contains(each.digest()))
                .sorted(Comparator.comparing(each -> !isManifest(each)))
                .toList());
        List<Descriptor> removed = new ArrayList<>();
        while (!left.isEmpty()) {
            Descriptor next = left.get(0);
            try {
                if (isManifest(next) ? delete(next.digest()) : deleteBlob(next)) {
                    removed.add(next);
                }
                left.remove(0);
            } catch (RegistryException e) {
                boolean unsupported = UNSUPPORTED.contains(e.status());
                if (e.kind() != Kind.REFUSED && !unsupported) {
                    throw e;
                }
                return new Removal(removed, left, Optional.of(refusal(e.status(), unsupported)), false);
            }
        }
        return new Removal(removed, List.of(), Optional.empty(), false);
    }

    private static boolean isManifest(Descriptor each) {
        return MediaTypes.isManifest(each.mediaType()) || MediaTypes.isIndex(each.mediaType());
    }

    private static String refusal(int status, boolean unsupported) {
        return HttpStatus.text(status)
                + (unsupported ? " (the registry deletes nothing)" : " (this login may delete nothing)");
    }

    /**
     * Deletes a manifest, with all its tags.
     *
     * @return whether it was there
     * @throws RegistryException if the registry cannot do that or does not allow it
     */
    public boolean delete(Digest manifest) throws IOException {
        return delete("manifests/" + manifest, "delete " + name() + "@" + manifest.shortText());
    }

    private boolean deleteBlob(Descriptor blob) throws IOException {
        ingested.remove(blob.digest());
        return delete("blobs/" + blob.digest(), "delete " + layerOrBlob(blob) + " from " + name());
    }

    private boolean delete(String what, String action) throws IOException {
        Requests.Login deleting = new Requests.Login(login.authorizer(), Scopes.ofDeletion(repository));
        return status(Requests.Call.of("DELETE", path(what), deleting, action).expecting(404)) != 404;
    }

    @Override
    public void close() {
        // Connections are the client's, for all its repositories.
    }
}
