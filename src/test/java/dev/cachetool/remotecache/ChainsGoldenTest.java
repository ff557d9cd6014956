package dev.cachetool.remotecache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cachetool.digest.Digest;
import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.golden.OfferedResults;
import dev.cachetool.golden.SameCache;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.CacheExporterRecord;
import dev.cachetool.solver.CacheLink;
import dev.cachetool.solver.OpaqueOps;
import dev.cachetool.solver.Remote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records added without a solver give the config that real BuildKit writes of them. */
class ChainsGoldenTest {
    static List<GoldenCase> cases() {
        return GoldenCases.list("chains");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void normalize_ofAdds_isBuildKitsConfig(GoldenCase golden) throws Exception {
        byte[] adds = golden.bytes("adds.json");
        CacheChains chains = new CacheChains();
        List<Optional<CacheExporterRecord>> added = new ArrayList<>();
        for (JsonValue add :
                JsonDocument.asGoReads(adds, "adds.json").require("adds").asArray()) {
            List<List<CacheLink>> links = new ArrayList<>();
            for (JsonValue input : array(add, "links")) {
                List<CacheLink> alternatives = new ArrayList<>();
                for (JsonValue link : input.asArray()) {
                    String selector = link.get("selector").isEmpty()
                            ? ""
                            : link.require("selector").asString();
                    added.get(link.require("add").asInt())
                            .ifPresent(source -> alternatives.add(new CacheLink(source, selector)));
                }
                links.add(alternatives);
            }
            List<CacheExportResult> results = new ArrayList<>();
            for (JsonValue result : array(add, "results")) {
                List<Descriptor> layers = new ArrayList<>();
                for (JsonValue layer : array(result, "layers")) {
                    layers.add(Descriptor.read(layer)
                            .withAnnotation(
                                    Annotations.UNCOMPRESSED,
                                    layer.require("diffID").asString()));
                }
                Timestamp createdAt = result.get("createdAt").isEmpty()
                        ? Timestamp.ZERO
                        : Timestamp.parse(result.require("createdAt").asString());
                results.add(new CacheExportResult(createdAt, new Remote(layers, OpaqueOps.NO_BLOBS)));
            }
            added.add(chains.add(Digest.parseCacheDigest(add.require("digest").asString()), links, results));
        }

        byte[] config = chains.normalize().config().toBytes();

        assertEquals(
                Optional.empty(),
                SameCache.difference(
                        golden.bytes("expect.json"), config, SameCache.Options.withRules(OfferedResults.ofAdds(adds))));
    }

    private static List<JsonValue> array(JsonValue parent, String field) throws Exception {
        Optional<JsonValue> value = parent.get(field);
        return value.isPresent() ? value.get().asArray() : List.of();
    }
}
