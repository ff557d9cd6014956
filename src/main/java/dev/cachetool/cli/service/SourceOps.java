package dev.cachetool.cli.service;

import dev.cachetool.cachemap.RemoteSources;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.Source;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.digest.DigestingInputStream;
import dev.cachetool.graph.GitOp;
import dev.cachetool.graph.HttpOp;
import dev.cachetool.graph.ImageOp;
import dev.cachetool.graph.OpSpec;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Platform;
import dev.cachetool.registry.HttpFile;
import dev.cachetool.registry.Image;
import dev.cachetool.registry.RegistryException;
import dev.cachetool.registry.Side;
import dev.cachetool.registry.TransferListener;
import dev.cachetool.step.GitRepository;
import dev.cachetool.step.StepInput;
import dev.cachetool.step.TreeOps;
import dev.cachetool.store.ImmutableRef;
import dev.cachetool.store.MutableRef;
import dev.cachetool.store.RefMetadata;
import dev.cachetool.store.Refs;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Executes everything but {@code exec}: images, files behind addresses and Git repositories, and what is made of trees. Says
 * also what the first three hold; what was said of a vertex is what it gives, or it fails. For several threads. Closing it
 * closes all connections; results that are lazy can be read until then.
 */
final class SourceOps implements RemoteSources, Closeable {
    private static final int FILE_MODE = 0644;

    private final Path workspace;
    private final Map<String, String> environment;
    private final Path temporary;
    private final Registries registries;
    private final Optional<Refs> refs;
    private final Reporter reporter;
    private final Map<OpSpec, Known> known = new HashMap<>();

    /** What was found out about a vertex's op, each the first time that it is asked for, one thread at a time. */
    private static final class Known {
        private Optional<Digest> manifest = Optional.empty();
        private final Map<String, Optional<Image>> images = new HashMap<>();
        private Optional<FileVersion> version = Optional.empty();
        private Optional<ImmutableRef> fetched = Optional.empty();
        private Optional<String> commit = Optional.empty();
    }

    SourceOps(
            Path workspace,
            Map<String, String> environment,
            Path temporary,
            Registries registries,
            Optional<Refs> refs,
            Reporter reporter) {
        this.workspace = workspace;
        this.environment = environment;
        this.temporary = temporary;
        this.registries = registries;
        this.refs = refs;
        this.reporter = reporter;
    }

    private Known known(Vertex vertex) {
        synchronized (known) {
            return known.computeIfAbsent(vertex.op(), unused -> new Known());
        }
    }

    /**
     * The result of a vertex that is no {@code local}, {@code exec} or {@code opaque}, held for the caller.
     *
     * @param inputs in the order of the vertex's inputs
     * @throws IOException if it fails
     * @throws IllegalStateException if this was made without refs
     */
    ImmutableRef execute(Vertex vertex, List<StepInput> inputs) throws IOException {
        Refs kept = refs.orElseThrow(() -> new IllegalStateException("nothing is executed without a store"));
        OpSpec op = vertex.op();
        if (op instanceof ImageOp image) {
            return image(vertex, image, kept);
        }
        if (op instanceof HttpOp http) {
            return http(vertex, http, kept);
        }
        if (op instanceof GitOp git) {
            return git(vertex, git, kept);
        }
        return new TreeOps(kept).execute(vertex, inputs);
    }

    // Images

    private static Place.Registry place(Vertex vertex) {
        ImageOp op = (ImageOp) vertex.op();
        try {
            return (Place.Registry) PlaceParser.source("docker://" + op.ref());
        } catch (UsageException e) {
            throw new IllegalArgumentException(op.ref(), e);
        }
    }

    private Source repository(Place.Registry place) {
        return registries.open(place, Side.PULL, TransferListener.NONE);
    }

    @Override
    public Digest manifest(Vertex vertex) throws IOException {
        Known about = known(vertex);
        synchronized (about) {
            if (about.manifest.isEmpty()) {
                Place.Registry place = place(vertex);
                about.manifest = Optional.of(Image.digestOf(repository(place), place.reference()));
            }
            return about.manifest.get();
        }
    }

    @Override
    public Optional<Digest> config(Vertex vertex, String platform) throws IOException {
        Known about = known(vertex);
        synchronized (about) {
            Optional<Image> image = about.images.get(platform);
            if (image == null) {
                try {
                    image = Optional.of(find(vertex, platform));
                } catch (RegistryException e) {
                    boolean pinned = ((ImageOp) vertex.op()).digest().isPresent();
                    if (!pinned || e.kind() != RegistryException.Kind.UNREACHABLE) {
                        throw e;
                    }
                    reporter.warn("\"" + vertex.name() + "\" is looked for by the digest of its manifest alone: "
                            + e.getMessage());
                    image = Optional.empty();
                }
                about.images.put(platform, image);
            }
            return image.map(found -> found.config().digest());
        }
    }

    private Image find(Vertex vertex, String platform) throws IOException {
        Place.Registry place = place(vertex);
        return Image.find(repository(place), manifest(vertex), Platform.parse(platform), place.name());
    }

    private ImmutableRef image(Vertex vertex, ImageOp op, Refs kept) throws IOException {
        String platform = op.platform().orElseGet(() -> Platform.ofThisMachine().toString());
        Known about = known(vertex);
        Image image;
        synchronized (about) {
            Optional<Image> found = about.images.getOrDefault(platform, Optional.empty());
            image = found.isPresent() ? found.get() : find(vertex, platform);
        }
        Place.Registry place = place(vertex);
        Source repository = repository(place);
        List<Descriptor> layers = image.layersWithDiffIds(repository, place.name());
        return kept.remote(layers, repository, RefMetadata.of(vertex.name(), Instant.now()));
    }

    // Files behind addresses

    private HttpFile address(Vertex vertex, HttpOp op) throws IOException {
        try {
            return registries.file(op.url());
        } catch (IllegalArgumentException e) {
            throw vertex.error("url of \"" + vertex.name() + "\" is no address", "", "op", "http", "url");
        }
    }

    @Override
    public FileVersion file(Vertex vertex) throws IOException {
        HttpOp op = (HttpOp) vertex.op();
        Known about = known(vertex);
        synchronized (about) {
            if (about.version.isEmpty()) {
                Optional<FileVersion> marked = version(address(vertex, op).mark());
                about.version = Optional.of(marked.isPresent() ? marked.get() : content(vertex, op, about));
            }
            return about.version.get();
        }
    }

    private static Optional<FileVersion> version(HttpFile.Mark mark) {
        if (mark.entityTag().isPresent()) {
            return mark.entityTag().map(EntityTag::new);
        }
        return mark.length() < 0 ? Optional.empty() : mark.lastModified().map(time -> new Dated(time, mark.length()));
    }

    /** What it is where its server says nothing of it: it is fetched, and kept where there is a store. */
    private FileVersion content(Vertex vertex, HttpOp op, Known about) throws IOException {
        if (refs.isPresent()) {
            ImmutableRef ref = fetch(vertex, op, refs.get(), Optional.empty());
            about.fetched = Optional.of(ref);
            return new Content(ref.tree().entries().get(0).digest().orElseThrow());
        }
        try (TemporaryDirectory folder = TemporaryDirectory.create(Places.requireTemporary(temporary), "http")) {
            Path file = folder.path().resolve("file");
            address(vertex, op).fetch(file);
            return new Content(digest(file, Algorithm.SHA256));
        }
    }

    private ImmutableRef http(Vertex vertex, HttpOp op, Refs kept) throws IOException {
        Known about = known(vertex);
        synchronized (about) {
            return about.fetched.isPresent() ? about.fetched.get().clone() : fetch(vertex, op, kept, about.version);
        }
    }

    /**
     * Fetches the file.
     *
     * @param version which one is wanted, where that is known
     */
    private ImmutableRef fetch(Vertex vertex, HttpOp op, Refs kept, Optional<FileVersion> version) throws IOException {
        return kept(vertex, kept, folder -> {
            Path file = FileNames.resolve(folder, op.name());
            HttpFile.Mark mark = address(vertex, op).fetch(file);
            Files.setAttribute(file, "unix:mode", FILE_MODE);
            Digest digest = digest(file, Algorithm.SHA256);
            long size = Files.size(file);
            if (op.checksum().isPresent()) {
                Digest expected = op.checksum().get();
                Digest actual = expected.algorithm() == Algorithm.SHA256 ? digest : digest(file, expected.algorithm());
                if (!actual.equals(expected)) {
                    throw DigestMismatchException.fetched(
                            "what \"" + vertex.name() + "\" fetches", expected, actual, size);
                }
            } else if (version.isPresent() && !isSame(version.get(), mark, size, digest)) {
                throw new IOException(
                        "what \"" + vertex.name()
                                + "\" fetches changed between being looked at and being fetched\nthe same command takes the new one");
            }
            return FileTree.of(List.of(TreeEntry.file(op.name(), FILE_MODE, size, digest)));
        });
    }

    private static boolean isSame(FileVersion wanted, HttpFile.Mark mark, long size, Digest digest) {
        if (wanted instanceof EntityTag tag) {
            return mark.entityTag().equals(Optional.of(tag.value()));
        }
        if (wanted instanceof Dated dated) {
            return mark.lastModified().equals(Optional.of(dated.lastModified())) && size == dated.length();
        }
        return wanted.equals(new Content(digest));
    }

    private static Digest digest(Path file, Algorithm algorithm) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                DigestingInputStream in = new DigestingInputStream(raw, algorithm)) {
            in.transferTo(OutputStream.nullOutputStream());
            return in.digest();
        }
    }

    // Git repositories

    private GitRepository repository(GitOp op) throws IOException {
        return GitRepository.open(op, workspace, environment, Places.requireTemporary(temporary));
    }

    @Override
    public String commit(Vertex vertex) throws IOException {
        GitOp op = (GitOp) vertex.op();
        Known about = known(vertex);
        synchronized (about) {
            if (about.commit.isEmpty()) {
                try (GitRepository repository = repository(op)) {
                    about.commit = Optional.of(repository.commit());
                }
            }
            return about.commit.get();
        }
    }

    private ImmutableRef git(Vertex vertex, GitOp op, Refs kept) throws IOException {
        String commit = commit(vertex);
        try (GitRepository repository = repository(op)) {
            return kept(vertex, kept, folder -> repository.checkOut(commit, folder));
        }
    }

    @FunctionalInterface
    private interface Filling {
        /** Fills the folder, and gives back what is in it. */
        FileTree fill(Path folder) throws IOException;
    }

    private static ImmutableRef kept(Vertex vertex, Refs refs, Filling filling) throws IOException {
        Instant begin = Instant.now();
        MutableRef ref = refs.create(vertex.name());
        FileTree tree;
        try {
            tree = filling.fill(ref.folder());
        } catch (IOException | RuntimeException e) {
            ref.release();
            throw e;
        }
        return ref.commit(tree, RefMetadata.of(vertex.name(), begin));
    }

    @Override
    public void close() throws IOException {
        synchronized (known) {
            for (Known about : known.values()) {
                about.fetched.ifPresent(ImmutableRef::release);
                about.fetched = Optional.empty();
            }
        }
        registries.close();
    }
}
