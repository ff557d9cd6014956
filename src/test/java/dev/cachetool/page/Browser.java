package dev.cachetool.page;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.json.JsonWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Chromium without a window, driven by its DevTools protocol: one page, what it asks for, and what it complains of. Needs no
 * JUnit, since the benchmark uses it too. Closing it ends the browser and removes its profile.
 */
public final class Browser implements AutoCloseable {
    private static final List<String> PROGRAMS =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final String LISTENING = "DevTools listening on ";
    /** Nothing that is waited for takes so long, unless it never comes. */
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonValue>> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private String session = "";
    private CompletableFuture<Void> loaded = new CompletableFuture<>();

    private Browser(Process process, Path profile, URI devTools) {
        this.process = process;
        this.profile = profile;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(devTools, new Ear())
                .join();
    }

    /** The browser of this machine, where it has one. */
    public static Optional<String> program() {
        return PROGRAMS.stream()
                .filter(program -> Files.isExecutable(Path.of(program)))
                .findFirst();
    }

    /**
     * Starts it with an empty page.
     *
     * @throws IOException if it does not start
     */
    public static Browser start(String program) throws IOException {
        Path profile = Files.createTempDirectory("cachetool-browser");
        List<String> command = new ArrayList<>(List.of(
                program,
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--no-first-run",
                "--disable-gpu",
                "--disable-extensions",
                "--disable-background-networking",
                "--disable-component-update",
                "--hide-scrollbars"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--no-sandbox");
        }
        command.add("about:blank");
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
            String line = err.readLine();
            while (line != null && !line.startsWith(LISTENING)) {
                line = err.readLine();
            }
            if (line == null) {
                throw new IOException(program + " ended before it listened");
            }
            Thread drain = new Thread(() -> err.lines().forEach(ignored -> {}), "browser-stderr");
            drain.setDaemon(true);
            drain.start();
            Browser browser = new Browser(process, profile, URI.create(line.substring(LISTENING.length())));
            browser.attach();
            return browser;
        } catch (IOException | RuntimeException e) {
            end(process);
            remove(profile);
            throw e;
        }
    }

    private void attach() throws IOException {
        String target = call("Target.createTarget", json -> json.field("url", "about:blank"))
                .require("targetId")
                .asString();
        session = call(
                        "Target.attachToTarget",
                        json -> json.field("targetId", target).name("flatten").value(true))
                .require("sessionId")
                .asString();
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            call(domain + ".enable", json -> {});
        }
        // Some errors have no exception, and come to the window alone.
        call(
                "Page.addScriptToEvaluateOnNewDocument",
                json -> json.field(
                        "source",
                        "addEventListener('error', (event) => { if (!event.error) { console.error(event.message); } });"));
    }

    /** Sets the size of the window, in pixels. */
    public void size(int width, int height) throws IOException {
        call(
                "Emulation.setDeviceMetricsOverride",
                json -> json.field("width", width)
                        .field("height", height)
                        .field("deviceScaleFactor", 1)
                        .name("mobile")
                        .value(false));
    }

    /** Says what the system's settings are, as in {@code prefers-color-scheme}. */
    public void prefers(String feature, String value) throws IOException {
        call(
                "Emulation.setEmulatedMedia",
                json -> json.name("features")
                        .beginArray()
                        .beginObject()
                        .field("name", feature)
                        .field("value", value)
                        .endObject()
                        .endArray());
    }

    /** Opens an address, and waits until it is loaded. What was asked for and complained of before is forgotten. */
    public void open(String address) throws IOException {
        synchronized (this) {
            requests.clear();
            complaints.clear();
            loaded = new CompletableFuture<>();
        }
        call("Page.navigate", json -> json.field("url", address));
        await(loaded, "the page to load");
    }

    /** Loads the page anew. */
    public void reload() throws IOException {
        synchronized (this) {
            loaded = new CompletableFuture<>();
        }
        call("Page.reload", json -> {});
        await(loaded, "the page to load");
    }

    /** What an expression comes to, as JavaScript's {@code String} writes it; a promise is waited for. */
    public String evaluate(String expression) throws IOException {
        JsonValue answer = call(
                "Runtime.evaluate",
                json -> json.field("expression", "(async () => String(await (" + expression + ")))()")
                        .name("awaitPromise")
                        .value(true)
                        .name("returnByValue")
                        .value(true));
        if (answer.get("exceptionDetails").isPresent()) {
            Optional<JsonValue> description =
                    answer.require("exceptionDetails").require("exception").get("description");
            throw new IOException(expression + " threw "
                    + (description.isPresent() ? description.get().asString() : "something"));
        }
        return answer.require("result").require("value").asString();
    }

    /** Waits until an expression holds, looked at before each frame. */
    public void until(String condition) throws IOException {
        evaluate("new Promise((done) => { const look = () => (" + condition
                + ") ? done(true) : requestAnimationFrame(look); look(); })");
    }

    /** Presses and releases a key by the name that {@code KeyboardEvent.key} has for it. */
    public void press(String key) throws IOException {
        press(key, 0);
    }

    /** The same while others are held, by the sum of 1 for Alt, 2 for Control, 4 for Meta and 8 for Shift. */
    public void press(String key, int held) throws IOException {
        for (String type : List.of("keyDown", "keyUp")) {
            call("Input.dispatchKeyEvent", json -> {
                json.field("type", type).field("key", key).field("modifiers", held);
                json.field("windowsVirtualKeyCode", keyCode(key));
                if (type.equals("keyDown") && (key.length() == 1 || key.equals("Enter"))) {
                    json.field("text", key.equals("Enter") ? "\r" : key);
                }
            });
        }
    }

    /** Types a text where the focus is. */
    public void type(String text) throws IOException {
        call("Input.insertText", json -> json.field("text", text));
    }

    /** Clicks in the middle of the first element that the selector names, after it was scrolled into sight. */
    public void click(String selector) throws IOException {
        String at = evaluate("(() => { const e = document.querySelector(" + quoted(selector)
                + "); e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect();"
                + " return (r.left + r.width / 2) + ' ' + (r.top + r.height / 2); })()");
        String[] parts = at.split(" ", -1);
        click(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
    }

    /** Clicks at a point of the window. */
    public void click(double x, double y) throws IOException {
        for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    json -> json.field("type", type)
                            .name("x")
                            .value(x)
                            .name("y")
                            .value(y)
                            .field("button", type.equals("mouseMoved") ? "none" : "left")
                            .field("clickCount", type.equals("mouseMoved") ? 0 : 1));
        }
    }

    /** Turns the wheel at a point of the window. */
    public void wheel(double x, double y, int down, int held) throws IOException {
        call(
                "Input.dispatchMouseEvent",
                json -> json.field("type", "mouseWheel")
                        .name("x")
                        .value(x)
                        .name("y")
                        .value(y)
                        .field("deltaX", 0)
                        .field("deltaY", down)
                        .field("modifiers", held));
    }

    /** What the window shows, as PNG; the whole page where that is asked for. */
    public byte[] screenshot(boolean whole) throws IOException {
        JsonValue answer = call(
                "Page.captureScreenshot",
                json -> json.field("format", "png")
                        .name("captureBeyondViewport")
                        .value(whole));
        return Base64.getDecoder().decode(answer.require("data").asString());
    }

    /** What the page would be on paper, as PDF. */
    public byte[] print() throws IOException {
        return Base64.getDecoder()
                .decode(call("Page.printToPDF", json -> {}).require("data").asString());
    }

    /** What was asked for since the page was opened, by address. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** What went wrong since the page was opened: exceptions, errors and warnings of the console, violated policies. */
    public synchronized List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Calls a method of the protocol. */
    private JsonValue call(String method, JsonWriter.Body parameters) throws IOException {
        int id = calls.incrementAndGet();
        CompletableFuture<JsonValue> answer = new CompletableFuture<>();
        answers.put(id, answer);
        byte[] message = JsonWriter.bytes(json -> {
            json.beginObject().field("id", id).field("method", method);
            if (!session.isEmpty()) {
                json.field("sessionId", session);
            }
            json.name("params").beginObject();
            parameters.write(json);
            json.endObject().endObject();
        });
        socket.sendText(new String(message, StandardCharsets.UTF_8), true).join();
        JsonValue answered = await(answer, method);
        if (answered.get("error").isPresent()) {
            throw new IOException(
                    method + ": " + answered.require("error").require("message").asString());
        }
        return answered.require("result");
    }

    private <T> T await(CompletableFuture<T> future, String what) throws IOException {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("waited too long for " + what + "; complaints: " + complaints(), e);
        } catch (ExecutionException e) {
            throw new IOException(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(what, e);
        }
    }

    private void hear(JsonValue message, String written) throws JsonException {
        Optional<JsonValue> id = message.get("id");
        if (id.isPresent()) {
            CompletableFuture<JsonValue> answer = answers.remove(id.get().asInt());
            if (answer != null) {
                answer.complete(message);
            }
            return;
        }
        JsonValue event = message.require("params");
        synchronized (this) {
            switch (message.require("method").asString()) {
                case "Page.loadEventFired" -> loaded.complete(null);
                case "Network.requestWillBeSent" ->
                    requests.add(event.require("request").require("url").asString());
                case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" -> complaints.add(written);
                default -> {
                    // Nothing that anybody asks for.
                }
            }
        }
    }

    private static String quoted(String text) {
        return new String(JsonWriter.bytes(json -> json.value(text)), StandardCharsets.UTF_8);
    }

    private static int keyCode(String key) {
        return switch (key) {
            case "Tab" -> 9;
            case "Enter" -> 13;
            case "Escape" -> 27;
            case "PageUp" -> 33;
            case "PageDown" -> 34;
            case "End" -> 35;
            case "Home" -> 36;
            case "ArrowLeft" -> 37;
            case "ArrowUp" -> 38;
            case "ArrowRight" -> 39;
            case "ArrowDown" -> 40;
            default -> 0;
        };
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        end(process);
        remove(profile);
    }

    /** Ends it with all that it started, and waits for that. */
    private static void end(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Takes messages together from their parts. */
    private final class Ear implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                String message = parts.toString();
                parts.setLength(0);
                try {
                    hear(JsonDocument.asGoReads(message.getBytes(StandardCharsets.UTF_8), "DevTools"), message);
                } catch (JsonException e) {
                    synchronized (Browser.this) {
                        complaints.add(e.getMessage());
                    }
                }
            }
            webSocket.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
