package dev.cachetool.oci;

import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Operating system and processor, {@code os/arch[/variant]} (OCI image-spec, image-index.md).
 *
 * @param variant of the processor, "" where there is none
 * @param osVersion as {@code os.version} has it, "" where there is none
 * @param osFeatures as {@code os.features} has them
 */
public record Platform(String os, String architecture, String variant, String osVersion, List<String> osFeatures) {
    private static final String UNKNOWN = "unknown";

    /**
     * The platform of these parts.
     *
     * @throws IllegalArgumentException if os or architecture are empty
     */
    public Platform {
        osFeatures = List.copyOf(osFeatures);
        if (os.isEmpty() || architecture.isEmpty()) {
            throw new IllegalArgumentException("a platform needs os and architecture");
        }
    }

    /**
     * A platform without version and features.
     *
     * @throws IllegalArgumentException if os or architecture are empty
     */
    public Platform(String os, String architecture, String variant) {
        this(os, architecture, variant, "", List.of());
    }

    /**
     * Parses {@code os/arch[/variant]}.
     *
     * @throws IllegalArgumentException if it has another form
     */
    public static Platform parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length < 2 || parts.length > 3 || List.of(parts).contains("")) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no platform; it is written os/arch or os/arch/variant");
        }
        return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : "");
    }

    /** This machine's, in Go's names. */
    public static Platform ofThisMachine() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return new Platform(
                os.startsWith("mac") ? "darwin" : os.startsWith("linux") ? "linux" : os.replace(' ', '-'),
                switch (arch) {
                    case "amd64", "x86_64" -> "amd64";
                    case "aarch64" -> "arm64";
                    case "x86", "i386", "i686" -> "386";
                    default -> arch;
                },
                "");
    }

    /** Reads a platform; what is left out is {@code unknown}, as an attestation's is. */
    static Platform read(JsonValue value) throws JsonException {
        String os = Descriptor.readText(value, "os");
        String architecture = Descriptor.readText(value, "architecture");
        return new Platform(
                os.isEmpty() ? UNKNOWN : os,
                architecture.isEmpty() ? UNKNOWN : architecture,
                Descriptor.readText(value, "variant"),
                Descriptor.readText(value, "os.version"),
                Descriptor.readTexts(value, "os.features"));
    }

    void write(JsonWriter writer) throws IOException {
        writer.beginObject().field("architecture", architecture).field("os", os);
        Descriptor.writeText(writer, "os.version", osVersion);
        Descriptor.writeTexts(writer, "os.features", osFeatures);
        Descriptor.writeText(writer, "variant", variant);
        writer.endObject();
    }

    /** {@code os/arch[/variant]}. */
    @Override
    public String toString() {
        return variant.isEmpty() ? os + "/" + architecture : os + "/" + architecture + "/" + variant;
    }
}
