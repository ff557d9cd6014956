package dev.cachetool.registry;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Lets the kernel send blobs that lie in plain files, where the connection is not encrypted: the head of the request goes
 * OkHttp's way, then the file goes from its channel into the socket's. For OkHttp the body is empty; {@code Content-Length}
 * says what really follows.
 */
final class FileSending implements Interceptor {
    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        Connection connection = chain.connection();
        if (request.body() instanceof BlobBody body && connection != null) {
            Optional<Path> file = body.file();
            SocketChannel channel = plainChannel(connection);
            if (file.isPresent() && channel != null) {
                return chain.proceed(request.newBuilder()
                        .method(request.method(), new Sent(body, file.get(), channel))
                        .build());
            }
        }
        return chain.proceed(request);
    }

    private static @Nullable SocketChannel plainChannel(Connection connection) {
        Socket socket = connection.socket();
        return connection.handshake() == null ? socket.getChannel() : null;
    }

    private static final class Sent extends RequestBody {
        private final BlobBody body;
        private final Path file;
        private final SocketChannel channel;

        Sent(BlobBody body, Path file, SocketChannel channel) {
            this.body = body;
            this.file = file;
            this.channel = channel;
        }

        @Override
        public @Nullable MediaType contentType() {
            return body.contentType();
        }

        @Override
        public long contentLength() {
            return 0;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            // The head of the request stands in OkHttp's buffer until now.
            sink.flush();
            try {
                body.transferTo(file, channel);
            } catch (IOException e) {
                if (body.sourceFailure().isPresent() || e instanceof ClosedChannelException) {
                    throw e;
                }
                // The server hung up. It may have said why before; if not, reading its answer fails as well. Nothing
                // else is to be sent here.
                channel.shutdownOutput();
            }
        }
    }
}
