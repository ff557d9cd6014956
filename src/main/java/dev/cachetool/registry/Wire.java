package dev.cachetool.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.Call;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sends single requests and follows where they are redirected to. Knows nothing of registries; credentials are for the
 * origin (scheme, host and port) of the first address, and are left out for any other.
 */
final class Wire {
    private static final int MOST_REDIRECTS = 10;
    private static final Set<Integer> FOR_READING = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> FOR_ALL = Set.of(307, 308);

    private final Clients clients;
    private final StallWatch watch;

    /**
     * @param clients follow no redirects of their own
     */
    Wire(Clients clients, StallWatch watch) {
        this.clients = clients;
        this.watch = watch;
    }

    /** Something to send. */
    record Message(
            String method,
            HttpUrl url,
            Map<String, String> headers,
            @Nullable RequestBody body) {
        /** One without a body. */
        static Message of(String method, HttpUrl url, Map<String, String> headers) {
            boolean needsBody = !method.equals("GET") && !method.equals("HEAD") && !method.equals("DELETE");
            return new Message(method, url, headers, needsBody ? RequestBody.create(new byte[0]) : null);
        }

        boolean reads() {
            return method.equals("GET") || method.equals("HEAD");
        }
    }

    /** Redirected too often, or to where nobody should go. */
    static final class RedirectException extends ProtocolException {
        private static final long serialVersionUID = 1L;

        RedirectException(String problem) {
            super(problem);
        }
    }

    /** What was answered; its body is read from {@link #response}, and closed with this. */
    record Answered(Response response, StallWatch.Watched watched) implements Closeable {
        int status() {
            return response.code();
        }

        /** The header; empty where there is none. */
        Optional<String> header(String name) {
            return Optional.ofNullable(response.header(name));
        }

        /** Where it came from, after all redirects. */
        HttpUrl url() {
            return response.request().url();
        }

        /** Why reading it failed: the watch's reason, where that ended it. */
        IOException explained(IOException e) {
            return watched.explained(e);
        }

        @Override
        public void close() {
            watched.close();
            response.close();
        }
    }

    /** Closes the connections that nobody uses now. */
    void leaveIdleConnections() {
        clients.leaveIdleConnections();
    }

    /** The time for everything, and which requests stand still. */
    StallWatch watch() {
        return watch;
    }

    /**
     * Sends the message, with its credentials as far as they are for whoever is asked, and gives back the first answer
     * that is no redirect. The caller closes it.
     *
     * @throws RedirectException if there are too many redirects, or one that is not followed
     * @throws IOException if no answer came
     */
    Answered send(Message message, Optional<String> authorization) throws IOException {
        Message next = message;
        for (int redirects = 0; ; redirects++) {
            boolean own = isSameOrigin(next.url(), message.url());
            Answered answered = sendOnce(next, own ? authorization : Optional.empty());
            Optional<HttpUrl> location;
            try {
                location = redirect(next, answered);
            } catch (IOException e) {
                answered.close();
                throw e;
            }
            if (location.isEmpty()) {
                return answered;
            }
            answered.close();
            if (redirects == MOST_REDIRECTS) {
                throw new RedirectException(
                        "redirected more than " + MOST_REDIRECTS + " times, last to " + Urls.shown(location.get()));
            }
            boolean reads = next.reads();
            next = new Message(next.method(), location.get(), next.headers(), reads ? null : next.body());
        }
    }

    private Answered sendOnce(Message message, Optional<String> authorization) throws IOException {
        Request.Builder request = new Request.Builder().url(message.url()).method(message.method(), message.body());
        // Blobs are digested as they are: no transparent compression.
        request.header("Accept-Encoding", "identity");
        message.headers().forEach(request::header);
        authorization.ifPresent(value -> request.header("Authorization", value));
        Call call = clients.of(message.url()).newCall(request.build());
        StallWatch.Watched watched = watch.watch(call);
        if (message.body() instanceof BlobBody blob) {
            blob.watchedBy(watched);
        }
        try {
            return new Answered(call.execute(), watched);
        } catch (IOException e) {
            watched.close();
            throw watched.explained(e);
        } catch (RuntimeException e) {
            watched.close();
            throw e;
        } catch (Exception e) {
            // Kotlin declares nothing: this is what a wait for a connection throws that was interrupted.
            watched.close();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private static Optional<HttpUrl> redirect(Message message, Answered answered) throws RedirectException {
        Set<Integer> followed = message.reads() ? FOR_READING : FOR_ALL;
        if (!followed.contains(answered.status())) {
            return Optional.empty();
        }
        String location = answered.header("Location").orElse("");
        HttpUrl url = location.isEmpty() ? null : message.url().resolve(location);
        if (url == null) {
            throw new RedirectException("redirected (" + answered.status() + ") to nowhere"
                    + (location.isEmpty() ? "" : ": not an address"));
        }
        if (message.url().isHttps() && !url.isHttps()) {
            throw new RedirectException("redirected from https to plain http, to " + Urls.shown(url));
        }
        if (message.body() instanceof FormBody && !isSameOrigin(url, message.url())) {
            // The form of a token server has the login in it.
            throw new RedirectException("redirected with a login to another server, to " + Urls.shown(url));
        }
        return Optional.of(url);
    }

    /** Whether both have the same scheme, host and port. */
    static boolean isSameOrigin(HttpUrl one, HttpUrl other) {
        return one.scheme().equals(other.scheme())
                && one.host().toLowerCase(Locale.ROOT).equals(other.host().toLowerCase(Locale.ROOT))
                && one.port() == other.port();
    }
}
