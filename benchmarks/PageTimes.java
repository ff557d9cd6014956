import dev.cachetool.page.Browser;
import dev.cachetool.page.CachePage;
import dev.cachetool.page.TestCaches;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Opens pages of caches in Chromium without a window, and prints how long it takes until they are drawn, and until what
 * follows an action is drawn. See page.sh.
 *
 * <pre>
 * PageTimes RUNS SIZE...
 * </pre>
 */
final class PageTimes {
    /** Resolves when the second frame begins, by when the first one is drawn. */
    private static final String DRAWN =
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";

    private final Browser browser;
    private final int runs;

    private PageTimes(Browser browser, int runs) {
        this.browser = browser;
        this.runs = runs;
    }

    /** Something that is done in a page. */
    private interface Action {
        void run(int time) throws IOException;
    }

    public static void main(String[] args) throws IOException {
        String program = Browser.program().orElseThrow(() -> new IOException("there is no Chromium"));
        Path file = Files.createTempFile("cachetool-page", ".html");
        try (Browser browser = Browser.start(program)) {
            browser.size(1400, 1000);
            PageTimes times = new PageTimes(browser, Integer.parseInt(args[0]));
            for (String size : Arrays.asList(args).subList(1, args.length)) {
                try (OutputStream out = Files.newOutputStream(file)) {
                    CachePage.write("benchmark", TestCaches.ofSize(Integer.parseInt(size)), out);
                }
                times.measure(Integer.parseInt(size), file);
            }
        } finally {
            Files.delete(file);
        }
    }

    private void measure(int size, Path file) throws IOException {
        System.out.printf(Locale.ROOT, "%,d records, a file of %.1f MB%n", size, Files.size(file) / 1e6);
        List<Double> opened = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            browser.open("about:blank");
            long start = System.nanoTime();
            browser.open(file.toUri().toString());
            browser.until("'ready' in document.documentElement.dataset");
            browser.evaluate(DRAWN);
            opened.add((System.nanoTime() - start) / 1e6);
        }
        print("open", opened);
        act("click on a row", "click", run -> browser.click(".space .row:nth-child(" + (2 + run % 8) + ")"));
        act(
                "the leaf whose chain is longest",
                "click",
                run -> {
                    browser.evaluate("document.querySelector('#detail .close')?.click()");
                    browser.click(".space .row:first-child");
                },
                ".head .depth button");
        act("click in the graph", "click", run -> browser.click("#graph canvas[tabindex]"));
        act("click in the treemap", "click", run -> browser.click("#treemap canvas[tabindex]"));
        act("arrow in the table", "keydown", run -> browser.press("ArrowDown"), ".space .row");
        act("letter in the search", "input", run -> browser.type("1"), "#query");
        act("sort", "click", run -> browser.click(run % 2 == 0 ? ".head .age button" : ".head .name button"));
        act("zoom", "click", run -> browser.click("#zoom-in"));
    }

    /** Measures from the last event of that kind until what follows is drawn, after a click on each of the selectors. */
    private void act(String what, String event, Action action, String... before) throws IOException {
        for (String selector : before) {
            browser.click(selector);
        }
        if (event.equals("keydown")) {
            browser.evaluate("document.querySelector('[role=grid]').focus()");
        }
        List<Double> times = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            browser.evaluate("(() => { window.drawn = new Promise((done) => addEventListener('" + event
                    + "', (e) => { const at = e.timeStamp; " + DRAWN
                    + ".then(() => done(performance.now() - at)); }, { capture: true })); })()");
            action.run(run);
            times.add(Double.parseDouble(browser.evaluate("window.drawn")));
        }
        print(what, times);
    }

    private static void print(String what, List<Double> milliseconds) {
        double[] sorted =
                milliseconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "  %-34s %6.0f %6.0f %6.0f ms (least, median, most)%n",
                what,
                sorted[0],
                sorted[sorted.length / 2],
                sorted[sorted.length - 1]);
    }
}
