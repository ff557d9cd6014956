package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.page.Browser;
import dev.cachetool.registry.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code inspect --format html}: a browser opens the page of every cache, and shows there what the text says. */
class InspectPageTest {
    private static @Nullable Browser started;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void start() throws IOException {
        if (Browser.program().isEmpty()) {
            TestServers.missing("there is no Chromium (Debian's package chromium)");
        }
        started = Browser.start(Browser.program().orElseThrow());
    }

    @AfterAll
    static void end() throws IOException {
        if (started != null) {
            started.close();
        }
    }

    static Stream<String> specs() {
        return InspectGoldenTest.caches().map(InspectGoldenTest.Tagged::spec);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void page_ofARealCache_saysWhatTheTextSays(String spec) throws IOException {
        WholeTool tool = new WholeTool(Files.createDirectory(temporary.resolve("tmp")));
        List<String> text =
                tool.run("inspect", spec).requires(ExitCode.DONE).out().lines().toList();

        Browser page = open(tool, spec);

        assertEquals(text.get(0), page.evaluate("document.querySelector('#place').textContent"));
        String kind = page.evaluate("document.querySelector('#kind').textContent");
        assertTrue(kind.startsWith(text.get(1).replaceAll(" · newest result .*", "")), kind);
        assertTrue(kind.endsWith("without names, which BuildKit does not keep"), kind);
        String figures =
                page.evaluate("document.querySelector('#figures').textContent").replaceAll("[^0-9]+", " ");
        List<String> counted = text.stream()
                .filter(line -> line.startsWith("  records ") || line.startsWith("  layers "))
                .toList();
        assertEquals(2, counted.size());
        for (String line : counted) {
            for (String number : line.replaceAll("[^0-9]+", " ").strip().split(" ", -1)) {
                assertTrue(figures.contains(number), line + " but " + figures);
            }
        }
        assertEquals(List.of(), page.complaints());
        assertEquals(
                1,
                page.requests().stream()
                        .filter(address -> !address.startsWith("data:"))
                        .count());
    }

    @Test
    void page_ofOurOwnCache_hasTheNamesOfItsVertices_andTheSameBytesEachTime() throws Exception {
        Hello hello =
                Hello.copyTo(Files.createDirectory(temporary.resolve("hello"))).build();
        WholeTool tool = new WholeTool(Files.createDirectory(temporary.resolve("tmp")));
        String spec = "oci-archive:" + temporary.resolve("cache.tar");
        tool.run("export", hello.graph(), "--from-workspace", "--mode=max", "--to", spec)
                .requires(ExitCode.DONE);

        Browser page = open(tool, spec);

        page.press("/");
        page.type("totals");
        page.press("Enter");
        page.press("ArrowDown");
        assertEquals("totals", page.evaluate("document.querySelector('#detail h2').textContent"));
        String detail = page.evaluate("document.querySelector('#detail').textContent");
        for (String part :
                List.of("Input 1 of 3", "prices", "orders", "scripts", "selector", "Parts of its key", "chart")) {
            assertTrue(detail.contains(part), part + " is not in " + detail);
        }
        assertEquals(List.of(), page.complaints());
        assertEquals(
                Files.readString(temporary.resolve("cache.html")),
                tool.run("inspect", spec, "--format", "html")
                        .requires(ExitCode.DONE)
                        .out());
    }

    private Browser open(WholeTool tool, String spec) throws IOException {
        Path file = temporary.resolve("cache.html");
        tool.run("inspect", spec, "--format", "html", "-o", file.toString()).requires(ExitCode.DONE);
        Browser page = started;
        if (page == null) {
            throw new IllegalStateException("the browser was not started");
        }
        page.open(file.toUri().toString());
        page.until("'ready' in document.documentElement.dataset");
        return page;
    }
}
