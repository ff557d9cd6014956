package dev.cachetool.inspect;

import dev.cachetool.content.BadLayerException;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobTooLargeException;
import dev.cachetool.content.InMemoryContentStore;
import dev.cachetool.content.UnsafeEntryException;
import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.inspect.Finding.Kind;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.remotecache.CacheChains;
import dev.cachetool.remotecache.CacheConfig;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.InvalidCacheConfigException;
import dev.cachetool.remotecache.Notes;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges a cache: its documents here, its blobs by what somebody found who looked for them. Everything that is wrong is
 * found, also where an importer would have given up.
 */
public final class CacheCheck {
    /** What keeps a cache from being read, or stays in what is written of it. */
    private static final Set<Kind> LASTING = EnumSet.of(
            Kind.CONFIG_MALFORMED,
            Kind.LOOP,
            Kind.LINK_OUT_OF_RANGE,
            Kind.LINK_TO_RANDOM,
            Kind.INPUT_EMPTY,
            Kind.RESULT_OUT_OF_RANGE,
            Kind.LAYER_LOOP,
            Kind.PARENT_OUT_OF_RANGE,
            Kind.DIGEST_MISSING,
            Kind.DIGEST_MALFORMED);

    private final RawCache cache;
    private final String place;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();
    private final List<List<Descriptor>> stacks = new ArrayList<>();
    private final Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    private final List<CacheConfig> configs = new ArrayList<>();
    private boolean whole = true;
    private long records;

    private CacheCheck(RawCache cache, String place, Instant now) {
        this.cache = cache;
        this.place = place;
        this.now = now;
    }

    /**
     * Judges the documents.
     *
     * @param place where it lies
     * @param audiences who is to keep it, or to read it
     * @param now against which times are in the future
     */
    public static CacheCheck of(RawCache cache, String place, List<Audience> audiences, Instant now) {
        CacheCheck check = new CacheCheck(cache, place, now);
        check.run();
        audiences.forEach(each -> check.findings.addAll(each.judge(cache)));
        return check;
    }

    private void run() {
        findings.addAll(cache.damage());
        whole = cache.damage().isEmpty();
        cache.manifest().ifPresent(manifest -> {
            if (manifest.bytes().length > CacheConfig.BUILDKIT_LIMIT) {
                findings.add(new Finding(
                        Kind.MANIFEST_TOO_LARGE,
                        "manifest",
                        Optional.of(manifest.digest()),
                        bytes(manifest.bytes().length)));
            }
        });
        for (RawCache.Part part : cache.parts()) {
            part(part);
        }
        cache.notes().ifPresent(this::notes);
    }

    private static String bytes(long bytes) {
        return "it has " + bytes + " bytes";
    }

    private void part(RawCache.Part part) {
        layers(part.layers());
        if (part.bytes().isEmpty()) {
            whole = false;
            return;
        }
        byte[] bytes = part.bytes().get();
        boolean inline = part.inline().isPresent();
        if (!inline && bytes.length > CacheConfig.BUILDKIT_LIMIT) {
            findings.add(new Finding(
                    Kind.CONFIG_TOO_LARGE, part.name(), Optional.of(Digest.sha256(bytes)), bytes(bytes.length)));
        }
        List<JsonException> wrong = new ArrayList<>();
        CacheConfig config;
        try {
            config = inline
                    ? new CacheConfig(part.inline().get(), CacheConfig.parseAllRecords(bytes, part.name(), wrong::add))
                    : CacheConfig.parseAll(bytes, part.name(), wrong::add);
        } catch (JsonException e) {
            findings.add(malformed(part, e));
            whole = false;
            return;
        }
        wrong.forEach(e -> findings.add(malformed(part, e)));
        if (wrong.isEmpty()) {
            odd(part, bytes);
        }
        records += config.records().size();
        configs.add(config);
        ConfigCheck check = new ConfigCheck(config, part, cache.isBare(), now);
        findings.addAll(check.findings(place));
        whole &= wrong.isEmpty() && !check.isRefused();
        if (!cache.isBare()) {
            stacks.addAll(check.stacks());
        }
    }

    private static Finding malformed(RawCache.Part part, JsonException e) {
        String at = e.line() > 0 ? "line " + e.line() + ", column " + e.column() + ": " : "";
        return new Finding(Kind.CONFIG_MALFORMED, part.name(), Optional.empty(), at + e.problem());
    }

    /** What Go reads and another program may read otherwise. */
    private void odd(RawCache.Part part, byte[] bytes) {
        try {
            JsonDocument.strict(bytes, part.name());
        } catch (JsonException e) {
            findings.add(new Finding(
                    Kind.CONFIG_ODD,
                    part.name(),
                    Optional.empty(),
                    "line " + e.line() + ", column " + e.column() + ": " + e.problem()));
        }
    }

    private void layers(List<Descriptor> layers) {
        Set<Digest> seen = new HashSet<>();
        for (Descriptor layer : layers) {
            Descriptor known = blobs.putIfAbsent(layer.digest(), layer);
            if (known != null
                    && (known.size() != layer.size() || !known.diffId().equals(layer.diffId()))) {
                add(
                        Kind.LAYER_TWICE,
                        layer,
                        known.size() + " and " + layer.size() + " bytes, diffIDs "
                                + known.annotations().getOrDefault(Annotations.UNCOMPRESSED, "none") + " and "
                                + layer.annotations().getOrDefault(Annotations.UNCOMPRESSED, "none"));
            }
            if (seen.add(layer.digest())) {
                layer(layer);
            }
        }
    }

    private void layer(Descriptor layer) {
        String type = layer.mediaType();
        if (!MediaTypes.isLayer(type)) {
            add(Kind.LAYER_TYPE, layer, type.isEmpty() ? "it has none" : type);
        } else if (type.equals(MediaTypes.DOCKER_LAYER_ZSTD)) {
            add(Kind.ZSTD_OF_DOCKER, layer, type);
        }
        if (layer.diffId().isEmpty()) {
            String said = layer.annotations().get(Annotations.UNCOMPRESSED);
            add(Kind.DIFF_ID_MISSING, layer, said == null ? "it has none" : "\"" + said + "\" is no digest");
        }
        for (String key : layer.annotations().keySet()) {
            if (key.startsWith(Annotations.DISTRIBUTION_SOURCE)) {
                add(
                        Kind.SOURCE_TOLD,
                        layer,
                        key.substring(Annotations.DISTRIBUTION_SOURCE.length()) + "/"
                                + layer.annotations().get(key));
            }
        }
    }

    private void add(Kind kind, Descriptor blob, String what) {
        findings.add(new Finding(kind, "layer", Optional.of(blob.digest()), what));
    }

    private void notes(byte[] bytes) {
        Notes notes;
        try {
            notes = Notes.parse(bytes, "notes");
        } catch (JsonException e) {
            findings.add(new Finding(Kind.NOTES_UNREADABLE, "notes", Optional.empty(), String.valueOf(e.getMessage())));
            return;
        }
        if (!whole) {
            return;
        }
        Set<Digest> identities = new HashSet<>();
        CacheChains chains = new CacheChains();
        try {
            for (CacheConfig config : configs) {
                chains.addAll(config, place, new HashMap<>(), new InMemoryContentStore());
            }
        } catch (InvalidCacheConfigException e) {
            throw new IllegalStateException("what an importer refuses was found before", e);
        }
        for (ChainRecord record : chains.normalize().records()) {
            identities.add(record.identity());
        }
        notes.records().keySet().stream()
                .filter(identity -> !identities.contains(identity))
                .forEach(identity -> findings.add(new Finding(
                        Kind.NOTES_STRAY, "notes", Optional.of(identity), "the cache has no record of this identity")));
    }

    /** How many records it has. */
    public long records() {
        return records;
    }

    /** Its blobs but for the documents, each once, in the order of the manifest; none for a bare config. */
    public List<Descriptor> blobs() {
        return List.copyOf(blobs.values());
    }

    /** The stacks of layers that results have, lowest first; only those that no other one goes on from. */
    public List<List<Descriptor>> stacks() {
        return stacks;
    }

    /** Takes note of what is wrong with blobs. */
    public void addAll(List<Finding> more) {
        Set<Digest> unused = new HashSet<>();
        for (Finding finding : findings) {
            if (finding.kind() == Kind.LAYER_UNUSED) {
                finding.digest().ifPresent(unused::add);
            }
        }
        for (Finding finding : more) {
            boolean isUnused = finding.kind() == Kind.BLOB_MISSING
                    && finding.digest().filter(unused::contains).isPresent();
            findings.add(
                    isUnused
                            ? new Finding(Kind.UNUSED_MISSING, finding.object(), finding.digest(), finding.what())
                            : finding);
        }
    }

    /** What is wrong, worst first, and what belongs together in the order in which it was found. */
    public List<Finding> findings() {
        List<Finding> sorted = new ArrayList<>(findings);
        sorted.sort(Comparator.comparing(Finding::kind));
        boolean lasting = sorted.stream().anyMatch(finding -> LASTING.contains(finding.kind()));
        return lasting ? sorted.stream().map(Finding::withoutRewriting).toList() : sorted;
    }

    /**
     * What it means that a document or blob could not be read.
     *
     * @param object what it is called
     * @param document whether it is a document, else a layer
     * @return empty where that says nothing of the cache: the network failed, or the disk
     */
    public static Optional<Finding> unreadable(String object, Descriptor blob, boolean document, IOException e) {
        if (e instanceof BlobNotFoundException) {
            return Optional.of(
                    document
                            ? new Finding(
                                    Kind.DOCUMENT_MISSING,
                                    object,
                                    Optional.of(blob.digest()),
                                    "it should have " + blob.size() + " bytes")
                            : missing(blob));
        }
        if (e instanceof DigestMismatchException mismatch) {
            boolean size = mismatch.actual().endsWith("bytes");
            Kind kind = document ? Kind.DOCUMENT_DAMAGED : size ? Kind.BLOB_SIZE : Kind.BLOB_DIGEST;
            return Optional.of(new Finding(
                    kind,
                    object,
                    Optional.of(blob.digest()),
                    size
                            ? "it has " + mismatch.actual() + ", not " + blob.size()
                            : "its bytes have the digest " + mismatch.actual()));
        }
        if (e instanceof BadLayerException bad) {
            return Optional.of(new Finding(Kind.LAYER_UNREADABLE, object, Optional.of(blob.digest()), bad.problem()));
        }
        if (e instanceof BlobTooLargeException large) {
            return Optional.of(
                    new Finding(Kind.CONFIG_TOO_LARGE, object, Optional.of(blob.digest()), bytes(large.size())));
        }
        return Optional.empty();
    }

    /** A blob that is not there. */
    public static Finding missing(Descriptor blob) {
        return new Finding(
                Kind.BLOB_MISSING, "layer", Optional.of(blob.digest()), "it should have " + blob.size() + " bytes");
    }

    /** A blob that is there with another size. */
    public static Finding otherSize(Descriptor blob, long size) {
        return new Finding(
                Kind.BLOB_SIZE, "layer", Optional.of(blob.digest()), "it has " + size + " bytes, not " + blob.size());
    }

    /** A layer whose tar has this digest; empty where that is what its descriptor says, or it says nothing. */
    public static Optional<Finding> otherDiffId(Descriptor layer, DiffId actual) {
        return layer.diffId()
                .filter(said -> said.digest().algorithm() == actual.digest().algorithm() && !said.equals(actual))
                .map(said -> new Finding(
                        Kind.DIFF_ID_WRONG,
                        "layer",
                        Optional.of(layer.digest()),
                        "its tar has the digest " + actual + ", not " + said));
    }

    /** An entry that cannot be unpacked. */
    public static Finding unsafe(UnsafeEntryException e) {
        return new Finding(Kind.ENTRY_UNSAFE, "layer", Optional.of(e.layer()), "\"" + e.entry() + "\": " + e.reason());
    }
}
