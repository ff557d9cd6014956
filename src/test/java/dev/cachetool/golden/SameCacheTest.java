package dev.cachetool.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.golden.DraftConfig.Layer;
import dev.cachetool.golden.DraftConfig.Link;
import dev.cachetool.golden.DraftConfig.Made;
import dev.cachetool.golden.DraftConfig.Node;
import dev.cachetool.golden.SameCache.Options;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SameCacheTest {
    private static final Options EXACT = Options.exact();
    private static final Options RULES = Options.withRules(OfferedResults.none());
    private static final String EARLY = "2026-01-01T00:00:00Z";
    private static final String LATE = "2026-02-01T00:00:00Z";

    /** Every config that BuildKit wrote for a case of the kinds that have one; a case of v0.19.0 may double records. */
    static Stream<byte[]> written() {
        List<byte[]> all = new ArrayList<>();
        for (String kind : List.of("graphs", "chains", "interop")) {
            for (GoldenCase each : GoldenCases.fixtures(kind)) {
                for (String file : each.files("expect")) {
                    if (!file.contains("v0.19.0")) {
                        all.add(each.bytes(file));
                    }
                }
            }
        }
        assertTrue(all.size() > 200);
        return all.stream();
    }

    private static void assertSame(byte[] a, byte[] b, Options options) {
        assertEquals(Optional.empty(), SameCache.difference(a, b, options));
        assertEquals(Optional.empty(), SameCache.difference(b, a, options));
    }

    private static void assertDiffer(byte[] a, byte[] b, Options options) {
        assertTrue(SameCache.difference(a, b, options).isPresent(), () -> text(a) + "\n" + text(b));
        assertTrue(SameCache.difference(b, a, options).isPresent(), () -> text(b) + "\n" + text(a));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(longs = 20261122)
    void difference_whenOnlyTheOrderDiffers_isNone(long seed) throws Exception {
        Random random = new Random(seed);
        for (byte[] bytes : written().toList()) {
            byte[] shuffled = DraftConfig.read(bytes).shuffle(random).bytes();
            assertSame(bytes, shuffled, EXACT);
            assertSame(bytes, shuffled, RULES);
        }
    }

    private interface Change {
        /** Changes one thing at a place that the random number chooses; false where there is nothing of the kind. */
        boolean apply(DraftConfig config, Random random);
    }

    private static <T> Optional<T> any(Stream<T> things, Random random) {
        List<T> all = things.toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private static <T> boolean change(Stream<T> things, Random random, Consumer<T> with) {
        Optional<T> thing = any(things, random);
        thing.ifPresent(with);
        return thing.isPresent();
    }

    private static Stream<Link> links(DraftConfig config) {
        return config.records.stream().flatMap(r -> r.inputs.stream()).flatMap(List::stream);
    }

    private static Stream<Made> results(DraftConfig config) {
        return config.records.stream().flatMap(r -> r.results.stream());
    }

    static Stream<Change> changes() {
        return Stream.of(
                named(
                        "a record is missing",
                        (c, random) ->
                                change(c.records.stream().filter(r -> !c.isLinked(r)), random, c.records::remove)),
                named(
                        "a record has another digest",
                        (c, random) -> change(c.records.stream(), random, r -> r.digest += "0")),
                named(
                        "a record is there that stands on another",
                        (c, random) -> change(
                                List.copyOf(c.records).stream(),
                                random,
                                r -> c.record("sha256:more").input(r))),
                named(
                        "a link is missing",
                        (c, random) -> change(
                                c.records.stream()
                                        .flatMap(r -> r.inputs.stream())
                                        .filter(links -> links.size() > 1),
                                random,
                                links -> links.remove(random.nextInt(links.size())))),
                named("a link has another selector", (c, random) -> change(links(c), random, l -> l.selector += "0")),
                named(
                        "an input is missing",
                        (c, random) -> change(
                                c.records.stream().filter(r -> !r.inputs.isEmpty()), random, r -> r.inputs.remove(0))),
                named(
                        "two inputs are swapped",
                        (c, random) -> change(
                                c.records.stream().filter(r -> r.inputs.size() > 1 && !sameLinks(r)),
                                random,
                                r -> Collections.swap(r.inputs, 0, 1))),
                named(
                        "a result is missing",
                        (c, random) -> change(
                                c.records.stream().filter(r -> !r.results.isEmpty()),
                                random,
                                r -> r.results.remove(0))),
                named(
                        "a result has another time",
                        (c, random) -> change(results(c), random, r -> r.createdAt = "2024-02-29T23:59:59.000000001Z")),
                named(
                        "a result has another topmost layer",
                        (c, random) -> change(results(c).filter(r -> r.layer != null), random, r -> {
                            Layer other = c.layer("sha256:other");
                            other.parent = r.layer == null ? null : r.layer.parent;
                            r.layer = other;
                        })),
                named(
                        "a result lacks its lowest layer",
                        (c, random) ->
                                change(results(c).filter(r -> r.layer != null && r.layer.parent != null), random, r -> {
                                    Layer copy = c.layer(r.layer == null ? "" : r.layer.blob);
                                    r.layer = copy;
                                })),
                named(
                        "a blob is another one",
                        (c, random) -> change(results(c).filter(r -> r.layer != null), random, r -> {
                            if (r.layer != null) {
                                r.layer.blob += "0";
                            }
                        })),
                named(
                        "a record has a second result",
                        (c, random) ->
                                change(c.records.stream(), random, r -> r.result(c.layer("sha256:second"), LATE))));
    }

    private static boolean sameLinks(Node record) {
        DraftConfig alone = new DraftConfig();
        alone.records.addAll(
                record.inputs.stream().flatMap(List::stream).map(l -> l.to).toList());
        return record.inputs.get(0).stream()
                .map(l -> l.selector + alone.records.indexOf(l.to))
                .sorted()
                .toList()
                .equals(record.inputs.get(1).stream()
                        .map(l -> l.selector + alone.records.indexOf(l.to))
                        .sorted()
                        .toList());
    }

    private static Change named(String name, Change change) {
        return new Change() {
            @Override
            public boolean apply(DraftConfig config, Random random) {
                return change.apply(config, random);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }

    @ParameterizedTest
    @MethodSource("changes")
    void difference_whenOneThingIsChanged_isFound(Change change) throws Exception {
        Random random = new Random(20261122);
        int applied = 0;
        for (byte[] bytes : written().filter(b -> random.nextInt(3) == 0).toList()) {
            DraftConfig config = DraftConfig.read(bytes);
            if (change.apply(config, random)) {
                applied++;
                byte[] changed = config.shuffle(random).bytes();
                assertDiffer(bytes, changed, EXACT);
                assertDiffer(bytes, changed, EXACT.ignoringDuplicates());
                assertDiffer(bytes, changed, RULES);
            }
        }
        assertTrue(applied >= 10, "applied " + applied + " times only");
    }

    /** A root, and two layers on one another. */
    private static final class Small {
        final DraftConfig config = new DraftConfig();
        final Node root = config.record("sha256:root");
        final Layer lower = config.layer("sha256:lower");
        final Layer upper = config.layer("sha256:upper");

        Small() {
            upper.parent = lower;
        }

        byte[] bytes() {
            return config.bytes();
        }
    }

    @Test
    void difference_whenARecordStandsTwice_isFoundUnlessDuplicatesAreIgnored() {
        Small once = new Small();
        once.config.record("sha256:a").input(once.root);
        Small twice = new Small();
        twice.config.record("sha256:a").input(twice.root);
        twice.config.record("sha256:a").input(twice.root);

        assertDiffer(once.bytes(), twice.bytes(), EXACT);
        assertSame(once.bytes(), twice.bytes(), EXACT.ignoringDuplicates());
        assertSame(once.bytes(), twice.bytes(), RULES);
    }

    @Test
    void difference_whenOnlyTimesDiffer_isNoneIfTheyAreIgnored() {
        Small early = new Small();
        early.root.result(early.upper, EARLY);
        Small late = new Small();
        late.root.result(late.upper, LATE);

        assertDiffer(early.bytes(), late.bytes(), EXACT);
        assertSame(early.bytes(), late.bytes(), EXACT.ignoringCreatedAt());
        assertSame(early.bytes(), late.bytes(), RULES.ignoringCreatedAt());
    }

    @Test
    void difference_whenTimesAreTheSameInstant_isNone() {
        Small a = new Small();
        a.root.result(a.upper, "2026-01-02T03:04:05.5+01:30");
        Small b = new Small();
        b.root.result(b.upper, "2026-01-02T01:34:05.5000000009Z");

        assertSame(a.bytes(), b.bytes(), EXACT);
    }

    @Test
    void difference_whenOnlyResultsDiffer_isNoneIfTheyAreIgnored() {
        Small with = new Small();
        with.root.result(with.upper, EARLY);
        Small without = new Small();

        assertDiffer(with.bytes(), without.bytes(), EXACT);
        assertSame(with.bytes(), without.bytes(), EXACT.ignoringResults());
        assertSame(with.bytes(), without.bytes(), RULES.ignoringResults());
    }

    @Test
    void difference_whenAStackStandsInChains_isNone() {
        Small layers = new Small();
        layers.root.result(layers.upper, EARLY);
        Small chains = new Small();
        Made made = new Made();
        made.createdAt = EARLY;
        made.chain.add(chains.lower);
        made.chain.add(chains.upper);
        chains.root.results.add(made);

        assertSame(layers.bytes(), chains.bytes(), EXACT);
    }

    @Test
    void difference_whenALayerThatNoResultUsesDiffers_isNone() {
        Small a = new Small();
        Small b = new Small();
        b.config.layer("sha256:unused");

        assertSame(a.bytes(), b.bytes(), EXACT);
    }

    @Test
    void difference_whenRecordsDiffer_namesThemAndWhatDiffers() {
        Small a = new Small();
        a.config.record("sha256:a").input(a.root);
        a.config.record("sha256:b").input(a.root).result(a.upper, EARLY);
        Small b = new Small();
        b.config.record("sha256:b").input(b.root).result(b.lower, EARLY);

        String exact = SameCache.difference(a.bytes(), b.bytes(), EXACT).orElseThrow();
        assertTrue(exact.startsWith("expected 3 records, got 2\n"), exact);
        assertTrue(exact.contains("only in expected: sha256:a: the other side has no record of this digest"), exact);
        assertTrue(exact.contains("only in actual: sha256:b: other results"), exact);

        String rules = SameCache.difference(a.bytes(), b.bytes(), RULES).orElseThrow();
        assertTrue(rules.contains("only in expected: sha256:a"), rules);
        assertTrue(rules.contains("sha256:b: other results: expected [2 layers"), rules);
    }

    // Rules

    /** Two alternatives of one key, and what hangs on each of them, as BuildKit leaves it: once united, once not. */
    private static Small doubled(boolean united) {
        Small s = new Small();
        Node other = s.config.record("sha256:other");
        if (united) {
            Node both = s.config.record("sha256:mid").input(s.root, other);
            Node top = s.config.record("sha256:top").input(both);
            s.config.record("sha256:end").input(top);
            top.result(s.upper, LATE);
        } else {
            Node left = s.config.record("sha256:mid").input(s.root);
            Node right = s.config.record("sha256:mid").input(s.root, other);
            Node top = s.config.record("sha256:top").input(left).result(s.lower, EARLY);
            Node topAgain = s.config.record("sha256:top").input(right).result(s.upper, LATE);
            s.config.record("sha256:end").input(top);
            s.config.record("sha256:end").input(topAgain);
        }
        return s;
    }

    @Test
    void equalRecordsAreOne_whenOneSideHasThemTwice_unitesWhatHangsOnThem() {
        assertDiffer(doubled(false).bytes(), doubled(true).bytes(), EXACT);
        assertSame(doubled(false).bytes(), doubled(true).bytes(), RULES);
    }

    @Test
    void equalRecordsAreOne_whenTheOlderResultWasKept_isADifference() {
        Small wrong = doubled(true);
        wrong.config.records.get(3).results.clear();
        wrong.config.records.get(3).result(wrong.lower, EARLY);

        assertDiffer(doubled(false).bytes(), wrong.bytes(), RULES);
    }

    @Test
    void equalRecordsAreOne_whenTheOtherSideUnitedDifferentKeys_isADifference() {
        Small apart = new Small();
        Node other = apart.config.record("sha256:other");
        apart.config.record("sha256:a").input(apart.root);
        apart.config.record("sha256:a").input(other);
        Small together = new Small();
        together.config.record("sha256:a").input(together.root, together.config.record("sha256:other"));

        assertDiffer(apart.bytes(), together.bytes(), RULES);
        String difference =
                SameCache.difference(apart.bytes(), together.bytes(), RULES).orElseThrow();
        assertTrue(difference.contains("sha256:a: 2 keys in expected are 1 in actual"), difference);
    }

    @Test
    void equalRecordsAreOne_whenOnlyOneOfTwoInputsIsShared_keepsThemApart() {
        Small a = new Small();
        Node other = a.config.record("sha256:other");
        a.config.record("sha256:a").input(a.root).input(a.root);
        a.config.record("sha256:a").input(a.root).input(other);
        Small b = new Small();
        b.config.record("sha256:other");
        b.config.record("sha256:a").input(b.root).input(b.root);

        assertSame(a.bytes(), a.bytes(), RULES);
        assertDiffer(a.bytes(), b.bytes(), RULES);
    }

    @Test
    void equalRecordsAreOne_whenOneLinksToItsEqual_dropsTheLinkToItself() {
        Small chained = new Small();
        Node first = chained.config.record("sha256:a").input(chained.root);
        chained.config.record("sha256:a").input(chained.root, first);
        Small one = new Small();
        one.config.record("sha256:a").input(one.root);

        assertSame(chained.bytes(), one.bytes(), RULES);
    }

    @Test
    void loopsAreBrokenByContent_whenEitherLinkOfALoopIsLeftOut_isNoDifference() {
        Small a = new Small();
        Node a1 = a.config.record("sha256:a").input(a.root);
        a.config.record("sha256:b").input(a.root, a1);
        Small b = new Small();
        Node b2 = b.config.record("sha256:b").input(b.root);
        b.config.record("sha256:a").input(b.root, b2);
        Small neither = new Small();
        neither.config.record("sha256:a").input(neither.root);
        neither.config.record("sha256:b").input(neither.root);

        assertDiffer(a.bytes(), b.bytes(), EXACT);
        assertSame(a.bytes(), b.bytes(), RULES);
        assertDiffer(a.bytes(), neither.bytes(), RULES);
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static final OfferedResults OFFERED =
            OfferedResults.ofAdds(bytes("{'adds':[{'digest':'sha256:root','results':["
                    + "{'createdAt':'" + EARLY + "','layers':[{'digest':'sha256:lower'}]},"
                    + "{'createdAt':'" + EARLY + "','layers':[{'digest':'sha256:lower'},{'digest':'sha256:upper'}]},"
                    + "{'createdAt':'" + LATE + "','layers':[]}]}]}"));

    private static byte[] rootWith(Consumer<Small> results) {
        Small small = new Small();
        results.accept(small);
        return small.bytes();
    }

    @Test
    void equalTimesByContent_whenTheOtherWasOfferedAtThatTime_isNoDifference() {
        byte[] lower = rootWith(s -> s.root.result(s.lower, EARLY));
        byte[] upper = rootWith(s -> s.root.result(s.upper, EARLY));
        byte[] later = rootWith(s -> s.root.result(s.upper, "2026-01-01T00:00:01Z"));
        byte[] neverOffered = rootWith(s -> s.root.result(s.config.layer("sha256:x"), EARLY));
        byte[] both = rootWith(s -> s.root.result(s.upper, EARLY).result(s.lower, EARLY));

        Options rules = Options.withRules(OFFERED);
        assertSame(lower, upper, rules);
        assertDiffer(lower, upper, RULES);
        assertDiffer(lower, upper, EXACT);
        assertDiffer(upper, later, rules);
        assertTrue(SameCache.difference(lower, neverOffered, rules).isPresent());
        assertTrue(SameCache.difference(lower, both, rules).isPresent());
    }

    @Test
    void layersBeforeNone_whenANewerOneWithoutLayersWasOffered_isNoDifference() {
        byte[] none = rootWith(s -> {});
        byte[] upper = rootWith(s -> s.root.result(s.upper, EARLY));
        byte[] neverOffered = rootWith(s -> s.root.result(s.upper, LATE));

        Options rules = Options.withRules(OFFERED);
        assertEquals(Optional.empty(), SameCache.difference(none, upper, rules));
        assertTrue(SameCache.difference(upper, none, rules).isPresent(), "BuildKit's result was lost");
        assertTrue(SameCache.difference(none, upper, RULES).isPresent());
        assertTrue(SameCache.difference(none, neverOffered, rules).isPresent());
    }

    @Test
    void offeredResults_ofGraphs_areKnownByOutputKey() {
        byte[] graph = bytes("{'vertices':[{'op':{'opaque':{'cacheMaps':[{'digest':'sha256:m'}]}},'results':["
                + "{'output':1,'createdAt':'" + EARLY + "','layers':[{'digest':'sha256:lower'}]},"
                + "{'output':1,'createdAt':'" + EARLY + "','layers':[{'digest':'sha256:upper'}]}]}]}");
        Options rules = Options.withRules(OfferedResults.ofGraphs(List.of(graph)));
        String key = Digest.sha256("sha256:m@1").toString();
        byte[] lower = rootWith(s -> s.config.record(key).result(s.lower, EARLY));
        byte[] upper = rootWith(s -> s.config.record(key).result(s.config.layer("sha256:upper"), EARLY));

        assertSame(lower, upper, rules);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{'records':[{'digest':1}]}",
                "{'records':[{'digest':'a','inputs':[[]]}]}",
                "{'records':[{'digest':'a','inputs':[[{'link':0}]]}]}",
                "{'records':[{'digest':'a','inputs':[[{'link':1}]]}]}",
                "{'records':[{'digest':'a','inputs':[[{'link':1}]]},{'digest':'b','inputs':[[{'link':0}]]}]}",
                "{'records':[{'digest':'a','layers':[{'layer':0}]}]}",
                "{'layers':[{'blob':'x','parent':0}],'records':[{'digest':'a','layers':[{'layer':0}]}]}",
                "{'layers':[{'blob':'x','parent':-2}],'records':[{'digest':'a','layers':[{'layer':0}]}]}",
                "{'layers':[{'blob':'x','parent':-1}],'records':[{'layers':[{'createdAt':'yesterday'}]}]}",
                "{'layers':[{'blob':'x','parent':-1}],'records':[{'layers':[{'createdAt':'2026-02-30T00:00:00Z'}]}]}"
            })
    void difference_whenAConfigIsInvalid_throws(String invalid) {
        byte[] valid = bytes("{}");
        String asActual = assertThrows(
                        IllegalArgumentException.class, () -> SameCache.difference(valid, bytes(invalid), EXACT))
                .getMessage();
        assertTrue(asActual.startsWith("actual:"), asActual);
        String asExpected = assertThrows(
                        IllegalArgumentException.class, () -> SameCache.difference(bytes(invalid), valid, RULES))
                .getMessage();
        assertTrue(asExpected.startsWith("expected:"), asExpected);
    }

    @Test
    void difference_ofALongChain_needsNoCallStack() {
        DraftConfig config = new DraftConfig();
        Node last = config.record("sha256:0");
        for (int i = 1; i < 3_000; i++) {
            last = config.record("sha256:" + i).input(last);
        }
        byte[] bytes = config.bytes();
        Collections.reverse(config.records);

        assertSame(bytes, config.bytes(), EXACT);
        assertSame(bytes, config.bytes(), RULES);
    }
}
