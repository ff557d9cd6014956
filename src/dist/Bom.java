import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what is in an archive (CycloneDX): the libraries of a document that is there, and what an archive has beside them.
 *
 * <p>Run by release.sh from its source, with Jackson on the class path:
 *
 * <pre>
 * Bom LIBRARIES.json OUT.json [JAVA_VERSION PACKAGES...]
 * </pre>
 *
 * <p>JAVA_VERSION is that of the OpenJDK in the archive; PACKAGES are files with a Debian package a line: the distribution,
 * the name, the version, the architecture.
 */
final class Bom {
    private Bom() {}

    public static void main(String[] args) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode bom = (ObjectNode) mapper.readTree(Path.of(args[0]).toFile());
        List<ObjectNode> more = new ArrayList<>();
        if (args.length > 2) {
            more.add(component(mapper, "platform", "openjdk", args[2], "pkg:generic/openjdk@" + args[2]));
        }
        for (String file : List.of(args).subList(Math.min(3, args.length), args.length)) {
            for (String line : Files.readAllLines(Path.of(file)).stream()
                    .distinct()
                    .sorted()
                    .toList()) {
                String[] part = line.split(" ", -1);
                String purl =
                        "pkg:deb/" + part[0] + "/" + escaped(part[1]) + "@" + escaped(part[2]) + "?arch=" + part[3];
                more.add(component(mapper, "library", part[1], part[2], purl));
            }
        }
        ArrayNode dependencies = bom.withArray("dependencies");
        String self = bom.at("/metadata/component/bom-ref").textValue();
        for (ObjectNode component : more) {
            String reference = component.get("bom-ref").textValue();
            bom.withArray("components").add(component);
            dependencies.addObject().put("ref", reference).putArray("dependsOn");
            for (var entry : dependencies) {
                if (entry.path("ref").textValue().equals(self)) {
                    ((ObjectNode) entry).withArray("dependsOn").add(reference);
                }
            }
        }
        mapper.writerWithDefaultPrettyPrinter().writeValue(Path.of(args[1]).toFile(), bom);
    }

    private static ObjectNode component(ObjectMapper mapper, String type, String name, String version, String purl) {
        ObjectNode component = mapper.createObjectNode();
        component.put("type", type).put("bom-ref", purl).put("name", name).put("version", version);
        component.put("scope", "required").put("purl", purl);
        return component;
    }

    /** As a package URL wants a name or version. */
    private static String escaped(String text) {
        return text.replace("%", "%25").replace("+", "%2B").replace(":", "%3A");
    }
}
