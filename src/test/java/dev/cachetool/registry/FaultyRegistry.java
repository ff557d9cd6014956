package dev.cachetool.registry;

import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * A registry in this process, on a port of 127.0.0.1, that does everything right until it is told to misbehave: a
 * {@link Fault} for the requests of a {@link FaultRule}. Keeps all in memory, and a log of what was asked. Closing it ends
 * all connections and threads, those that stand at a {@link Gate} too.
 */
public final class FaultyRegistry implements AutoCloseable {
    /** Where tokens are issued. */
    static final String TOKEN_PATH = "/token";

    private final ServerSocket server;
    private final Options options;
    private final HostedContent content;
    private final DistributionApi api;
    private final ServerAccess access;
    private final RequestLog log = new RequestLog();
    private final List<FaultRule> rules = new CopyOnWriteArrayList<>();
    private final Map<Thread, ServerConnection> connections = new ConcurrentHashMap<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Thread acceptor;
    private int accepted;

    private FaultyRegistry(Options options) throws IOException {
        this.options = options;
        this.server = new ServerSocket(0, 0, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        this.content = new HostedContent(options.keptAtMost);
        this.api = new DistributionApi(content, options.uploadLocation, options.tagsPage, options.conditions);
        this.access = options.access;
        this.acceptor = daemon("registry " + server.getLocalPort(), this::accept);
        acceptor.start();
    }

    /** Starts one that is open to everyone, without TLS. */
    public static FaultyRegistry start() throws IOException {
        return options().start();
    }

    /** What one can be started with. */
    public static Options options() {
        return new Options();
    }

    /** How a registry is to be; without any word open to everyone, without TLS. */
    public static final class Options {
        private Optional<TestTls> tls = Optional.empty();
        private Optional<TokenIssuer> issuer = Optional.empty();
        private ServerAccess access = ServerAccess.open();
        private UploadLocation uploadLocation = UploadLocation.ABSOLUTE;
        private long keptAtMost = Long.MAX_VALUE;
        private int tagsPage = Integer.MAX_VALUE;
        private int droppedConnections;
        private boolean conditions;

        private Options() {}

        /** Speaks TLS. */
        public Options tls(TestTls identity) {
            tls = Optional.of(identity);
            return this;
        }

        /** Lets this user in only, with {@code Basic}. */
        public Options basic(String user, String password) {
            access = ServerAccess.basic(user, password);
            return this;
        }

        /** Lets those in only who bring a token of the issuer, and issues them itself. */
        public Options bearer(TokenIssuer of) {
            access = ServerAccess.bearer(of, request -> request.base() + TOKEN_PATH);
            return issuing(of);
        }

        /** Lets those in only who bring a token of the issuer, which another server has: see {@link #tokenUrl}. */
        public Options bearer(TokenIssuer of, String realm) {
            access = ServerAccess.bearer(of, request -> realm);
            return this;
        }

        /** Issues tokens. */
        public Options issuing(TokenIssuer tokens) {
            issuer = Optional.of(tokens);
            return this;
        }

        /** Tells where uploads go on in this way; otherwise {@link UploadLocation#ABSOLUTE}. */
        public Options uploadLocation(UploadLocation way) {
            uploadLocation = way;
            return this;
        }

        /** Keeps only size and digest of uploads of more than so many bytes: such a blob can be looked at, not fetched. */
        public Options keepAtMost(long bytes) {
            keptAtMost = bytes;
            return this;
        }

        /** Lists so many tags at most in one answer. */
        public Options tagsPage(int tags) {
            tagsPage = tags;
            return this;
        }

        /** Looks at the conditions of a manifest that is put, which Docker's registry does not. */
        public Options conditions() {
            conditions = true;
            return this;
        }

        /** Resets every so manieth connection as soon as it is there: 2 is the second, the fourth… */
        public Options dropEveryConnection(int nth) {
            droppedConnections = nth;
            return this;
        }

        /** Starts it; the caller closes it. */
        public FaultyRegistry start() throws IOException {
            return new FaultyRegistry(this);
        }
    }

    /** Host and port, as they stand in a reference: {@code 127.0.0.1:PORT}. */
    public String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** The same server by another name, so that it is another host: {@code localhost:PORT}. */
    public String otherHost() {
        return "localhost:" + server.getLocalPort();
    }

    /** {@code http} or {@code https}, and {@link #host}. */
    public String url() {
        return scheme() + host();
    }

    /** {@code http} or {@code https}, and {@link #otherHost}. */
    public String otherUrl() {
        return scheme() + otherHost();
    }

    /** Where it issues tokens. */
    public String tokenUrl() {
        return url() + TOKEN_PATH;
    }

    /** What was asked so far. */
    public RequestLog log() {
        return log;
    }

    /**
     * Begins a rule for requests of these methods and this kind; it holds from {@link FaultRule#then} on.
     *
     * @param methods a regular expression, such as {@code GET|HEAD}
     */
    public FaultRule on(String methods, RequestKind kind) {
        Pattern method = Pattern.compile(methods);
        return new FaultRule(r -> r.kind() == kind && method.matcher(r.method()).matches(), rules::add);
    }

    /**
     * Begins a rule for requests of these methods to these targets; it holds from {@link FaultRule#then} on.
     *
     * @param methods a regular expression
     * @param targets a regular expression that is found in the path and query as they were sent
     */
    public FaultRule on(String methods, String targets) {
        Pattern method = Pattern.compile(methods);
        Pattern target = Pattern.compile(targets);
        return new FaultRule(
                r -> target.matcher(r.target()).find()
                        && method.matcher(r.method()).matches(),
                rules::add);
    }

    /** Behaves well from now on. */
    public void behave() {
        rules.clear();
    }

    /** Puts a blob into a repository. */
    public Digest addBlob(String repository, byte[] bytes) {
        Digest digest = Digest.sha256(bytes);
        content.repositoryToPush(repository).addBlob(digest, Payload.of(bytes.clone()));
        return digest;
    }

    /** Puts a blob into a repository that is made when it is read. */
    public Digest addBlob(String repository, GeneratedBlob blob) {
        content.repositoryToPush(repository).addBlob(blob.digest(), blob);
        return blob.digest();
    }

    /** Can give out this blob once it was pushed, although its bytes are not kept. */
    public void recognize(GeneratedBlob blob) {
        content.recognize(blob);
    }

    /** Puts a manifest into a repository, at the tag where the reference is one; what it refers to is not looked at. */
    public Digest addManifest(String repository, String reference, String mediaType, byte[] bytes) {
        HostedManifest manifest = new HostedManifest(mediaType, bytes);
        content.repositoryToPush(repository).addManifest(reference, manifest);
        return manifest.digest();
    }

    /** A blob; empty where there is none, or no such repository. */
    public Optional<Payload> blob(String repository, Digest digest) {
        return content.repository(repository).flatMap(r -> r.blob(digest));
    }

    /** The digests of all blobs, sorted. */
    public List<Digest> blobs(String repository) {
        return content.repository(repository).map(HostedRepository::blobs).orElse(List.of());
    }

    /** A manifest by tag or digest; empty where there is none, or no such repository. */
    public Optional<HostedManifest> manifest(String repository, String reference) {
        return content.repository(repository).flatMap(r -> r.manifest(reference));
    }

    /** All tags, sorted. */
    public List<String> tags(String repository) {
        return content.repository(repository).map(HostedRepository::tags).orElse(List.of());
    }

    /** What the manifests at tags refer to and is not there: not empty where half a thing was published. */
    public List<Digest> missing(String repository) throws JsonException {
        Optional<HostedRepository> found = content.repository(repository);
        return found.isPresent() ? found.get().missing() : List.of();
    }

    /** How many uploads were begun and neither finished nor given up. */
    public int openUploads() {
        return content.openUploads();
    }

    /**
     * Ends everything, and waits until all threads have ended.
     *
     * @throws IllegalStateException if something failed that was not told to: a mistake of the server, or of a test's deed
     */
    @Override
    public void close() {
        try {
            server.close();
            acceptor.join();
            for (Map.Entry<Thread, ServerConnection> e : connections.entrySet()) {
                e.getValue().abort();
                e.getKey().interrupt();
            }
            for (Thread thread : connections.keySet()) {
                thread.join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the registry cannot be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("the registry failed by itself", failures.peek());
        }
    }

    private String scheme() {
        return options.tls.isPresent() ? "https://" : "http://";
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                accepted++;
                if (options.droppedConnections > 0 && accepted % options.droppedConnections == 0) {
                    ServerConnection.reset(socket);
                } else {
                    serve(new ServerConnection(accepted, socket, options.tls, log, this::handle));
                }
            } catch (IOException e) {
                if (!server.isClosed()) {
                    failures.add(e);
                }
            }
        }
    }

    private void serve(ServerConnection connection) {
        Thread thread = daemon(acceptor.getName() + " connection " + accepted, () -> {
            try {
                connection.serve();
            } catch (IOException e) {
                // The client went away, or speaks no HTTP: its own affair.
            } catch (RuntimeException | Error e) {
                failures.add(e);
            } finally {
                connections.remove(Thread.currentThread());
            }
        });
        connections.put(thread, connection);
        thread.start();
    }

    private ServedResponse handle(ServedRequest request) throws IOException {
        if (request.kind() == RequestKind.TOKEN && options.issuer.isPresent()) {
            return misbehave(request, options.issuer.get()::answer);
        }
        Optional<ServedResponse> refusal = access.refusal(request);
        return refusal.isPresent() ? refusal.get() : misbehave(request, api::answer);
    }

    private ServedResponse misbehave(ServedRequest request, Fault.Right right) throws IOException {
        return answer(rules.stream().filter(rule -> rule.takes(request)).toList(), request, right);
    }

    private static ServedResponse answer(List<FaultRule> left, ServedRequest request, Fault.Right right)
            throws IOException {
        return left.isEmpty()
                ? right.answer(request)
                : left.get(0).answer(request, same -> answer(left.subList(1, left.size()), same, right));
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
