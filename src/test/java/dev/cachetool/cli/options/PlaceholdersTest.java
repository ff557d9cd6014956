package dev.cachetool.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlaceholdersTest {
    private final List<String> told = new ArrayList<>();

    private Placeholders on(String branch) {
        return new Placeholders(
                new Placeholders.Names() {
                    @Override
                    public Optional<Placeholders.Name> branch() {
                        return Optional.of(new Placeholders.Name(branch, "a test"));
                    }

                    @Override
                    public Optional<Placeholders.Name> defaultBranch() {
                        return Optional.of(new Placeholders.Name("main", "a test"));
                    }
                },
                told::add);
    }

    private static String digits(String text) {
        return Digest.sha256(text).shortText().substring(0, 8);
    }

    @ParameterizedTest
    @CsvSource({
        "main, main",
        "feature/x, feature-x",
        "a/b/c, a-b-c",
        "feature-x, feature-x",
        "v1.0_rc, v1.0_rc",
        "dependabot/npm_and_yarn/lodash-4.17.21, dependabot-npm_and_yarn-lodash-4.17.21",
    })
    void tag_whenANameFitsButForItsSlashes_isTheNameWithHyphens(String branch, String tag) {
        assertEquals(tag, on(branch).tag("{branch}"));
    }

    @ParameterizedTest
    @CsvSource({"fix#12, fix-12", "größe, gr--e", ".hidden, _.hidden", "-x, _-x", "日本, _--"})
    void tag_whenANameHasMoreThatATagCannotHave_endsWithDigitsOfIt(String branch, String start) {
        String tag = on(branch).tag("{branch}");
        assertEquals(start + "-" + digits(branch), tag);
        assertTrue(Reference.isTag(tag), tag);
    }

    @Test
    void tag_whenNamesDifferInWhatDoesNotFit_differs() {
        assertNotEquals(on("日本").tag("{branch}"), on("中国").tag("{branch}"));
        assertNotEquals(on("a#b").tag("{branch}"), on("a+b").tag("{branch}"));
    }

    @Test
    void tag_whenItIsTooLong_isCutAndEndsWithDigitsOfAllOfIt() {
        String same = "a".repeat(200);
        String tag = on(same + "x").tag("{branch}-linux");
        assertEquals(128, tag.length());
        assertTrue(Reference.isTag(tag), tag);
        assertTrue(tag.endsWith("-" + digits(same + "x-linux")), tag);
        assertNotEquals(tag, on(same + "y").tag("{branch}-linux"));
        assertNotEquals(tag, on(same + "x").tag("{branch}-arm"));
        assertEquals("b".repeat(128), on("b".repeat(128)).tag("{branch}"));
    }

    @Test
    void tag_whenMoreStandsAroundPlaceholders_keepsIt() {
        assertEquals("linux-feature-x-of-main", on("feature/x").tag("linux-{branch}-of-{default-branch}"));
        assertEquals(
                List.of(
                        "the tag linux-{branch}-of-{default-branch} is linux-feature-x-of-main: {branch} is feature/x (a test),"
                                + " {default-branch} is main (a test)"),
                told);
        assertEquals("plain", on("x").tag("plain"));
        assertEquals(1, told.size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{brnch}; did you mean {branch}?",
                "{default_branch}; did you mean {default-branch}?",
                "{tag-of-today}; known: {branch}, {default-branch}",
                "{branch; did you mean {branch}?",
            })
    void tag_whenAPlaceholderIsUnknown_isRefusedWithASuggestion(String tag, String next) {
        UsageException e = assertThrows(UsageException.class, () -> on("main").tag(tag));
        assertEquals("unknown placeholder " + tag + " in a tag", e.problem());
        assertEquals(Optional.of(next), e.nextStep());
    }

    @Test
    void tag_whenNoBranchIsKnown_saysWhatToSet() {
        UsageException branch = assertThrows(UsageException.class, () -> Placeholders.NONE.tag("{branch}"));
        assertTrue(branch.nextStep().orElse("").contains("CI_COMMIT_REF_NAME"), branch.nextStep()::toString);
        UsageException base = assertThrows(UsageException.class, () -> Placeholders.NONE.tag("{default-branch}"));
        assertTrue(base.nextStep().orElse("").contains("CI_DEFAULT_BRANCH"), base.nextStep()::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "r.example.com:5000/app:{branch}; r.example.com:5000/app:feature-x",
                "docker://app:{branch}; docker.io/library/app:feature-x",
                "type=registry,ref=r.example.com/app:{branch}-x; r.example.com/app:feature-x-x",
                "type=local,src=dir,tag={branch}; dir:feature-x",
                "oci:dir:{default-branch}; dir:main",
                "oci-archive:a.tar:{branch}; a.tar:feature-x",
                "type=tar,src=a.tar,tag=v-{branch}; a.tar:v-feature-x",
                "oci:a/{b}/c:{branch}; a/{b}/c:feature-x",
            })
    void source_whenAPlaceholderStandsInATag_isThatTag(String spec, String name) {
        assertEquals(name, PlaceParser.source(spec, on("feature/x")).name());
        assertTrue(Placeholders.isIn(spec));
    }

    @Test
    void target_whenAPlaceholderStandsInATag_isThatTag() {
        assertEquals(
                "r.example.com/app:feature-x",
                PlaceParser.target("type=registry,ref=r.example.com/app:{branch},mode=max", on("feature/x"))
                        .place()
                        .name());
        assertFalse(Placeholders.isIn("oci:{b}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "oci:{branch}",
                "oci:cache-{branch}",
                "oci-archive:{branch}.tar",
                "type=local,src={branch}",
                "type=tar,src={default-branch}.tar",
                "config:{branch}.json",
                "r.example.com/app/{branch}:cache",
                "r.example.com/{branch}",
                "type=registry,ref=r.example.com/{branch}/app",
            })
    void source_whenAPlaceholderStandsElsewhere_isRefused(String spec) {
        UsageException e = assertThrows(UsageException.class, () -> PlaceParser.source(spec, on("main")));
        assertTrue(e.problem().contains("stands for a tag"), e::problem);
        assertTrue(e.nextStep().orElse("").startsWith("write "), e.nextStep()::toString);
    }
}
