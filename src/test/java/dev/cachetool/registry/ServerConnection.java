package dev.cachetool.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;

/** One connection of a client: reads its requests, one after the other, and writes the answers (HTTP/1.1). */
final class ServerConnection {
    /** How much of a body is read that nobody wants, so that the client sees the answer. */
    private static final int UNREAD_LIMIT = 1 << 18;

    private final int number;
    private final Socket raw;
    private final Optional<TestTls> tls;
    private final RequestLog log;
    private final Handler handler;

    /** Answers a request, or cuts the connection with a {@link ConnectionCut}. */
    @FunctionalInterface
    interface Handler {
        ServedResponse handle(ServedRequest request) throws IOException;
    }

    ServerConnection(int number, Socket raw, Optional<TestTls> tls, RequestLog log, Handler handler) {
        this.number = number;
        this.raw = raw;
        this.tls = tls;
        this.log = log;
        this.handler = handler;
    }

    /** Serves until the client or an answer ends it. The connection is closed then, whatever happens. */
    void serve() throws IOException {
        try {
            raw.setTcpNoDelay(true);
            Socket socket = tls.isPresent() ? tls.get().secure(raw) : raw;
            HttpInput in = new HttpInput(socket.getInputStream());
            ResponseWriter out = new ResponseWriter(socket.getOutputStream());
            boolean stays = true;
            while (stays) {
                Optional<String> requestLine = in.lineOrEnd();
                stays = requestLine.isPresent() && serve(requestLine.get().split(" ", 3), in, out, socket);
            }
            socket.close();
        } catch (ConnectionCut cut) {
            if (cut.how() == Fault.Cut.RST) {
                reset(raw);
            }
        } finally {
            raw.close();
        }
    }

    /** Ends it from another thread. */
    void abort() throws IOException {
        raw.close();
    }

    /** Closes a socket so that the other side sees a reset connection. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private boolean serve(String[] requestLine, HttpInput in, ResponseWriter out, Socket socket) throws IOException {
        if (requestLine.length < 3) {
            throw new IOException("no request line: the client went away, or speaks no HTTP");
        }
        String method = requestLine[0];
        String target = requestLine[1];
        HeaderFields headers = in.headers();
        LoggedRequest entry = log.add(new LoggedRequest(number, method, target, headers));
        RequestBody body = new RequestBody(in, entry, () -> out.interim(100));
        String base = (tls.isPresent() ? "https://" : "http://")
                + headers.first("Host").orElse("127.0.0.1:" + raw.getLocalPort());
        ServedResponse response = handler.handle(ServedRequest.of(method, base, target, headers, body));
        boolean unread =
                body.waitsForInvitation() || (response.after() == ServedResponse.After.CLOSE_UNREAD && !body.ended());
        if (!unread) {
            body.transferTo(OutputStream.nullOutputStream());
        }
        boolean closing = unread
                || requestLine[2].equals("HTTP/1.0")
                || headers.first("Connection").orElse("").equalsIgnoreCase("close");
        boolean stays = out.write(response, entry, closing);
        if (unread) {
            socket.shutdownOutput();
            readSome(socket.getInputStream());
        }
        return stays;
    }

    private static void readSome(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        int left = UNREAD_LIMIT;
        int n;
        while (left > 0 && (n = in.read(buffer)) >= 0) {
            left -= n;
        }
    }
}
