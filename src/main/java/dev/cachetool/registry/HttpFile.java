package dev.cachetool.registry;

import dev.cachetool.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.Credentials;
import okhttp3.HttpUrl;

/**
 * A file behind an address: what it is now, and the file itself. Proxies, certificates, redirects, tries and stalls are
 * those of registries. For several threads.
 */
public final class HttpFile {
    private static final Integer[] REFUSALS = {401, 403, 404, 410};
    private static final int BUFFER = 1 << 16;

    /** A file that changes within a second of its time looks the same afterwards; servers' clocks differ by more. */
    private static final Duration SETTLED = Duration.ofSeconds(60);

    private final Requests requests;
    private final HttpUrl url;
    private final String action;

    HttpFile(Requests requests, HttpUrl url) {
        this.requests = requests;
        this.url = url;
        this.action = "fetch " + Urls.shown(url);
    }

    /**
     * What tells the file from others at the address.
     *
     * @param entityTag a strong one (RFC 9110, 8.8.3), as it was sent
     * @param lastModified when it was modified, as it was sent, where that was long enough ago to tell (8.8.2.2)
     * @param length in bytes; -1 where the server does not say
     */
    public record Mark(Optional<String> entityTag, Optional<String> lastModified, long length) {
        private static Mark of(Wire.Answered answered, boolean whole) {
            Optional<String> tag = answered.header("ETag").filter(value -> value.matches("\"[^\"]*\""));
            String length = whole ? answered.header("Content-Length").orElse("-1") : "-1";
            return new Mark(tag, settled(answered), Long.parseLong(length));
        }

        private static Optional<String> settled(Wire.Answered answered) {
            Optional<String> modified = answered.header("Last-Modified");
            Optional<Instant> then = modified.flatMap(Mark::instant);
            Optional<Instant> now = answered.header("Date").flatMap(Mark::instant);
            return then.isPresent()
                            && now.isPresent()
                            && !then.get().plus(SETTLED).isAfter(now.get())
                    ? modified
                    : Optional.empty();
        }

        private static Optional<Instant> instant(String date) {
            try {
                return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }
    }

    /**
     * What the file is now, without reading it.
     *
     * @throws RegistryException if there is none, or its server does not say
     */
    public Mark mark() throws IOException {
        try (Wire.Answered answered =
                requests.send(call("HEAD", Map.of()).expecting(400, 401, 403, 404, 405, 410, 501))) {
            if (answered.status() == 200) {
                return Mark.of(answered, true);
            }
        }
        // Some servers, and addresses that are signed, allow GET alone; the answer's body is not read.
        try (Wire.Answered answered = open(Map.of())) {
            return Mark.of(answered, true);
        }
    }

    /**
     * Writes the file; one that stands there is replaced. Where the connection breaks it goes on at the byte where it broke,
     * as far as the server can.
     *
     * @return what it is
     * @throws RegistryException if there is none, or it cannot be read to its end
     * @throws IOException if it cannot be written
     */
    public Mark fetch(Path file) throws IOException {
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            return new Download(out).run();
        } catch (Requests.SourceException e) {
            throw e.failure();
        }
    }

    private Wire.Answered open(Map<String, String> headers) throws IOException {
        Requests.Call call = call("GET", headers);
        Wire.Answered answered = requests.send(call.expecting(401, 403, 404, 410, 416));
        for (int refusal : REFUSALS) {
            if (answered.status() == refusal) {
                answered.close();
                throw refused(refusal);
            }
        }
        return answered;
    }

    private RegistryException refused(int status) {
        boolean gone = status == 404 || status == 410;
        boolean login = !url.username().isEmpty();
        String why = HttpStatus.text(status);
        return requests.failure(
                gone ? Kind.NOT_FOUND : Kind.REFUSED,
                action,
                status,
                !gone && login ? why + " (the server does not take the login of the address)" : why,
                Optional.empty());
    }

    private Requests.Call call(String method, Map<String, String> headers) {
        Optional<String> authorization = url.username().isEmpty()
                ? Optional.empty()
                : Optional.of(Credentials.basic(url.username(), url.password()));
        HttpUrl address =
                url.newBuilder().username("").password("").fragment(null).build();
        return new Requests.Call(method, "", address, headers, null, authorization, Optional.empty(), action, Set.of());
    }

    /** One file on its way here. */
    private final class Download {
        private final FileChannel out;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        private Optional<String> tag = Optional.empty();
        private long at;
        private long furthest;

        Download(FileChannel out) {
            this.out = out;
        }

        Mark run() throws IOException {
            Tries tries = requests.tries();
            while (true) {
                boolean part = at > 0 && tag.isPresent();
                Map<String, String> headers =
                        part ? Map.of("Range", "bytes=" + at + "-", "If-Range", tag.get()) : Map.of();
                try (Wire.Answered answered = open(headers)) {
                    try {
                        return read(answered, tries);
                    } catch (IOException e) {
                        IOException why = answered.explained(e);
                        if (Requests.isSaid(why)) {
                            throw why;
                        }
                        if (!requests.mayPass(why) || !requests.again(tries, Optional.empty())) {
                            throw requests.failure(action, why, " (at byte " + at + ")" + tries.text());
                        }
                    }
                }
            }
        }

        private Mark read(Wire.Answered answered, Tries tries) throws IOException {
            boolean goesOn = answered.status() == 206 && at > 0 && BlobStream.startsAt(answered) == at;
            if (!goesOn) {
                at = 0;
                write(() -> out.truncate(0));
            }
            if ((answered.status() == 206 && !goesOn) || answered.status() == 416) {
                tag = Optional.empty();
                throw new IOException("the server sent another part than it was asked for");
            }
            Mark mark = Mark.of(answered, !goesOn);
            tag = mark.entityTag();
            InputStream in = answered.response().body().byteStream();
            while (true) {
                answered.watched().progressed();
                int n = in.read(buffer.array());
                if (n < 0) {
                    return mark;
                }
                answered.watched().idle();
                ByteBuffer bytes = buffer.clear().limit(n);
                write(() -> {
                    while (bytes.hasRemaining()) {
                        out.write(bytes, at + bytes.position());
                    }
                });
                at += n;
                if (at > furthest) {
                    furthest = at;
                    tries.progressed();
                }
            }
        }
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    /** What goes wrong here is no failure of the server. */
    private static void write(Writing writing) throws Requests.SourceException {
        try {
            writing.run();
        } catch (IOException e) {
            throw new Requests.SourceException(e);
        }
    }
}
