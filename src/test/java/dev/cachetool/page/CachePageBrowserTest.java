package dev.cachetool.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.registry.TestServers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser; skipped where there is none. */
class CachePageBrowserTest {
    private static final String READY = "'ready' in document.documentElement.dataset";
    private static final int SHIFT = 8;

    /** Whatever text has less contrast with what it stands on than 4.5 to 1, with that figure. */
    private static final String FAINT_TEXTS = """
            (() => {
              const parse = (text) => {
                const c = document.createElement('canvas').getContext('2d');
                c.fillStyle = text;
                c.fillRect(0, 0, 1, 1);
                return [...c.getImageData(0, 0, 1, 1).data];
              };
              const light = (rgb) => rgb.slice(0, 3).map((v) => v / 255)
                .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
              const below = (e) => {
                for (; e; e = e.parentElement) {
                  const colour = parse(getComputedStyle(e).backgroundColor);
                  if (colour[3] === 255) {
                    return colour;
                  }
                }
                return parse('white');
              };
              const faint = [];
              for (const e of document.querySelectorAll('body *')) {
                if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()
                  || e.matches(':disabled, script, option')) {
                  continue;
                }
                const a = light(parse(getComputedStyle(e).color));
                const b = light(below(e));
                const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (contrast < 4.5) {
                  faint.push(e.tagName + '.' + e.className + ' "' + e.textContent + '" ' + contrast.toFixed(2));
                }
              }
              return faint.join('\\n');
            })()""";

    private static @Nullable Browser started;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void start() throws IOException {
        if (Browser.program().isEmpty()) {
            TestServers.missing("there is no Chromium (Debian's package chromium)");
        }
        started = Browser.start(Browser.program().orElseThrow());
        browser().size(1280, 900);
    }

    @AfterAll
    static void end() throws IOException {
        if (started != null) {
            started.close();
        }
    }

    /** Whatever a test does: no request but for the page itself, and no word on the console. */
    @AfterEach
    void pageStaysQuiet() {
        assertEquals(List.of(), browser().complaints());
        assertEquals(
                List.of(),
                browser().requests().stream()
                        .filter(address -> !address.startsWith(temporary.toUri() + "") && !address.startsWith("data:"))
                        .toList());
    }

    @Test
    void page_whenOpened_showsHeaderTableAndDrawings() throws IOException {
        CacheView cache = open(TestCaches.ofSize(1_000), "");

        assertEquals("registry.example.com/app:cache@" + cache.digestText().substring(0, 19), text("#place"));
        assertTrue(
                text("#kind").startsWith("BuildKit cache · image-manifest form · OCI types · zstd · newest result "));
        assertEquals("1,000", text("#figures dd b"));
        assertEquals("1,000 records", text("#found"));
        assertEquals("1001", browser().evaluate("document.querySelector('[role=grid]').ariaRowCount"));
        assertTrue(Integer.parseInt(browser().evaluate("document.querySelectorAll('.space .row').length")) < 60);
        for (String drawing : List.of("graph", "treemap", "timeline")) {
            assertNotEquals("0", inked(drawing), drawing);
        }
        assertEquals(
                1,
                browser().requests().stream()
                        .filter(address -> address.startsWith("file:"))
                        .count());
    }

    @Test
    void table_whenRecordsShareADigest_callsEachByItsIdentity() throws IOException {
        CacheView cache = open(TestCaches.ofTwins(), "");

        Set<String> expected = Set.of(
                cache.records().get(0).shortDigest(),
                cache.records().get(1).identity().shortText(),
                cache.records().get(2).identity().shortText());
        String shown = browser()
                .evaluate("[...document.querySelectorAll('.space .row .digest')].map((e) => e.textContent).join()");
        assertEquals(expected, Set.of(shown.split(",")));
    }

    @Test
    void table_whenFirstShown_hasTheLargestFirst_andSortsByAnyColumn() throws IOException {
        CacheView cache = open(TestCaches.ofSize(1_000), "");
        RecordView largest = cache.records().stream()
                .filter(each -> each.result().isPresent())
                .max(Comparator.comparingLong(
                        each -> each.result().orElseThrow().bytes()))
                .orElseThrow();

        assertEquals(shortDigest(largest), text(".space .row .digest"));

        browser().click(".head .depth button");
        assertEquals(Integer.toString(cache.depth()), text(".space .row .depth"));
        assertEquals("descending", attribute("[role=columnheader].depth", "aria-sort"));
        browser().click(".head .depth button");
        assertEquals("1", text(".space .row .depth"));
        assertEquals("ascending", attribute("[role=columnheader].depth", "aria-sort"));
        assertEquals("none", attribute("[role=columnheader].size", "aria-sort"));
    }

    @Test
    void search_whenTyped_filtersAndAClickSelects_withTheChainDownToTheRoots() throws IOException {
        CacheView cache = open(TestCaches.ofSize(1_000), "");
        RecordView wanted = named(cache, 900);

        browser().press("/");
        browser().type(wanted.names().get(0));
        assertEquals("1 of 1,000 records", text("#found"));
        browser().click(".space .row");

        assertEquals(wanted.names().get(0), text("#detail h2"));
        assertEquals(wanted.digest(), text("#detail dd code"));
        assertTrue(text("#detail").contains("Chain to the roots"));
        assertEquals("#find=" + wanted.names().get(0) + "&record=" + wanted.identityText(), fragment());
        assertEquals("true", attribute(".space .row", "aria-selected"));

        String before = fragment();
        browser().click("#detail li .link");
        assertNotEquals(before, fragment());
        browser().evaluate("history.back()");
        browser().until("location.hash === '" + before + "'");
        browser()
                .until("document.querySelector('#detail h2').textContent === '"
                        + wanted.names().get(0) + "'");
    }

    @Test
    void search_ofALayersDigest_findsTheRecordsThatHaveIt_andNonsenseFindsNone() throws IOException {
        CacheView cache = open(TestCaches.ofSize(1_000), "");
        String shared = cache.layers().stream()
                .filter(layer -> layer.users() == 2)
                .findFirst()
                .orElseThrow()
                .digest();

        browser().press("/");
        browser().type(shared.toUpperCase(Locale.ROOT));
        assertEquals("2 of 1,000 records", text("#found"));

        browser().evaluate("document.querySelector('#query').select()");
        browser().type("no such thing");
        assertEquals("0 of 1,000 records", text("#found"));
        assertEquals("No record matches.", text(".space"));

        browser().press("Escape");
        assertEquals("1,000 records", text("#found"));
        assertEquals("", browser().evaluate("document.querySelector('#query').value"));
    }

    @Test
    void keys_whenPressed_goThroughTheTableTheGraphAndTheDetail() throws IOException {
        open(TestCaches.ofSize(1_000), "");

        browser().press("/");
        browser().press("Enter");
        browser().press("ArrowDown");
        browser().press("ArrowDown");
        assertEquals(row(2), attribute("[role=row][aria-selected=true]", "id"));
        assertEquals(row(2), attribute("[role=grid]", "aria-activedescendant"));
        browser().press("End");
        assertEquals("1001", attribute("[role=row][aria-selected=true]", "aria-rowindex"));
        browser().press("Home");
        browser().press("Enter");
        assertEquals("detail", browser().evaluate("document.activeElement.id"));

        String selected = fragment();
        browser().evaluate("document.querySelector('#graph canvas[tabindex]').focus()");
        browser().press("ArrowLeft");
        assertNotEquals(selected, fragment());
        String inked = inked("graph");
        browser().press("+");
        browser().press("ArrowRight", SHIFT);
        browser().until("(" + ink("graph") + ") !== '" + inked + "'");
        assertTrue(text("#spoken").startsWith("Selected "));

        browser().press("Escape");
        assertEquals("", fragment());
        assertEquals("Nothing selected", text("#detail h2"));
    }

    @Test
    void link_toARecord_opensWithItSelected_andOneToALayerShowsWhoHasIt() throws IOException {
        RecordView wanted = named(TestCaches.ofSize(1_000), 500);
        CacheView cache = open(TestCaches.ofSize(1_000), "#record=" + wanted.identityText());
        assertEquals(wanted.names().get(0), text("#detail h2"));

        String layer = cache.layers().get(7).digest();
        browser().evaluate("location.hash = 'layer=" + layer + "'");
        browser().until("document.querySelector('#detail .kind').textContent === 'Layer'");
        assertEquals(layer, text("#detail dd code"));

        browser().evaluate("location.hash = 'record=sha256:nothing&which=constructor'");
        browser().until("document.querySelector('#detail h2').textContent === 'Nothing selected'");
    }

    @Test
    void drawings_whenClicked_selectWhatIsThere() throws IOException {
        open(TestCaches.ofSize(1_000), "");

        browser().evaluate("document.querySelector('#treemap').scrollIntoView()");
        clickIn("treemap", 0.05, 0.2);
        String fromTreemap = text("#detail h2");
        assertNotEquals("Nothing selected", fromTreemap);

        browser().evaluate("document.querySelector('#timeline canvas[tabindex]').focus()");
        browser().press("Home");
        assertNotEquals(fromTreemap, text("#detail h2"));
    }

    @Test
    void theme_whenTheSystemIsDark_isDark_unlessItWasChosenHere() throws IOException {
        browser().prefers("prefers-color-scheme", "dark");
        open(TestCaches.ofSize(100), "");
        String dark = background();
        assertEquals("Theme: auto", text("#theme"));

        browser().click("#theme");
        assertEquals("Theme: light", text("#theme"));
        assertNotEquals(dark, background());
        browser().reload();
        browser().until(READY);
        assertEquals("Theme: light", text("#theme"));

        browser().click("#theme");
        assertEquals(dark, background());
        browser().click("#theme");
        browser().prefers("prefers-color-scheme", "light");
        assertNotEquals(dark, background());
    }

    @Test
    void window_ofFourHundredPixels_needsNoScrollingToTheSide() throws IOException {
        browser().size(400, 800);
        try {
            open(TestCaches.ofSize(100), "");
            browser().click(".space .row");
            assertEquals("400", browser().evaluate("document.documentElement.scrollWidth"));
        } finally {
            browser().size(1280, 900);
        }
    }

    @Test
    void names_whenHostile_areTextAndNothingElse() throws IOException {
        TreeMap<String, String> parts = new TreeMap<>();
        parts.put("</script><img src=x onerror=alert(1)>", "'\"><svg onload=alert(1)>");
        String bad =
                "</script><script>document.title='broken'</script><!--\u2028\u2029\"'&amp;\u202etxt.exe\u0000\ud800";
        open(TestCaches.ofOne("</script><b>random:", List.of(bad), parts), "");

        browser().press("/");
        browser().type("document.title");
        browser().click(".space .row");

        assertEquals(
                bad.replace("\u2028", "\\u2028")
                        .replace("\u2029", "\\u2029")
                        .replace("\u202e", "\\u202e")
                        .replace("\u0000", "\\x00")
                        .replace("\ud800", "\ufffd"),
                text("#detail h2"));
        assertEquals("</script><b>random:", text("#detail dd code"));
        assertTrue(text("#detail").contains("'\"><svg onload=alert(1)>"));
        assertEquals(
                "registry.example.com/app:cache · cachetool inspect", browser().evaluate("document.title"));
        assertEquals("0", browser().evaluate("document.querySelectorAll('img, svg, body b b, script[src]').length"));
        assertEquals("2", browser().evaluate("document.scripts.length"));
    }

    @Test
    void name_ofAMegabyte_isCutAndSaysSo() throws IOException {
        open(TestCaches.ofOne("sha256:x", List.of("a".repeat(1 << 20)), new TreeMap<>()), "");

        browser().click(".space .row");

        assertEquals("a".repeat(2000) + "… (1,046,576 more characters)", text("#detail h2"));
        assertEquals("a".repeat(120) + "…", text(".space .row .name"));
    }

    @Test
    void cache_withoutRecords_saysSo() throws IOException {
        open(TestCaches.ofSize(0), "");

        assertEquals("No record matches.", text(".space"));
        assertEquals("no records", text("#graph-note"));
        browser().evaluate("document.querySelector('#graph canvas[tabindex]').focus()");
        browser().press("ArrowDown");
        assertEquals("Nothing selected", text("#detail h2"));
    }

    @Test
    void print_ofAPage_hasItsRows() throws IOException {
        open(TestCaches.ofSize(100), "");

        String drawn = inked("graph");
        browser().click(".space .row");
        assertNotEquals("Nothing selected", text("#detail h2"));
        assertEquals(drawn, inked("graph"), "what is selected is drawn on the upper canvas");
        browser().evaluate("dispatchEvent(new Event('beforeprint'))");
        assertNotEquals(drawn, inked("graph"), "on paper there is one canvas only");
        assertEquals("100", browser().evaluate("document.querySelectorAll('.space .row').length"));
        browser().evaluate("dispatchEvent(new Event('afterprint'))");
        assertNotEquals("100", browser().evaluate("document.querySelectorAll('.space .row').length"));
        assertTrue(browser().print().length > 10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void texts_inBothThemes_haveTheContrastThatWcagAsksFor(String theme) throws IOException {
        browser().prefers("prefers-color-scheme", theme);
        CacheView cache = open(TestCaches.ofSize(100), "");
        String opened = browser().evaluate(FAINT_TEXTS);
        browser().evaluate("location.hash = 'record=" + named(cache, 60).identityText() + "'");
        browser().until("document.querySelector('#detail.open') !== null");

        assertEquals("", opened);
        assertEquals("", browser().evaluate(FAINT_TEXTS));
        browser().prefers("prefers-color-scheme", "light");
    }

    @Test
    void tab_whenPressed_goesThroughThePageFromTheTop_andEveryStopHasAName() throws IOException {
        open(TestCaches.ofSize(100), "");
        List<String> stops = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            browser().press("Tab");
            stops.add(browser()
                    .evaluate("document.activeElement.id"
                            + " || document.activeElement.closest('[id]').id + ' ' + document.activeElement.tagName"));
        }

        assertEquals(
                List.of(
                        "skip",
                        "theme",
                        "query",
                        "which",
                        "zoom-out",
                        "zoom-in",
                        "zoom-fit",
                        "graph CANVAS",
                        "treemap CANVAS",
                        "timeline CANVAS",
                        "table DIV",
                        "table BUTTON"),
                stops);
        assertEquals(
                "",
                browser()
                        .evaluate("[...document.querySelectorAll('button, input, select, [tabindex]')].filter((e) =>"
                                + " !(e.ariaLabel || e.labels?.[0]?.textContent.trim() || e.textContent.trim()"
                                + " || document.getElementById(e.getAttribute('aria-labelledby'))))"
                                + ".map((e) => e.outerHTML).join()"));
    }

    @Test
    void policy_ofThePage_letsNoOtherScriptWork_andAsksForNothing() throws IOException {
        open(TestCaches.ofSize(10), "");

        browser()
                .evaluate(
                        "new Promise((done) => { document.addEventListener('securitypolicyviolation', done, {once: true});"
                                + " const s = document.createElement('script'); s.textContent = 'window.ran = true';"
                                + " document.body.append(s); })");
        browser()
                .evaluate("new Promise((done) => { const i = new Image(); i.onerror = done;"
                        + " i.src = 'http://127.0.0.1:9/x.png'; })");

        assertEquals("undefined", browser().evaluate("window.ran"));
        assertEquals(2, browser().complaints().size());
        open(TestCaches.ofSize(10), "");
    }

    private CacheView open(CacheView cache, String fragment) throws IOException {
        Path file = temporary.resolve("cache.html");
        try (OutputStream out = Files.newOutputStream(file)) {
            CachePage.write("registry.example.com/app:cache", cache, out);
        }
        browser().open(URI.create(file.toUri() + fragment).toString());
        browser().until(READY);
        return cache;
    }

    private static Browser browser() {
        if (started == null) {
            throw new IllegalStateException("the browser was not started");
        }
        return started;
    }

    private static String text(String selector) throws IOException {
        return browser().evaluate("document.querySelector('" + selector + "').textContent");
    }

    private static String attribute(String selector, String name) throws IOException {
        return browser().evaluate("document.querySelector('" + selector + "').getAttribute('" + name + "')");
    }

    private static String fragment() throws IOException {
        return browser().evaluate("location.hash");
    }

    private static String background() throws IOException {
        return browser().evaluate("getComputedStyle(document.body).backgroundColor");
    }

    private static String row(int number) throws IOException {
        return browser().evaluate("document.querySelector('[aria-rowindex=\"" + (number + 1) + "\"]').id");
    }

    /** A figure that is another one when something else is drawn on the lower canvas, and 0 when nothing is. */
    private static String inked(String drawing) throws IOException {
        return browser().evaluate(ink(drawing));
    }

    private static String ink(String drawing) {
        return "String((() => { const from = document.querySelector('#" + drawing + " canvas');"
                + " const c = document.createElement('canvas'); c.width = from.width; c.height = from.height;"
                + " const x = c.getContext('2d', {willReadFrequently: true}); x.drawImage(from, 0, 0);"
                + " const d = x.getImageData(0, 0, c.width, c.height).data;"
                + " let sum = 0; for (let i = 0; i < d.length; i++) sum += d[i]; return sum; })())";
    }

    private static void clickIn(String drawing, double x, double y) throws IOException {
        String[] at = browser()
                .evaluate("(() => { const r = document.querySelector('#" + drawing
                        + "').getBoundingClientRect(); return (r.left + " + x + " * r.width) + ' ' + (r.top + " + y
                        + " * r.height); })()")
                .split(" ", -1);
        browser().click(Double.parseDouble(at[0]), Double.parseDouble(at[1]));
    }

    /** The first record from that place on that has a name and an input. */
    private static RecordView named(CacheView cache, int from) {
        return cache.records().stream()
                .skip(from)
                .filter(each -> !each.names().isEmpty() && !each.isRoot())
                .findFirst()
                .orElseThrow();
    }

    private static String shortDigest(RecordView record) {
        return record.digest().substring("sha256:".length(), "sha256:".length() + 12);
    }
}
