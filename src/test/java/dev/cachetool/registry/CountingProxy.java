package dev.cachetool.registry;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Stands before a server on this machine, passes every byte on as it is, and keeps what was asked. A
 * request is in the log before the server gets it. Closing it closes all connections.
 */
public final class CountingProxy implements Closeable {
    private static final int BUFFER = 1 << 14;

    private final ServerSocket listening;
    private final int server;
    private final boolean tls;
    private final RequestLog log = new RequestLog();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong bytesToClient = new AtomicLong();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Consumer<LoggedRequest> onRequest = request -> {};
    private volatile long wireAt = Long.MAX_VALUE;
    private volatile Runnable wire = () -> {};

    private CountingProxy(ServerSocket listening, int server, boolean tls) {
        this.listening = listening;
        this.server = server;
        this.tls = tls;
    }

    /**
     * Stands before the server on the port, on a port of its own.
     *
     * @param tls whether both speak TLS, with the keys of {@link TestTls}
     */
    static CountingProxy before(int port, boolean tls) throws IOException {
        ServerSocket listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        CountingProxy proxy = new CountingProxy(listening, port, tls);
        start(proxy::accept);
        return proxy;
    }

    /** Where it listens, {@code host:port}. */
    public String host() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** What was asked; the states of the answers are not looked at. */
    public RequestLog log() {
        return log;
    }

    /** How many bytes went by, in both directions. */
    public long bytes() {
        return bytes.get();
    }

    /** How many bytes went to clients. */
    public long bytesToClient() {
        return bytesToClient.get();
    }

    /** Forgets requests and bytes so far. */
    public void clear() {
        log.clear();
        bytes.set(0);
        bytesToClient.set(0);
    }

    /** Does this with each request from now on, before the server gets it. */
    public void onRequest(Consumer<LoggedRequest> action) {
        onRequest = action;
    }

    /** Does this once when so many bytes more went by, in both directions. */
    public void afterBytes(long more, Runnable action) {
        wire = action;
        wireAt = bytes.get() + more;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "counting proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                start(() -> serve(client));
            }
        } catch (IOException e) {
            if (!listening.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Socket secured(Socket raw) throws IOException {
        return tls ? TestTls.server().secure(raw) : raw;
    }

    private Socket connect() throws IOException {
        return tls
                ? TestTls.client().getSocketFactory().createSocket("127.0.0.1", server)
                : new Socket(InetAddress.getLoopbackAddress(), server);
    }

    private void serve(Socket raw) {
        try (raw;
                Socket client = secured(raw);
                Socket upstream = connect()) {
            raw.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            open.add(client);
            open.add(upstream);
            start(() -> answer(upstream, client));
            ask(client, upstream);
        } catch (IOException e) {
            // One of the two has gone, or this was closed: whoever is left sees its connection end.
        }
    }

    private void ask(Socket client, Socket upstream) throws IOException {
        int number = connections.incrementAndGet();
        Held held = new Held(client.getInputStream());
        HttpInput in = new HttpInput(held);
        OutputStream out = upstream.getOutputStream();
        byte[] buffer = new byte[BUFFER];
        for (Optional<String> line = in.lineOrEnd(); line.isPresent(); line = in.lineOrEnd()) {
            String[] parts = line.get().split(" ", 3);
            LoggedRequest request = log.add(new LoggedRequest(number, parts[0], parts[1], in.headers()));
            onRequest.accept(request);
            RequestBody body = new RequestBody(in, request, () -> {});
            passOn(held, out);
            while (body.read(buffer, 0, buffer.length) >= 0) {
                passOn(held, out);
            }
        }
        upstream.shutdownOutput();
    }

    private void passOn(Held held, OutputStream out) throws IOException {
        byte[] all = held.take();
        out.write(all);
        passed(all.length);
    }

    private void answer(Socket upstream, Socket client) {
        byte[] buffer = new byte[BUFFER];
        try (upstream;
                client) {
            InputStream in = upstream.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                // Counted first, so that what a client has is never more than what was counted.
                bytesToClient.addAndGet(n);
                passed(n);
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // As above.
        } finally {
            open.remove(client);
            open.remove(upstream);
        }
    }

    private void passed(int length) {
        if (bytes.addAndGet(length) >= wireAt) {
            trip();
        }
    }

    private synchronized void trip() {
        if (wireAt != Long.MAX_VALUE) {
            wireAt = Long.MAX_VALUE;
            wire.run();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** What a client sends; every byte that was read is kept until it is taken. */
    private static final class Held extends FilterInputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        Held(InputStream in) {
            super(in);
        }

        byte[] take() {
            byte[] all = kept.toByteArray();
            kept.reset();
            return all;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            if (n > 0) {
                kept.write(buffer, offset, n);
            }
            return n;
        }
    }
}
