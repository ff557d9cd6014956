package dev.cachetool.registry;

import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobTooLargeException;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.json.JsonException;
import dev.cachetool.registry.RegistryException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.HttpUrl;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one registry, and to the servers that it names: answers challenges, tries again what may pass, and tells in
 * one way what went wrong. For several threads.
 */
final class Requests {
    /** How many tokens in a row that were fetched for one request may be refused: others may have used them up. */
    private static final int MOST_RENEWALS = 4;
    /** How many times in all one request is refused before it is given up. */
    private static final int MOST_REFUSALS = 100;

    private static final int PEEKED = 512;
    private static final int LONGEST_CAUSE = 300;

    private final String registry;
    private final Origin origin;
    private final Wire wire;
    private final RetryPolicy policy;
    private final RetryBudget budget = new RetryBudget();
    private final Pause pause;

    Requests(Origin origin, Wire wire, RetryPolicy policy, Pause pause) {
        this.registry = origin.registry();
        this.origin = origin;
        this.wire = wire;
        this.policy = policy;
        this.pause = pause;
    }

    /** Who may ask: an authorizer and what its token is to allow. */
    record Login(Authorizer authorizer, Scopes scopes) {}

    /**
     * Something that is asked.
     *
     * @param path the path and query at the registry; counts where there is no address
     * @param address a whole address, as the registry named it
     * @param body makes the body, anew for each sending; null where there is none
     * @param authorization a fixed value for that header
     * @param login answers the registry's challenges
     * @param action what could not be done if it fails, as in "pull host/repository:tag"
     * @param expected the statuses that are answers, beside those from 200 to 299
     */
    record Call(
            String method,
            String path,
            @Nullable HttpUrl address,
            Map<String, String> headers,
            @Nullable Supplier<? extends RequestBody> body,
            Optional<String> authorization,
            Optional<Login> login,
            String action,
            Set<Integer> expected) {
        /** A reading of an address. */
        static Call get(HttpUrl address, String action) {
            return new Call("GET", "", address, Map.of(), null, Optional.empty(), Optional.empty(), action, Set.of());
        }

        /** A form that is sent to an address. */
        static Call post(HttpUrl address, RequestBody form, String action) {
            return new Call(
                    "POST", "", address, Map.of(), () -> form, Optional.empty(), Optional.empty(), action, Set.of());
        }

        /** A request to the registry itself. */
        static Call of(String method, String path, Login login, String action) {
            return new Call(method, path, null, Map.of(), null, Optional.empty(), Optional.of(login), action, Set.of());
        }

        /** A request to an address that the registry named. */
        static Call of(String method, HttpUrl address, Login login, String action) {
            return new Call(
                    method, "", address, Map.of(), null, Optional.empty(), Optional.of(login), action, Set.of());
        }

        /** Whether the call has a login in itself. */
        boolean showsLogin() {
            return authorization.isPresent() || (login.isEmpty() && body != null);
        }

        Call withAuthorization(Optional<String> value) {
            return new Call(method, path, address, headers, body, value, login, action, expected);
        }

        Call withHeaders(Map<String, String> others) {
            return new Call(method, path, address, others, body, authorization, login, action, expected);
        }

        Call withBody(Supplier<? extends RequestBody> maker) {
            return new Call(method, path, address, headers, maker, authorization, login, action, expected);
        }

        Call expecting(Integer... statuses) {
            return new Call(method, path, address, headers, body, authorization, login, action, Set.of(statuses));
        }
    }

    /** The registry's host. */
    String registry() {
        return registry;
    }

    /** The address that the registry is asked at. */
    HttpUrl url() {
        return origin.url();
    }

    /** Whether an address that the registry names may see a login: it is encrypted, or as near as the registry itself. */
    boolean mayBeAsked(HttpUrl url) {
        return url.isHttps() || origin.mayBePlain() || Origin.isLoopback(url.host());
    }

    /** Closes the connections that nobody uses now, so that the next request has one of its own. */
    void leaveIdleConnections() {
        wire.leaveIdleConnections();
    }

    /** What waits here. */
    Pause pause() {
        return pause;
    }

    /** The tries of an operation that is about to begin. */
    Tries tries() {
        return new Tries(policy, budget, pause, wire.watch());
    }

    /**
     * Sends the call, again where that may help, and gives back the first answer with an expected status; the caller closes
     * it.
     *
     * @throws RegistryException if there is none
     */
    Wire.Answered send(Call call) throws IOException {
        return send(call, answered -> answered);
    }

    /** Takes what is wanted from an answer. */
    @FunctionalInterface
    interface Reading<T> {
        T of(Wire.Answered answered) throws IOException;
    }

    /**
     * Sends the call and reads the answer, both again where that may help.
     *
     * @param reading reads all of it that is wanted
     * @throws RegistryException if there is no answer with an expected status that can be read
     */
    <T> T read(Call call, Reading<T> reading) throws IOException {
        return send(call, answered -> {
            try (answered) {
                return reading.of(answered);
            } catch (IOException e) {
                throw answered.explained(e);
            }
        });
    }

    private <T> T send(Call call, Reading<T> reading) throws IOException {
        Tries tries = tries();
        while (true) {
            try {
                Wire.Answered answered = exchange(call);
                if (isExpected(call, answered.status())) {
                    T result = reading.of(answered);
                    tries.progressed();
                    return result;
                }
                Refusal refusal = Refusal.of(answered);
                if (!refusal.mayPass() || !again(tries, refusal.retryAfter())) {
                    throw failure(call, refusal, tries.text());
                }
            } catch (IOException e) {
                if (isSaid(e)) {
                    throw e;
                }
                if (!mayPass(e) || !again(tries, Optional.empty())) {
                    throw failure(call.action(), e, tries.text());
                }
            }
        }
    }

    /**
     * Sends the call once, or more often only to show who asks; the caller closes the answer, whatever its status is.
     *
     * @throws RegistryException if the registry refuses who asks
     * @throws IOException if no answer came
     */
    Wire.Answered exchange(Call call) throws IOException {
        Optional<Login> login = call.login();
        int renewals = 0;
        IOException first = null;
        int moved = 0;
        for (int refusals = 0; ; ) {
            HttpUrl url = address(call);
            boolean own = Wire.isSameOrigin(url, origin.url());
            Optional<String> authorization = call.authorization();
            if (login.isPresent() && own) {
                authorization = header(login.get());
            }
            RequestBody body = call.body() == null ? null : call.body().get();
            Wire.Message message = body == null
                    ? Wire.Message.of(call.method(), url, call.headers())
                    : new Wire.Message(call.method(), url, call.headers(), body);
            Wire.Answered answered;
            try {
                answered = wire.send(message, authorization);
            } catch (IOException e) {
                if (body instanceof BlobBody blob && blob.sourceFailure().isPresent()) {
                    throw new SourceException(blob.sourceFailure().get());
                }
                if (own && call.address() == null && moved < origin.others() && origin.failed(url, e)) {
                    first = e;
                    moved++;
                    continue;
                }
                // What does not speak TLS at all was not to be asked in this way: the first failure tells more.
                throw first != null && isCutHandshake(e) ? first : e;
            }
            if (own
                    && answered.status() == 400
                    && moved < origin.others()
                    && (call.method().equals("HEAD") || speaksHttpsOnly(answered))
                    && origin.wantsHttps(url)) {
                answered.close();
                moved++;
                continue;
            }
            if (own) {
                origin.settle(url);
            }
            boolean fromRegistry = Wire.isSameOrigin(answered.url(), url);
            if (answered.status() != 401 || login.isEmpty() || !own || !fromRegistry) {
                return answered;
            }
            if (renewals == MOST_RENEWALS || refusals++ == MOST_REFUSALS) {
                return answered;
            }
            switch (afterRefusal(login.get(), authorization, answered)) {
                case NOTHING -> {
                    return answered;
                }
                case OWN -> renewals++;
                case OF_OTHERS -> {
                    // It says nothing of this request's login that a token of others had run out.
                }
            }
            answered.close();
        }
    }

    /** What was to be sent could not be read, or what came not be written: that is no failure of the registry. */
    static final class SourceException extends IOException {
        private static final long serialVersionUID = 1L;

        private final IOException failure;

        SourceException(IOException failure) {
            super(failure);
            this.failure = failure;
        }

        IOException failure() {
            return failure;
        }
    }

    private HttpUrl address(Call call) throws IOException {
        if (call.address() != null) {
            return call.address();
        }
        HttpUrl url = origin.url().resolve(call.path());
        if (url == null) {
            throw new IOException("no address of a registry: " + call.path());
        }
        return url;
    }

    private static Optional<String> header(Login login) throws IOException {
        try {
            return login.authorizer().header(login.scopes());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static Authorizer.Renewal afterRefusal(Login login, Optional<String> used, Wire.Answered refused)
            throws IOException {
        try {
            return login.authorizer()
                    .refused(login.scopes(), used, refused.response().challenges());
        } catch (InterruptedException e) {
            refused.close();
            throw interrupted();
        } catch (IOException | RuntimeException e) {
            refused.close();
            throw e;
        }
    }

    /** What servers say that were asked without encryption and want it; the answer to a HEAD does not show it. */
    private static boolean speaksHttpsOnly(Wire.Answered answered) {
        if (answered.response().request().method().equals("HEAD")) {
            // The text that says so is no part of this answer; a registry would say what it is.
            return !answered.url().isHttps()
                    && answered.header("Docker-Distribution-Api-Version").isEmpty();
        }
        try (ResponseBody peeked = answered.response().peekBody(PEEKED)) {
            return peeked.string().toUpperCase(Locale.ROOT).contains("HTTPS");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isExpected(Call call, int status) {
        return (status >= 200 && status < 300) || call.expected().contains(status);
    }

    /** Waits for the next try, if there is one. */
    boolean again(Tries tries, Optional<Duration> retryAfter) throws IOException {
        try {
            return tries.again(retryAfter);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Says that the thread was interrupted, which it is again. */
    static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }

    /** Whether the failure says itself what went wrong and for good. */
    static boolean isSaid(IOException e) {
        boolean interrupted = e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException);
        return interrupted
                || e instanceof ClosedByInterruptException
                || e instanceof RegistryException
                || e instanceof CredentialException
                || e instanceof DigestMismatchException
                || e instanceof BlobNotFoundException
                || e instanceof BlobTooLargeException
                || e instanceof JsonException
                || e instanceof SetupException
                || e instanceof SourceException;
    }

    /** Whether the connection broke while it was to be encrypted, which says nothing of certificates. */
    private static boolean isCutHandshake(IOException e) {
        return e instanceof SSLHandshakeException && e.getCause() instanceof EOFException;
    }

    /** Whether the other side is not to be trusted, or does not trust this one. */
    private static boolean isRefusedEncryption(IOException e) {
        return e instanceof SSLPeerUnverifiedException || (e instanceof SSLHandshakeException && !isCutHandshake(e));
    }

    /** Whether the failure may not happen again. */
    boolean mayPass(IOException e) {
        return !isRefusedEncryption(e)
                && !(e instanceof Wire.RedirectException)
                && !wire.watch().isOver();
    }

    /**
     * An answer that was not expected.
     *
     * @param retryAfter how long it asks to wait
     */
    record Refusal(int status, ErrorBody body, Optional<Duration> retryAfter) {
        /** Reads what there is to know of the answer, and closes it. */
        static Refusal of(Wire.Answered answered) {
            try (answered) {
                Optional<Duration> wait =
                        answered.header("Retry-After").flatMap(value -> RetryAfter.parse(value, Instant.now()));
                return new Refusal(answered.status(), ErrorBody.of(answered.response()), wait);
            }
        }

        /** Whether it may be another one the next time. */
        boolean mayPass() {
            return RetryPolicy.isTransient(status);
        }

        /** What the server says of it, behind a colon; empty where it says nothing. */
        String says() {
            return body.text().isEmpty() ? "" : ": " + body.text();
        }
    }

    /** What is told of a call that was refused for good. */
    RegistryException failure(Call call, Refusal refusal, String tries) throws IOException {
        String says = refusal.says();
        String status = HttpStatus.text(refusal.status());
        return switch (refusal.status()) {
            case 401 -> {
                boolean known = call.showsLogin()
                        || (call.login().isPresent() && hasLogin(call.login().get()));
                yield failure(
                        Kind.REFUSED,
                        call.action(),
                        401,
                        status + (known ? " (the registry does not take this login)" : " (the registry wants a login)"),
                        Optional.of("log in with: docker login " + registry));
            }
            case 403 ->
                failure(
                        Kind.REFUSED,
                        call.action(),
                        403,
                        status + says,
                        Optional.of("log in with an account that may do this: docker login " + registry));
            case 404 -> failure(Kind.NOT_FOUND, call.action(), 404, status + says, Optional.empty());
            default ->
                failure(Kind.UNREACHABLE, call.action(), refusal.status(), status + says + tries, Optional.empty());
        };
    }

    private static boolean hasLogin(Login login) throws IOException {
        return !(login.authorizer().credential() instanceof Credential.Anonymous);
    }

    /** What is told of a call that got no answer. */
    RegistryException failure(String action, IOException e, String tries) {
        return new RegistryException(Kind.UNREACHABLE, registry, action, 0, cause(e) + tries, nextStep(e), e);
    }

    RegistryException failure(Kind kind, String action, int status, String cause, Optional<String> next) {
        return new RegistryException(kind, registry, action, status, cause, next, null);
    }

    private static String cause(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof UnknownHostException) {
            return "no such host"
                    + (message.isEmpty() ? "" : ": " + message.replace(": Name or service not known", ""));
        }
        if (e instanceof ConnectException) {
            boolean refused = message.contains("refused")
                    || (e.getCause() != null
                            && String.valueOf(e.getCause().getMessage()).contains("refused"));
            return refused ? "connection refused" : message;
        }
        if (e instanceof SSLPeerUnverifiedException) {
            return "no encrypted connection: its certificate is of another host";
        }
        if (e instanceof SSLHandshakeException) {
            return "no encrypted connection: " + message;
        }
        if (message.startsWith("unexpected end of stream")) {
            return "the connection was cut";
        }
        if (message.contains("Connection reset") || message.contains("Broken pipe")) {
            return "connection reset";
        }
        // Some have what the server sent, however much that is.
        return message.length() <= LONGEST_CAUSE ? message : message.substring(0, LONGEST_CAUSE) + "…";
    }

    private static Optional<String> nextStep(IOException e) {
        if (e instanceof SSLHandshakeException && isRefusedEncryption(e)) {
            return Optional.of(
                    "where the registry has a certificate authority of its own, name its file in SSL_CERT_FILE");
        }
        return Optional.empty();
    }
}
