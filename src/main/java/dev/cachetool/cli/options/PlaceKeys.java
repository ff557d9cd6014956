package dev.cachetool.cli.options;

import dev.cachetool.content.Compression;
import dev.cachetool.solver.ExportMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The words of SPEC strings: schemes of short forms, types, the attributes of each type, and the values that these take. */
public final class PlaceKeys {
    /** The modes of an export. */
    public static final List<String> MODES =
            Stream.of(ExportMode.values()).map(ExportMode::text).toList();

    /** The types that cachetool knows. */
    public static final List<String> TYPES = List.of("registry", "local", "tar");

    static final List<String> COMPRESSIONS =
            Stream.of(Compression.values()).map(Compression::word).sorted().toList();

    /** How a target is written. */
    private static final List<Key> HOW = List.of(
            new Key("mode", Kind.WORD, MODES),
            Key.flag("image-manifest"),
            Key.flag("oci-mediatypes"),
            new Key("compression", Kind.WORD, COMPRESSIONS),
            Key.text("compression-level"),
            Key.flag("force-compression"),
            Key.flag("ignore-error"));

    private PlaceKeys() {}

    /** What the value of an attribute is. */
    public enum Kind {
        /** One of a few words. */
        WORD,
        FILE,
        FOLDER,
        TEXT
    }

    /**
     * One attribute.
     *
     * @param name as in {@code name=value}
     * @param kind what its value is
     * @param words the words, if it is one of a few
     */
    public record Key(String name, Kind kind, List<String> words) {
        /** Takes copies. */
        public Key {
            words = List.copyOf(words);
        }

        private static Key flag(String name) {
            return new Key(name, Kind.WORD, List.of("true", "false"));
        }

        private static Key text(String name) {
            return new Key(name, Kind.TEXT, List.of());
        }
    }

    /**
     * The beginnings of short forms.
     *
     * @return without what stands behind {@code docker:}, which is always {@code //}
     */
    public static List<String> schemes(Place.Side side) {
        return side == Place.Side.SOURCE
                ? List.of("docker:", "oci:", "oci-archive:", "config:")
                : List.of("docker:", "oci:", "oci-archive:");
    }

    /** The attributes of a type that a place of the side may have; the type is none of them. */
    public static List<Key> of(String type, Place.Side side) {
        List<Key> keys = new ArrayList<>();
        if (type.equals("registry")) {
            keys.add(Key.text("ref"));
            keys.add(Key.flag("registry.insecure"));
        } else {
            keys.add(new Key(side.key(), type.equals("local") ? Kind.FOLDER : Kind.FILE, List.of()));
            keys.add(Key.text("tag"));
            if (side == Place.Side.SOURCE) {
                keys.add(Key.text("digest"));
            } else if (type.equals("local")) {
                keys.add(Key.flag("reset"));
            }
        }
        if (side == Place.Side.TARGET) {
            keys.addAll(HOW);
        }
        return keys;
    }

    /** The names of all attributes that a place of the type and side may have. */
    static List<String> names(String type, Place.Side side) {
        return Stream.concat(Stream.of("type"), of(type, side).stream().map(Key::name))
                .toList();
    }
}
