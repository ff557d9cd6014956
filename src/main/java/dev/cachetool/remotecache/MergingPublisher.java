package dev.cachetool.remotecache;

import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobTooLargeException;
import dev.cachetool.content.BlobTransfer;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.json.JsonException;
import dev.cachetool.remotecache.CachePublisher.Outcome;
import dev.cachetool.remotecache.CachePublisher.Published;
import dev.cachetool.remotecache.CachePublisher.Union;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Publishes a cache at a tag so that what stands there stays: reads it, unites both, brings the union there, and writes the
 * tag if it is still what was read; else it begins again. Then it looks whether what it wrote stays, and whether what others
 * write has it. So of any number of clients that do this at once, each has its records in what stands there in the end, as
 * far as the place can compare and write at once ({@link Target#tagIf}). For one publication.
 */
public final class MergingPublisher {
    /** How often another client may be faster before this one gives up. */
    private static final int MOST_ATTEMPTS = 100;

    /** How often what the tag names may be gone when it is read. */
    private static final int MOST_LOOKS = 5;

    private final Offer offer;
    private final Target target;
    private final String tag;
    private final CacheArtifact.Warnings warnings;
    /** Layers of what stood there that were found to be there. */
    private final Set<Digest> there = new HashSet<>();

    private final Set<Digest> damaged = new HashSet<>();
    private boolean tagDamaged;

    /**
     * @param offer what is published
     * @param warnings told of what stands there and cannot be kept, since it is damaged
     */
    public MergingPublisher(Offer offer, Target target, String tag, CacheArtifact.Warnings warnings) {
        this.offer = offer;
        this.target = target;
        this.tag = tag;
        this.warnings = warnings;
    }

    /**
     * What would stand at the tag.
     *
     * @param contents empty where there is nothing to publish
     * @param seen what the tag names now
     * @param union of the contents, where they are one
     */
    public record Attempt(Optional<CacheContents> contents, Optional<Digest> seen, Optional<Union> union) {}

    /**
     * Reads what stands at the tag, and unites it with what is to be published.
     *
     * @throws OccupiedTagException if what stands there is no cache, or an image as well
     * @throws IOException if the place cannot be asked, or what is to be published cannot be read
     */
    public Attempt unite() throws IOException {
        Optional<CacheContents> alone = offer.alone();
        if (alone.isEmpty() || alone.get().layers().isEmpty()) {
            return new Attempt(Optional.empty(), Optional.empty(), Optional.empty());
        }
        for (int looks = 1; ; looks++) {
            Optional<Digest> seen = standing();
            if (seen.isEmpty() || seen.get().equals(alone.get().manifest().digest())) {
                return new Attempt(alone, seen, Optional.empty());
            }
            Optional<Manifest> manifest = manifest(seen.get());
            if (manifest.isEmpty() && !damaged.contains(seen.get()) && looks < MOST_LOOKS) {
                // It went away, and so did the tag, or it names another one by now.
                continue;
            }
            Optional<NotedChains> stands = manifest.isPresent() ? read(manifest.get()) : Optional.empty();
            if (manifest.isEmpty()) {
                warnOfDamage(seen.get(), new BlobNotFoundException(seen.get(), target.name()));
            }
            if (stands.isEmpty()) {
                return new Attempt(alone, seen, Optional.empty());
            }
            NotedChains union = offer.kept(CacheUnion.of(List.of(stands.get(), offer.cache())));
            return new Attempt(offer.wrapped(union), seen, Optional.of(new Union(seen.get(), union.chains())));
        }
    }

    /** As {@link Target#standing}, and tells of what is damaged. */
    private Optional<Digest> standing() throws IOException {
        try {
            return target.digestOf(tag);
        } catch (DigestMismatchException | BlobNotFoundException | BlobTooLargeException | JsonException e) {
            if (!tagDamaged) {
                tagDamaged = true;
                warnings.warn("what stands at the tag \"" + tag + "\" of " + target.name()
                        + " is damaged, and replaced: " + e.getMessage());
            }
            return Optional.empty();
        }
    }

    private Optional<Manifest> manifest(Digest digest) throws IOException {
        try {
            return target.resolve(digest);
        } catch (DigestMismatchException | BlobNotFoundException | BlobTooLargeException | JsonException e) {
            warnOfDamage(digest, e);
            return Optional.empty();
        }
    }

    /** The cache of the manifest, without results whose layers are not there; empty where it is damaged. */
    private Optional<NotedChains> read(Manifest manifest) throws IOException {
        try {
            if (!CacheListing.isCacheAlone(manifest, target.name())) {
                throw new OccupiedTagException(target.name(), tag, manifest.digest());
            }
            CacheArtifact artifact = CacheArtifact.read(target, manifest, warnings);
            return Optional.of(NotedChains.of(artifact.withLayersThatAreThere(there), target.name()));
        } catch (DigestMismatchException
                | BlobNotFoundException
                | BlobTooLargeException
                | JsonException
                | InvalidCacheConfigException e) {
            warnOfDamage(manifest.digest(), e);
            return Optional.empty();
        }
    }

    private void warnOfDamage(Digest manifest, IOException e) {
        if (damaged.add(manifest)) {
            warnings.warn("the cache " + manifest.shortText() + " at the tag \"" + tag + "\" of " + target.name()
                    + " is damaged, and replaced: " + e.getMessage());
        }
    }

    /**
     * Publishes the cache.
     *
     * @param listener is told of every layer that is there, from any thread
     * @throws OccupiedTagException if what stands there is no cache, or an image as well
     * @throws TagConflictException if other clients wrote the tag again and again
     * @throws IOException if a blob cannot be read or the target cannot be written
     */
    public Published publish(BlobTransfer.Listener listener) throws IOException, InterruptedException {
        Delivery delivery = new Delivery(target, listener);
        Optional<Digest> last = Optional.empty();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Attempt united = unite();
            last = united.seen();
            if (united.contents().isEmpty()) {
                return Published.NOTHING;
            }
            CacheContents contents = united.contents().get();
            delivery.bring(contents);
            Optional<Digest> own = Optional.of(contents.manifest().digest());
            if (united.seen().equals(own) && !tagDamaged && !delivery.anyWritten() && delivery.hasChildren(contents)) {
                return new Published(Outcome.UNCHANGED, own, united.contents(), 0, Optional.empty(), united.union());
            }
            delivery.publishChildren(contents);
            if (!target.tagIf(tag, contents.manifest(), united.seen())) {
                continue;
            }
            Optional<Published> stayed = stayed(united, own.get(), delivery);
            if (stayed.isPresent()) {
                return stayed.get();
            }
        }
        throw TagConflictException.always(target.name(), tag, last, MOST_ATTEMPTS);
    }

    /** Whether a union with ours would have nothing that the cache has not. */
    private boolean hasOurs(NotedChains cache) throws IOException {
        NotedChains alone = offer.kept(CacheUnion.of(List.of(cache)));
        return alone.isSame(offer.kept(CacheUnion.of(List.of(cache, offer.cache()))));
    }

    /** What came of the writing once nobody can undo it; empty where somebody has. */
    private Optional<Published> stayed(Attempt made, Digest written, Delivery delivery) throws IOException {
        Digest named = written;
        Optional<Union> union = made.union();
        for (int looks = 0; looks < MOST_ATTEMPTS; looks++) {
            Optional<Digest> now = target.settled(tag, named);
            if (now.equals(Optional.of(named))) {
                break;
            }
            Optional<Manifest> other = now.isPresent() ? manifest(now.get()) : Optional.empty();
            Optional<NotedChains> theirs = other.isPresent() ? read(other.get()) : Optional.empty();
            if (theirs.isEmpty() || !hasOurs(theirs.get())) {
                return Optional.empty();
            }
            named = now.get();
            union = Optional.of(new Union(named, theirs.get().chains()));
        }
        return Optional.of(new Published(
                Outcome.WRITTEN, Optional.of(named), made.contents(), delivery.bytes(), Optional.empty(), union));
    }
}
