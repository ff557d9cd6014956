package dev.cachetool.step;

import dev.cachetool.cachemap.FileLook;
import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.pattern.MatchState;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a step made of its declared outputs: what they match, less what are its inputs as they were. Links are taken as
 * links.
 *
 * @param entries files without digests
 * @param moves the paths that are to be moved, with all that is in them, so that all entries but folders are
 * @param left what is matched, but neither file, folder nor link
 * @param special files with bits for set-uid or set-gid
 * @param missing the first pattern that matches nothing though it must
 */
record Made(
        List<TreeEntry> entries,
        List<String> moves,
        List<String> left,
        List<String> special,
        Optional<String> missing) {

    private static final int EXECUTE = 0111;
    private static final int SPECIAL = 06000;

    /**
     * Looks at what a step made.
     *
     * @param root where it ran; of an overlay what it wrote
     * @param overlaid whether the inputs are below and not in the folder
     */
    static Made of(Path root, DeclaredPaths declared, BroughtInputs brought, boolean overlaid) throws IOException {
        return new Walk(root, declared, brought, overlaid).run();
    }

    private static final class Frame {
        final String path;
        final MatchState state;
        final Iterator<Path> children;
        final int firstMove;
        /** Whether all that is in it is taken. */
        boolean whole;

        Frame(String path, MatchState state, List<Path> children, int firstMove, boolean whole) {
            this.path = path;
            this.state = state;
            this.children = children.iterator();
            this.firstMove = firstMove;
            this.whole = whole;
        }
    }

    private static final class Walk {
        private final Path root;
        private final DeclaredPaths declared;
        private final BroughtInputs brought;
        private final boolean overlaid;

        private final List<TreeEntry> entries = new ArrayList<>();
        private final List<String> moves = new ArrayList<>();
        private final List<String> left = new ArrayList<>();
        private final List<String> special = new ArrayList<>();
        private final BitSet selecting = new BitSet();
        private final List<Frame> open = new ArrayList<>();
        private boolean stdoutTaken;

        Walk(Path root, DeclaredPaths declared, BroughtInputs brought, boolean overlaid) {
            this.root = root;
            this.declared = declared;
            this.brought = brought;
            this.overlaid = overlaid;
        }

        Made run() throws IOException {
            enter(root, "", declared.matcher().start(), false);
            while (!open.isEmpty()) {
                Frame frame = open.get(open.size() - 1);
                if (frame.children.hasNext()) {
                    visit(frame, frame.children.next());
                } else {
                    open.remove(open.size() - 1);
                    leave(frame);
                }
            }
            if (declared.stdout().isPresent() && !stdoutTaken) {
                takeStdout(declared.stdout().get());
            }
            return new Made(entries, moves, left, special, missing());
        }

        private void enter(Path folder, String path, MatchState state, boolean taken) throws IOException {
            if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
                // Its owner may look into it all the same.
                Modes.add(folder, 0700);
            }
            List<Path> children = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                stream.forEach(children::add);
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            open.add(new Frame(path, state, children, moves.size(), taken));
        }

        private void leave(Frame frame) {
            if (frame.whole) {
                moves.subList(frame.firstMove, moves.size()).clear();
                moves.add(frame.path);
            } else if (!open.isEmpty()) {
                open.get(open.size() - 1).whole = false;
            }
        }

        private void visit(Frame frame, Path child) throws IOException {
            String name = FileNames.nameOf(child);
            String path = frame.path.isEmpty() ? name : frame.path + "/" + name;
            MatchState state = frame.state.child(name);
            boolean never = path.equals(StateFile.FOLDER) || path.equals(".git");
            boolean matches = state.matches() && !never;
            boolean below = state.mayMatchBelow() && !never;
            if (!matches && !below) {
                frame.whole = false;
                return;
            }
            PosixFileAttributes attributes = attributes(child);
            if (attributes == null) {
                return;
            }
            if (attributes.isDirectory()) {
                boolean stood = brought.stood(path, WorkspaceOutputs.mode(attributes));
                if (matches && !stood) {
                    state.addSelecting(selecting);
                    entries.add(TreeEntry.directory(path, WorkspaceOutputs.mode(attributes)));
                } else if (matches && brought.inputs().find(path).isPresent()) {
                    state.addSelecting(selecting);
                }
                if (below) {
                    enter(child, path, state, matches && !stood);
                } else {
                    // Nothing in it is taken, so that it is not moved but made anew.
                    frame.whole = false;
                }
                return;
            }
            if (!matches || !take(child, path, attributes)) {
                frame.whole = false;
            }
            if (matches && !attributes.isOther()) {
                state.addSelecting(selecting);
            }
        }

        /** Adds a file or link, unless it is an input as it was. */
        private boolean take(Path file, String path, PosixFileAttributes attributes) throws IOException {
            if (attributes.isOther()) {
                if (!(overlaid && Overlay.isRemoval(file))) {
                    left.add(path);
                }
                return false;
            }
            EntryType type = attributes.isSymbolicLink() ? EntryType.SYMLINK : EntryType.FILE;
            if (brought.isInput(path, file, type)) {
                return false;
            }
            entries.add(
                    type == EntryType.SYMLINK
                            ? TreeEntry.symlink(path, FileNames.textOf(Files.readSymbolicLink(file)))
                            : TreeEntry.file(path, WorkspaceOutputs.mode(attributes), attributes.size()));
            moves.add(path);
            // Without a right to execute they mean nothing.
            if (type == EntryType.FILE
                    && (WorkspaceOutputs.mode(attributes) & EXECUTE) != 0
                    && (FileLook.at(file).mode() & SPECIAL) != 0) {
                special.add(path);
            }
            stdoutTaken |= declared.stdout().filter(path::equals).isPresent();
            return true;
        }

        private void takeStdout(String path) throws IOException {
            Path file = FileNames.resolve(root, path);
            PosixFileAttributes attributes = attributes(file);
            if (attributes != null && attributes.isRegularFile()) {
                entries.add(TreeEntry.file(path, WorkspaceOutputs.mode(attributes), attributes.size()));
                moves.add(path);
            }
        }

        /** The first pattern that must match and does not, not even an input. */
        private Optional<String> missing() {
            List<PathPattern> outputs = declared.outputs();
            BitSet unmatched = declared.matcher().positives();
            unmatched.andNot(selecting);
            unmatched.stream().filter(i -> outputs.get(i).optional()).forEach(unmatched::clear);
            if (unmatched.isEmpty()) {
                return Optional.empty();
            }
            if (overlaid) {
                for (PlacedInputs.Placed placed : brought.inputs().all()) {
                    declared.matcher().at(placed.entry().path()).addSelecting(selecting);
                }
                unmatched.andNot(selecting);
            }
            return unmatched.stream().mapToObj(i -> outputs.get(i).path()).findFirst();
        }

        private static @Nullable PosixFileAttributes attributes(Path path) throws IOException {
            try {
                return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                return null;
            }
        }
    }
}
