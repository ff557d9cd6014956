package dev.cachetool.oci;

import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.util.Locale;

/** Operating system and processor, {@code os/arch[/variant]} (OCI image-spec, image-index.md); variant "" where none. */
public record Platform(String os, String architecture, String variant) {
    public Platform {
        if (os.isEmpty() || architecture.isEmpty()) {
            throw new IllegalArgumentException("a platform needs os and architecture");
        }
    }

    /**
     * Parses {@code os/arch[/variant]}.
     *
     * @throws IllegalArgumentException if it has another form
     */
    public static Platform parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length < 2 || parts.length > 3 || parts[0].isEmpty() || parts[1].isEmpty()) {
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

    static Platform read(JsonValue value) throws JsonException {
        String os = value.get("os").isPresent() ? value.require("os").asString() : "";
        String arch = value.get("architecture").isPresent()
                ? value.require("architecture").asString()
                : "";
        String variant =
                value.get("variant").isPresent() ? value.require("variant").asString() : "";
        return new Platform(os.isEmpty() ? "unknown" : os, arch.isEmpty() ? "unknown" : arch, variant);
    }

    void write(JsonWriter writer) throws IOException {
        writer.beginObject().field("architecture", architecture).field("os", os);
        if (!variant.isEmpty()) {
            writer.field("variant", variant);
        }
        writer.endObject();
    }

    @Override
    public String toString() {
        return variant.isEmpty() ? os + "/" + architecture : os + "/" + architecture + "/" + variant;
    }
}
