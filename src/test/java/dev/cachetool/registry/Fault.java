package dev.cachetool.registry;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/**
 * A way to misbehave: it gets a request and the server's right way to answer it, and does with them as it likes. Where a
 * request meets several faults, the one that was set up first is the outermost.
 */
@FunctionalInterface
public interface Fault {
    /** Answers the request; {@code right} does what the server should, and may be called or not. */
    ServedResponse answer(ServedRequest request, Right right) throws IOException;

    /** What the server should do. */
    @FunctionalInterface
    interface Right {
        /** Does it, and gives the answer without sending it. */
        ServedResponse answer(ServedRequest request) throws IOException;
    }

    /** How a connection is cut. */
    enum Cut {
        /** Ended in order: the client gets every byte before, and then the end. */
        FIN,
        /** Reset: the client sees an error, and perhaps not every byte before. */
        RST
    }

    /** Something that a test does. */
    @FunctionalInterface
    interface Deed {
        /** Does it, on the thread of the request. */
        void act() throws IOException;
    }

    /** Answers with the state, and an error of the specification with the code and message; nothing is done. */
    static Fault error(int status, String code, String message) {
        return response(DistributionApi.error(status, code, message));
    }

    /** Answers with the state and no body; nothing is done. */
    static Fault status(int status) {
        return response(ServedResponse.of(status));
    }

    /** Gives this answer; nothing is done. */
    static Fault response(ServedResponse response) {
        return (request, right) -> response;
    }

    /** Answers 429; {@code retryAfter} is a number of seconds or a date, as it stands in the header. */
    static Fault tooManyRequests(String retryAfter) {
        return response(
                DistributionApi.error(429, "TOOMANYREQUESTS", "slow down").withHeader("Retry-After", retryAfter));
    }

    /** Answers 401 with the challenge, whatever the client showed. */
    static Fault unauthorized(String challenge) {
        return response(DistributionApi.error(401, "UNAUTHORIZED", "authentication required")
                .withHeader("WWW-Authenticate", challenge));
    }

    /** Sends the client to the location, which depends on the request. */
    static Fault redirect(int status, Function<ServedRequest, String> location) {
        return (request, right) -> ServedResponse.of(status).withHeader("Location", location.apply(request));
    }

    /** Sends the client to the same path of another server, such as {@code http://localhost:5000}. */
    static Fault redirect(int status, String base) {
        return redirect(status, request -> base + request.path());
    }

    /** Sends the client to where it is. */
    static Fault redirectLoop(int status) {
        return redirect(status, ServedRequest::path);
    }

    /** Cuts the connection when so many bytes of the answer's body were sent; an answer with fewer is sent whole. */
    static Fault cutAfter(long bytes, Cut how) {
        return at(bytes, () -> {
            throw new ConnectionCut(how);
        });
    }

    /** Cuts the connection when the byte of the whole blob is to be sent, wherever a range begins. */
    static Fault cutAtOffset(long offset, Cut how) {
        return (request, right) -> {
            ServedResponse response = right.answer(request);
            long begin = response.headers()
                    .first("Content-Range")
                    .map(range -> Long.parseLong(range.replaceAll("bytes ([0-9]+)-.*", "$1")))
                    .orElse(0L);
            return cutAfter(Math.max(0, offset - begin), how).answer(request, same -> response);
        };
    }

    /** Cuts the connection when so many bytes of the request's body were read; the server keeps them as if it was the client. */
    static Fault cutRequestAfter(long bytes, Cut how) {
        return requestAt(bytes, () -> {
            throw new ConnectionCut(how);
        });
    }

    /** Does what is asked, and cuts the connection instead of answering. */
    static Fault loseAnswer(Cut how) {
        return (request, right) -> {
            right.answer(request);
            throw new ConnectionCut(how);
        };
    }

    /** Cuts the connection and does nothing. */
    static Fault ignoreRequest(Cut how) {
        return (request, right) -> {
            throw new ConnectionCut(how);
        };
    }

    /** Stands still at the gate before anything is done. */
    static Fault stall(Gate gate) {
        return before(gate::pass);
    }

    /** Stands still at the gate after all was done, before the answer. */
    static Fault stallAnswer(Gate gate) {
        return afterwards(gate::pass);
    }

    /** Stands still at the gate when so many bytes of the answer's body were sent. */
    static Fault stallAfter(long bytes, Gate gate) {
        return at(bytes, gate::pass);
    }

    /** Stands still at the gate when so many bytes of the request's body were read. */
    static Fault stallRequestAfter(long bytes, Gate gate) {
        return requestAt(bytes, gate::pass);
    }

    /** Sends the body in pieces of so many bytes, each of which needs a permit of the test's. */
    static Fault pieces(int bytes, Semaphore permits) {
        return (request, right) -> right.answer(request).through(out -> new Pieces(out, bytes, permits));
    }

    /** Sends the body in pieces of so many bytes, one after the other. */
    static Fault pieces(int bytes) {
        return pieces(bytes, new Semaphore(Integer.MAX_VALUE));
    }

    /** Sends another byte at the offset. */
    static Fault wrongByteAt(long offset) {
        return (request, right) -> right.answer(request).through(out -> new WrongByte(out, offset));
    }

    /** Sends only so many bytes of the body, and says so. */
    static Fault shortened(long bytes) {
        return (request, right) -> {
            ServedResponse response = right.answer(request);
            return response.withBody(response.body().slice(0, bytes));
        };
    }

    /** Sends another body, and says its length. */
    static Fault otherBody(byte[] bytes) {
        return (request, right) -> right.answer(request).withBody(Payload.of(bytes));
    }

    /** Says a {@code Content-Length} that is wrong by so many bytes; the connection ends after the real ones. */
    static Fault lengthOffBy(long bytes) {
        return (request, right) -> {
            ServedResponse response = right.answer(request);
            return response.withHeader(
                    "Content-Length", Long.toString(response.body().length() + bytes));
        };
    }

    /** Sends the body without a {@code Content-Length}. */
    static Fault framed(ServedResponse.Framing framing) {
        return (request, right) -> right.answer(request).framed(framing);
    }

    /** Sends the body compressed with gzip, as {@code Content-Encoding} says. */
    static Fault gzipped() {
        return (request, right) -> {
            ServedResponse response = right.answer(request);
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed);
                    InputStream bytes = response.body().open(0)) {
                bytes.transferTo(gzip);
            }
            return response.withHeader("Content-Encoding", "gzip").withBody(Payload.of(packed.toByteArray()));
        };
    }

    /** Answers with this header field in the place of the right one. */
    static Fault header(String name, String value) {
        return (request, right) -> right.answer(request).withHeader(name, value);
    }

    /** Answers without the header field. */
    static Fault withoutHeader(String name) {
        return (request, right) -> right.answer(request).withoutHeader(name);
    }

    /** Passes over {@code Range}: the whole blob is sent, with 200. */
    static Fault ignoreRange() {
        return (request, right) -> right.answer(request.withoutHeader("Range"));
    }

    /** Mounts nothing: the upload begins as if no mount had been asked for (202). */
    static Fault ignoreMount() {
        return (request, right) -> right.answer(request.withoutParameters("mount", "from"));
    }

    /** Refuses a manifest, with this answer, whose own type or whose config's type it is; takes all others. */
    static Fault refuseType(String mediaType, ServedResponse refusal) {
        return (request, right) -> {
            byte[] manifest = request.readBody();
            boolean refused = request.header("Content-Type").equals(Optional.of(mediaType))
                    || configType(manifest).equals(Optional.of(mediaType));
            return refused ? refusal : right.answer(request.withBody(new ByteArrayInputStream(manifest)));
        };
    }

    /** Refuses a manifest of more bytes, 413. */
    static Fault refuseLargerThan(int bytes) {
        return (request, right) -> {
            byte[] manifest = request.readBody();
            return manifest.length > bytes
                    ? DistributionApi.error(413, "MANIFEST_INVALID", "a manifest has at most " + bytes + " bytes")
                    : right.answer(request.withBody(new ByteArrayInputStream(manifest)));
        };
    }

    /** Does something first, such as pushing what another client pushes. */
    static Fault before(Deed deed) {
        return (request, right) -> {
            deed.act();
            return right.answer(request);
        };
    }

    /** Does something when the request was done, before the answer. */
    static Fault afterwards(Deed deed) {
        return (request, right) -> {
            ServedResponse response = right.answer(request);
            deed.act();
            return response;
        };
    }

    /** Closes the connection after the answer although the answer did not say so: who uses it again finds it dead. */
    static Fault closeUnannounced() {
        return (request, right) -> right.answer(request).followedBy(ServedResponse.After.CLOSE_UNANNOUNCED);
    }

    /** Sends a state from 100 to 199 before the answer. */
    static Fault interim(int status) {
        return (request, right) -> right.answer(request).withInterim(status);
    }

    /** This one, and within it another. */
    default Fault and(Fault inner) {
        return (request, right) -> answer(request, same -> inner.answer(same, right));
    }

    /** This one, without reading what is left of the request's body: answers at once, says that it closes, and does. */
    default Fault unread() {
        return (request, right) -> answer(request, right).followedBy(ServedResponse.After.CLOSE_UNREAD);
    }

    private static Fault at(long bytes, BytePoint.Event event) {
        return (request, right) -> right.answer(request).through(new BytePoint(bytes, event)::on);
    }

    private static Fault requestAt(long bytes, BytePoint.Event event) {
        return (request, right) -> right.answer(request.withBody(new BytePoint(bytes, event).on(request.body())));
    }

    private static Optional<String> configType(byte[] manifest) {
        try {
            Optional<JsonValue> config =
                    JsonDocument.strict(manifest, "manifest").get("config");
            return config.isPresent()
                    ? Optional.of(config.get().require("mediaType").asString())
                    : Optional.empty();
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    /** Splits what is written. */
    final class Pieces extends FilterOutputStream {
        private final int bytes;
        private final Semaphore permits;

        private Pieces(OutputStream out, int bytes, Semaphore permits) {
            super(out);
            this.bytes = bytes;
            this.permits = permits;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            for (int at = 0; at < length; at += bytes) {
                try {
                    permits.acquire();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("closed while it waited for a permit");
                }
                out.write(buffer, offset + at, Math.min(bytes, length - at));
                out.flush();
            }
        }
    }

    /** Changes one byte. */
    final class WrongByte extends FilterOutputStream {
        private final long wrong;
        private long position;

        private WrongByte(OutputStream out, long wrong) {
            super(out);
            this.wrong = wrong;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            if (wrong >= position && wrong < position + length) {
                byte[] changed = new byte[length];
                System.arraycopy(buffer, offset, changed, 0, length);
                changed[(int) (wrong - position)] ^= 1;
                out.write(changed, 0, length);
            } else {
                out.write(buffer, offset, length);
            }
            position += length;
        }
    }
}
