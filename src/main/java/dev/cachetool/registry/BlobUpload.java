package dev.cachetool.registry;

import dev.cachetool.content.Blob;
import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.registry.RegistryException.Kind;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Brings one blob into a repository (distribution-spec, "Pushing blobs"): asks whether it is there, has it mounted from
 * where it is known to be, or else sends it in one request. Where that breaks, the registry is asked how much has arrived,
 * and the rest is sent as a chunk; where it knows nothing any more, all of it is sent again.
 */
final class BlobUpload {
    /** What is answered where a session is not known any more, or stands elsewhere. */
    private static final Set<Integer> SESSION_STATUSES = Set.of(400, 404, 409, 416);

    private static final Set<String> DAMAGE = Set.of("DIGEST_INVALID", "SIZE_INVALID");

    private final Requests requests;
    private final Requests.Login login;
    private final String repository;
    private final Descriptor blob;
    private final String action;
    private final BlobBody.SentBytes sent;
    private boolean checked;

    /**
     * @param place the repository as people know it
     * @param sent is told how many bytes went out
     */
    BlobUpload(
            Requests requests,
            Requests.Login login,
            String repository,
            String place,
            Descriptor blob,
            BlobBody.SentBytes sent) {
        this.requests = requests;
        this.login = login;
        this.repository = repository;
        this.blob = blob;
        this.action = "push " + kind() + " " + blob.digest().shortText() + " to " + place;
        this.sent = sent;
    }

    private String kind() {
        return MediaTypes.isLayer(blob.mediaType()) ? "layer" : "blob";
    }

    /** An upload that was begun: where it goes on, and from which byte. */
    private record Session(HttpUrl location, long offset) {}

    /**
     * Brings it there.
     *
     * @param mountFrom a repository of the same registry that has it
     */
    Ingested run(Blob source, Optional<String> mountFrom) throws IOException {
        if (exists()) {
            return Ingested.EXISTS;
        }
        Optional<HttpUrl> location = Optional.empty();
        if (mountFrom.isPresent()) {
            Begun begun = mount(mountFrom.get());
            if (begun.mounted()) {
                return Ingested.MOUNTED;
            }
            location = begun.location();
        }
        send(source, location.isPresent() ? new Session(location.get(), 0) : begin());
        return Ingested.WRITTEN;
    }

    private boolean exists() throws IOException {
        Requests.Call call = Requests.Call.of("HEAD", path("blobs/" + blob.digest()), login, action)
                .expecting(404, 405, 501);
        try (Wire.Answered answered = requests.send(call)) {
            // A registry that cannot be asked in this way gets the blob again: that does no harm.
            return answered.status() == 200;
        }
    }

    private record Begun(boolean mounted, Optional<HttpUrl> location) {}

    private Begun mount(String from) throws IOException {
        Requests.Login wider =
                new Requests.Login(login.authorizer(), login.scopes().andPull(from));
        String query = "?mount=" + blob.digest() + "&from=" + from;
        Requests.Call call = Requests.Call.of("POST", path("blobs/uploads/") + query, wider, action);
        try (Wire.Answered answered = requests.exchange(call)) {
            if (answered.status() == 201) {
                return new Begun(true, Optional.empty());
            }
            if (answered.status() == 202) {
                return new Begun(false, Optional.of(location(answered)));
            }
            return new Begun(false, Optional.empty());
        } catch (RegistryException e) {
            // A token for both repositories was refused: it goes on without the other one.
            return new Begun(false, Optional.empty());
        } catch (IOException e) {
            if (Requests.isSaid(e)) {
                throw e;
            }
            return new Begun(false, Optional.empty());
        }
    }

    private Session begin() throws IOException {
        Requests.Call call = Requests.Call.of("POST", path("blobs/uploads/"), login, action);
        try (Wire.Answered answered = requests.send(call)) {
            if (answered.status() != 202) {
                throw requests.failure(
                        Kind.UNREACHABLE,
                        action,
                        answered.status(),
                        "the registry answered " + answered.status() + " where an upload begins",
                        Optional.empty());
            }
            return new Session(location(answered), 0);
        }
    }

    /** Sends it, from wherever the session stands, until the registry has it. */
    private void send(Blob source, Session begun) throws IOException {
        Tries tries = requests.tries();
        Session session = begun;
        long furthest = 0;
        for (int sending = 0; ; sending++) {
            if (sending % 2 == 1) {
                // The server may have closed the connection that answered last. Other requests are sent again where
                // that
                // shows, a body is not. Every other time it is that very connection which is to be trusted.
                requests.leaveIdleConnections();
            }
            try {
                Optional<Requests.Refusal> refusal =
                        session.offset() == 0 ? finish(session.location(), source, 0) : goOn(session, source);
                if (refusal.isEmpty()) {
                    return;
                }
                // The bytes of a file are not checked on their way; where they arrived wrong, they are.
                checked |= isDamage(refusal.get());
                if (!mayPass(refusal.get())
                        || !requests.again(tries, refusal.get().retryAfter())) {
                    throw refused(refusal.get(), tries);
                }
            } catch (Requests.SourceException e) {
                throw e.failure();
            } catch (IOException e) {
                if (Requests.isSaid(e)) {
                    throw e;
                }
                if (!requests.mayPass(e) || !requests.again(tries, Optional.empty())) {
                    throw requests.failure(action, e, tries.text());
                }
            }
            if (exists()) {
                // It arrived; what broke was the answer.
                return;
            }
            session = stateOf(session);
            if (session.offset() > furthest) {
                furthest = session.offset();
                tries.progressed();
            }
        }
    }

    /** Sends what is left of it, or nothing, and ends the session. */
    private Optional<Requests.Refusal> finish(HttpUrl location, @Nullable Blob source, long offset) throws IOException {
        HttpUrl url = location.newBuilder()
                .addQueryParameter("digest", blob.digest().toString())
                .build();
        Requests.Call call = Requests.Call.of("PUT", url, login, action);
        if (source != null) {
            call = call.withBody(() -> new BlobBody(source, offset, checked, sent));
        }
        try (Wire.Answered answered = requests.exchange(call)) {
            if (answered.status() != 201 && answered.status() != 204 && answered.status() != 200) {
                return Optional.of(Requests.Refusal.of(answered));
            }
            Optional<Digest> said = answered.header("Docker-Content-Digest").flatMap(Digest::tryParse);
            if (said.isPresent()
                    && said.get().algorithm() == blob.digest().algorithm()
                    && !said.get().equals(blob.digest())) {
                throw DigestMismatchException.digest(blob.digest(), said.get(), blob.size());
            }
            return Optional.empty();
        }
    }

    private Optional<Requests.Refusal> goOn(Session session, Blob source) throws IOException {
        if (session.offset() == blob.size()) {
            return finish(session.location(), null, 0);
        }
        Requests.Call call = Requests.Call.of("PATCH", session.location(), login, action)
                .withHeaders(Map.of("Content-Range", session.offset() + "-" + (blob.size() - 1)))
                .withBody(() -> new BlobBody(source, session.offset(), checked, sent));
        HttpUrl next;
        try (Wire.Answered answered = requests.exchange(call)) {
            if (answered.status() != 202 && answered.status() != 201 && answered.status() != 204) {
                return Optional.of(Requests.Refusal.of(answered));
            }
            next = location(answered);
        }
        return finish(next, null, 0);
    }

    /** Where the session stands now; a new one where the registry does not know it any more. */
    private Session stateOf(Session session) throws IOException {
        Requests.Call call = Requests.Call.of("GET", session.location(), login, action);
        try (Wire.Answered answered = requests.exchange(call)) {
            OptionalLong arrived = arrived(answered.header("Range").orElse(""));
            // What has not got any byte is as good as new, and some registries say of one byte what they say of none.
            if (answered.status() == 204
                    && arrived.isPresent()
                    && arrived.getAsLong() > 1
                    && arrived.getAsLong() <= blob.size()) {
                return new Session(location(answered, session.location()), arrived.getAsLong());
            }
        } catch (IOException e) {
            if (Requests.isSaid(e)) {
                throw e;
            }
        }
        return begin();
    }

    /** How many bytes a header like {@code 0-99} says have arrived. */
    private static OptionalLong arrived(String range) {
        int dash = range.indexOf('-');
        if (dash < 0) {
            return OptionalLong.empty();
        }
        try {
            long last = Long.parseLong(range.substring(dash + 1).strip());
            return OptionalLong.of(last + 1);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Whether the bytes arrived wrong. */
    private static boolean isDamage(Requests.Refusal refusal) {
        return DAMAGE.contains(refusal.body().code().toUpperCase(Locale.ROOT));
    }

    /** Whether the upload may be taken the next time: a session can be lost, which says nothing of the blob. */
    private static boolean mayPass(Requests.Refusal refusal) {
        return refusal.mayPass() || isDamage(refusal) || SESSION_STATUSES.contains(refusal.status());
    }

    private RegistryException refused(Requests.Refusal refusal, Tries tries) throws IOException {
        if (isDamage(refusal)) {
            return requests.failure(
                    Kind.DAMAGED,
                    action,
                    refusal.status(),
                    "what arrived is not the blob (" + refusal.body().text() + ")" + tries.text(),
                    Optional.of("the same command sends it again"));
        }
        return requests.failure(Requests.Call.of("PUT", "", login, action), refusal, tries.text());
    }

    private HttpUrl location(Wire.Answered answered) throws IOException {
        String location = answered.header("Location").orElse("");
        HttpUrl url = location.isEmpty() ? null : answered.url().resolve(location);
        if (url == null || (answered.url().isHttps() && !url.isHttps())) {
            throw requests.failure(
                    Kind.UNREACHABLE,
                    action,
                    answered.status(),
                    "the registry does not say where the upload goes on",
                    Optional.empty());
        }
        return url;
    }

    private HttpUrl location(Wire.Answered answered, HttpUrl before) throws IOException {
        return answered.header("Location").isEmpty() ? before : location(answered);
    }

    private String path(String rest) {
        return "/v2/" + repository + "/" + rest;
    }
}
