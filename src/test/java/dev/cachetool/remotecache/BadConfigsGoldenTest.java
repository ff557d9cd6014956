package dev.cachetool.remotecache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import dev.cachetool.solver.OpaqueOps;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Odd and broken configs are taken or refused as real BuildKit takes or refuses them. */
class BadConfigsGoldenTest {
    static List<GoldenCase> cases() {
        return GoldenCases.list("bad");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void addAll_ofConfig_holdsWhatBuildKitHolds(GoldenCase golden) throws Exception {
        JsonValue expected = JsonDocument.asGoReads(golden.bytes("expect.json"), "expect.json");
        if (!expected.require("accepted").asBoolean()) {
            IOException refused = assertThrows(IOException.class, () -> read(golden));
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.startsWith("config.json:"), message);
            return;
        }

        NormalizedChains chains = read(golden);

        assertEquals(expected.require("records").asInt(), chains.records().size(), "records");
        int results = chains.records().stream()
                .mapToInt(record -> record.results().size())
                .sum();
        assertEquals(expected.require("results").asInt(), results, "results");
    }

    private static NormalizedChains read(GoldenCase golden) throws Exception {
        CacheChains chains = new CacheChains();
        chains.addAll(
                CacheConfig.parse(golden.bytes("config.json"), "config.json"),
                "config.json",
                ImportsGoldenTest.descriptors(golden),
                OpaqueOps.NO_BLOBS);
        return chains.normalize();
    }
}
