package dev.cachetool.cli.options;

import dev.cachetool.content.Compression;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.InvalidDigestException;
import dev.cachetool.oci.Reference;
import dev.cachetool.solver.ExportMode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the SPEC of a place: BuildKit's attributes ({@code type=local,src=DIR}) with its defaults, but for the compression
 * ({@code cachetool help places}), or a short form ({@code host/repository:tag}, {@code docker://…}, {@code oci:DIR[:TAG]},
 * {@code oci-archive:FILE[:TAG]}, {@code config:FILE}, {@code -}).
 */
public final class PlaceParser {
    private static final List<String> OF_BUILDKIT = List.of("gha", "s3", "azblob", "inline");

    private PlaceParser() {}

    /**
     * Reads the SPEC of a place to read from whose tag has no placeholders.
     *
     * @throws UsageException if it cannot be understood
     */
    public static Place source(String spec) {
        return source(spec, Placeholders.NONE);
    }

    /**
     * Reads the SPEC of a place to read from.
     *
     * @param placeholders what names of branches in its tag stand for
     * @throws UsageException if it cannot be understood
     */
    public static Place source(String spec, Placeholders placeholders) {
        return place(spec, Place.Side.SOURCE, placeholders);
    }

    /**
     * Reads the SPEC of a place to write to.
     *
     * @param placeholders what names of branches in its tag stand for
     * @throws UsageException if it cannot be understood
     */
    public static TargetSpec target(String spec, Placeholders placeholders) {
        Attributes attributes = isAttributes(spec) ? checked(spec, Place.Side.TARGET) : Attributes.none();
        Place place = place(spec, Place.Side.TARGET, placeholders);
        boolean ociMediaTypes = attributes.flag("oci-mediatypes", true);
        boolean imageManifest = attributes.flag("image-manifest", ociMediaTypes);
        if (imageManifest && !ociMediaTypes) {
            throw new UsageException(
                    "image-manifest=true needs OCI media types, but oci-mediatypes=false",
                    "leave out one of them; oci-mediatypes=false writes an index");
        }
        return new TargetSpec(
                place,
                mode(attributes),
                imageManifest,
                ociMediaTypes,
                compression(attributes, ociMediaTypes),
                attributes.flag("ignore-error", false),
                attributes.flag("reset", false),
                attributes.keys(),
                Optional.empty());
    }

    /**
     * The mode of the word.
     *
     * @throws UsageException if there is no such mode
     */
    public static ExportMode mode(String word, String where) {
        for (ExportMode mode : ExportMode.values()) {
            if (mode.text().equals(word)) {
                return mode;
            }
        }
        throw new UsageException(
                "unknown mode \"" + word + "\" in " + where, Attributes.suggest(word, PlaceKeys.MODES));
    }

    /**
     * The path that the text names.
     *
     * @throws UsageException if it cannot name one on this system
     */
    public static Path path(String text, String what) {
        if (text.isEmpty()) {
            throw new UsageException(what + " is empty", "");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UsageException(
                    "\"" + text + "\" cannot be a path here: " + e.getReason(),
                    "where names are not ASCII, set LC_ALL=C.UTF-8");
        }
    }

    /** Whether the first part of a name is a registry's host for sure. */
    static boolean isHost(String text) {
        int colon = text.lastIndexOf(':');
        if (text.startsWith("[")) {
            return true;
        }
        String name = colon < 0 ? text : text.substring(0, colon);
        boolean dotted = name.indexOf('.') > 0 && Character.isLetterOrDigit(name.charAt(0));
        return dotted || name.equals("localhost") || (colon > 0 && isNumber(text.substring(colon + 1)));
    }

    /** BuildKit's form has a key in front, which no path or host is. */
    private static boolean isAttributes(String spec) {
        if (spec.startsWith("\"")) {
            return true;
        }
        for (int i = 0; i < spec.length(); i++) {
            char c = spec.charAt(i);
            if (c == '=') {
                return true;
            }
            if (c != ',' && c != '-' && c != '.' && c != '_' && !Character.isLetterOrDigit(c)) {
                return false;
            }
        }
        return false;
    }

    private static Attributes checked(String spec, Place.Side side) {
        Attributes attributes = Attributes.parse(spec);
        String type = attributes.get("type");
        if (type == null) {
            attributes.refuseLike("type");
            throw new UsageException(
                    attributes.echo("") + " lacks \"type\"",
                    attributes.get("ref") != null ? "add type=registry" : "add type=local, type=tar or type=registry");
        }
        if (OF_BUILDKIT.contains(type)) {
            throw new UsageException(
                    type.equals("inline") && side == Place.Side.SOURCE
                            ? "type=inline is no source"
                            : "type=" + type + " is a cache that BuildKit knows and cachetool does not know yet",
                    type.equals("inline") && side == Place.Side.SOURCE
                            ? "a cache inside an image is read with type=registry,ref=IMAGE"
                            : "known: type=local, type=registry, type=tar");
        }
        if (!PlaceKeys.TYPES.contains(type)) {
            throw new UsageException(
                    "unknown type \"" + type + "\" in " + attributes.echo("type"),
                    Attributes.suggest(type, PlaceKeys.TYPES));
        }
        attributes.requireKnown(side, PlaceKeys.names(type, side), PlaceKeys.names(type, side.other()));
        return attributes;
    }

    private static Place place(String spec, Place.Side side, Placeholders placeholders) {
        return isAttributes(spec)
                ? place(checked(spec, side), side, placeholders)
                : shortForm(spec, side, placeholders);
    }

    private static Place place(Attributes attributes, Place.Side side, Placeholders placeholders) {
        String type = attributes.require("type", "local");
        if (type.equals("registry")) {
            String ref = attributes.require("ref", "HOST/REPOSITORY:TAG");
            return registry(ref, attributes.flag("registry.insecure", false), side, placeholders);
        }
        boolean local = type.equals("local");
        String path = Placeholders.plain(attributes.require(side.key(), local ? "DIR" : "FILE"), "tag=");
        String tag = attributes.get("tag") == null ? Place.LATEST : placeholders.tag(attributes.require("tag", "TAG"));
        if (!Reference.isTag(tag)) {
            throw badTag(tag);
        }
        Optional<Digest> digest = attributes.get("digest") == null
                ? Optional.empty()
                : Optional.of(digest(attributes.require("digest", "sha256:…")));
        if (local) {
            return new Place.Layout(path(path, side.key()), tag, digest);
        }
        return path.equals("-")
                ? new Place.Stream(side, tag, digest)
                : new Place.Tar(path(path, side.key()), tag, digest);
    }

    private static Optional<ExportMode> mode(Attributes attributes) {
        String word = attributes.get("mode");
        return word == null ? Optional.empty() : Optional.of(mode(word, attributes.echo("mode")));
    }

    private static LayerCompression compression(Attributes attributes, boolean ociMediaTypes) {
        String word = attributes.get("compression");
        Compression kind = ociMediaTypes ? Compression.ZSTD : Compression.GZIP;
        if (word != null) {
            kind = kind(attributes, word);
        }
        String level = attributes.get("compression-level");
        // BuildKit takes "force-compression=" for true.
        boolean force = "".equals(attributes.get("force-compression")) || attributes.flag("force-compression", false);
        return new LayerCompression(kind, level == null ? OptionalInt.empty() : level(attributes, level, kind), force);
    }

    private static Compression kind(Attributes attributes, String word) {
        for (Compression kind : Compression.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        if (word.equals("estargz")) {
            throw new UsageException(
                    "compression=estargz is one that BuildKit knows and cachetool does not know yet",
                    "known: " + String.join(", ", PlaceKeys.COMPRESSIONS));
        }
        throw attributes.badValue("compression", PlaceKeys.COMPRESSIONS);
    }

    private static OptionalInt level(Attributes attributes, String text, Compression kind) {
        if (kind == Compression.NONE) {
            throw new UsageException(
                    "compression=uncompressed has no levels, in " + attributes.echo("compression-level"),
                    "leave out compression-level");
        }
        // Up to two digits, so that no number is too large to be read.
        boolean readable = isNumber(text) && text.length() <= 2;
        int level = readable ? Integer.parseInt(text) : -1;
        if (level < 0 || level > kind.highestLevel()) {
            throw new UsageException(
                    (kind == Compression.GZIP ? "gzip" : "zstd") + " has no level \"" + text + "\", in "
                            + attributes.echo("compression-level"),
                    "write a number from 0 to " + kind.highestLevel());
        }
        // zstd's level 0 is its default one.
        return level < kind.lowestLevel() ? OptionalInt.empty() : OptionalInt.of(level);
    }

    private static Place shortForm(String spec, Place.Side side, Placeholders placeholders) {
        if (spec.isEmpty()) {
            throw new UsageException("the SPEC of a " + side.word() + " is empty", forms(side));
        }
        refuseAttributes(spec, side);
        if (spec.equals("-")) {
            return new Place.Stream(side, Place.LATEST, Optional.empty());
        }
        if (spec.startsWith("docker://")) {
            return registry(spec.substring("docker://".length()), false, side, placeholders);
        }
        if (spec.startsWith("oci-archive:")) {
            return layout(spec.substring("oci-archive:".length()), true, side, placeholders);
        }
        if (spec.startsWith("oci:")) {
            return layout(spec.substring("oci:".length()), false, side, placeholders);
        }
        if (spec.startsWith("config:")) {
            if (side == Place.Side.TARGET) {
                throw new UsageException(
                        "\"" + spec + "\" can be a source only",
                        "to write the config alone: cachetool export GRAPH --config-only > FILE");
            }
            String file = Placeholders.plain(spec.substring("config:".length()), "oci:DIR:");
            return new Place.ConfigFile(path(file, "the path of config:"));
        }
        int slash = spec.indexOf('/');
        if (slash > 0 && isHost(spec.substring(0, slash))) {
            return registry(spec, false, side, placeholders);
        }
        throw unknown(spec, side);
    }

    private static UsageException unknown(String spec, Place.Side side) {
        String says = "\"" + spec + "\" is no place that cachetool knows";
        int scheme = spec.indexOf("://");
        if (scheme >= 0) {
            return new UsageException(says, "write docker://" + spec.substring(scheme + "://".length()));
        }
        if (spec.startsWith("/") || spec.startsWith(".") || spec.endsWith(".tar") || spec.indexOf('/') < 0) {
            int colon = spec.indexOf(':');
            if (colon > 0 && !spec.startsWith(".") && !spec.startsWith("/")) {
                return new UsageException(
                        says, Attributes.suggest(spec.substring(0, colon + 1), PlaceKeys.schemes(Place.Side.SOURCE)));
            }
            return new UsageException(
                    says,
                    spec.endsWith(".tar")
                            ? "write oci-archive:" + spec + " or type=tar," + side.key() + "=" + spec
                            : "write oci:" + spec + " for a directory, oci-archive:" + spec + " for a tar");
        }
        return new UsageException(says, "for a registry write docker://" + spec + ", for a directory oci:" + spec);
    }

    /** A short form ends where its path or name does; attributes behind it would become a part of that. */
    private static void refuseAttributes(String spec, Place.Side side) {
        for (int comma = spec.indexOf(','); comma >= 0; comma = spec.indexOf(',', comma + 1)) {
            int equals = spec.indexOf('=', comma);
            String key = equals < 0 ? "" : spec.substring(comma + 1, equals);
            String type = spec.startsWith("oci:") ? "local" : spec.matches("(oci-archive:|-).*") ? "tar" : "registry";
            if (PlaceKeys.names(type, side).contains(key)
                    || PlaceKeys.names(type, side.other()).contains(key)) {
                String place = type.equals("registry")
                        ? "ref=HOST/REPOSITORY:TAG"
                        : side.key() + (type.equals("local") ? "=DIR" : "=FILE");
                throw new UsageException(
                        "a short form takes no attributes, but \"" + key + "\" stands behind "
                                + spec.substring(0, spec.indexOf(',')),
                        "write type=" + type + "," + place + "," + key + "=…");
            }
        }
    }

    private static String forms(Place.Side side) {
        return "write oci:DIR, oci-archive:FILE, host/repository:tag, or type=local," + side.key() + "=DIR";
    }

    private static Place layout(String text, boolean tar, Place.Side side, Placeholders placeholders) {
        String rest = text;
        Optional<Digest> digest = Optional.empty();
        int at = rest.lastIndexOf('@');
        if (at >= 0 && rest.startsWith("sha", at + 1) && rest.indexOf(':', at) > 0 && rest.indexOf('/', at) < 0) {
            if (side == Place.Side.TARGET) {
                throw new UsageException("a target has no digest, but \"" + text + "\" has one", "write a tag");
            }
            digest = Optional.of(digest(rest.substring(at + 1)));
            rest = rest.substring(0, at);
        }
        String tag = Place.LATEST;
        int colon = rest.lastIndexOf(':');
        if (colon >= 0 && rest.indexOf('/', colon) < 0) {
            tag = placeholders.tag(rest.substring(colon + 1));
            if (!Reference.isTag(tag)) {
                throw badTag(tag);
            }
            rest = rest.substring(0, colon);
        }
        Placeholders.plain(rest, tar ? "oci-archive:FILE:" : "oci:DIR:");
        if (tar) {
            return rest.equals("-")
                    ? new Place.Stream(side, tag, digest)
                    : new Place.Tar(path(rest, "the path of oci-archive:"), tag, digest);
        }
        return new Place.Layout(path(rest, "the path of oci:"), tag, digest);
    }

    /** Completed as Docker does: without a host it is Docker Hub's, without tag and digest the tag is latest. */
    private static Place registry(String template, boolean insecure, Place.Side side, Placeholders placeholders) {
        String text = tagged(template, placeholders);
        int slash = text.indexOf('/');
        String host = slash < 0 ? "" : text.substring(0, slash);
        boolean named = isHost(host) || !host.equals(host.toLowerCase(Locale.ROOT));
        String full = named ? text : "docker.io/" + (slash < 0 ? "library/" : "") + text;
        if (full.startsWith("index.docker.io/")) {
            full = full.substring("index.".length());
        }
        Reference reference;
        try {
            reference = Reference.parse(full);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "\"" + text + "\" names nothing in a registry: " + e.getMessage(), "write HOST/REPOSITORY:TAG");
        }
        if (side == Place.Side.TARGET && reference.digest().isPresent()) {
            throw new UsageException("a target has no digest, but \"" + text + "\" has one", "write a tag");
        }
        if (reference.tag().isEmpty() && reference.digest().isEmpty()) {
            reference = new Reference(
                    reference.registry(), reference.repository(), Optional.of(Place.LATEST), Optional.empty());
        }
        return new Place.Registry(reference, insecure);
    }

    /** The reference with the names of branches in its tag. */
    private static String tagged(String reference, Placeholders placeholders) {
        int at = reference.indexOf('@');
        String name = at < 0 ? reference : reference.substring(0, at);
        int colon = name.lastIndexOf(':');
        int end = colon > name.lastIndexOf('/') ? colon + 1 : name.length();
        return Placeholders.plain(name.substring(0, end), "HOST/REPOSITORY:")
                + placeholders.tag(name.substring(end))
                + reference.substring(name.length());
    }

    private static Digest digest(String text) {
        try {
            return Digest.parse(text);
        } catch (InvalidDigestException e) {
            throw new UsageException(String.valueOf(e.getMessage()), "write sha256: and 64 hexadecimal digits");
        }
    }

    private static UsageException badTag(String tag) {
        return new UsageException(
                "\"" + tag + "\" is no tag", "a tag has letters, digits, _ . - (at most 128, no . or - in front)");
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
