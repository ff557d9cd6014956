package dev.cachetool.cli.service;

import dev.cachetool.cli.command.CommandFailedException;
import dev.cachetool.cli.command.ExtractAnswer;
import dev.cachetool.cli.command.ExtractOptions;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.content.BadLayerException;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.FileFailure;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.LayerExtractor;
import dev.cachetool.content.LayerTimes;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.json.Suggestion;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.pattern.PatternMatcher;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.Remote;
import dev.cachetool.store.ImmutableRef;
import dev.cachetool.store.Store;
import dev.cachetool.store.StoreRow;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Takes files out of a result that lies in a cache or in the local store. */
public final class ExtractService implements Services.Extractor {
    /** How many characters of a digest or id tell which one is meant. */
    private static final int SHORTEST = 4;

    private static final int SHOWN = 12;

    private final Places places;

    public ExtractService(Places places) {
        this.places = places;
    }

    @Override
    public ExtractAnswer extract(ExtractOptions options, Reporter reporter) throws IOException {
        for (String path : options.paths()) {
            PatternMatcher.of(List.of(path));
        }
        return options.place().isPresent()
                ? fromCache(options, options.place().get(), reporter)
                : fromStore(options, reporter);
    }

    /**
     * Something that a record may be named by.
     *
     * @param id what is its alone, without an algorithm
     * @param digest what people see first of it, without the algorithm; several may have the same
     * @param names of vertices
     * @param content tells whether two have the same files
     */
    private record Candidate<T>(String id, String digest, Set<String> names, String content, T what) {}

    /** The one candidate that the word names. */
    private static <T> Candidate<T> choose(List<Candidate<T>> candidates, String word, String where) {
        List<Candidate<T>> named =
                candidates.stream().filter(each -> each.names().contains(word)).toList();
        String plain = word.substring(word.indexOf(':') + 1).toLowerCase(Locale.ROOT);
        if (named.isEmpty() && plain.length() >= SHORTEST) {
            named = candidates.stream()
                    .filter(each -> each.id().startsWith(plain) || each.digest().startsWith(plain))
                    .toList();
        }
        if (named.isEmpty()) {
            Set<String> names = new TreeSet<>();
            candidates.forEach(each -> names.addAll(each.names()));
            throw new CommandFailedException(
                    ExitCode.NOT_FOUND,
                    "could not find \"" + word + "\" in " + where + "\n"
                            + Suggestion.nearest(word, names)
                                    .map(near -> "did you mean \"" + near + "\"?")
                                    .orElse(
                                            names.isEmpty()
                                                    ? "name it by the first " + SHORTEST
                                                            + " digits of its digest, or more; cachetool ls lists them"
                                                    : "there are: " + String.join(", ", names)));
        }
        if (named.stream().map(Candidate::content).distinct().count() > 1) {
            List<String> ids =
                    named.stream().map(each -> shortened(each.id())).sorted().toList();
            throw new CommandFailedException(
                    ExitCode.USAGE,
                    "\"" + word + "\" is " + ids.size() + " results in " + where + "\nname one of them: "
                            + String.join(", ", ids));
        }
        return named.get(0);
    }

    private static String shortened(String id) {
        return id.substring(0, Math.min(SHOWN, id.length()));
    }

    private ExtractAnswer fromCache(ExtractOptions options, Place place, Reporter reporter) throws IOException {
        try (Registries registries = places.registries(options.access());
                OpenSource source = Sources.read(places, registries, place, reporter)) {
            Notes notes = source.artifact().notes();
            List<Candidate<ChainRecord>> candidates = new ArrayList<>();
            boolean any = false;
            for (ChainRecord record : source.chains().records()) {
                any |= !record.results().isEmpty();
                candidates.add(new Candidate<>(
                        record.identity().encoded(),
                        record.digest().substring(record.digest().indexOf(':') + 1),
                        notes.record(record.identity())
                                .<Set<String>>map(Notes.RecordNotes::names)
                                .orElse(Set.of()),
                        record.results().isEmpty()
                                ? record.digest()
                                : Notes.resultKey(
                                                record.results().get(0).remote().descriptors())
                                        .toString(),
                        record));
            }
            if (!any) {
                throw new CommandFailedException(
                        ExitCode.NOT_FOUND, "could not find a result in " + place.name() + ": it has none");
            }
            dropTwins(candidates);
            Candidate<ChainRecord> chosen = choose(candidates, options.record(), place.name());
            if (chosen.what().results().isEmpty()) {
                throw new CommandFailedException(
                        ExitCode.NOT_FOUND,
                        "could not extract \"" + options.record() + "\" from " + place.name()
                                + ": its record has no result\n"
                                + (chosen.what().inputs().isEmpty()
                                        ? "results of vertices without inputs are exported with --export-roots alone"
                                        : "export with --mode=max to have the results of all vertices"));
            }
            Remote remote = chosen.what().results().get(0).remote();
            FileTree written;
            try {
                written = write(options, folder -> extract(remote, options, folder, reporter));
            } catch (DigestMismatchException | BlobNotFoundException | BadLayerException e) {
                throw new CommandFailedException(
                        ExitCode.INTEGRITY,
                        "could not extract \"" + options.record() + "\" from " + place.name() + ": " + e.getMessage()
                                + "\nto see what else is damaged there: cachetool verify " + place.spec() + " --deep");
            }
            return new ExtractAnswer(
                    Optional.of(SourceRow.read(place, source.artifact())),
                    chosen.what().identity().toString(),
                    shortened(
                            candidates.stream()
                                                    .filter(each ->
                                                            each.digest().equals(chosen.digest()))
                                                    .count()
                                            > 1
                                    ? chosen.id()
                                    : chosen.digest()),
                    chosen.names().stream().findFirst(),
                    written);
        }
    }

    private static FileTree extract(Remote remote, ExtractOptions options, Path folder, Reporter reporter)
            throws IOException {
        LayerExtractor extractor = new LayerExtractor(
                remote.provider(),
                LayerExtractor.Options.of(LayerTimes.keep()),
                warning -> reporter.warn(warning.toString()));
        List<Descriptor> layers = remote.descriptors();
        return options.paths().isEmpty()
                ? extractor.extract(layers, folder)
                : extractor.extract(layers, folder, PatternMatcher.of(options.paths()));
    }

    /** Drops records without a result that have a name, or a digest, in common with one that has a result. */
    private static void dropTwins(List<Candidate<ChainRecord>> candidates) {
        Set<String> taken = new HashSet<>();
        for (Candidate<ChainRecord> each : candidates) {
            if (!each.what().results().isEmpty()) {
                taken.addAll(each.names());
                taken.add(each.what().digest());
            }
        }
        candidates.removeIf(each -> each.what().results().isEmpty()
                && (taken.contains(each.what().digest())
                        || each.names().stream().anyMatch(taken::contains)));
    }

    private static ExtractAnswer fromStore(ExtractOptions options, Reporter reporter) throws IOException {
        Optional<Store> found = Store.find(options.store(), reporter::warn);
        if (found.isEmpty()) {
            throw new CommandFailedException(
                    ExitCode.NOT_FOUND, "could not find a store in " + options.store() + "\ncachetool run makes one");
        }
        try (Store store = found.get()) {
            List<Candidate<StoreRow>> candidates = new ArrayList<>();
            for (StoreRow row : store.list()) {
                if (row.kind().isRef()) {
                    candidates.add(new Candidate<>(
                            row.id(),
                            row.id(),
                            row.description().isEmpty() ? Set.of() : Set.of(row.description()),
                            row.id(),
                            row));
                }
            }
            Candidate<StoreRow> chosen =
                    choose(candidates, options.record(), options.store().toString());
            ImmutableRef ref = store.refs()
                    .find(chosen.id())
                    .orElseThrow(() -> new CommandFailedException(
                            ExitCode.NOT_FOUND, "could not extract " + chosen.id() + ": it was just pruned"));
            FileTree written = write(options, folder -> ref.extract(folder, options.paths()));
            return new ExtractAnswer(
                    Optional.empty(),
                    chosen.id(),
                    shortened(chosen.id()),
                    chosen.names().stream().findFirst(),
                    written);
        }
    }

    @FunctionalInterface
    private interface Writer {
        FileTree to(Path emptyFolder) throws IOException;
    }

    /** Writes into a folder of its own first, so that what is not whole is never seen. */
    private static FileTree write(ExtractOptions options, Writer writer) throws IOException {
        Path to = options.to();
        try {
            Files.createDirectories(to);
        } catch (FileSystemException e) {
            throw FileFailure.creating(to, e);
        }
        try (TemporaryDirectory temporary = TemporaryDirectory.create(to, "extract")) {
            FileTree tree = writer.to(temporary.path());
            for (String path : options.paths()) {
                if (tree.select(PatternMatcher.of(List.of(path))).isEmpty()) {
                    throw new CommandFailedException(
                            ExitCode.NOT_FOUND,
                            "could not find \"" + path + "\" in the result of \"" + options.record() + "\"\n"
                                    + "paths are those of the workspace, and may have wildcards");
                }
            }
            move(temporary.path(), tree.withParents(), to);
            return tree;
        }
    }

    /** Brings what was written to its place, never through a link. */
    private static void move(Path from, FileTree tree, Path to) throws IOException {
        List<TreeEntry> made = new ArrayList<>();
        for (TreeEntry entry : tree.entries()) {
            Path target = FileNames.resolve(to, entry.path());
            boolean folder = Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS);
            switch (entry.type()) {
                case DIRECTORY -> {
                    if (!folder) {
                        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                            throw new FileSystemException(target.toString(), null, "a folder is to stand there");
                        }
                        Files.createDirectory(target);
                        made.add(entry);
                    }
                }
                case FILE, SYMLINK -> {
                    if (folder) {
                        throw new FileSystemException(target.toString(), null, "a file is to stand there");
                    }
                    Path source = FileNames.resolve(from, entry.path());
                    Path parent = source.getParent();
                    if (parent != null && !parent.equals(from) && !Files.isWritable(parent)) {
                        Files.setAttribute(parent, "unix:mode", 0700);
                    }
                    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        for (int i = made.size() - 1; i >= 0; i--) {
            Path target = FileNames.resolve(to, made.get(i).path());
            Files.setAttribute(target, "unix:mode", made.get(i).mode());
        }
    }
}
