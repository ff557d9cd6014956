package dev.cachetool.cli.options;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Reference;
import java.nio.file.Path;
import java.util.Optional;

/** Where a cache lies. */
public sealed interface Place {
    /** The tag of a cache where none is named. */
    String LATEST = "latest";

    /** What people call it in messages and columns: a reference, or a path with the tag if that is not the usual one. */
    String name();

    /** The shortest SPEC that names it. */
    String spec();

    /** The SPEC of exactly this manifest in it, for scripts. */
    String pinned(Digest manifest);

    /** Whether it is a tag, so that another cache can be written there. */
    default boolean isTag() {
        return false;
    }

    /** A repository in a registry, with a tag or digest. */
    record Registry(Reference reference, boolean insecure) implements Place {
        public Registry {
            if (reference.tag().isEmpty() && reference.digest().isEmpty()) {
                throw new IllegalArgumentException(reference + " has neither tag nor digest");
            }
        }

        @Override
        public boolean isTag() {
            return reference.digest().isEmpty();
        }

        @Override
        public String name() {
            return reference.toString();
        }

        @Override
        public String spec() {
            String text = reference.toString();
            return PlaceParser.isHost(reference.registry()) ? text : "docker://" + text;
        }

        @Override
        public String pinned(Digest manifest) {
            return new Registry(
                            new Reference(
                                    reference.registry(),
                                    reference.repository(),
                                    reference.tag(),
                                    Optional.of(manifest)),
                            insecure)
                    .spec();
        }
    }

    /** An OCI layout as a directory; the digest, where there is one, goes before the tag. */
    record Layout(Path directory, String tag, Optional<Digest> digest) implements Place {
        public Layout {
            Reference.requireTag(tag);
        }

        @Override
        public boolean isTag() {
            return digest.isEmpty();
        }

        @Override
        public String name() {
            return named(directory.toString(), tag, digest);
        }

        @Override
        public String spec() {
            return "oci:" + suffixed(directory.toString(), tag, digest);
        }

        @Override
        public String pinned(Digest manifest) {
            return new Layout(directory, tag, Optional.of(manifest)).spec();
        }
    }

    /** An OCI layout as a tarball; the digest, where there is one, goes before the tag. */
    record Tar(Path file, String tag, Optional<Digest> digest) implements Place {
        public Tar {
            Reference.requireTag(tag);
        }

        @Override
        public boolean isTag() {
            return digest.isEmpty();
        }

        @Override
        public String name() {
            return named(file.toString(), tag, digest);
        }

        @Override
        public String spec() {
            return "oci-archive:" + suffixed(file.toString(), tag, digest);
        }

        @Override
        public String pinned(Digest manifest) {
            return new Tar(file, tag, Optional.of(manifest)).spec();
        }
    }

    /** An OCI layout as a tarball on standard input or output. */
    record Stream(Side side, String tag, Optional<Digest> digest) implements Place {
        public Stream {
            Reference.requireTag(tag);
        }

        @Override
        public String name() {
            return side == Side.SOURCE ? "standard input" : "standard output";
        }

        @Override
        public String spec() {
            boolean usual = tag.equals(LATEST) && digest.isEmpty();
            return usual
                    ? "-"
                    : "type=tar," + side.key() + "=-,tag=" + tag
                            + digest.map(d -> ",digest=" + d).orElse("");
        }

        @Override
        public String pinned(Digest manifest) {
            return "-@" + manifest;
        }
    }

    /** The local store in a folder, where results of {@code run} are. */
    record LocalStore(Path folder) implements Place {
        @Override
        public String name() {
            return "local store";
        }

        @Override
        public String spec() {
            return "store:" + folder;
        }

        @Override
        public String pinned(Digest manifest) {
            throw new UnsupportedOperationException("a store has no manifests");
        }
    }

    /** A bare cache config in a file, whose layers are taken to be somewhere. */
    record ConfigFile(Path file) implements Place {
        @Override
        public String name() {
            return file.toString();
        }

        @Override
        public String spec() {
            return "config:" + file;
        }

        @Override
        public String pinned(Digest manifest) {
            return spec();
        }
    }

    /** Whether a place is read or written. */
    enum Side {
        SOURCE("source", "--from", "src"),
        TARGET("target", "--to", "dest");

        private final String word;
        private final String flag;
        private final String key;

        Side(String word, String flag, String key) {
            this.word = word;
            this.flag = flag;
            this.key = key;
        }

        /** As it is called. */
        public String word() {
            return word;
        }

        /** The flag that names such places. */
        public String flag() {
            return flag;
        }

        /** The key that holds a path on this side. */
        public String key() {
            return key;
        }

        /** The other one. */
        public Side other() {
            return this == SOURCE ? TARGET : SOURCE;
        }
    }

    private static String named(String path, String tag, Optional<Digest> digest) {
        String tagged = tag.equals(LATEST) ? path : path + ":" + tag;
        return digest.map(d -> path + "@" + shortened(d)).orElse(tagged);
    }

    private static String shortened(Digest digest) {
        String text = digest.toString();
        return text.substring(0, text.indexOf(':') + 1) + digest.shortText();
    }

    private static String suffixed(String path, String tag, Optional<Digest> digest) {
        boolean mistakable = path.indexOf(':') >= 0 || path.indexOf('@') >= 0;
        String tagged = tag.equals(LATEST) && digest.isEmpty() && !mistakable ? path : path + ":" + tag;
        return tagged + digest.map(d -> "@" + d).orElse("");
    }
}
