package dev.cachetool.cli.service;

import dev.cachetool.cli.command.NoSuchCacheException;
import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.FileFailure;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Provider;
import dev.cachetool.content.Source;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.layout.LayoutTar;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.registry.RegistryException;
import dev.cachetool.registry.Side;
import dev.cachetool.registry.TransferListener;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.store.Refs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Opens the places that SPECs name. What it opens is closed by whoever asked. */
public final class Places {
    /** How many digests a message names. */
    private static final int CHOICES = 3;

    private final InputStream standardInput;
    private final OutputStream standardOutput;
    private final Path temporary;
    private final Map<String, String> environment;
    private final String userAgent;

    /**
     * @param temporary where what comes from a stream is kept
     * @param environment where logins, certificates and proxies are named
     * @param userAgent how registries are told who asks
     */
    public Places(
            InputStream standardInput,
            OutputStream standardOutput,
            Path temporary,
            Map<String, String> environment,
            String userAgent) {
        this.standardInput = standardInput;
        this.standardOutput = standardOutput;
        this.temporary = temporary;
        this.environment = environment;
        this.userAgent = userAgent;
    }

    /** The registries of one command, for its caller to close. */
    Registries registries(Access access) {
        return new Registries(access, environment, userAgent);
    }

    /**
     * The sources of a graph's vertices that lie elsewhere, for the caller to close.
     *
     * @param workspace what relative remotes start from
     * @param refs where what is fetched is kept; empty where nothing is fetched but to find out what it is
     */
    SourceOps sourceOps(Path workspace, Access access, Optional<Refs> refs, Reporter reporter) {
        return new SourceOps(workspace, environment, temporary, registries(access), refs, reporter);
    }

    /**
     * Opens a place to read from.
     *
     * @throws NoSuchCacheException if it is not there
     * @throws IOException if it cannot be read
     */
    Source source(Place place, Registries registries) throws IOException {
        if (place instanceof Place.Layout layout) {
            if (!Files.exists(layout.directory())) {
                throw new NoSuchCacheException(place.name(), "there is no such directory");
            }
            return LayoutDirectory.open(layout.directory());
        }
        if (place instanceof Place.Tar tar) {
            if (!Files.exists(tar.file())) {
                throw new NoSuchCacheException(place.name(), "there is no such file");
            }
            return LayoutTar.open(tar.file(), requireTemporary(temporary));
        }
        if (place instanceof Place.Stream) {
            return LayoutTar.read(standardInput, place.name(), requireTemporary(temporary));
        }
        if (place instanceof Place.Registry registry) {
            return registries.open(registry, Side.PULL, TransferListener.NONE);
        }
        throw new IllegalArgumentException(place.name() + " holds no layers");
    }

    /**
     * The manifest that the place names in the source.
     *
     * @throws NoSuchCacheException if there is no such tag or digest
     * @throws IOException if it cannot be read
     */
    Manifest manifest(Source source, Place place) throws IOException {
        Optional<Digest> digest = digest(place);
        Optional<Manifest> found = digest.isPresent() ? source.resolve(digest.get()) : source.resolve(tag(place));
        if (found.isPresent()) {
            return found.get();
        }
        if (digest.isPresent()) {
            throw new NoSuchCacheException(place.name(), "it has no manifest " + digest.get());
        }
        throw new NoSuchCacheException(place.name(), "it has no tag \"" + tag(place) + "\"" + choices(source, place));
    }

    /** A line that says what could be named instead, or how something comes to be there. */
    private static String choices(Source source, Place place) throws IOException {
        List<String> tags = tags(source);
        if (!tags.isEmpty()) {
            return "\n  its tags: " + String.join(", ", tags);
        }
        List<Digest> untagged = source.untagged();
        if (untagged.isEmpty()) {
            return place instanceof Place.Stream
                    ? ""
                    : "\n  to write one there: cachetool export GRAPH --to " + place.spec();
        }
        return "\n  nothing in it has a tag; name a digest: "
                + untagged.stream().limit(CHOICES).map(Digest::toString).collect(Collectors.joining(", "))
                + (untagged.size() > CHOICES ? ", ..." : "");
    }

    /** The tags that there are, as far as the place tells. */
    private static List<String> tags(Source source) throws IOException {
        try {
            return source.tags();
        } catch (RegistryException e) {
            return List.of();
        }
    }

    /**
     * Opens a place to write to; folders on the way to it are made.
     *
     * @param listener is told of bytes on their way to a registry
     * @throws IOException if it is there and no layout, or cannot be written
     */
    Target target(TargetSpec spec, Registries registries, TransferListener listener) throws IOException {
        Place place = spec.place();
        if (place instanceof Place.Layout layout) {
            return LayoutDirectory.create(layout.directory());
        }
        if (place instanceof Place.Tar tar) {
            Path folder = tar.file().toAbsolutePath().getParent();
            if (folder != null && !Files.exists(folder)) {
                try {
                    Files.createDirectories(folder);
                } catch (FileSystemException e) {
                    throw FileFailure.creating(tar.file(), e);
                }
            }
            return LayoutTar.create(tar.file());
        }
        if (place instanceof Place.Stream) {
            return LayoutTar.write(standardOutput, place.name());
        }
        if (place instanceof Place.Registry registry) {
            return registries.open(registry, Side.PUSH, listener);
        }
        throw new IllegalArgumentException(place.name() + " is no target");
    }

    /** Removes what no manifest of the target refers to, where the target can do that. */
    void reset(Target target) throws IOException {
        if (target instanceof LayoutDirectory directory) {
            directory.removeUnreferenced();
        }
    }

    /**
     * The folder for temporary files, which must be there.
     *
     * @throws IOException if it is not
     */
    static Path requireTemporary(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("could not use " + folder + " for temporary files: there is no such folder\n"
                    + "make it, or set TMPDIR to another one");
        }
        return folder;
    }

    /** The bytes of a bare config. */
    byte[] configFile(Place.ConfigFile config) throws IOException {
        if (!Files.exists(config.file())) {
            throw new NoSuchCacheException(config.name(), "there is no such file");
        }
        if (Files.isDirectory(config.file())) {
            throw new IOException("could not read " + config.file() + ": it is a directory");
        }
        if (Files.size(config.file()) > CacheArtifact.CONFIG_LIMIT) {
            throw new IOException(
                    "could not read " + config.file() + ": it has more than " + CacheArtifact.CONFIG_LIMIT + " bytes");
        }
        return Files.readAllBytes(config.file());
    }

    /** Says that it has no blob. */
    static Provider noBlobs(String name) {
        return new Provider() {
            @Override
            public InputStream open(Descriptor blob) throws IOException {
                throw new BlobNotFoundException(blob.digest(), name + ", a bare config");
            }

            @Override
            public boolean contains(Descriptor blob) {
                return false;
            }
        };
    }

    /** The tag that the place names, or the usual one. */
    static String tag(Place place) {
        if (place instanceof Place.Layout layout) {
            return layout.tag();
        }
        if (place instanceof Place.Tar tar) {
            return tar.tag();
        }
        if (place instanceof Place.Stream stream) {
            return stream.tag();
        }
        if (place instanceof Place.Registry registry) {
            return registry.reference().tag().orElse(Place.LATEST);
        }
        return Place.LATEST;
    }

    private static Optional<Digest> digest(Place place) {
        if (place instanceof Place.Layout layout) {
            return layout.digest();
        }
        if (place instanceof Place.Tar tar) {
            return tar.digest();
        }
        if (place instanceof Place.Stream stream) {
            return stream.digest();
        }
        if (place instanceof Place.Registry registry) {
            return registry.reference().digest();
        }
        return Optional.empty();
    }
}
