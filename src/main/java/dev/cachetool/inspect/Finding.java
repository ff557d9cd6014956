package dev.cachetool.inspect;

import dev.cachetool.digest.Digest;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing that is wrong with a cache.
 *
 * @param kind what it is
 * @param object what has it: "manifest", "cache config", "record 5", "layer 3" by their index in the config, "blob"
 * @param digest of the object, in full, where it has one
 * @param what is wrong with it, as half a sentence
 * @param cure what to do, as half a sentence, with SPEC for the place of the cache; empty where nothing is known to help
 */
public record Finding(Kind kind, String object, Optional<Digest> digest, String what, String cure) {
    private static final String REWRITE = "write it anew from what can be read of it: cachetool merge SPEC --to SPEC";
    private static final String EXPORT = "make it again, and replace it: cachetool export GRAPH --to SPEC";
    private static final String AGAIN =
            "bring the blobs there again from where the cache came from: cachetool copy OTHER SPEC";
    private static final String REPLACE =
            "bring it there again from where the cache came from: cachetool copy OTHER SPEC --repair";
    private static final String NOTHING = "nothing of the cache is imported; the build goes on without";
    private static final String RESULT_LOST = "the result is left out without a word";
    private static final String BUILD_FAILS =
            "a build that hits it fails; from a directory at once, from a registry when the layer is needed";

    /** One whose cure is that of its kind. */
    public Finding(Kind kind, String object, Optional<Digest> digest, String what) {
        this(kind, object, digest, what, kind.cure);
    }

    /**
     * This in a cache that cannot be written anew from what can be read of it, since it cannot be read, or keeps what is wrong
     * with it.
     */
    Finding withoutRewriting() {
        return cure.equals(REWRITE) ? new Finding(kind, object, digest, what, EXPORT) : this;
    }

    /** How bad it is. */
    public enum Severity {
        /** BuildKit or cachetool refuses it, or loses something by it. */
        ERROR("error"),
        /** It works, but somebody should know. */
        WARNING("warning");

        private final String word;

        Severity(String word) {
            this.word = word;
        }

        /** As it is written. */
        public String word() {
            return word;
        }
    }

    /** What can be wrong, in the order in which people are told; docs/formats.md says where it is known from. */
    public enum Kind {
        MANIFEST_TOO_LARGE(
                Severity.ERROR,
                "a manifest of more than 1 MiB",
                NOTHING + ": \"blob … is too large\"",
                "drop its oldest results until it fits: cachetool prune SPEC --fit 1MiB --apply"),
        CONFIG_TOO_LARGE(
                Severity.ERROR,
                "a config of more than 1 MiB",
                NOTHING + ": \"blob … is too large\"",
                "drop its oldest results until it fits: cachetool prune SPEC --fit 1MiB --apply"),
        DOCUMENT_MISSING(Severity.ERROR, "a document that is not there", NOTHING, AGAIN),
        DOCUMENT_DAMAGED(Severity.ERROR, "a document with other bytes than its digest or size says", NOTHING, REPLACE),
        CONFIG_MALFORMED(Severity.ERROR, "a config that cannot be read", NOTHING, EXPORT),
        LOOP(Severity.ERROR, "records in a loop", NOTHING + ": \"invalid looping record\"", EXPORT),
        LINK_OUT_OF_RANGE(
                Severity.ERROR, "a link to a record that is not there", NOTHING + ": \"invalid record ID\"", EXPORT),
        LINK_TO_RANDOM(Severity.ERROR, "a link to a record that never repeats", NOTHING, EXPORT),
        INPUT_EMPTY(
                Severity.ERROR,
                "an input without links",
                "0.32.2: " + NOTHING + ", \"invalid empty input\"; 0.19.0 and 0.11.6 take it",
                EXPORT),
        RESULT_OUT_OF_RANGE(
                Severity.ERROR, "a result of a layer that is not there", NOTHING + ": \"invalid layer index\"", EXPORT),
        LAYER_LOOP(
                Severity.ERROR, "a result whose layers are in a loop", NOTHING + ": \"invalid looping layer\"", EXPORT),
        PARENT_OUT_OF_RANGE(
                Severity.ERROR, "a layer on a layer that is not there", NOTHING + ": \"invalid layer index\"", EXPORT),
        IMAGE_MISMATCH(
                Severity.ERROR,
                "an image with more layers than diffIDs, or fewer",
                "its cache is passed over without a word",
                "build the image again with --cache-to type=inline"),
        DIGEST_MISSING(
                Severity.ERROR,
                "a record without a digest",
                "0.32.2: it and what stands on it are never found; 0.19.0 and 0.11.6: " + NOTHING
                        + ", \"invalid loop\"",
                EXPORT),
        DIGEST_MALFORMED(
                Severity.ERROR, "a record whose digest is none", "it and what stands on it are never found", EXPORT),
        RECORD_UNREACHABLE(Severity.ERROR, "a record that no root leads to", "it is never found", REWRITE),
        BLOB_MISSING(Severity.ERROR, "a blob that is not there", BUILD_FAILS + " (\"not found\")", AGAIN),
        BLOB_SIZE(Severity.ERROR, "a blob of another size", BUILD_FAILS + " (\"unexpected EOF\")", REPLACE),
        BLOB_DIGEST(
                Severity.ERROR, "a blob with other bytes", BUILD_FAILS + " (\"unexpected commit digest\")", REPLACE),
        UNUSED_MISSING(
                Severity.ERROR,
                "a blob that is not there, and that no result has",
                "it is never loaded; but the cache cannot be copied",
                REWRITE),
        LAYER_UNREADABLE(Severity.ERROR, "a blob that is no layer", BUILD_FAILS, EXPORT),
        DIFF_ID_WRONG(
                Severity.ERROR,
                "a layer with another diffID",
                "not noticed, also when unpacked; cachetool does not restore it",
                EXPORT),
        ENTRY_UNSAFE(
                Severity.ERROR,
                "a layer with an entry that leads out, or cannot stand where it says",
                "what comes of it depends on its snapshotter; cachetool import refuses the layer",
                EXPORT),
        RESULT_UNLISTED(Severity.ERROR, "a result whose layer the manifest does not list", RESULT_LOST, EXPORT),
        LAYER_DIGEST_MALFORMED(Severity.ERROR, "a result whose layer has no digest", RESULT_LOST, EXPORT),
        DIFF_ID_MISSING(
                Severity.ERROR,
                "a layer without a diffID (containerd.io/uncompressed)",
                "every result that has it is made again: \"missing uncompressed annotation\"",
                EXPORT),
        REFUSED(Severity.ERROR, "a form that is refused where the cache is to go", "nothing can be pushed there", ""),
        UNSEEN(Severity.ERROR, "a form that is not read where the cache is to be used", "", ""),
        ZSTD_OF_DOCKER(
                Severity.WARNING,
                "zstd with Docker's media types",
                "0.11.6 cannot unpack it, and the build fails (\"no processor for media-type\"); newer ones can",
                "write it with OCI's types: cachetool copy SPEC OTHER --form=index"),
        LAYER_TYPE(
                Severity.WARNING,
                "a layer of a media type that is no layer's",
                "whether it can be unpacked is not known",
                EXPORT),
        LAYER_TWICE(
                Severity.WARNING,
                "a blob that is described in two ways",
                "which of them counts is not said anywhere",
                REWRITE),
        NOTHING_TO_LOAD(Severity.WARNING, "a cache without a result", "it is read, and nothing hits", EXPORT),
        CONFIG_ODD(
                Severity.WARNING,
                "a config that not every program reads alike",
                "of two equal keys the last counts",
                REWRITE),
        RECORD_RANDOM(Severity.WARNING, "a record that never repeats", "it is left out", REWRITE),
        DUPLICATE(Severity.WARNING, "records that are the same key", "they are united", REWRITE),
        RESULT_AHEAD(
                Severity.WARNING,
                "a result from the future",
                "it goes before every result that is made until then, and no age makes it go",
                "look at the clock of the machine that made it; " + EXPORT),
        SOURCE_TOLD(
                Severity.WARNING,
                "a layer that tells where it was pulled from (containerd.io/distribution.source)",
                "the names of other repositories are published with it",
                REWRITE),
        LAYER_UNUSED(Severity.WARNING, "a layer that no result has", "it is kept, and never loaded", REWRITE),
        NOTES_UNREADABLE(
                Severity.WARNING,
                "notes that cannot be read",
                "it has no use for them; cachetool shows no names",
                REWRITE),
        NOTES_STRAY(
                Severity.WARNING,
                "notes on records that are not there",
                "it has no use for them; they take room",
                REWRITE);

        private final Severity severity;
        private final String title;
        private final String effect;
        private final String cure;

        Kind(Severity severity, String title, String effect, String cure) {
            this.severity = severity;
            this.title = title;
            this.effect = effect;
            this.cure = cure;
        }

        /** How bad it is. */
        public Severity severity() {
            return severity;
        }

        /** As programs know it: {@code blob-missing}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** What it is, as a noun. */
        public String title() {
            return title;
        }

        /** What BuildKit does with it, as half a sentence, in every version where none is named. */
        public String effect() {
            return effect;
        }
    }
}
