package dev.cachetool.registry;

import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.oci.Descriptor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a blob from some byte on up to another. Where the connection breaks it goes on at the byte that it broke at: with a range
 * request, or, where the registry does not know those, by passing over what was read before. Checks lengths, not the digest.
 * Not for several threads.
 */
final class BlobStream extends InputStream {
    private static final int SKIP_BUFFER = 1 << 16;
    /** An answer that goes on behind the blob is read so much further, to see that it does. */
    private static final int BEYOND = 1;

    private final Requests requests;
    private final Requests.Call call;
    private final Descriptor blob;
    private final long end;
    private final String place;
    private final Tries tries;
    private long at;
    private long furthest;
    private Wire.@Nullable Answered answered;
    private @Nullable InputStream in;

    /**
     * @param call asks for the whole blob
     * @param offset where to begin
     * @param end where to end: at its size, or before
     * @param place where the blob is, for messages
     */
    BlobStream(Requests requests, Requests.Call call, Descriptor blob, long offset, long end, String place) {
        this.requests = requests;
        this.call = call;
        this.blob = blob;
        this.place = place;
        this.end = end;
        this.at = offset;
        this.furthest = offset;
        this.tries = requests.tries();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        boolean part = end < blob.size();
        if (part && at >= end) {
            return -1;
        }
        while (true) {
            try {
                InputStream open = opened();
                watching(true);
                int n = open.read(buffer, offset, part ? (int) Math.min(length, end - at) : length);
                watching(false);
                if (n > 0) {
                    at += n;
                    moved();
                    return n;
                }
                if (at >= blob.size()) {
                    return -1;
                }
                throw new EOFException("unexpected end of stream");
            } catch (IOException e) {
                if (Requests.isSaid(e)) {
                    throw e;
                }
                again(e);
            }
        }
    }

    private void watching(boolean waits) {
        Wire.Answered current = answered;
        if (current != null && waits) {
            current.watched().progressed();
        } else if (current != null) {
            current.watched().idle();
        }
    }

    private void again(IOException failure) throws IOException {
        IOException e = explained(failure);
        closeAnswer();
        if (at >= blob.size()) {
            // All of it was read; only the end of the answer was missing.
            at = blob.size();
            in = InputStream.nullInputStream();
            return;
        }
        if (!requests.mayPass(e) || !requests.again(tries, Optional.empty())) {
            String far = at > 0 ? " (at byte " + at + " of " + blob.size() + ")" : "";
            throw requests.failure(call.action(), e, far + tries.text());
        }
    }

    private IOException explained(IOException e) {
        Wire.Answered current = answered;
        return current == null ? e : current.explained(e);
    }

    private void moved() {
        if (at > furthest) {
            furthest = at;
            tries.progressed();
        }
    }

    private InputStream opened() throws IOException {
        InputStream open = in;
        if (open == null) {
            open = open();
            in = open;
        }
        return open;
    }

    private InputStream open() throws IOException {
        Map<String, String> headers = new HashMap<>(call.headers());
        if (end < blob.size()) {
            headers.put("Range", "bytes=" + at + "-" + (end - 1));
        } else if (at > 0) {
            headers.put("Range", "bytes=" + at + "-");
        }
        Wire.Answered answer;
        try {
            answer = requests.send(call.withHeaders(headers).expecting(416));
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.NOT_FOUND) {
                throw new BlobNotFoundException(blob.digest(), place);
            }
            throw e;
        }
        answered = answer;
        try {
            return opened(answer);
        } catch (IOException e) {
            IOException why = explained(e);
            closeAnswer();
            throw why;
        } catch (RuntimeException e) {
            closeAnswer();
            throw e;
        }
    }

    private InputStream opened(Wire.Answered answer) throws IOException {
        InputStream bytes = answer.response().body().byteStream();
        if (answer.status() == 416) {
            // There is nothing behind the byte that it broke at: the blob is shorter than it should be.
            throw DigestMismatchException.size(blob.digest(), blob.size(), at, false);
        }
        long length = answer.response().body().contentLength();
        long expected = answer.status() == 206 ? end - at : blob.size();
        // Some say so of a layer that is gzip itself, and send it as it is.
        boolean encoded = length != expected
                && answer.header("Content-Encoding")
                        .orElse("")
                        .toLowerCase(Locale.ROOT)
                        .contains("gzip");
        boolean partial = answer.status() == 206 && startsAt(answer) == at && !encoded;
        if (length >= 0 && length != expected && !encoded && answer.status() != 206) {
            throw DigestMismatchException.size(
                    blob.digest(), blob.size(), Math.min(length, blob.size() + BEYOND), length > expected);
        }
        if (partial) {
            return bytes;
        }
        if (answer.status() == 206) {
            throw new IOException("the registry sent another part than it was asked for");
        }
        InputStream plain = encoded ? new GZIPInputStream(bytes, SKIP_BUFFER) : bytes;
        skip(plain, at, answer);
        return plain;
    }

    /** The first byte of the part that the answer says it is; -1 where it does not. */
    static long startsAt(Wire.Answered answer) {
        String range = answer.header("Content-Range").orElse("");
        int dash = range.indexOf('-');
        if (!range.startsWith("bytes ") || dash < 0) {
            return -1;
        }
        try {
            return Long.parseLong(range.substring("bytes ".length(), dash).strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static void skip(InputStream in, long bytes, Wire.Answered answer) throws IOException {
        byte[] buffer = new byte[SKIP_BUFFER];
        for (long left = bytes; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException("unexpected end of stream");
            }
            answer.watched().progressed();
            left -= n;
        }
    }

    private void closeAnswer() {
        in = null;
        Wire.Answered open = answered;
        answered = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        closeAnswer();
    }
}
