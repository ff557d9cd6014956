package dev.cachetool.registry;

import dev.cachetool.content.Manifest;
import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/**
 * Writes a tag of a repository if nobody else has. The API has no way to compare and write at once; some registries take a
 * condition, most do not look at it. So the tag is looked at right before, the manifest is not sent when that was too long
 * ago, and nothing is sent a second time without another look. A writer that has written then waits longer than any other
 * one has between its look and its writing, and looks again ({@link #settled}). docs/registries.md says what stays open.
 */
final class ConditionalTag {
    /** How long after a look the manifest may still begin to go out. */
    static final Duration FRESH = Duration.ofMillis(500);

    /** How long is waited at least after a tag was written: {@link #FRESH}, and what a registry takes to do as it is told. */
    static final Duration SETTLE = Duration.ofSeconds(2);

    private static final Duration LONGEST_SETTLE = Duration.ofSeconds(15);
    /** Where this registry was slow, the wait is so many times what it took. */
    private static final int MARGIN = 4;

    private static final int LOOKS = 4;

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    /** How often conditions are refused that hold, before they are left out: the registry compares something else. */
    private static final int MOST_REFUSALS = 2;

    /** How often a look may be too old in a row; then the way to the registry is so slow that it makes no difference. */
    private static final int MOST_STALE = 20;

    private final Requests requests;
    private final RegistryTarget target;
    private final Pause pause;
    private long slowest;
    private int conflicts;

    ConditionalTag(Requests requests, RegistryTarget target) {
        this.requests = requests;
        this.target = target;
        this.pause = requests.pause();
    }

    /** What a look at a tag saw: its manifest, and the entity tag that the registry gives that. */
    record Look(Optional<Digest> digest, Optional<String> entityTag) {
        static final Look NOTHING = new Look(Optional.empty(), Optional.empty());

        /** The header that makes a write depend on it. */
        Map<String, String> condition() {
            if (digest.isEmpty()) {
                return Map.of("If-None-Match", "*");
            }
            // A weak one never matches here (RFC 9110, 13.1.1).
            return entityTag
                    .filter(value -> !value.startsWith("W/"))
                    .map(value -> Map.of("If-Match", value))
                    .orElse(Map.of());
        }
    }

    /** See {@link RegistryTarget#tagIf}. */
    boolean write(String tag, Manifest manifest, Optional<Digest> seen) throws IOException {
        Tries tries = requests.tries();
        int refusals = 0;
        int stale = 0;
        while (true) {
            long looked = pause.nanos();
            Look now = target.lookToReplace(tag);
            if (now.digest().equals(Optional.of(manifest.digest()))) {
                return true;
            }
            if (!now.digest().equals(seen)) {
                letOthersWrite();
                return false;
            }
            FreshBody body = new FreshBody(manifest, looked, stale < MOST_STALE);
            Requests.Call call = target.putting(tag)
                    .withHeaders(refusals < MOST_REFUSALS ? now.condition() : Map.of())
                    .withBody(() -> body);
            try {
                Wire.Answered answered = requests.exchange(call);
                if (answered.status() == 412 || answered.status() == 304) {
                    answered.close();
                    refusals++;
                    continue;
                }
                if (target.isTaken(call, manifest, answered)) {
                    tries.progressed();
                    slowest = Math.max(slowest, pause.nanos() - looked);
                    return true;
                }
                Requests.Refusal refusal = Requests.Refusal.of(answered);
                if (!refusal.mayPass() || !requests.again(tries, refusal.retryAfter())) {
                    throw requests.failure(call, refusal, tries.text());
                }
            } catch (IOException e) {
                if (body.isStale()) {
                    stale++;
                } else if (Requests.isSaid(e)) {
                    throw e;
                } else if (!requests.mayPass(e) || !requests.again(tries, Optional.empty())) {
                    throw requests.failure(call.action(), e, tries.text());
                }
            }
        }
    }

    /** Waits by chance, the longer the more are writing, so that not all who lost come back at once. */
    private void letOthersWrite() throws IOException {
        conflicts++;
        long longest = Math.min(LONGEST_WAIT.toNanos(), SHORTEST_WAIT.toNanos() << Math.min(conflicts, 10));
        await(Duration.ofNanos((long) (longest * pause.jitter())));
    }

    /** See {@link RegistryTarget#settled}. */
    Optional<Digest> settled(String tag, Digest manifest) throws IOException {
        Optional<Digest> wanted = Optional.of(manifest);
        long wait = Math.max(SETTLE.toNanos(), Math.min(LONGEST_SETTLE.toNanos(), slowest * MARGIN));
        Optional<Digest> now = target.standing(tag);
        for (int looks = 0; looks < LOOKS && now.equals(wanted); looks++) {
            await(Duration.ofNanos(wait / LOOKS));
            now = target.standing(tag);
        }
        return now;
    }

    private void await(Duration duration) throws IOException {
        try {
            pause.await(duration);
        } catch (InterruptedException e) {
            throw Requests.interrupted();
        }
    }

    /** A manifest that is not sent when the look that allowed it is too old. */
    private final class FreshBody extends RequestBody {
        private final Manifest manifest;
        private final long looked;
        private final boolean guarded;
        private boolean stale;

        FreshBody(Manifest manifest, long looked, boolean guarded) {
            this.manifest = manifest;
            this.looked = looked;
            this.guarded = guarded;
        }

        /** Whether it was not sent for that reason. */
        boolean isStale() {
            return stale;
        }

        @Override
        public MediaType contentType() {
            return MediaType.get(manifest.mediaType());
        }

        @Override
        public long contentLength() {
            return manifest.bytes().length;
        }

        /** So that it is not sent again by the client alone, which would not look before. */
        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            if (guarded && pause.nanos() - looked > FRESH.toNanos()) {
                stale = true;
                throw new IOException("too long since the tag was looked at");
            }
            sink.write(manifest.bytes());
        }
    }
}
